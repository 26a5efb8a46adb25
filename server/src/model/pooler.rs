//! What may stand between the program and a database.

/// Whether a pooler gives each transaction a session of its own choosing (pgbouncer's `pool_mode = transaction`). Then
/// nothing outlives a transaction: no prepared statement, no setting, no lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pooler {
    /// Nobody, or one that gives each connection a session for as long as it lives.
    #[default]
    None,
    Transaction,
}

impl Pooler {
    pub const ALL: [Self; 2] = [Self::None, Self::Transaction];

    /// As the configuration calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Transaction => "transaction",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pooler| pooler.word() == word)
    }

    /// Whether a statement that was prepared stays prepared for the next transaction.
    #[must_use]
    pub fn keeps_statements(self) -> bool {
        self == Self::None
    }
}
