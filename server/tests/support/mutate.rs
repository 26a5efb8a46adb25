//! Texts that are almost right, for readers that must not break down over them.

#[path = "../../gate/tests/support/dice.rs"]
mod dice;

pub(crate) use dice::Dice;

/// What a person may leave in a file, and what breaks careless readers.
const SPLINTERS: [&str; 32] = [
    "\"",
    "'",
    "\"\"\"",
    "=",
    "[",
    "]",
    "[[",
    "{",
    "}",
    ",",
    ".",
    "#",
    "\\",
    "\n",
    "\0",
    "\u{feff}",
    "é",
    "-1",
    "0",
    "1e309",
    "nan",
    "99999999999999999999",
    "9223372036854775807",
    "true",
    "1d",
    "0s",
    "https://[",
    "postgresql://a:b@",
    "::1",
    "/64",
    "%zz",
    "..",
];

/// `text` with a few mistakes; half of the time every key that it only shows is set.
pub(crate) fn mutilated(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    if dice.below(2) == 0 {
        for line in &mut lines {
            if let Some(shown) = line.strip_prefix("# ").filter(|shown| is_shown(shown)) {
                *line = shown.to_owned();
            }
        }
    }
    for _ in 0..=dice.below(3) {
        let (here, there) = (dice.below(lines.len()), dice.below(lines.len()));
        match dice.below(5) {
            0 => {
                lines.remove(here);
            }
            1 => lines.swap(here, there),
            2 => {
                let twice = lines.get(here).cloned().unwrap_or_default();
                lines.insert(there, twice);
            }
            _ => {
                let splinter = SPLINTERS.get(dice.below(SPLINTERS.len())).copied().unwrap_or_default();
                if let Some(line) = lines.get_mut(here) {
                    let places: Vec<usize> =
                        line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
                    let at = places.get(dice.below(places.len())).copied().unwrap_or_default();
                    let end = places.get(dice.below(places.len())).copied().unwrap_or_default();
                    line.replace_range(at..if dice.below(2) == 0 { at } else { at.max(end) }, splinter);
                }
            }
        }
    }
    lines.join("\n")
}

/// A key or a section, and none that needs a file or more keys.
fn is_shown(line: &str) -> bool {
    let is_key = line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(" = ");
    let is_section = line.starts_with('[') && !line.starts_with("[[") && line != "[watch]";
    (is_key || is_section) && !line.contains("secrets/")
}
