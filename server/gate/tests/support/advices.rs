//! Every advice that the gate can give, read from its sources: a sentence that is added there is found here.

use std::{fs, path::Path};

/// A sentence of advice. Where the gate fills something in, anything may stand.
#[derive(Debug)]
pub(crate) struct Advice {
    pub(crate) file: String,
    pub(crate) sentence: String,
}

impl Advice {
    pub(crate) fn is(&self, said: &str) -> bool {
        let mut rest = said;
        for part in fixed_parts(&self.sentence) {
            match rest.split_once(part) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        true
    }
}

/// What stands between the braces of a format.
fn fixed_parts(sentence: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        parts.push(before);
        rest = after.split_once('}').unwrap().1;
    }
    parts.push(rest);
    parts
}

/// Functions that give back an advice, or what is given to `advise`.
const GIVERS: [&str; 6] = [
    "fn advice(",
    "fn known(",
    "fn substitute(",
    "fn readable_tables(",
    "fn readable_columns(",
    "fn unknown_column(",
];

/// What else stands in them.
const NO_ADVICE: [&str; 1] = ["is not a readable column"];

/// The sentences of all calls of `advise` and `construct`, and of the functions above.
pub(crate) fn all() -> Vec<Advice> {
    let mut advices = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut advices);
    advices.sort_by(|left, right| (&left.file, &left.sentence).cmp(&(&right.file, &right.sentence)));
    advices.dedup_by(|left, right| left.sentence == right.sentence);
    advices
}

fn read(folder: &Path, advices: &mut Vec<Advice>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, advices);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        let file = path.file_name().unwrap().to_str().unwrap();
        for call in ["construct(", ".advise("] {
            for (at, _) in source.match_indices(call) {
                if !source[..at].ends_with("fn ") {
                    let said = literals(&source[at + call.len() - 1..]);
                    advices.extend(said.into_iter().next_back().map(|sentence| advice(file, sentence)));
                }
            }
        }
        for function in GIVERS {
            for (at, _) in source.match_indices(function) {
                let body = &source[at + source[at..].find('{').unwrap()..];
                let said = literals(body)
                    .into_iter()
                    .filter(|text| text.contains(' ') && !NO_ADVICE.contains(&text.as_str()));
                advices.extend(said.map(|sentence| advice(file, sentence)));
            }
        }
    }
}

fn advice(file: &str, sentence: String) -> Advice {
    Advice { file: file.to_owned(), sentence }
}

/// The string literals inside the bracket with which `source` begins.
fn literals(source: &str) -> Vec<String> {
    let (mut found, mut depth) = (Vec::new(), 0_usize);
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next().filter(|&c| c != '"') {
                    match c {
                        '\\' => match chars.next().unwrap() {
                            '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                            'n' => text.push('\n'),
                            other => text.push(other),
                        },
                        other => text.push(other),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
        if depth == 0 {
            return found;
        }
    }
    found
}
