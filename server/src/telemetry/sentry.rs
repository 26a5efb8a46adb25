//! Errors, told to Sentry: that one happened, where in the program, and for which request. What went wrong in particular
//! stands in the log alone, because the words of a database may hold what somebody wrote, and those of an alert a name.

use super::interest::only;
use crate::fetch;
use hyper::Request;
use hyper::body::Bytes;
use sentry_types::Dsn;
use sentry_types::protocol::v7::{Envelope, Event, Map};
use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Errors that wait to be sent; more at once tell nothing new.
const WAITING: usize = 64;
/// The span that bears the id of a request.
const REQUEST: &str = "request";

/// Hears errors, and hands them over to be sent.
pub struct Reporter(mpsc::Sender<Event<'static>>);

impl Reporter {
    /// Sends from now on, one error after the other and beside everything else.
    #[must_use]
    pub fn start(dsn: Dsn) -> Self {
        let (sender, mut errors) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            while let Some(event) = errors.recv().await {
                if let Err(fault) = send(&dsn, event).await {
                    tracing::warn!(%fault, "an error could not be told to Sentry");
                }
            }
        });
        Self(sender)
    }

    /// What listens to errors, and to the requests that they belong to.
    #[must_use]
    pub fn layer<S>(self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        let wanted = |metadata: &Metadata<'_>| {
            (metadata.name() == REQUEST && *metadata.level() <= Level::INFO)
                || (metadata.is_event() && *metadata.level() == Level::ERROR)
        };
        self.with_filter(only::<S>(wanted, LevelFilter::INFO))
    }
}

async fn send(dsn: &Dsn, event: Event<'static>) -> Result<(), fetch::NotFetched> {
    let unreadable = |error: &dyn std::fmt::Display| fetch::NotFetched::Unreachable(error.to_string());
    let mut body = Vec::new();
    Envelope::from(event).to_writer(&mut body).map_err(|error| unreadable(&error))?;
    let auth = dsn.to_auth(Some(concat!("portcullis/", env!("CARGO_PKG_VERSION"))));
    let request = Request::post(dsn.envelope_api_url().as_str())
        .header("content-type", "application/x-sentry-envelope")
        .header("x-sentry-auth", auth.to_string())
        .body(Bytes::from(body))
        .map_err(|error| unreadable(&error))?;
    match fetch::send(request).await?.status() {
        status if status.is_success() => Ok(()),
        status => Err(fetch::NotFetched::Status(status.as_u16())),
    }
}

/// The id of a request, kept with its span.
struct RequestId(String);

#[derive(Default)]
struct Fields {
    /// `id` of the request's span, or of an alert.
    id: Option<String>,
    kind: Option<String>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "id" => self.id = Some(format!("{value:?}")),
            "kind" => self.kind = Some(format!("{value:?}")),
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "kind" {
            self.kind = Some(value.to_owned());
        }
    }
}

impl<S> Layer<S> for Reporter
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() != REQUEST {
            return;
        }
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let (Some(span), Some(id)) = (context.span(id), fields.id) {
            span.extensions_mut().replace(RequestId(id));
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, context: Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let request = context.event_scope(event).and_then(|scope| {
            scope.from_root().find_map(|span| span.extensions().get::<RequestId>().map(|id| id.0.clone()))
        });
        // Where too many wait already, this one is in the log.
        let _ = self.0.try_send(told(event.metadata(), fields, request));
    }
}

/// What is told of an error: nothing but what the program itself is made of, and identifiers.
fn told(metadata: &Metadata<'_>, fields: Fields, request: Option<String>) -> Event<'static> {
    let place = format!("{}:{}", metadata.file().unwrap_or_default(), metadata.line().unwrap_or_default());
    let message = match &fields.kind {
        Some(kind) => format!("alert: {kind}"),
        None => format!("error at {place}"),
    };
    let tags = [("place", Some(place)), ("request_id", request), ("kind", fields.kind), ("id", fields.id)];
    let tags: Map<String, String> =
        tags.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    Event {
        message: Some(message),
        logger: Some(metadata.target().to_owned()),
        release: Some(concat!("portcullis@", env!("CARGO_PKG_VERSION")).into()),
        tags,
        ..Event::default()
    }
}
