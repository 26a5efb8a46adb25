//! Whether a call costs more when the store is full: measured before and after a record and a staff are made inside
//! PostgreSQL.

use crate::Sizes;
use crate::rates::{LOOK_UP, is_answer, is_refusal, point_lookup, refused};
use crate::support::floor::{self, Floor};
use crate::support::program::{Ground, Load};
use crate::support::report::{Report, line, title};
use crate::support::{Figures, median};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

pub async fn measure(ground: &Ground, sizes: Sizes, report: &mut Report) {
    title("the same in a store that is full");
    let before = Measured::take(ground, sizes.length).await;
    before.show("before");
    let begun = Instant::now();
    for statement in include_str!("full.sql").split(";\n").filter(|statement| !statement.trim().is_empty()) {
        let statement = statement
            .replace(":attempts", &sizes.attempts.to_string())
            .replace(":people", &sizes.people.to_string());
        // The record takes nothing but inserts; checking the keys of rows that fit by making only costs time.
        ground
            .sql(&format!(
                "set session_replication_role = replica; set synchronous_commit = off; {statement}"
            ))
            .await;
    }
    for statement in ["vacuum analyze", "checkpoint"] {
        ground.sql(statement).await;
    }
    println!(
        "  {} attempts with their outcomes, {} people, clients, tokens and sessions: {:.0} s",
        sizes.attempts,
        sizes.people,
        begun.elapsed().as_secs_f64()
    );
    let size = "select (sum(pg_total_relation_size(relid)) / (select count(*) from portcullis.attempts))::bigint \
                from (select relid from pg_partition_tree('portcullis.attempts') \
                      union all select relid from pg_partition_tree('portcullis.outcomes')) as parts";
    println!("  attempt and outcome take {} bytes on disk, indexes included", ground.number(size).await);
    let after = Measured::take(ground, sizes.length).await;
    after.show("after");
    for (what, before, after) in [
        ("point look-up", before.answered, after.answered),
        ("refused statement", before.refused, after.refused),
    ] {
        let ratio = after.p50.as_secs_f64() / before.p50.as_secs_f64();
        report.aim(
            &format!("{what} in the full store, p50"),
            &format!("{ratio:.2} times"),
            "1.15 times",
            ratio <= 1.15,
        );
    }
}

struct Measured {
    floor: Figures,
    answered: Figures,
    refused: Figures,
}

impl Measured {
    async fn take(ground: &Ground, length: Duration) -> Self {
        let (program, _) = ground.start().await;
        let load = |message: fn(u64) -> String, expected: fn(u16, &[u8]) -> bool, length| {
            program.load(Load { token: &ground.token, clients: 1, length, message, expected })
        };
        load(point_lookup, is_answer, Duration::from_secs(1)).await;
        let (mut floors, mut answered, mut refusals) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            floors.push(floor::measure(
                &ground.cluster,
                &ground.folder,
                Floor::whole(Some(LOOK_UP)),
                1,
                length,
            ));
            answered.push(load(point_lookup, is_answer, length).await);
            refusals.push(load(refused, is_refusal, length).await);
        }
        Self { floor: median(floors), answered: median(answered), refused: median(refusals) }
    }

    fn show(&self, when: &str) {
        println!("  {when}");
        line("the floor", 1, self.floor);
        line("point look-up", 1, self.answered);
        line("refused statement", 1, self.refused);
    }
}
