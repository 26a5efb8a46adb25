//! Statements of the generator whose words the fuzzer exchanges: most of them are admitted, so that the printer and the
//! second lock are met, and not the reader of words alone.

#![no_main]

#[path = "../../tests/support/grammar/mod.rs"]
mod grammar;
#[path = "../../tests/support/laws.rs"]
mod laws;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::sync::LazyLock;

use gate::{Policy, Surface};
use libfuzzer_sys::{Corpus, fuzz_target};

static WORLD: LazyLock<(Surface, Policy)> = LazyLock::new(|| (support::surface(), support::open()));

/// What takes the place of a word: each breaks a careless printer, or changes what binds to what.
const PIECES: [&str; 64] = [
    "1", "-2.5", "1e3", "''", "'a\\'", "'it''s'", "E'\\n\\''", "$$'$$", "null", "true", "id", "c.id", "\"id\"",
    "\"a\"\"b\"", "name", "created_at", "+", "-", "- -", "*", "/", "%", "^", "||", "->", "->>", "@>", "<", ">=", "<>",
    "=", "~", "!~*", "!", "@", "and", "or", "not", "is null", "is not distinct from 1", "in (1, 2)", "like '%'",
    "not between 1 and 2", "collate \"C\"", "at time zone 'UTC'", "::text", "::numeric(10,2)", "[1]", "[1:2]", "(", ")",
    "(select 1)", "array[1]", "row(1, 2)", "case when true then 1 end", "interval '1' day", "date '2024-01-01'",
    "coalesce(1, 2)", "extract(year from now())", "count(*) over ()", "distinct", "limit 1", "union all select 1", ",",
];

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((number, edits)) = data.split_first_chunk::<4>() else { return Corpus::Reject };
    let statement = grammar::statement(u64::from(u32::from_le_bytes(*number)));
    let mut words: Vec<&str> = statement.split_inclusive([' ', '(', ',']).collect();
    for edit in edits.chunks_exact(3).take(16) {
        let [low, high, piece] = *edit else { continue };
        let at = usize::from(u16::from_le_bytes([low, high])) % words.len();
        let piece = PIECES.get(usize::from(piece) % PIECES.len()).copied();
        match (edit[2] / 64, piece) {
            (0 | 1, Some(piece)) => words.splice(at..=at, [" ", piece, " "]),
            (2, Some(piece)) => words.splice(at..at, [" ", piece, " "]),
            _ => words.splice(at..=at, [" ", " ", ""]),
        };
    }
    let (surface, policy) = &*WORLD;
    laws::hold(&words.concat(), surface, policy);
    Corpus::Keep
});
