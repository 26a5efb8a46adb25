//! The colours of the stylesheet can be told apart in both lights, as WCAG 2.2 AA asks.

use crate::STYLE;

/// The colour of a custom property, in the light and in the dark.
fn colour(name: &str) -> [[f64; 3]; 2] {
    let value = STYLE.split(&format!("--{name}: light-dark(")).nth(1).and_then(|rest| rest.split(')').next());
    let value = value.unwrap_or_else(|| panic!("{name} has a light and a dark value"));
    let mut shades = value.split(',').map(|shade| {
        let number = u32::from_str_radix(shade.trim().trim_start_matches('#'), 16).expect("six digits");
        [16, 8, 0].map(|shift| f64::from(number >> shift & 255) / 255.0)
    });
    [shades.next().expect("light"), shades.next().expect("dark")]
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] =
        colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn hold(ink: &str, paper: &str, least: f64) {
    for ((ink_shade, paper_shade), light) in colour(ink).into_iter().zip(colour(paper)).zip(["light", "dark"])
    {
        let (a, b) = (luminance(ink_shade), luminance(paper_shade));
        let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
        assert!(contrast >= least, "{ink} on {paper}, {light}: {contrast:.2} is below {least}");
    }
}

#[test]
fn text_can_be_read() {
    for ink in ["ink", "quiet", "accent", "danger", "good", "warn", "string", "number"] {
        for paper in ["paper", "card", "code"] {
            hold(ink, paper, 4.5);
        }
    }
    for (ink, paper) in [
        ("good", "good-soft"),
        ("danger", "danger-soft"),
        ("warn", "warn-soft"),
        ("accent", "accent-soft"),
        ("ink", "good-soft"),
        ("ink", "danger-soft"),
        ("ink", "warn-soft"),
        ("ink", "accent-soft"),
        ("quiet", "side"),
        ("ink", "side"),
        ("accent", "side"),
        ("on-accent", "accent"),
        ("on-accent", "danger"),
        ("ink", "mark"),
        ("quiet", "mark"),
        ("accent", "mark"),
        ("string", "mark"),
        ("number", "mark"),
    ] {
        hold(ink, paper, 4.5);
    }
}

#[test]
fn edges_of_controls_can_be_seen() {
    for paper in ["paper", "card", "code", "side"] {
        hold("edge", paper, 3.0);
        hold("accent", paper, 3.0);
    }
}
