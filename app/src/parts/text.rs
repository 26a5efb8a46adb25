//! Text of strangers, made fit to be shown: nothing in it can reorder, hide or overflow what stands beside it.
//!
//! Invariant: whatever comes from outside (SQL, names of clients, user agents, addresses, typed names) goes through here
//! on its way to a page.

use std::fmt::Write;

/// One line of text: everything that cannot be seen is made visible, line breaks too.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |out, letter| written(out, letter, is_unseen(letter)))
}

/// Text of several lines, like SQL: line breaks and tabs stay.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    let unseen = |letter| is_unseen(letter) && !matches!(letter, '\n' | '\t');
    let text = text.replace("\r\n", "\n");
    text.chars().fold(String::with_capacity(text.len()), |out, letter| written(out, letter, unseen(letter)))
}

fn written(mut out: String, letter: char, unseen: bool) -> String {
    if unseen {
        // Writing into a text cannot fail.
        let _ = write!(out, "\u{27e8}U+{:04X}\u{27e9}", u32::from(letter));
    } else {
        out.push(letter);
    }
    out
}

/// At most so many characters; what was cut away is told by `…`.
#[must_use]
pub fn cut(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// One line of at most so many characters, as a name or an address is shown. Characters that take much room on a page
/// count for several.
#[must_use]
pub fn line(text: &str, max_chars: usize) -> String {
    light(&visible(&cut(text, max_chars)), max_chars * 2)
}

/// The beginning of a text that has no more than so many bytes on a page; what was cut away is told by `…`.
#[must_use]
pub fn light(text: &str, most: usize) -> String {
    let mut weight = 0;
    let end = text.char_indices().find(|(_, letter)| {
        weight += weight_of(*letter);
        weight > most
    });
    match end {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The bytes of a text on a page.
#[must_use]
pub fn weight(text: &str) -> usize {
    text.chars().map(weight_of).sum()
}

/// What would be markup is written as `&lt;`, `&gt;` or `&amp;`.
const fn weight_of(letter: char) -> usize {
    match letter {
        '<' | '>' => 4,
        '&' => 5,
        _ => letter.len_utf8(),
    }
}

/// Characters that change how others look, or that leave no trace themselves.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{cut, light, line, visible, visible_lines, weight};

    #[test]
    fn what_cannot_be_seen_is_made_visible() {
        assert_eq!(visible("a\u{202e}b\u{200b}c\n"), "a⟨U+202E⟩b⟨U+200B⟩c⟨U+000A⟩");
        for hidden in [
            "\u{202a}",
            "\u{2066}",
            "\u{2069}",
            "\u{200e}",
            "\u{61c}",
            "\u{85}",
            "\u{7f}",
            "\u{feff}",
            "\u{e0041}",
        ] {
            assert!(visible(hidden).starts_with("⟨U+"), "{hidden:?}");
        }
        assert_eq!(visible("Zoë, 東京, \u{1f512}"), "Zoë, 東京, \u{1f512}");
    }

    #[test]
    fn sql_keeps_its_lines() {
        assert_eq!(visible_lines("select 1,\r\n\t2\r\u{2067}"), "select 1,\n\t2⟨U+000D⟩⟨U+2067⟩");
    }

    #[test]
    fn a_cut_falls_between_characters_and_is_told() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(line(&"x".repeat(10_000), 20).chars().count(), 21);
    }

    #[test]
    fn no_character_fills_a_page() {
        assert_eq!(light("a<b>", 9), "a<b…");
        assert_eq!(light("a<b>", 10), "a<b>");
        for heavy in ["\u{202e}", "&", "\u{1f512}"] {
            let line = line(&heavy.repeat(10_000), 100);
            assert!(weight(&line) <= 203, "{heavy:?}: {}", line.len());
        }
    }
}
