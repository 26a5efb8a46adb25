//! What agents were told beside what the record says, and what is left over in the databases.

use super::ground::{Database, Ground};
use super::load::{Call, Told};
use server::flow::verify_record::{Wish, verify_record};
use server::store::seals;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use uuid::Uuid;

/// The answers of a trial, held against the record.
#[derive(Debug, Default)]
pub struct Account {
    pub answered: usize,
    pub recorded: usize,
    /// Attempts without an outcome: what was cut off before its answer.
    pub cut_off: i64,
    /// What is wrong, in words.
    pub wrongs: Vec<String>,
}

const OUTCOMES: &str = "select request_id, decision from portcullis.attempts join portcullis.outcomes on attempt_id = id \
     where request_id = any($1)";
const CUT_OFF: &str = "select count(*) from portcullis.attempts left join portcullis.outcomes on attempt_id = id \
     where attempt_id is null";

pub async fn hold(ground: &Ground, calls: &[Call]) -> Account {
    let told: Vec<(Uuid, &str)> = calls
        .iter()
        .filter_map(|call| match &call.told {
            Told::Answer { request, decision } => Some((*request, *decision)),
            _ => None,
        })
        .collect();
    let mut root = ground.store.root().await;
    let requests: Vec<Uuid> = told.iter().map(|(request, _)| *request).collect();
    let recorded: Vec<(Uuid, String)> =
        sqlx::query_as(OUTCOMES).bind(&requests).fetch_all(&mut root).await.expect("the record is read");
    let cut_off = sqlx::query_scalar(CUT_OFF).fetch_one(&mut root).await.expect("the record is read");
    let recorded: HashMap<Uuid, String> = recorded.into_iter().collect();
    let mut account = Account { answered: told.len(), cut_off, ..Account::default() };
    for (request, decision) in told {
        match recorded.get(&request) {
            Some(found) if found == decision => account.recorded += 1,
            Some(found) => account.wrongs.push(format!("{request} was told {decision}, recorded {found}")),
            None => account.wrongs.push(format!("{request} was told {decision}, and is not on record")),
        }
    }
    account
}

/// Waits until everything is sealed, for `patience` at most, and holds the record against its seals; what is wrong.
pub async fn chain(ground: &Ground, patience: Duration) -> Vec<String> {
    let begun = Instant::now();
    let mut root = ground.store.root().await;
    loop {
        let unsealed = seals::unsealed(&mut root, Uuid::nil(), Uuid::max(), 1_000).await;
        let unsealed = unsealed.expect("the record is read").len();
        if unsealed == 0 {
            break;
        }
        if begun.elapsed() > patience {
            return vec![format!("{unsealed} row(s) have no seal after {} ms", begun.elapsed().as_millis())];
        }
        sleep(Duration::from_millis(100)).await;
    }
    let verdict = verify_record(&ground.portcullis(), &Wish::default(), "faults", |_| {}).await;
    let follow = verdict.expect("the record is verified").follow;
    follow.findings.iter().take(3).map(ToString::to_string).collect()
}

const AT_WORK: &str = "select usename || ': ' || state || ': ' || left(query, 60) from pg_stat_activity \
     where backend_type = 'client backend' and usename <> 'postgres' and state <> 'idle'";

/// How long it takes until no transaction is open and no statement runs any more, for `patience` at most.
pub async fn quiet(ground: &Ground, patience: Duration) -> Result<Duration, String> {
    let begun = Instant::now();
    for database in [&ground.store, &ground.warehouse] {
        while let Some(left) = at_work(database).await {
            if begun.elapsed() > patience {
                return Err(format!("left over after {} ms: {left}", begun.elapsed().as_millis()));
            }
            sleep(Duration::from_millis(10)).await;
        }
    }
    Ok(begun.elapsed())
}

async fn at_work(database: &Database) -> Option<String> {
    let mut root = database.root().await;
    sqlx::query_scalar(AT_WORK).fetch_optional(&mut root).await.expect("the activity is read")
}
