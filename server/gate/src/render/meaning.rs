//! What the printer meant by its text, word for word: for whoever lets PostgreSQL read the text and compares.

/// Everything in a printed text that its structure alone does not decide, each as often as it occurs, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// `schema.function`
    pub functions: Vec<String>,
    /// `schema.type`, with its modifiers and dimensions; the modifiers of `interval` are words, and left out.
    pub types: Vec<String>,
    /// Infix and prefix operators by their spelling.
    pub operators: Vec<String>,
    /// Texts as they are, numbers as PostgreSQL keeps them (a minus before a number belongs to it), `true`, `false`, `null`.
    pub literals: Vec<String>,
}

impl Meaning {
    pub(super) fn sorted(mut self) -> Self {
        for words in [&mut self.functions, &mut self.types, &mut self.operators, &mut self.literals] {
            words.sort_unstable();
        }
        self
    }
}
