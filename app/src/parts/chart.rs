//! Small charts, drawn here as SVG. Each says in words what it shows.

use super::chip::Tone;
use super::number::grouped;
use leptos::prelude::*;

/// A line of values, oldest first.
pub fn sparkline(values: &[u64], label: &str, tone: Tone) -> AnyView {
    const HEIGHT: u64 = 32;
    let top = values.iter().copied().max().unwrap_or_default().max(1);
    let at = |n: usize, value: u64| {
        let fallen = u128::from(HEIGHT - 2) * u128::from(top - value) / u128::from(top) + 1;
        format!("{} {fallen}", n * 10)
    };
    let points: Vec<String> = values.iter().enumerate().map(|(n, &value)| at(n, value)).collect();
    let end = values.len().saturating_sub(1).max(1) * 10;
    let line = format!("M{}", points.join("L"));
    let area = format!("{line}L{end} {HEIGHT}L0 {HEIGHT}z");
    let highest = values.iter().copied().max().unwrap_or_default();
    let told = format!(
        "{label}: at most {}, last {}",
        grouped(highest),
        grouped(values.last().copied().unwrap_or_default())
    );
    let title = told.clone();
    let class = format!("spark {}", tone.class());
    view! {
        <svg class=class role="img" aria-label=told viewBox=format!("0 0 {end} {HEIGHT}") preserveAspectRatio="none">
            <title>{title}</title>
            <path class="area" d=area />
            <path class="line" d=line vector-effect="non-scaling-stroke" />
        </svg>
    }
    .into_any()
}

/// A share of the largest value, as a bar beside its name.
#[must_use]
pub fn bar(value: u64, largest: u64) -> AnyView {
    let width = (u128::from(value) * 100).checked_div(u128::from(largest)).unwrap_or_default().to_string();
    view! {
        <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="groove" width="100" height="4" />
            <rect width=width height="4" />
        </svg>
    }
    .into_any()
}

/// What became of the calls of one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    pub allowed: u64,
    pub refused: u64,
    pub failed: u64,
}

impl Bucket {
    #[must_use]
    pub fn samples() -> Vec<Self> {
        (0..28).map(|n| Self { allowed: n * 7 % 23 + 2, refused: n * 5 % 7 / 2, failed: n % 9 / 7 }).collect()
    }

    const fn total(self) -> u64 {
        self.allowed.saturating_add(self.refused).saturating_add(self.failed)
    }
}

/// Calls over time, oldest first: allowed below, then failed, then refused.
#[must_use]
pub fn stacked(buckets: &[Bucket], label: &str) -> AnyView {
    const HEIGHT: u64 = 60;
    let top = buckets.iter().map(|bucket| bucket.total()).max().unwrap_or_default().max(1);
    let tall = |value: u64| {
        let tall = u128::from(value) * u128::from(HEIGHT) / u128::from(top);
        u64::try_from(tall).unwrap_or(HEIGHT).max(u64::from(value > 0))
    };
    let columns: Vec<_> = buckets
        .iter()
        .enumerate()
        .flat_map(|(n, bucket)| {
            let mut below = 0;
            [(bucket.allowed, "good"), (bucket.failed, "warn"), (bucket.refused, "bad")].map(
                |(value, class)| {
                    below = (below + tall(value)).min(HEIGHT);
                    let path = format!("M{} {}v{}", n * 10 + 5, HEIGHT - below, tall(value));
                    (value > 0).then(|| view! { <path class=class d=path /> })
                },
            )
        })
        .flatten()
        .collect();
    let sum = |part: fn(&Bucket) -> u64| grouped(buckets.iter().map(part).fold(0, u64::saturating_add));
    let sums = [
        ("good", format!("{} allowed", sum(|bucket| bucket.allowed))),
        ("warn", format!("{} failed", sum(|bucket| bucket.failed))),
        ("bad", format!("{} refused", sum(|bucket| bucket.refused))),
    ];
    let told = format!("{label}: {}", sums.clone().map(|(_, words)| words).join(", "));
    let title = told.clone();
    let legend = sums.map(|(class, words)| view! { <span class=class>{words}</span> }).to_vec();
    let view_box = format!("0 0 {} {HEIGHT}", buckets.len().max(1) * 10);
    view! {
        <figure class="chart">
            <svg class="stacked" role="img" aria-label=told viewBox=view_box preserveAspectRatio="none">
                <title>{title}</title>
                {columns}
            </svg>
            <figcaption>{legend}</figcaption>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Bucket, bar, sparkline, stacked};
    use crate::parts::Tone;
    use leptos::prelude::*;

    #[test]
    fn a_chart_says_what_it_shows() {
        let html = Owner::new().with(|| sparkline(&[0, 5, 1_200], "calls", Tone::Plain).to_html());
        assert!(html.contains("aria-label=\"calls: at most 1,200, last 1,200\""), "{html}");
        let bucket = Bucket { allowed: 7, refused: 1, failed: 0 };
        let html = Owner::new().with(|| stacked(&[bucket, bucket], "calls").to_html());
        assert!(html.contains("14 allowed, 0 failed, 2 refused"), "{html}");
    }

    #[test]
    fn nothing_and_too_much_can_be_drawn() {
        let most = Bucket { allowed: u64::MAX, refused: 0, failed: u64::MAX };
        Owner::new().with(|| {
            sparkline(&[], "none", Tone::Plain).to_html();
            sparkline(&[u64::MAX, 0], "most", Tone::Plain).to_html();
            bar(0, 0).to_html();
            stacked(&[most], "most").to_html();
        });
    }
}
