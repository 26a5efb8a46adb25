//! How much people ask, and how much of it was refused or denied.

use crate::flow::find_calls;
use crate::flow::{Failure, Portcullis, index_calls};
use crate::model::call::{Ending, Stretch, first_id_at};
use crate::model::person::Person;
use crate::model::review::CallFilter;
use crate::model::window::Window;
use crate::store::Transaction;
use crate::store::calls::{self, Habit};
use crate::store::people;
use crate::store::rollups::{self, DenialsRow, PersonRow, Since};
use crate::store::{call_terms, indexing};
use std::collections::HashMap;
use std::ops::AddAssign;
use time::OffsetDateTime;
use uuid::Uuid;

/// Calls of a person that tell of their habits, at most.
const TELLING: i64 = 5_000;

/// Counts of calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub allowed: i64,
    pub refused: i64,
    pub failed: i64,
    pub unfinished: i64,
    pub denied: i64,
    pub rows: i64,
    pub bytes: i64,
}

impl Sums {
    /// Calls, however they ended; who was denied made none.
    #[must_use]
    pub const fn calls(&self) -> i64 {
        self.allowed + self.refused + self.failed + self.unfinished
    }

    pub(super) fn count(&mut self, decision: &str, calls: i64) {
        match Ending::named(decision) {
            Some(Ending::Allowed) => self.allowed += calls,
            Some(Ending::Refused) => self.refused += calls,
            Some(Ending::Failed) => self.failed += calls,
            Some(Ending::Unfinished) | None => self.unfinished += calls,
        }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, more: Self) {
        self.allowed += more.allowed;
        self.refused += more.refused;
        self.failed += more.failed;
        self.unfinished += more.unfinished;
        self.denied += more.denied;
        self.rows += more.rows;
        self.bytes += more.bytes;
    }
}

/// What one person did within a window.
#[derive(Debug, Clone)]
pub struct PersonUsage {
    pub person_id: Uuid,
    /// As they sign in; their identifier where they are not known any more.
    pub username: String,
    pub display_name: String,
    pub sums: Sums,
    /// The calls of each slot of the window, the oldest first, where they were asked for; denials are not among them.
    pub trend: Vec<Sums>,
}

/// What everybody did within a window, without the trends.
#[derive(Debug)]
pub struct Usage {
    pub since: Since,
    /// Everybody who did anything, by name.
    pub people: Vec<PersonUsage>,
    /// Where the index is behind the record: how far it is.
    pub behind: Option<OffsetDateTime>,
}

pub async fn usage(portcullis: &Portcullis, window: Window) -> Result<Usage, Failure> {
    let behind = index_calls::refresh(portcullis).await?;
    let mut transaction = find_calls::begin(portcullis).await?;
    let since = Since::of(window, portcullis.now());
    let people = of_people(&mut transaction, since, None).await?;
    Ok(Usage { since, people, behind })
}

/// Adds the trends of those people who are shown: they cost much more than the sums.
pub async fn add_trends(
    portcullis: &Portcullis,
    since: Since,
    people: &mut [PersonUsage],
) -> Result<(), Failure> {
    let mut transaction = find_calls::begin(portcullis).await?;
    let ids: Vec<Uuid> = people.iter().map(|person| person.person_id).collect();
    let mut trends = gathered(since.window, &rollups::people(&mut transaction, since, &ids).await?, &[]);
    for person in people {
        if let Some(found) = trends.remove(&person.person_id) {
            person.trend = found.trend;
        }
    }
    Ok(())
}

/// What one person did.
#[derive(Debug)]
pub struct Conduct {
    /// Within each window, in the order of [`Window::ALL`].
    pub windows: Vec<PersonUsage>,
    /// Through what they asked within a week, for what, and what they were refused for, the most frequent first.
    pub habits: Vec<Habit>,
}

pub async fn usage_of(portcullis: &Portcullis, person: &Person) -> Result<Conduct, Failure> {
    index_calls::refresh(portcullis).await?;
    let mut transaction = find_calls::begin(portcullis).await?;
    let mut windows = Vec::new();
    for window in Window::ALL {
        let since = Since::of(window, portcullis.now());
        let of_person = of_people(&mut transaction, since, Some(person.id)).await?;
        windows.push(of_person.into_iter().next().unwrap_or_else(|| PersonUsage::none(person, window)));
    }
    let habits = habits(&mut transaction, person.id, portcullis.now()).await?;
    Ok(Conduct { windows, habits })
}

async fn habits(
    store: &mut Transaction,
    person_id: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<Habit>, Failure> {
    let after = first_id_at(Window::Week.since(now));
    let filter = CallFilter { person_id: Some(person_id), ..CallFilter::default() };
    let Some(terms) = call_terms::all(&call_terms::of_filter(&filter)) else { return Ok(Vec::new()) };
    let stretches = (Stretch::of(after).0..=Stretch::of(first_id_at(now)).0).rev();
    let terms = call_terms::within(&terms, stretches);
    Ok(calls::habits(store, person_id, &terms, after, TELLING).await?)
}

/// Everybody who did anything, by name; or one person, with their trend.
async fn of_people(
    store: &mut Transaction,
    since: Since,
    person: Option<Uuid>,
) -> Result<Vec<PersonUsage>, Failure> {
    let summed_to = indexing::state(store).await?.denials_to;
    let rows = match person {
        Some(person) => rollups::people(store, since, &[person]).await?,
        None => rollups::sums(store, since).await?,
    };
    let denials = rollups::denials(store, since, summed_to, person).await?;
    let mut found = gathered(since.window, &rows, &denials);
    let ids: Vec<Uuid> = found.keys().copied().collect();
    for name in people::names(&mut *store, &ids).await? {
        if let Some(usage) = found.get_mut(&name.id) {
            (usage.username, usage.display_name) = (name.username, name.display_name);
        }
    }
    let mut people: Vec<PersonUsage> = found.into_values().collect();
    people.sort_by(|one, other| one.username.cmp(&other.username));
    Ok(people)
}

fn gathered(window: Window, rows: &[PersonRow], denials: &[DenialsRow]) -> HashMap<Uuid, PersonUsage> {
    let mut people = HashMap::new();
    for row in rows {
        let usage =
            people.entry(row.person_id).or_insert_with(|| PersonUsage::unnamed(row.person_id, window));
        let mut sums = Sums { rows: row.row_count, bytes: row.byte_count, ..Sums::default() };
        sums.count(&row.decision, row.calls);
        usage.sums += sums;
        if let Some(point) = row.slot.and_then(|at| usage.trend.get_mut(slot(window, at))) {
            *point += sums;
        }
    }
    for row in denials {
        let usage =
            people.entry(row.person_id).or_insert_with(|| PersonUsage::unnamed(row.person_id, window));
        usage.sums.denied += row.denials;
    }
    people
}

/// Which point of a trend a slot is; what lies a moment outside counts to the nearest.
pub(super) fn slot(window: Window, slot: i64) -> usize {
    usize::try_from(slot.max(0)).unwrap_or(0).min(window.slots().saturating_sub(1))
}

impl PersonUsage {
    fn unnamed(person_id: Uuid, window: Window) -> Self {
        Self {
            person_id,
            username: person_id.to_string(),
            display_name: String::new(),
            sums: Sums::default(),
            trend: vec![Sums::default(); window.slots()],
        }
    }

    fn none(person: &Person, window: Window) -> Self {
        Self {
            username: person.username.to_string(),
            display_name: person.display_name.clone(),
            ..Self::unnamed(person.id, window)
        }
    }
}
