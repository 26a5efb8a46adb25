//! Finds calls by any combination of filters, without ever reading more of the store than a page may cost.
//!
//! Most filters leave so much that looking through the newest calls one by one fills a page. Where it does not, what is
//! looked for is rare, and the index of terms brings it, stretch by stretch. Where even that takes too long, the search
//! stops, tells how far it came, and can go on from there.

use crate::flow::{Failure, Portcullis, happened};
use crate::model::call::Stretch;
use crate::model::review::{CallFilter, Heading, Span};
use crate::store::Transaction;
use crate::store::call_terms;
use crate::store::calls::{self, Probe};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Calls that are looked through one by one.
const WALK: i64 = 5_000;
/// Stretches that are searched by the first statement, and by any of the next at most.
const AT_FIRST: i64 = 4;
const AT_ONCE: i64 = 64;
/// No statement of ours takes so long; the last net.
const STATEMENT_MS: u32 = 2_000;

/// What is looked for, made ready.
pub(super) struct Search<'a> {
    filter: &'a CallFilter,
    terms: Vec<String>,
    words: Vec<String>,
}

/// What was found, in the order of the search.
#[derive(Debug)]
pub(super) struct Found {
    pub ids: Vec<Uuid>,
    /// Where the search stopped because its time was up; what lies beyond was not looked at.
    pub stopped_at: Option<Uuid>,
}

/// A transaction in which calls can be found.
pub(super) async fn begin(portcullis: &Portcullis) -> Result<Transaction, Failure> {
    let mut transaction = happened::begin(portcullis).await?;
    calls::settle(&mut transaction, STATEMENT_MS).await?;
    Ok(transaction)
}

impl<'a> Search<'a> {
    pub(super) async fn prepare(store: &mut Transaction, filter: &'a CallFilter) -> Result<Self, Failure> {
        let words = match &filter.text {
            Some(text) => calls::words(&mut *store, text).await?,
            None => Vec::new(),
        };
        let words = words.iter().map(|word| call_terms::of_word(word)).collect();
        Ok(Self { filter, terms: call_terms::of_filter(filter), words })
    }

    /// Finds up to `want` calls of a span, nearest first. The search goes on for as long as `patience`, and a little.
    pub(super) async fn find(
        &self,
        store: &mut Transaction,
        way @ (span, heading): (Span, Heading),
        want: usize,
        patience: Duration,
    ) -> Result<Found, Failure> {
        let begun = Instant::now();
        let most = i64::try_from(want).unwrap_or(i64::MAX);
        let Some((oldest, newest)) = calls::ends(&mut *store).await? else {
            return Ok(Found { ids: Vec::new(), stopped_at: None });
        };
        let near = self.near(way, (oldest, newest));
        let looked_for = (self.filter, near.words.as_deref());
        let mut ids = calls::walk(store, looked_for, (near.span, heading), (WALK, most)).await?;
        if ids.len() >= want {
            return Ok(Found { ids, stopped_at: None });
        }
        let mut reached = match calls::reach(store, (near.span, heading), WALK).await? {
            Some(id) => id,
            None => far_end(near.span, heading),
        };
        let Some(probe) = self.probe(store, span).await? else { return Ok(Found { ids, stopped_at: None }) };
        let last = match heading {
            Heading::Older => Stretch::of(span.after.max(oldest)),
            Heading::Newer => Stretch::of(span.before.min(newest)),
        };
        let mut pace = Pace { begun: Instant::now(), searched: 0 };
        while let Some(from) = next(reached, last, heading) {
            let Some(left) = patience.checked_sub(begun.elapsed()) else {
                return Ok(Found { ids, stopped_at: Some(reached) });
            };
            let to = pace.until(from, last, left);
            let rest = span.beyond(heading.beyond(reached));
            let missing = most - i64::try_from(ids.len()).unwrap_or(most);
            let looked_for = (self.filter, &probe);
            ids.extend(calls::search(store, looked_for, (rest, heading), (from, to), missing).await?);
            if ids.len() >= want {
                break;
            }
            reached = border(to, heading);
        }
        Ok(Found { ids, stopped_at: None })
    }

    /// The part of a span that is looked through one by one. The words are written anew for each stretch, so with words it
    /// is the first two stretches at most.
    fn near(&self, (span, heading): (Span, Heading), (oldest, newest): (Uuid, Uuid)) -> Near {
        let Some(words) = call_terms::all(&self.words) else { return Near { span, words: None } };
        let earlier = match heading {
            Heading::Older => Stretch::of(span.before.min(newest)).later(-1),
            Heading::Newer => Stretch::of(span.after.max(oldest)),
        };
        let span = Span {
            after: span.after.max(earlier.begin()),
            before: span.before.min(earlier.later(2).begin()),
        };
        let words = call_terms::within(&words, [earlier, earlier.later(1)].map(|stretch| stretch.0));
        Near { span, words: Some(words) }
    }

