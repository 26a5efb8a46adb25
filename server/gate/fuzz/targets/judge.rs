//! Any text whatever, under the strictest policy and under the most open one.

#![no_main]

#[path = "../../tests/support/laws.rs"]
mod laws;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::sync::LazyLock;

use gate::{Policy, Surface};
use libfuzzer_sys::fuzz_target;

static WORLD: LazyLock<(Surface, [Policy; 2])> =
    LazyLock::new(|| (support::surface(), [Policy::default(), support::open()]));

fuzz_target!(|sql: &str| {
    let (surface, policies) = &*WORLD;
    for policy in policies {
        laws::hold(sql, surface, policy);
    }
});
