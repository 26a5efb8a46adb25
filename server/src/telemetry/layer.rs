//! The layers of a call: each is a span for traces, and a histogram for Prometheus.
//!
//! Invariant: where nobody listens, a layer costs two loads and allocates nothing.

use super::span::TARGET;
use crate::model::measure;
use metrics::Histogram;
use std::sync::OnceLock;
use std::time::Instant;
use tracing::{Instrument, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// All of an MCP request, from its headers to the last byte of its answer being ready.
    Http,
    /// Every fact about who asks, from one statement to the store.
    Authenticate,
    /// The attempt is written down.
    Attempt,
    /// The statement is judged and printed anew.
    Gate,
    /// A connection to the warehouse, the transaction, its guard and the role.
    Begin,
    /// The statement, until its last row.
    Execute,
    /// The outcome is on disk.
    Outcome,
    /// The answer becomes a tool result.
    Encode,
}

/// Set once somebody counts; before that, nothing looks at a clock.
static HISTOGRAMS: OnceLock<[Histogram; Layer::ALL.len()]> = OnceLock::new();

/// Lets layers be counted by the recorder that is installed.
pub fn begin_counting() {
    let histogram = |layer: Layer| metrics::histogram!(measure::LAYER_SECONDS, "layer" => layer.word());
    let _ = HISTOGRAMS.set(Layer::ALL.map(histogram));
}

impl Layer {
    pub const ALL: [Self; 8] = [
        Self::Http,
        Self::Authenticate,
        Self::Attempt,
        Self::Gate,
        Self::Begin,
        Self::Execute,
        Self::Outcome,
        Self::Encode,
    ];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Authenticate => "authenticate",
            Self::Attempt => "attempt",
            Self::Gate => "gate",
            Self::Begin => "begin",
            Self::Execute => "execute",
            Self::Outcome => "outcome",
            Self::Encode => "encode",
        }
    }

    /// Does this layer's work. What is given up half-way counts in no histogram.
    pub async fn around<T>(self, work: impl Future<Output = T>) -> T {
        self.around_in(self.span(), work).await
    }

    /// The same in a span that tells more than the layer's name.
    pub async fn around_in<T>(self, span: Span, work: impl Future<Output = T>) -> T {
        let timer = Timer::start();
        let done = work.instrument(span).await;
        timer.stop(self);
        done
    }

    /// The same for work that waits for nothing.
    pub fn within<T>(self, work: impl FnOnce() -> T) -> T {
        let timer = Timer::start();
        let done = self.span().in_scope(work);
        timer.stop(self);
        done
    }

    /// Below the level that a log tells by default, so that only traces make anything of it.
    fn span(self) -> Span {
        macro_rules! span {
            ($name:literal) => {
                tracing::debug_span!(target: TARGET, $name)
            };
        }
        match self {
            Self::Http => span!("http"),
            Self::Authenticate => span!("authenticate"),
            Self::Attempt => span!("attempt"),
            Self::Gate => span!("gate"),
            Self::Begin => span!("begin"),
            Self::Execute => span!("execute"),
            Self::Outcome => span!("outcome"),
            Self::Encode => span!("encode"),
        }
    }
}

/// Runs only where somebody counts.
struct Timer(Option<Instant>);

impl Timer {
    fn start() -> Self {
        Self(HISTOGRAMS.get().map(|_| Instant::now()))
    }

    fn stop(self, layer: Layer) {
        let histogram = HISTOGRAMS.get().and_then(|histograms| histograms.get(layer as usize));
        if let (Some(begun), Some(histogram)) = (self.0, histogram) {
            histogram.record(begun.elapsed());
        }
    }
}
