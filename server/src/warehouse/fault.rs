//! What can go wrong between us and the warehouse, told apart by who can do something about it.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

/// The words of one message at most; a cast can put a whole cell into its complaint.
const LONGEST_MESSAGE: usize = 1000;

/// What to tell an agent is its plain text; the alternate form (`{:#}`) adds what only the operator and the record should
/// see, such as names that the profile may not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The agent's statement took too long.
    Timeout(Overrun),
    /// The profile's role may not do this.
    PermissionDenied { details: String },
    /// The agent's statement is at fault, and PostgreSQL says how.
    Execution {
        sqlstate: String,
        message: String,
        hint: Option<String>,
        /// Where in the statement, in characters from 1.
        position: Option<usize>,
    },
    /// There is no warehouse at the moment; the next call tries anew.
    Unavailable(String),
    /// Every connection of the profile is taken.
    Busy { waited: Duration },
    /// The standby is further behind its primary than it may be, or cannot tell how far; nothing ran.
    Stale { lag: Option<Duration>, most: Duration },
    /// A standby stopped the statement, because it stood in the way of what came from the primary (PostgreSQL's
    /// documentation, "Handling Query Conflicts").
    Conflict,
    /// The planner expects the agent's statement to cost more than it may; it was not run.
    OverBudget { cost: u64, most: u64 },
    /// Somebody asked for it to stop: the caller, or an administrator of the warehouse.
    Cancelled,
    /// Only the operator can mend it.
    Misconfigured(String),
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, details) = match self {
            Self::Timeout(overrun) => return write!(f, "the statement was stopped: {overrun}"),
            Self::Execution { message, .. } => return f.write_str(message),
            Self::Busy { waited } => {
                return write!(
                    f,
                    "every connection of the profile stayed busy for {} ms",
                    waited.as_millis()
                );
            }
            Self::Stale { lag, most } => return stale(f, *lag, *most),
            Self::Conflict => {
                return f.write_str(
                    "the standby stopped the statement, because it stood in the way of changes from the primary",
                );
            }
            Self::OverBudget { cost, most } => {
                return write!(
                    f,
                    "its estimated cost is {cost}, and at most {most} is allowed; it was not run"
                );
            }
            Self::Cancelled => return f.write_str("the statement was cancelled"),
            Self::PermissionDenied { details } => ("the profile's role may not read this", details),
            Self::Unavailable(details) => ("the warehouse cannot be reached", details),
            Self::Misconfigured(details) => ("the way into the warehouse is not set up right", details),
        };
        f.write_str(what)?;
        if f.alternate() { write!(f, ": {details}") } else { Ok(()) }
    }
}

fn stale(f: &mut fmt::Formatter<'_>, lag: Option<Duration>, most: Duration) -> fmt::Result {
    match lag {
        Some(lag) => write!(f, "the standby is {:.1} s behind its primary", lag.as_secs_f64())?,
        None => f.write_str("the standby cannot tell how far it is behind its primary")?,
    }
    write!(f, ", and at most {} s are allowed; it was not run", most.as_secs_f64())
}

/// Which patience ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Overrun {
    #[error("it ran longer than {} ms", .0.as_millis())]
    Statement(Duration),
    #[error("it waited longer than {} ms for a lock", .0.as_millis())]
    Lock(Duration),
    /// The server did not keep the time by itself.
    #[error("it ran longer than {} ms and did not stop by itself", .0.as_millis())]
    Deadline(Duration),
}

/// What a statement was told to keep to; a timeout names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) statement: Duration,
    pub(super) lock: Duration,
}

impl Fault {
    pub(super) fn unavailable(details: impl Into<String>) -> Self {
        Self::Unavailable(details.into())
    }

    pub(super) fn misconfigured(details: impl Into<String>) -> Self {
        Self::Misconfigured(details.into())
    }

    /// A fault while connecting: there is no statement yet that could be to blame.
    pub(super) fn connecting(error: &sqlx::Error) -> Self {
        match database(error) {
            Some(said) if betrays_a_pooler(said) => Self::misconfigured(behind_a_pooler(said)),
            Some(said) if matches!(said.code(), "28P01" | "28000" | "3D000" | "42501" | "42704") => {
                Self::misconfigured(words(said))
            }
            Some(said) => Self::unavailable(words(said)),
            None => match error {
                sqlx::Error::Configuration(cause) | sqlx::Error::Tls(cause) => {
                    Self::misconfigured(cause.to_string())
                }
                error => Self::unavailable(error.to_string()),
            },
        }
    }

