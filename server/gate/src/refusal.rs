//! A refusal: what was wrong, where, and what would work.

use std::{borrow::Cow, fmt};

use crate::Reason;

/// Why a statement does not run.
///
/// Shows itself as a message: lower case, no full stop, the user's words in backticks. Help is apart, in
/// [`Refusal::advice`]. Neither says anything about what is not on the surface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    /// The name or word that it is about, as the user would recognise it.
    pub subject: Option<String>,
    pub at: Option<Position>,
    /// Where it is, until the statement is at hand to count lines.
    pub(crate) place: Option<Place>,
    /// What is wrong, as a sentence without its subject.
    pub(crate) message: Cow<'static, str>,
    pub(crate) advice: Option<Cow<'static, str>>,
    pub(crate) origin: Origin,
}

/// A place in the statement, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u64,
    pub column: u64,
}

/// A place in the statement as an offset in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) usize);

/// Whose fault a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The statement asks for something that is not admitted.
    Statement,
    /// Our own text did not read back as what we meant: worth an alarm.
    Gate,
}

/// Enough to correct a statement, little enough for a model's context.
const MOST_ADVICE_BYTES: usize = 600;

/// A subject is shown, not quoted in full.
const MOST_SUBJECT_CHARS: usize = 80;

impl Refusal {
    pub(crate) fn new(reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason,
            subject: None,
            at: None,
            place: None,
            message: message.into(),
            advice: None,
            origin: Origin::Statement,
        }
    }

    #[must_use]
    pub(crate) fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(shorten(subject.into()));
        self
    }

    #[must_use]
    pub(crate) fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// Counts the lines of `sql` up to the place.
    #[must_use]
    pub(crate) fn located(mut self, sql: &str) -> Self {
        let before = self.place.and_then(|Place(offset)| sql.get(..offset));
        self.at = before.map(|before| {
            let line = before.rsplit('\n').next().unwrap_or_default();
            Position {
                line: before.bytes().filter(|&byte| byte == b'\n').count() as u64 + 1,
                column: line.chars().count() as u64 + 1,
            }
        });
        self
    }

    #[must_use]
    pub(crate) fn advise(mut self, advice: impl Into<Cow<'static, str>>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Our bug, not the user's: the second lock held.
    pub(crate) fn our_fault(message: impl Into<Cow<'static, str>>) -> Self {
        Self { origin: Origin::Gate, ..Self::new(Reason::DisallowedConstruct, message) }
            .advise("the gate could not prove its own text; write the query in a simpler way")
    }

    /// Whether the gate itself is at fault, so that the caller should raise an alarm.
    #[must_use]
    pub fn is_our_fault(&self) -> bool {
        self.origin == Origin::Gate
    }

    /// What would work instead.
    #[must_use]
    pub fn advice(&self) -> Cow<'_, str> {
        match &self.advice {
            Some(advice) => Cow::Borrowed(cut(advice, MOST_ADVICE_BYTES)),
            None => Cow::Borrowed(self.reason.advice()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Some(subject) => write!(f, "`{subject}` {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

fn shorten(subject: String) -> String {
    match subject.char_indices().nth(MOST_SUBJECT_CHARS) {
        Some((end, _)) => format!("{}…", cut(&subject, end)),
        None => subject,
    }
}

/// The longest prefix of at most `bytes` bytes that ends at a character.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_its_subject_in_backticks() {
        let refusal = Refusal::new(Reason::DisallowedTable, "is not a readable table").about("secrets");
        assert_eq!(refusal.to_string(), "`secrets` is not a readable table");
    }

    #[test]
    fn a_long_subject_is_cut_at_a_character() {
        let refusal = Refusal::new(Reason::DisallowedTable, "is unknown").about("ü".repeat(200));
        assert_eq!(refusal.subject.unwrap().chars().count(), MOST_SUBJECT_CHARS + 1);
    }
}
