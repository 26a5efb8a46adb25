//! Forms that look like functions or literals and are grammar. PostgreSQL turns each of them into a call or a cast
//! (`gram.y`), and so do we: one way to say a thing.

use sqlparser::ast;

use super::{Env, Lowered, Lowering, construct, expr::shown, foreign, position};
use crate::{
    Reason, Refusal,
    tree::{Argument, Expr, IntervalFields, Type, TypeName},
};

impl<'s> Lowering<'s> {
    pub(super) fn special(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        use ast::Expr as E;
        let (name, args) = match expr {
            E::AtTimeZone { timestamp, time_zone } => {
                ("timezone", vec![self.expr(time_zone, env)?, self.expr(timestamp, env)?])
            }
            E::Extract { field, syntax: _, expr } => {
                ("extract", vec![Expr::Text(extract_field(field)?.into()), self.expr(expr, env)?])
            }
            E::Position { expr, r#in } => ("position", vec![self.expr(r#in, env)?, self.expr(expr, env)?]),
            E::Substring { expr, substring_from, substring_for, special: _, shorthand } => {
                let name = if *shorthand { "substr" } else { "substring" };
                (name, self.substring(expr, substring_from.as_deref(), substring_for.as_deref(), env)?)
            }
            E::Trim { .. } => self.trim(expr, env)?,
            E::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                let mut args = vec![self.expr(expr, env)?, self.expr(overlay_what, env)?];
                args.push(self.expr(overlay_from, env)?);
                if let Some(length) = overlay_for {
                    args.push(self.expr(length, env)?);
                }
                ("overlay", args)
            }
            _ => return Err(foreign(shown(expr))),
        };
        let args = args.into_iter().map(|value| Argument { name: None, value }).collect();
        Ok(Expr::Call(Box::new(self.builtin(name, args))))
    }

    /// `SUBSTRING (x FOR n)` counts from 1.
    fn substring(
        &mut self,
        text: &ast::Expr,
        from: Option<&ast::Expr>,
        length: Option<&ast::Expr>,
        env: Env<'_, 's>,
    ) -> Lowered<Vec<Expr>> {
        let mut args = vec![self.expr(text, env)?];
        match (from, length) {
            (Some(from), length) => {
                args.push(self.expr(from, env)?);
                if let Some(length) = length {
                    args.push(self.expr(length, env)?);
                }
            }
            (None, Some(length)) => {
                let int4 =
                    Type { name: TypeName::Builtin { name: "int4", modifiers: vec![] }, dimensions: 0 };
                args.push(Expr::Number("1".into()));
                args.push(Expr::Cast(self.boxed(length, env)?, int4));
            }
            (None, None) => {
                return Err(construct(
                    "substring",
                    "write substring(text, start, length) or substring(text, pattern)",
                ));
            }
        }
        Ok(args)
    }

