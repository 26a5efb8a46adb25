//! Reads configurations that are almost right, for as many seconds as it is told: `configurations SECONDS`. One that breaks
//! the reader down is printed by its number; the same number makes the same text again.

#![allow(clippy::print_stdout)]

#[path = "../tests/support/mutate.rs"]
mod mutate;

use mutate::{Dice, mutilated};
use server::config::{Config, effective};
use std::panic::catch_unwind;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const EXAMPLE: &str = include_str!("../../portcullis.example.toml");
/// 32 bytes in base 64.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn main() -> ExitCode {
    let seconds = std::env::args().nth(1).and_then(|seconds| seconds.parse().ok()).unwrap_or(60);
    let (started, wanted) = (Instant::now(), Duration::from_secs(seconds));
    let (mut read, mut refused, mut broken) = (0_u64, 0_u64, 0_u64);
    while started.elapsed() < wanted {
        let number = read + refused + broken;
        match catch_unwind(|| is_read(&mutilated(EXAMPLE, &mut Dice(number)))) {
            Ok(true) => read += 1,
            Ok(false) => refused += 1,
            Err(_) => {
                broken += 1;
                println!("number {number} breaks the reader down");
            }
        }
    }
    println!("{read} configurations read, {refused} refused, {broken} broken");
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn is_read(text: &str) -> bool {
    let environment = |name: &str| (name == "PORTCULLIS_KEY").then(|| KEY.to_owned());
    match Config::parse(text, Path::new("/nowhere"), &environment) {
        Ok(config) => {
            assert!(!effective(&config).contains(KEY));
            true
        }
        Err(faults) => {
            let told = faults.to_string();
            assert!(!faults.0.is_empty() && !told.is_empty() && !told.contains(KEY));
            false
        }
    }
}
