//! Denials, events, and one call on its own.

use crate::world::{Made, World};
use server::flow::review_call::review_call;
use server::flow::review_denials::{review_denial, review_denials};
use server::flow::review_events::review_events;
use server::model::review::{ClientChoice, DenialFilter, EventFilter};
use sqlx::AssertSqlSafe;
use time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn denials_are_found_by_each_filter() {
    let world = World::new().await;
    world.denials(400).await;
    let person = "00000000-0000-7000-8000-000000000003";
    let client: Uuid = "00000000-0000-7000-9000-000000000001".parse().unwrap();
    let from = world.now() - Duration::days(9);
    for (filter, condition) in [
        (DenialFilter::default(), "true".to_owned()),
        (
            DenialFilter { person_id: Some(person.parse().unwrap()), ..DenialFilter::default() },
            format!("person_id = '{person}'"),
        ),
        (
            DenialFilter { reason: Some("no_mfa".to_owned()), from: Some(from), ..DenialFilter::default() },
            format!("reason = 'no_mfa' and at >= '{from}'"),
        ),
        (
            DenialFilter {
                client: Some(ClientChoice::Id(client)),
                until: Some(from),
                ..DenialFilter::default()
            },
            format!("client_id = '{client}' and at < '{from}'"),
        ),
        (
            DenialFilter { client: Some(ClientChoice::Named("none".to_owned())), ..DenialFilter::default() },
            "false".to_owned(),
        ),
    ] {
        let sql = format!("select id from portcullis.denials where {condition} order by id desc");
        let expected: Vec<Uuid> =
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&world.house.store).await.unwrap();
        let (mut found, mut place, mut back) = (Vec::new(), None, None);
        loop {
            let page = review_denials(&world.house.portcullis, &filter, place).await.unwrap();
            assert_eq!(page.stopped_at, None);
            found.extend(page.lines.iter().map(|line| line.id));
            (place, back) = (page.older, page.newer.or(back));
            if place.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{filter:?}");
        if let Some(back) = back {
            let page = review_denials(&world.house.portcullis, &filter, Some(back)).await.unwrap();
            let ids: Vec<Uuid> = page.lines.iter().map(|line| line.id).collect();
            let last = (expected.len() - 1) / 50 * 50;
            assert_eq!(ids, expected[last - 50..last]);
        }
    }
    let one = review_denials(&world.house.portcullis, &DenialFilter::default(), None).await.unwrap();
    let denied = review_denial(&world.house.portcullis, one.lines[0].id).await.unwrap().unwrap();
    assert!(denied.advice.is_some() && denied.line == one.lines[0]);
    assert!(review_denial(&world.house.portcullis, Uuid::nil()).await.unwrap().is_none());
}

#[tokio::test]
async fn events_are_found_by_kind_and_by_who_did_it() {
    let world = World::new().await;
    world.house.person("margarete").await;
    let portcullis = &world.house.portcullis;
    let all = review_events(portcullis, &EventFilter::default(), None).await.unwrap();
    assert!(all.lines.windows(2).all(|pair| pair[0].id > pair[1].id));
    assert_eq!(all.lines.len() as i64, world.house.count("events").await);
    let created = EventFilter { kind: Some("person_created".to_owned()), ..EventFilter::default() };
    let found = review_events(portcullis, &created, None).await.unwrap();
    let mut whom: Vec<&str> = found.lines.iter().filter_map(|line| line.person.as_deref()).collect();
    whom.sort_unstable();
    assert_eq!(whom, ["demo", "margarete"]);
    let margarete = found.lines.iter().find(|line| line.person.as_deref() == Some("margarete")).unwrap();
    let about = EventFilter { person_id: margarete.person_id, ..EventFilter::default() };
    let found = review_events(portcullis, &about, None).await.unwrap();
    assert!(found.lines.len() > 1 && found.lines.iter().all(|line| line.person_id == margarete.person_id));
    let nobody = EventFilter { actor: Some("nobody".to_owned()), ..EventFilter::default() };
    assert!(review_events(portcullis, &nobody, None).await.unwrap().lines.is_empty());
}

#[tokio::test]
async fn a_call_stands_among_its_neighbours() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for n in 0..9 {
        let outcome = if n == 4 { ("refused", Some("select_star")) } else { ("allowed", None) };
        let at = world.now() + Duration::seconds(n);
        ids.push(
            world.make(&Made { at, sql: Some("select 1"), tool: "run_query", outcome: Some(outcome) }).await,
        );
    }
    world.later(Duration::seconds(20));
    let reviewed = review_call(&world.house.portcullis, ids[4]).await.unwrap().unwrap();
    let around =
        |lines: &[server::flow::review_call::CallLine]| lines.iter().map(|line| line.id).collect::<Vec<_>>();
    assert_eq!(around(&reviewed.after), [ids[7], ids[6], ids[5]]);
    assert_eq!(around(&reviewed.before), [ids[3], ids[2], ids[1]]);
    assert_eq!((reviewed.call.id, reviewed.call.sql.as_deref()), (ids[4], Some("select 1")));
    assert!(reviewed.advice.is_some_and(|advice| advice.contains("name the columns")));
    assert!(review_call(&world.house.portcullis, Uuid::nil()).await.unwrap().is_none());
}
