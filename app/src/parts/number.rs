//! Numbers as people read them.

/// `1,234,567`
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 row`, `1,200 rows`: a number and its noun.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `512 B`, `3.4 KiB`, `12 MiB`
#[must_use]
pub fn bytes(number: u64) -> String {
    scaled(number, &[(1, "B"), (1 << 10, "KiB"), (1 << 20, "MiB"), (1 << 30, "GiB"), (1 << 40, "TiB")])
}

/// A span of microseconds: `850 µs`, `12.3 ms`, `1.2 s`.
#[must_use]
pub fn duration_us(number: u64) -> String {
    match number {
        0..60_000_000 => scaled(number, &[(1, "µs"), (1_000, "ms"), (1_000_000, "s")]),
        _ => format!("{} min {} s", number / 60_000_000, number % 60_000_000 / 1_000_000),
    }
}

/// In the largest unit that leaves at least one; below ten with one decimal.
fn scaled(number: u64, units: &[(u64, &str)]) -> String {
    let Some((unit, name)) = units.iter().rev().find(|(unit, _)| number >= *unit).or(units.first()) else {
        return number.to_string();
    };
    let tenths = number % unit * 10 / unit;
    match number / unit {
        whole @ 0..100 if *unit > 1 && tenths > 0 => format!("{whole}.{tenths} {name}"),
        whole => format!("{} {name}", grouped(whole)),
    }
}

/// `12 %` of the whole; what is there but small is not called nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let hundredfold = u128::from(part) * 100;
    match hundredfold.checked_div(u128::from(whole)) {
        None => "0 %".to_owned(),
        Some(0) if part > 0 => "under 1 %".to_owned(),
        Some(percent) => format!("{percent} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, counted, duration_us, grouped, percent};

    #[test]
    fn digits_stand_in_threes() {
        for (number, shown) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (u64::MAX, "18,446,744,073,709,551,615")]
        {
            assert_eq!(grouped(number), shown);
        }
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(1_200, "row", "rows"), "1,200 rows");
    }

    #[test]
    fn sizes_and_spans_have_a_fitting_unit() {
        for (number, shown) in [(0, "0 B"), (1_023, "1,023 B"), (3_500, "3.4 KiB"), (12 << 20, "12 MiB")] {
            assert_eq!(bytes(number), shown);
        }
        for (number, shown) in [
            (850, "850 µs"),
            (12_345, "12.3 ms"),
            (640_000, "640 ms"),
            (1_250_000, "1.2 s"),
            (125_000_000, "2 min 5 s"),
        ] {
            assert_eq!(duration_us(number), shown);
        }
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!(percent(0, 0), "0 %");
        assert_eq!(percent(1, 1_000), "under 1 %");
        assert_eq!(percent(3, 4), "75 %");
    }
}
