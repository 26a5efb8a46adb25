//! What a listener beside the log hears.

use tracing::Metadata;
use tracing::subscriber::Interest;
use tracing_subscriber::filter::{LevelFilter, dynamic_filter_fn};
use tracing_subscriber::layer::Filter;

/// Lets through what is wanted, and asks for it anew each time. An answer that is kept would be skipped, and the library's
/// note of the last question with it: one that a driver asked in between ("is anybody interested in statements?") would
/// then stand for the next span.
pub(super) fn only<S>(wanted: fn(&Metadata<'_>) -> bool, level: LevelFilter) -> impl Filter<S> + use<S> {
    dynamic_filter_fn(move |metadata, _| wanted(metadata))
        .with_callsite_filter(
            move |metadata| if wanted(metadata) { Interest::sometimes() } else { Interest::never() },
        )
        .with_max_level_hint(level)
}