    /// By which terms to search. A word that every other call holds would only slow the search down: it is looked for in
    /// what the other terms bring.
    async fn probe(&self, store: &mut Transaction, span: Span) -> Result<Option<Probe>, Failure> {
        let mut words = self.words.clone();
        let mut beside = Vec::new();
        if !words.is_empty() && words.len() + self.terms.len() > 1 {
            beside = self.common(store, span).await?;
            words.retain(|word| !beside.contains(word));
            if words.is_empty() && self.terms.is_empty() {
                words.extend(beside.pop());
            }
        }
        let by = call_terms::all(self.terms.iter().chain(&words));
        Ok(by.map(|by| Probe { by, beside: call_terms::all(&beside) }))
    }

    async fn common(&self, store: &mut Transaction, span: Span) -> Result<Vec<String>, Failure> {
        let Some((_, newest)) = calls::ends(&mut *store).await? else { return Ok(Vec::new()) };
        let later = Stretch::of(span.before.min(newest));
        let stretches = [later.later(-1), later].map(|stretch| stretch.0);
        let queries: Vec<String> =
            self.words.iter().map(|word| call_terms::within(word, stretches)).collect();
        Ok(calls::common(&mut *store, span, &self.words, &queries).await?)
    }
}

struct Near {
    span: Span,
    words: Option<String>,
}

fn far_end(span: Span, heading: Heading) -> Uuid {
    match heading {
        Heading::Older => span.after,
        Heading::Newer => span.before,
    }
}

/// The stretch to search next, unless it is beyond `last`.
fn next(reached: Uuid, last: Stretch, heading: Heading) -> Option<Stretch> {
    let here = Stretch::of(reached);
    match heading {
        Heading::Older => {
            // A border belongs to the stretch that begins there.
            let from = if here.begin() == reached { here.later(-1) } else { here };
            (from >= last).then_some(from)
        }
        Heading::Newer => (here <= last).then_some(here),
    }
}

/// How fast a search goes, and so how much its next statement may take on: what can be found seldom costs little, and what
/// almost can be found costs much.
struct Pace {
    begun: Instant,
    searched: i64,
}

impl Pace {
    /// The stretch at which a statement from `from` on should end, so that it ends with the time that is left.
    fn until(&mut self, from: Stretch, last: Stretch, left: Duration) -> Stretch {
        let most = affordable(self.searched, self.begun.elapsed(), left);
        let way = (last.0 - from.0).clamp(1 - most, most - 1);
        self.searched += way.abs() + 1;
        from.later(way)
    }
}

/// For how many stretches there is time left, when so many took so long.
fn affordable(searched: i64, took: Duration, left: Duration) -> i64 {
    if searched == 0 {
        return AT_FIRST;
    }
    let pace = left.as_micros() / took.as_micros().max(1);
    i64::try_from(pace).unwrap_or(AT_ONCE).saturating_mul(searched).clamp(1, AT_ONCE)
}

/// Where a stretch ends on the way.
fn border(stretch: Stretch, heading: Heading) -> Uuid {
    match heading {
        Heading::Older => stretch.begin(),
        Heading::Newer => stretch.later(1).begin(),
    }
}

#[cfg(test)]
mod tests {
    use super::{AT_FIRST, AT_ONCE, Pace, affordable, border, next};
    use crate::model::call::Stretch;
    use crate::model::review::Heading;
    use std::time::{Duration, Instant};

    /// Every stretch that a search goes through, in order.
    fn gone_through(from: i64, last: i64, heading: Heading) -> Vec<i64> {
        let mut pace = Pace { begun: Instant::now(), searched: 0 };
        let mut reached = border(Stretch(from), heading);
        let mut all = Vec::new();
        while let Some(one) = next(reached, Stretch(last), heading) {
            let other = pace.until(one, Stretch(last), Duration::from_secs(1));
            let step = if one <= other { 1 } else { -1 };
            all.extend((0..=(other.0 - one.0).abs()).map(|n| one.0 + step * n));
            reached = border(other, heading);
        }
        all
    }

    #[test]
    fn no_stretch_is_left_out_and_none_is_searched_twice() {
        let many = 3 * AT_ONCE + 5;
        let older: Vec<i64> = (1000 - many..1000).rev().collect();
        assert_eq!(gone_through(1000, 1000 - many, Heading::Older), older);
        let newer: Vec<i64> = (1001..=1000 + many).collect();
        assert_eq!(gone_through(1000, 1000 + many, Heading::Newer), newer);
        assert_eq!(gone_through(1000, 1000, Heading::Older), [0; 0]);
        assert_eq!(gone_through(1000, 1000, Heading::Newer), [0; 0]);
    }

    #[test]
    fn a_statement_takes_on_what_the_time_left_is_likely_to_do_for() {
        let ms = Duration::from_millis;
        assert_eq!(affordable(0, ms(0), ms(20)), AT_FIRST);
        assert_eq!(affordable(4, ms(5), ms(20)), 16);
        assert_eq!(affordable(4, ms(40), ms(20)), 1);
        assert_eq!(affordable(4, ms(0), ms(20)), AT_ONCE);
    }
}
