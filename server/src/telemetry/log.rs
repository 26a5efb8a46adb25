//! The log: lines for people, or one JSON object a line for a collector.

use super::sentry::Reporter;
use super::traces::Exporter;
use std::io::IsTerminal;
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

/// How the log is written.
#[derive(Debug, Clone, Copy)]
pub struct Log<'a> {
    pub json: bool,
    /// What is told where `RUST_LOG` says nothing.
    pub default: &'a str,
}

/// Libraries that tell at some level what a log must not hold, and how much of them is harmless: the protocol library
/// shows whole messages, rows included; the one for sessions knows cookies; the parser repeats statements.
const HARMLESS: [&str; 4] =
    ["rmcp=error", "sqlparser=warn", "tower_sessions=error", "tower_sessions_core=error"];

/// The same without what would tell secrets or rows, whoever asks for it.
#[must_use]
pub fn without_secrets(filter: EnvFilter) -> EnvFilter {
    HARMLESS.iter().filter_map(|directive| directive.parse().ok()).fold(filter, EnvFilter::add_directive)
}

/// Who else hears what the program tells of its work.
#[derive(Default)]
pub struct Listeners<'a> {
    pub traces: Option<&'a Exporter>,
    pub errors: Option<Reporter>,
}

/// Starts the log, and tells whoever else listens.
pub fn begin(log: Log<'_>, listeners: Listeners<'_>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(log.default));
    let filter = without_secrets(filter);
    // Where nobody reads standard error any more, there is nobody to tell that it cannot be written.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let lines = if log.json {
        lines.json().boxed()
    } else {
        lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).boxed()
    };
    // A second start of the log can only happen in a test, and changes nothing.
    let _ = match listeners {
        // A filter for everything is the cheaper one.
        Listeners { traces: None, errors: None } => Registry::default().with(lines).with(filter).try_init(),
        Listeners { traces, errors } => Registry::default()
            .with(lines.with_filter(filter))
            .with(traces.map(Exporter::layer))
            .with(errors.map(Reporter::layer))
            .try_init(),
    };
}
