//! What is printed: figures, and the aims beside them. A miss is printed as a miss, and the exit code tells of it.

use super::Figures;

#[derive(Default)]
pub struct Report {
    missed: Vec<String>,
    failed: Vec<String>,
}

impl Report {
    /// A figure with its aim.
    pub fn aim(&mut self, what: &str, measured: &str, aim: &str, is_met: bool) {
        println!("  {}  {what}: {measured} (aim: {aim})", if is_met { "met   " } else { "MISSED" });
        if !is_met {
            self.missed.push(format!("{what}: {measured} (aim: {aim})"));
        }
    }

    /// A part that could not be measured.
    pub fn failed(&mut self, part: &str) {
        println!("  FAILED {part}");
        self.failed.push(part.to_owned());
    }

    /// Prints what fell short, and tells whether nothing did.
    pub fn end(&self) -> bool {
        println!("\n{} aims missed, {} parts failed", self.missed.len(), self.failed.len());
        for line in self.missed.iter().chain(&self.failed) {
            println!("  {line}");
        }
        self.missed.is_empty() && self.failed.is_empty()
    }
}

pub fn title(text: &str) {
    println!("\n{text}\n{}", "-".repeat(text.len()));
}

/// One line of a table of loads.
pub fn line(name: &str, clients: usize, figures: Figures) {
    let errors = if figures.errors == 0 { String::new() } else { format!("   {} errors", figures.errors) };
    println!(
        "  {name:<26} {clients:>4} at once   p50 {:>8.2} ms   p99 {:>8.2} ms   {:>8.0} /s{errors}",
        figures.p50.as_secs_f64() * 1e3,
        figures.p99.as_secs_f64() * 1e3,
        figures.per_second,
    );
}
