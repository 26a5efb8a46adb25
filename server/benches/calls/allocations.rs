//! How much a call allocates: the program in this very process, one call after the other. What hyper allocates to read and
//! write HTTP is not in it.

use crate::rates::{point_lookup, refused};
use crate::support::http::query;
use crate::support::program::Ground;
use crate::support::report::title;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use server::http::router;
use server::wiring::{self, Surroundings};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use tower::ServiceExt;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: u64 = 300;

/// A name, and the message of a call.
type Kind = (&'static str, fn(u64) -> String);

pub async fn measure(ground: &Ground) {
    title("allocations of a call");
    let portcullis = wiring::portcullis(&ground.config, Surroundings::system()).expect("a program");
    let router = router(wiring::site(&ground.config, portcullis));
    let kinds: [Kind; 4] = [
        ("list_tables", |_| {
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tables","arguments":{}}}"#
                .to_owned()
        }),
        ("point look-up", point_lookup),
        ("100 rows of 6 columns", |_| {
            query(
                "select id, customer_id, status, total, placed_at, channel from orders order by id limit 100",
            )
        }),
        ("refused statement", refused),
    ];
    for (name, message) in kinds {
        let call = async |n| {
            let request = Request::post("http://127.0.0.1/mcp/sql/")
                .header("host", "127.0.0.1")
                .header("authorization", format!("Bearer {}", ground.token))
                .header("content-type", "application/json")
                .header("accept", "application/json, text/event-stream")
                .body(Body::from(message(n)))
                .expect("a request");
            let answer = router.clone().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status(), 200, "{name}");
            to_bytes(answer.into_body(), 64 << 20).await.expect("a body").len()
        };
        for n in 0..50 {
            call(n).await;
        }
        let region = Region::new(COUNTED);
        for n in 0..CALLS {
            call(n).await;
        }
        let change = region.change();
        println!(
            "  {name:<24} {:>6} allocations, {:>7} bytes",
            (change.allocations + change.reallocations) as u64 / CALLS,
            change.bytes_allocated as u64 / CALLS
        );
    }
}
