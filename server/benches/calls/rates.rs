//! How many calls of each kind, and how soon, beside the floor.

use crate::support::floor::{self, Floor};
use crate::support::http::query;
use crate::support::program::{Ground, Load, Program};
use crate::support::report::{Report, line, title};
use crate::support::{Figures, median};
use std::time::Duration;

pub const ROUNDS: usize = 3;
const CLIENTS: [usize; 4] = [1, 8, 32, 128];

/// What is asked, how its answer is known, and what the floor reads for it.
struct Kind {
    name: &'static str,
    message: fn(u64) -> String,
    expected: fn(u16, &[u8]) -> bool,
    floor: Beside,
    /// At most so many at once: what takes a hundred milliseconds of a core cannot be had by 128 at once in time.
    most: usize,
}

enum Beside {
    None,
    Record,
    Statement(&'static str),
}

pub fn point_lookup(n: u64) -> String {
    query(&format!("select id, status, total from orders where id = {}", n % 100_000 + 1))
}

pub fn refused(n: u64) -> String {
    query(&format!("select token from secrets where id = {n}"))
}

pub fn is_answer(status: u16, body: &[u8]) -> bool {
    status == 200 && ends_with(body, b"\"isError\":false")
}

pub fn is_refusal(status: u16, body: &[u8]) -> bool {
    status == 200 && ends_with(body, b"\"isError\":true")
}

/// The word stands near the end; the rest is not looked through, which would be a load of its own.
fn ends_with(body: &[u8], word: &[u8]) -> bool {
    let end = &body[body.len().saturating_sub(400)..];
    end.windows(word.len()).any(|part| part == word)
}

/// The point look-up as pgbench says it.
pub const LOOK_UP: &str = "select id, status, total from public.orders where id = :id";

const KINDS: [Kind; 6] = [
    Kind {
        name: "point look-up",
        message: point_lookup,
        expected: is_answer,
        floor: Beside::Statement(LOOK_UP),
        most: 128,
    },
    Kind {
        name: "list_tables",
        message: |_| {
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tables","arguments":{}}}"#
                .to_owned()
        },
        expected: is_answer,
        floor: Beside::Record,
        most: 128,
    },
    Kind {
        name: "100 rows of 6 columns",
        message: |_| {
            query(
                "select id, customer_id, status, total, placed_at, channel from orders order by id limit 100",
            )
        },
        expected: is_answer,
        floor: Beside::Statement(
            "select id, customer_id, status, total, placed_at, channel from public.orders order by id limit 100",
        ),
        most: 128,
    },
    Kind {
        name: "refused statement",
        message: refused,
        expected: is_refusal,
        floor: Beside::Record,
        most: 128,
    },
    Kind {
        name: "denied token",
        message: point_lookup,
        expected: |status, _| status == 401,
        floor: Beside::None,
        most: 128,
    },
    Kind {
        name: "aggregate over 1,000,000",
        message: |_| {
            query("select product_id, sum(qty * price) from order_items group by 1 order by 2 desc limit 5")
        },
        expected: is_answer,
        floor: Beside::Statement(
            "select product_id, sum(qty * price) from public.order_items group by 1 order by 2 desc limit 5",
        ),
        most: 8,
    },
];

pub async fn measure(ground: &Ground, length: Duration, report: &mut Report) {
    title("calls, beside the floor of pgbench (the median of three rounds)");
    // The shop has 200,000 lines of orders.
    let grow = "insert into public.order_items (order_id, product_id, qty, price, line, discount, gift) \
                select o.order_id, o.product_id, o.qty, o.price, o.line + 100 * n, o.discount, o.gift \
                from public.order_items as o, generate_series(1, 4) as n; vacuum analyze public.order_items";
    for statement in grow.split("; ") {
        ground.sql(statement).await;
    }
    let (program, _) = ground.start().await;
    let mut errors = 0;
    for kind in &KINDS {
        for clients in CLIENTS.into_iter().filter(|clients| *clients <= kind.most) {
            errors += beside_the_floor(ground, &program, kind, clients, length, report).await;
        }
    }
    report.aim(
        "answers other than the expected one, up to 128 at once",
        &errors.to_string(),
        "0",
        errors == 0,
    );
}

/// Ours and the floor's by turns, so that what else the machine does falls on both.
async fn beside_the_floor(
    ground: &Ground,
    program: &Program,
    kind: &Kind,
    clients: usize,
    length: Duration,
    report: &mut Report,
) -> usize {
    let token = if matches!(kind.floor, Beside::None) { &ground.dead_token } else { &ground.token };
    let Kind { message, expected, .. } = *kind;
    let load = |length| program.load(Load { token, clients, length, message, expected });
    load(Duration::from_millis(500)).await;
    let (mut floors, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let statement = match kind.floor {
            Beside::None => None,
            Beside::Record => Some(None),
            Beside::Statement(statement) => Some(Some(statement)),
        };
        if let Some(statement) = statement {
            floors.push(floor::measure(
                &ground.cluster,
                &ground.folder,
                Floor::whole(statement),
                clients,
                length,
            ));
        }
        ours.push(load(length).await);
    }
    let ours = median(ours);
    line(kind.name, clients, ours);
    if !floors.is_empty() {
        let floor = median(floors);
        line("  the floor", clients, floor);
        let share = 100.0 * ours.per_second / floor.per_second;
        println!("  {:<26} {share:.0} % of the floor's throughput", "");
        aims(kind, clients, ours, floor, report);
    }
    ours.errors
}

fn aims(kind: &Kind, clients: usize, ours: Figures, floor: Figures, report: &mut Report) {
    match (kind.name, clients) {
        ("point look-up", 1) => {
            let more = ours.p50.saturating_sub(floor.p50);
            let told = format!("floor + {:.2} ms", more.as_secs_f64() * 1e3);
            report.aim("point look-up, 1 at once, p50", &told, "floor + 0.5 ms", more.as_micros() <= 500);
        }
        ("point look-up", 32) => {
            let share = 100.0 * ours.per_second / floor.per_second;
            report.aim(
                "point look-up, 32 at once",
                &format!("{share:.0} % of the floor"),
                "60 %",
                share >= 60.0,
            );
        }
        ("refused statement", 32) => {
            let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let told = ours.per_second / cores as f64;
            report.aim("refused statements per core", &format!("{told:.0} /s"), "8000 /s", told >= 8000.0);
        }
        _ => {}
    }
}
