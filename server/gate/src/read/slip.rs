//! Where the grammar stops at what other systems read: what to write instead.

use sqlparser::{
    parser::Parser,
    tokenizer::{Token, TokenWithSpan},
};

use super::caps::position;
use crate::refusal::Place;

/// What to write in place of the word at `at`, where the parser did not go on.
pub(super) fn advice(parser: &Parser<'_>, at: Place) -> Option<&'static str> {
    let is_there = |word: &TokenWithSpan| word.token == Token::EOF || position(word) == at;
    let index = (0..=parser.get_current_index() + 1).find(|&index| is_there(parser.token_at(index)))?;
    let word = |back: usize| {
        let token = index.checked_sub(back).map(|index| &parser.token_at(index).token);
        token.map_or_else(String::new, |token| token.to_string().to_ascii_lowercase())
    };
    let next = parser.token_at(index + 1).token.to_string().to_ascii_lowercase();
    known(&word(2), &word(1), &word(0), &next)
}

/// The word, two before it and one behind it.
fn known(earlier: &str, before: &str, word: &str, next: &str) -> Option<&'static str> {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    Some(match (earlier, before, word, next) {
        (_, "interval", number, _) if is_number(number) => "write INTERVAL '3 days', or n * INTERVAL '1 day'",
        (_, number, "day" | "days" | "month" | "months" | "year" | "years", _) if is_number(number) => {
            "add an interval: value + INTERVAL '30 days'"
        }
        ("limit", _, ",", _) => "write LIMIT with one number",
        (_, _, "with", "rollup" | "cube") => "write GROUP BY ROLLUP (a, b)",
        (_, "minus", "select" | "(", _) => "write EXCEPT",
        (_, _, "rlike" | "regexp", _) => "compare with ~, or with ~* where case does not matter",
        (_, _, "div", _) | (_, "div", _, _) => "write div(a, b)",
        (_, _, ":=", _) => "name arguments with =>",
        (_, "," | "(" | "=" | "<" | ">", ":", _) => "write the value itself into the statement",
        (_, _, ":" | "value", _) => "use json_build_object('key', value)",
        (_, ",", "from", _) => "leave the last comma out",
        (_, "select", "from", _) => "name at least one column",
        (_, _, "using", "<" | ">") => "write ASC or DESC",
        _ => return None,
    })
}
