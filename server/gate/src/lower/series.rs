//! How many rows `generate_series` gives, told from its arguments alone.
//!
//! A set in `FROM` is built in full before anything reads it, and a billion rows go to the server's disk. So the length
//! must be known beforehand: plain numbers, or times that are literals or lie some literal intervals from one clock.

use crate::{
    Reason, Refusal,
    refusal::Place,
    tree::{Call, Expr, Type, TypeName},
};

/// Refuses a series that is longer than `most`, or whose length cannot be told.
pub(super) fn check(call: &Call, most: u64, at: Option<Place>) -> Result<(), Refusal> {
    if call.schema.is_some() || &*call.name != "generate_series" {
        return Ok(());
    }
    let args: Vec<&Expr> = call.args.iter().map(|arg| &arg.value).collect();
    #[expect(clippy::cast_precision_loss, reason = "a bound of this size is exact")]
    let most_rows = most as f64;
    match length(&args) {
        Some(rows) if rows <= most_rows => Ok(()),
        Some(_) => Err(Refusal::new(Reason::TooComplex, format!("gives more than {most} rows"))
            .about(&*call.name)
            .at(at)
            .advise("take a wider step, or a shorter series")),
        None => Err(Refusal::new(Reason::TooComplex, "needs bounds whose distance can be told beforehand")
            .about(&*call.name)
            .at(at)
            .advise(
                "give it plain numbers, or dates with a literal step: \
                 generate_series(date '2024-01-01', date '2024-12-01', interval '1 month')",
            )),
    }
}

fn length(args: &[&Expr]) -> Option<f64> {
    let (first, last, step) = match args {
        [first, last] => (first, last, None),
        [first, last, step] => (first, last, Some(step)),
        _ => return None,
    };
    let rows = if let (Some(first), Some(last)) = (number(first), number(last)) {
        (last - first).abs() / step.map_or(Some(1.0), |step| number(step))?.abs()
    } else {
        let (first, last) = (moment(first)?, moment(last)?);
        let reach = (last.latest - first.earliest).abs().max((last.earliest - first.latest).abs());
        (first.clock == last.clock).then_some(reach / interval(step?)?.earliest)?
    };
    // A step of nothing gives no number, and is an error for PostgreSQL.
    rows.is_finite().then_some(rows + 1.0)
}

fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Number(digits) => digits.parse().ok(),
        Expr::Sign(sign, operand) if sign.0 == "-" => number(operand).map(|number| -number),
        Expr::Cast(operand, to) if is_number(to) => number(operand),
        _ => None,
    }
}

fn is_number(to: &Type) -> bool {
    to.dimensions == 0
        && matches!(to.name, TypeName::Builtin { name: "int2" | "int4" | "int8" | "numeric", .. })
}

/// Seconds from the clock, or from a fixed day where there is none. Rounding makes them a span.
#[derive(Clone, Copy)]
struct Moment {
    clock: bool,
    earliest: f64,
    latest: f64,
}

impl Moment {
    /// Some of the clocks show the day, in a zone that nobody told us.
    const CLOCK: Self = Self { clock: true, earliest: -DAY, latest: DAY };
}

const DAY: f64 = 86_400.0;

fn moment(expr: &Expr) -> Option<Moment> {
    match expr {
        Expr::Clock { clock, .. } => {
            matches!(clock.word(), "current_date" | "current_timestamp" | "localtimestamp")
                .then_some(Moment::CLOCK)
        }
        Expr::Cast(operand, to) if is_moment(to) => match operand.as_ref() {
            Expr::Text(text) => written(text),
            // To a date, or into another zone.
            other => {
                moment(other).map(|m| Moment { earliest: m.earliest - DAY, latest: m.latest + DAY, ..m })
            }
        },
        Expr::Call(call) if call.schema.is_none() => match (&*call.name, call.args.as_slice()) {
            ("now" | "transaction_timestamp" | "statement_timestamp", []) => Some(Moment::CLOCK),
            ("date_trunc", [unit, value]) => {
                let Expr::Text(unit) = &unit.value else { return None };
                let length = seconds_of(unit)?;
                moment(&value.value).map(|m| Moment { earliest: m.earliest - length, ..m })
            }
            _ => None,
        },
        Expr::Chain(chain) => chain.rest.iter().try_fold(moment(&chain.first)?, |m, (operator, operand)| {
            let step = interval(operand)?;
            match operator.0 {
                "+" => {
                    Some(Moment { earliest: m.earliest + step.earliest, latest: m.latest + step.latest, ..m })
                }
                "-" => {
                    Some(Moment { earliest: m.earliest - step.latest, latest: m.latest - step.earliest, ..m })
                }
                _ => None,
            }
        }),
        _ => None,
    }
}

fn is_moment(to: &Type) -> bool {
    to.dimensions == 0
        && matches!(to.name, TypeName::Builtin { name: "date" | "timestamp" | "timestamptz", .. })
}

/// `2024-01-31`, perhaps with a time and a zone behind it, which two days stand for.
fn written(text: &str) -> Option<Moment> {
    let date = text.get(..10)?;
    let mut parts = date.splitn(3, '-').map(|part| {
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i32>().ok()).flatten()
    });
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b' ' | b':' | b'.' | b'T' | b'+' | b'-' | b'Z');
    let rest = text.get(10..)?;
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day) && rest.bytes().all(plain);
    let midnight = f64::from(day_number(year, month, day)) * DAY;
    let slack = if rest.is_empty() { 0.0 } else { DAY };
    is_date.then_some(Moment { clock: false, earliest: midnight - slack, latest: midnight + 2.0 * slack })
}

/// Days of the Gregorian calendar, counted from a March so that the day that leaps comes last.
const fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day
}

/// The length of a literal interval, at least and at most: a month has 28 days or 31.
fn interval(expr: &Expr) -> Option<Moment> {
    let Expr::Cast(operand, Type { name: TypeName::Interval { fields, .. }, dimensions: 0 }) = expr else {
        return None;
    };
    let Expr::Text(text) = operand.as_ref() else { return None };
    let text = match fields {
        None => text.trim().to_owned(),
        Some(fields) => format!("{} {}", text.trim(), fields.words()),
    };
    let (count, unit) = text.split_once(' ')?;
    let count: u32 = count.parse().ok()?;
    let length = f64::from(count) * seconds_of(unit.trim())?;
    (length > 0.0).then_some(Moment { clock: false, earliest: length * 0.91, latest: length * 1.02 })
}

fn seconds_of(unit: &str) -> Option<f64> {
    let unit = unit.to_ascii_lowercase();
    Some(match unit.strip_suffix('s').unwrap_or(&unit) {
        "second" | "sec" => 1.0,
        "minute" | "min" => 60.0,
        "hour" => 3_600.0,
        "day" => DAY,
        "week" => 7.0 * DAY,
        "month" | "mon" => 30.5 * DAY,
        "quarter" => 92.0 * DAY,
        "year" => 366.0 * DAY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_by_the_calendar() {
        assert_eq!(day_number(2024, 3, 1) - day_number(2024, 2, 28), 2);
        assert_eq!(day_number(2023, 3, 1) - day_number(2023, 2, 28), 1);
        assert_eq!(day_number(2024, 2, 1) - day_number(2024, 1, 31), 1);
        assert_eq!(day_number(2000, 1, 1) - day_number(1999, 1, 1), 365);
        assert_eq!(day_number(2001, 1, 1) - day_number(1901, 1, 1), 36_525);
    }
}
