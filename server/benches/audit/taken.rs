//! How long pages took, and what took longer than it may.

use super::browser::Browser;
use std::time::{Duration, Instant};

/// How often each page is asked for, the first time unprepared.
const REPEATS: usize = 5;
/// What a page may weigh.
const HEAVIEST: usize = 60_000;

#[derive(Default)]
pub struct Taken {
    times: Vec<Duration>,
    stopped: usize,
    heaviest: usize,
}

impl Taken {
    /// A page as a browser gets it, with everything that the server does for it.
    pub async fn page(&mut self, browser: &mut Browser, address: &str) {
        for _ in 0..REPEATS {
            let begun = Instant::now();
            let answer = browser.get(address).await;
            self.times.push(begun.elapsed());
            assert_eq!(answer.status.as_u16(), 200, "{address}: {}", answer.html);
            self.stopped += usize::from(answer.html.contains("Keep looking"));
            self.heaviest = self.heaviest.max(answer.html.len());
        }
    }

    pub fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.stopped += other.stopped;
        self.heaviest = self.heaviest.max(other.heaviest);
    }

    /// The share of the pages that offered to keep looking, of a hundred.
    pub fn stopped(&self) -> f64 {
        100.0 * self.stopped as f64 / self.times.len().max(1) as f64
    }

    /// p50, p95 and the longest.
    pub fn line(&self) -> String {
        if self.times.is_empty() {
            return "    there is none       ".to_owned();
        }
        format!("{:>5.1} {:>5.1} {:>6.1} ms", self.at(0.5), self.at(0.95), self.at(1.0))
    }

    fn at(&self, share: f64) -> f64 {
        let mut sorted: Vec<f64> = self.times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        sorted.sort_by(f64::total_cmp);
        sorted[((sorted.len() - 1) as f64 * share).round() as usize]
    }
}

/// What took more than it may.
#[derive(Default)]
pub struct Missed(Vec<String>);

impl Missed {
    /// Holds pages against the time that 95 of 100 of them may take, and against the weight of a page.
    pub fn hold(&mut self, name: &str, taken: &Taken, most_ms: f64) -> &'static str {
        let p95 = if taken.times.is_empty() { 0.0 } else { taken.at(0.95) };
        let heaviest = taken.heaviest;
        self.bound(&format!("{name}: p95 {p95:.1} ms, at most {most_ms:.0} ms"), p95 <= most_ms);
        self.bound(&format!("{name}: {heaviest} bytes, at most {HEAVIEST}"), heaviest <= HEAVIEST);
        if p95 <= most_ms { "" } else { "  OVER" }
    }

    pub fn bound(&mut self, told: &str, is_met: bool) {
        if !is_met {
            self.0.push(told.to_owned());
        }
    }

    /// Prints what was missed, and tells whether nothing was.
    pub fn tell(&self) -> bool {
        if self.0.is_empty() {
            println!("\nevery target is met");
        } else {
            println!("\nTARGETS MISSED: {}", self.0.len());
        }
        for told in &self.0 {
            println!("  {told}");
        }
        self.0.is_empty()
    }
}