    /// A fault while entering the profile's role: our own statement failed, so the agent cannot be to blame.
    pub(super) fn entering(error: &sqlx::Error) -> Self {
        match database(error) {
            Some(said) if betrays_a_pooler(said) => Self::misconfigured(behind_a_pooler(said)),
            Some(said) if is_gone(said) || is_conflict(said) => Self::unavailable(words(said)),
            Some(said) => Self::misconfigured(words(said)),
            None => Self::unavailable(error.to_string()),
        }
    }

    /// A fault of the agent's statement, or of the warehouse while it ran. `agents` are the places of the
    /// agent's own characters in the text.
    pub(super) fn running(
        error: &sqlx::Error,
        patience: Patience,
        elapsed: Duration,
        agents: &Range<usize>,
    ) -> Self {
        let Some(said) = database(error) else {
            return Self::unavailable(format!("the connection broke while the statement ran ({error})"));
        };
        match said.code() {
            // The server says the same of a timeout and of a cancellation, in words that follow its locale.
            "57014" if elapsed >= patience.statement => Self::Timeout(Overrun::Statement(patience.statement)),
            "57014" => Self::Cancelled,
            "25P04" => Self::Timeout(Overrun::Deadline(elapsed)),
            "55P03" => Self::Timeout(Overrun::Lock(patience.lock)),
            "42501" => Self::PermissionDenied { details: words(said) },
            _ if is_conflict(said) => Self::Conflict,
            _ if is_gone(said) => Self::unavailable(words(said)),
            code => Self::Execution {
                sqlstate: code.to_owned(),
                message: words(said),
                hint: hint(said),
                position: position(said, agents),
            },
        }
    }

    /// Whether the warehouse no longer has what its catalogue had when it was read: a relation, a column, a type or a
    /// privilege.
    #[must_use]
    pub fn tells_that_the_catalog_changed(&self) -> bool {
        match self {
            Self::PermissionDenied { .. } => true,
            Self::Execution { sqlstate, .. } => {
                matches!(sqlstate.as_str(), "3F000" | "42703" | "42704" | "42883" | "42P01")
            }
            _ => false,
        }
    }

    /// Whether the session behind it is over, so that another session may do better.
    pub(super) fn is_of_the_session(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

fn database(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// The server is going down, coming up, full, or has ended this session.
fn is_gone(said: &PgDatabaseError) -> bool {
    let code = said.code();
    code.starts_with("08") || matches!(code, "25P03" | "53300" | "57P01" | "57P02" | "57P03" | "57P05")
}

/// A statement that only reads, at repeatable read, is told of a failed serialization by a standby alone.
fn is_conflict(said: &PgDatabaseError) -> bool {
    said.code() == "40001"
}

/// A session that changes under us knows a statement of somebody else's, or has lost ours; and a pooler knows few of the
/// settings that a session may begin with.
fn betrays_a_pooler(said: &PgDatabaseError) -> bool {
    matches!(said.code(), "26000" | "42P05") || said.message().contains("startup parameter")
}

fn behind_a_pooler(said: &PgDatabaseError) -> String {
    format!("a pooler seems to stand between, so say `pooler = \"transaction\"`: {}", words(said))
}

fn words(said: &PgDatabaseError) -> String {
    shortened(said.message())
}

fn shortened(message: &str) -> String {
    let mut end = message.len().min(LONGEST_MESSAGE);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let kept = message.get(..end).unwrap_or_default();
    if end < message.len() { format!("{kept}…") } else { kept.to_owned() }
}

/// Hints about the form of a value or of a call are general advice. Others may name a relation or a column that looks
/// like the one that was asked for, whether or not the profile may know of it.
fn hint(said: &PgDatabaseError) -> Option<String> {
    let general =
        said.code().starts_with("22") || matches!(said.code(), "42725" | "42803" | "42804" | "42883");
    if general { said.hint().map(shortened) } else { None }
}

fn position(said: &PgDatabaseError, agents: &Range<usize>) -> Option<usize> {
    match said.position()? {
        PgErrorPosition::Original(position) if agents.contains(&position.checked_sub(1)?) => {
            position.checked_sub(agents.start)
        }
        PgErrorPosition::Original(_) | PgErrorPosition::Internal { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_MESSAGE, shortened};

    #[test]
    fn long_messages_end_at_a_character() {
        assert_eq!(shortened("short"), "short");
        let long = format!("a{}", "é".repeat(LONGEST_MESSAGE));
        let short = shortened(&long);
        assert!(short.ends_with("é…") && short.len() <= LONGEST_MESSAGE + '…'.len_utf8(), "{short}");
    }
}