    fn trim(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<(&'static str, Vec<Expr>)> {
        let ast::Expr::Trim { expr, trim_where, trim_what, trim_characters } = expr else {
            return Err(foreign(shown(expr)));
        };
        let name = match trim_where {
            None | Some(ast::TrimWhereField::Both) => "btrim",
            Some(ast::TrimWhereField::Leading) => "ltrim",
            Some(ast::TrimWhereField::Trailing) => "rtrim",
        };
        let mut args = vec![self.expr(expr, env)?];
        if let Some(what) = trim_what {
            args.push(self.expr(what, env)?);
        }
        for characters in trim_characters.iter().flatten() {
            args.push(self.expr(characters, env)?);
        }
        Ok((name, args))
    }

    pub(super) fn value(value: &ast::ValueWithSpan) -> Lowered<Expr> {
        let ast::ValueWithSpan { value, span } = value;
        Ok(match value {
            ast::Value::Number(digits, false) if is_decimal(digits) => Expr::Number(digits.as_str().into()),
            ast::Value::SingleQuotedString(text) => Expr::Text(text.as_str().into()),
            ast::Value::Boolean(value) => Expr::Bool(*value),
            ast::Value::Null => Expr::Null,
            ast::Value::Placeholder(name) => {
                return Err(Refusal::new(Reason::DisallowedConstruct, "is a parameter, and there are none")
                    .about(name.as_str())
                    .at(position(*span))
                    .advise("write the value itself into the statement"));
            }
            other => {
                return Err(foreign(other.to_string()).at(position(*span)));
            }
        })
    }

    /// `type 'text'` is a cast of a literal.
    pub(super) fn typed_string(&mut self, literal: &ast::TypedString) -> Lowered<Expr> {
        let ast::TypedString { data_type, value, uses_odbc_syntax } = literal;
        if *uses_odbc_syntax {
            return Err(foreign(literal.to_string()));
        }
        Ok(Expr::Cast(Box::new(Self::value(value)?), self.data_type(data_type)?))
    }

    /// `INTERVAL 'text' fields` likewise.
    pub(super) fn interval(interval: &ast::Interval) -> Lowered<Expr> {
        let ast::Interval {
            value,
            leading_field,
            leading_precision,
            last_field,
            fractional_seconds_precision,
        } = interval;
        let text = match value.as_ref() {
            ast::Expr::Value(
                value @ ast::ValueWithSpan { value: ast::Value::SingleQuotedString(_), span: _ },
            ) => Self::value(value)?,
            _ => {
                return Err(foreign(interval.to_string()));
            }
        };
        let fields =
            interval_fields(leading_field.as_ref(), last_field.as_ref()).map_err(|NoSuchFields| {
                construct(interval.to_string(), "write the unit into the text: INTERVAL '3 days'")
            })?;
        // How many digits the first field has is for systems that cut them off. Of seconds alone it is the fraction.
        let precision = match fields {
            Some(IntervalFields::Second) => fractional_seconds_precision.or(*leading_precision),
            Some(fields) if fields.has_seconds() => *fractional_seconds_precision,
            Some(_) | None => None,
        };
        let name = TypeName::Interval { fields, precision };
        Ok(Expr::Cast(Box::new(text), Type { name, dimensions: 0 }))
    }
}

/// Digits, a point, digits, an exponent: as PostgreSQL reads a number in every version.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(whole)
        && digits(fraction)
        && digits(exponent)
        && !exponent.is_empty()
        && !(whole.is_empty() && fraction.is_empty())
}

/// PostgreSQL has no such pair of fields.
struct NoSuchFields;

fn interval_fields(
    leading: Option<&ast::DateTimeField>,
    last: Option<&ast::DateTimeField>,
) -> Result<Option<IntervalFields>, NoSuchFields> {
    use IntervalFields as F;
    use ast::DateTimeField as D;
    Ok(match (leading, last) {
        (None, None) => None,
        (Some(D::Year), None) => Some(F::Year),
        (Some(D::Month), None) => Some(F::Month),
        (Some(D::Day), None) => Some(F::Day),
        (Some(D::Hour), None) => Some(F::Hour),
        (Some(D::Minute), None) => Some(F::Minute),
        (Some(D::Second), None) => Some(F::Second),
        (Some(D::Year), Some(D::Month)) => Some(F::YearToMonth),
        (Some(D::Day), Some(D::Hour)) => Some(F::DayToHour),
        (Some(D::Day), Some(D::Minute)) => Some(F::DayToMinute),
        (Some(D::Day), Some(D::Second)) => Some(F::DayToSecond),
        (Some(D::Hour), Some(D::Minute)) => Some(F::HourToMinute),
        (Some(D::Hour), Some(D::Second)) => Some(F::HourToSecond),
        (Some(D::Minute), Some(D::Second)) => Some(F::MinuteToSecond),
        _ => return Err(NoSuchFields),
    })
}

/// The fields that `EXTRACT` knows
/// (<https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-EXTRACT>).
#[rustfmt::skip]
fn extract_field(field: &ast::DateTimeField) -> Lowered<&'static str> {
    const FIELDS: &[&str] = &[
        "century", "day", "decade", "dow", "doy", "epoch", "hour", "isodow", "isoyear", "julian", "microseconds",
        "millennium", "milliseconds", "minute", "month", "quarter", "second", "timezone", "timezone_hour",
        "timezone_minute", "week", "year",
    ];
    let written = match field {
        ast::DateTimeField::Custom(ident) => ident.value.to_ascii_lowercase(),
        other => other.to_string().to_ascii_lowercase(),
    };
    let singular = written.strip_suffix('s').unwrap_or(&written);
    FIELDS
        .iter()
        .find(|&&known| known == written || known == singular)
        .copied()
        .ok_or_else(|| construct(written.as_str(), "extract one of year, quarter, month, week, day, dow, hour, minute, second, epoch"))
}
