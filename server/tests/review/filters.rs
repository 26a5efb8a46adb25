//! Each filter, alone and with others, finds exactly what a plain statement over the record finds.

use crate::world::World;
use server::model::call::Ending;
use server::model::review::{CallFilter, ClientChoice, Place};
use sqlx::AssertSqlSafe;
use time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn every_combination_finds_what_the_record_holds() {
    let world = World::new().await;
    // More than are looked through one by one, so that the terms are searched as well.
    world.chance(9_000).await;
    world.later(Duration::minutes(11));
    assert_eq!(world.index().await, 9_000);
    let mut met = 0;
    let (mut empty, mut long) = (0, 0);
    // A plain generator: each number decides which filters are given, and their values.
    let mut seed: u64 = 7;
    while met < 80 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let chosen = u32::try_from(seed >> 40).unwrap();
        // All filters at once are seldom met; few at a time are what people ask for.
        let chosen = if met % 10 == 9 { chosen | 0x1ff } else { chosen & (chosen >> 7) };
        let (filter, condition) = combination(&world, chosen, seed >> 20);
        let expected = expected(&world, &condition).await;
        let found = all_pages(&world, &filter).await;
        assert_eq!(found, expected, "{filter:?}");
        empty += usize::from(expected.is_empty());
        long += usize::from(expected.len() > 100);
        met += 1;
    }
    assert!(empty > 5 && long > 5, "a dull choice: {empty} found nothing, {long} filled pages");
}

/// A filter of the chosen kinds, and the same as a condition over the record.
fn combination(world: &World, chosen: u32, values: u64) -> (CallFilter, String) {
    let mut filter = CallFilter::default();
    let mut conditions = vec!["true".to_owned()];
    let mut pick = {
        let mut values = values;
        move |n: u64| {
            let picked = values % n;
            values = values / n + 17;
            picked
        }
    };
    let given = |bit: u32| chosen & (1 << bit) != 0;
    if given(0) {
        let id = format!("00000000-0000-7000-8000-{:012}", pick(21));
        conditions.push(format!("person_id = '{id}'"));
        filter.person_id = Some(id.parse().unwrap());
    }
    if given(1) {
        let profile = ["support", "analyst", "nobody's \\ profile"][usize::try_from(pick(3)).unwrap()];
        conditions.push(format!("profile = '{}'", profile.replace('\'', "''")));
        filter.profile = Some(profile.to_owned());
    }
    if given(2) {
        let number = pick(6);
        if number % 2 == 0 {
            let id: Uuid = format!("00000000-0000-7000-9000-{number:012}").parse().unwrap();
            conditions.push(format!("client_id = '{id}'"));
            filter.client = Some(ClientChoice::Id(id));
        } else {
            conditions.push(format!("client = 'Client {}'", number % 4));
            filter.client = Some(ClientChoice::Named(format!("Client {}", number % 4)));
        }
    }
    if given(3) {
        let tool = ["run_query", "describe_table", "list_tables"][usize::try_from(pick(3)).unwrap()];
        conditions.push(format!("tool = '{tool}'"));
        filter.tool = Some(tool.to_owned());
    }
    if given(4) {
        let ending = Ending::ALL[usize::try_from(pick(4)).unwrap()];
        conditions.push(format!("coalesce(decision, 'unfinished') = '{}'", ending.code()));
        filter.ending = Some(ending);
    }
    if given(5) {
        let reason = ["disallowed_table", "select_star", "timeout"][usize::try_from(pick(3)).unwrap()];
        conditions.push(format!("reason = '{reason}'"));
        filter.reason = Some(reason.to_owned());
    }
    if given(6) {
        let relation = format!("public.relation_{}", pick(13));
        conditions.push(format!("'{relation}' = any (relations)"));
        filter.relation = Some(relation);
    }
    if given(7) {
        let words = [
            ("note", r"\mnote"),
            ("SELECT relation_1", r"\mrelation_1"),
            ("relation_11; 'sum'", r"\mrelation_11"),
            ("note_3_", r"\mnote_3_"),
            ("zür", r"\mzür"),
            ("no_such_word", r"\mno_such_word"),
        ];
        let (typed, pattern) = words[usize::try_from(pick(6)).unwrap()];
        conditions.push(format!("lower(sql) ~ '{pattern}'"));
        filter.text = Some(typed.to_owned());
    }
    if given(8) {
        let from = world.now() - Duration::hours(pick(1_100) as i64);
        conditions.push(format!("at >= '{from}'"));
        filter.from = Some(from);
    }
    if given(9) {
        let until = world.now() - Duration::hours(pick(900) as i64);
        conditions.push(format!("at < '{until}'"));
        filter.until = Some(until);
    }
    (filter, conditions.join(" and "))
}

async fn expected(world: &World, condition: &str) -> Vec<Uuid> {
    let sql = format!(
        "select id from (select a.*, decision, reason, relations from portcullis.attempts a \
         left join portcullis.outcomes on attempt_id = id) call where {condition} order by id desc"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&world.house.store).await.unwrap()
}

/// Everything that the pages show, read towards the oldest; and the way back shows the same.
async fn all_pages(world: &World, filter: &CallFilter) -> Vec<Uuid> {
    let mut found: Vec<Uuid> = Vec::new();
    let mut place: Option<Place> = None;
    let mut pages = Vec::new();
    loop {
        let page = world.look(filter, place).await.page;
        let ids: Vec<Uuid> = page.lines.iter().map(|line| line.id).collect();
        assert_eq!(page.newer.is_some(), place.is_some() && !ids.is_empty());
        assert_eq!(page.stopped_at, None);
        found.extend(&ids);
        pages.push((ids, page.newer));
        place = page.older;
        if place.is_none() {
            break;
        }
    }
    // A dozen pages tell as much about the way back as all of them.
    let last = pages.len().saturating_sub(6);
    for (_, pair) in pages.windows(2).enumerate().filter(|(n, _)| *n < 6 || *n >= last) {
        let ((before, _), (_, newer)) = (&pair[0], &pair[1]);
        let back = world.look(filter, *newer).await.page;
        let ids: Vec<Uuid> = back.lines.iter().map(|line| line.id).collect();
        assert_eq!(&ids, before, "the way back");
        assert!(back.older.is_some());
    }
    found
}
