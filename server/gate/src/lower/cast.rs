//! Casts, to types that look nothing up.

use sqlparser::ast::{self, DataType as D};

use super::{
    Env, Lowered, Lowering, construct,
    ident::{fold, parts},
};
use crate::{
    Reason, Refusal,
    catalogue::builtin_type,
    tree::{Expr, IntervalFields, Type, TypeName},
};

impl<'s> Lowering<'s> {
    pub(super) fn cast(
        &mut self,
        kind: &ast::CastKind,
        expr: &ast::Expr,
        data_type: &D,
        format: Option<&ast::CastFormat>,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        if !matches!(kind, ast::CastKind::Cast | ast::CastKind::DoubleColon) || format.is_some() {
            return Err(construct("CAST", "write CAST(value AS type)"));
        }
        let to = self.data_type(data_type)?;
        Ok(Expr::Cast(self.boxed(expr, env)?, to))
    }

    pub(super) fn collate(
        &mut self,
        expr: &ast::Expr,
        name: &ast::ObjectName,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        let collation = match parts(name)?.as_slice() {
            [collation] => fold(collation)?,
            [schema, collation] if &*fold(schema)? == "pg_catalog" => fold(collation)?,
            _ => return Err(construct(name.to_string(), "use a collation of PostgreSQL, such as \"C\"")),
        };
        Ok(Expr::Collate(self.boxed(expr, env)?, collation))
    }

    pub(super) fn data_type(&self, data_type: &D) -> Lowered<Type> {
        let mut dimensions = 0;
        let mut element = data_type;
        while let D::Array(definition) = element {
            let inner = match definition {
                ast::ArrayElemTypeDef::SquareBracket(inner, _)
                | ast::ArrayElemTypeDef::Qualified(inner, _) => inner,
                ast::ArrayElemTypeDef::None
                | ast::ArrayElemTypeDef::AngleBracket(_)
                | ast::ArrayElemTypeDef::Parenthesis(_) => return Err(disallowed_type(data_type)),
            };
            element = inner;
            dimensions += 1;
        }
        Ok(Type { name: self.type_name(element)?, dimensions })
    }

    fn type_name(&self, data_type: &D) -> Lowered<TypeName> {
        let (name, modifiers) = match data_type {
            D::Boolean | D::Bool => ("bool", vec![]),
            D::SmallInt(None) | D::Int2(None) => ("int2", vec![]),
            D::Int(None) | D::Integer(None) | D::Int4(None) => ("int4", vec![]),
            D::BigInt(None) | D::Int8(None) => ("int8", vec![]),
            D::Real | D::Float4 | D::Float(ast::ExactNumberInfo::Precision(1..=24)) => ("float4", vec![]),
            D::DoublePrecision
            | D::Float8
            | D::Float(ast::ExactNumberInfo::None | ast::ExactNumberInfo::Precision(25..=53)) => {
                ("float8", vec![])
            }
            D::Numeric(info) | D::Decimal(info) | D::Dec(info) => ("numeric", exact_number(*info)?),
            D::Text => ("text", vec![]),
            D::Varchar(length) | D::CharacterVarying(length) | D::CharVarying(length) => {
                ("varchar", character_length(length.as_ref(), data_type)?.into_iter().collect())
            }
            D::Char(length) | D::Character(length) => {
                ("bpchar", vec![character_length(length.as_ref(), data_type)?.unwrap_or(1)])
            }
            D::Bytea => ("bytea", vec![]),
            D::Uuid => ("uuid", vec![]),
            D::JSON => ("json", vec![]),
            D::JSONB => ("jsonb", vec![]),
            D::Date => ("date", vec![]),
            D::Time(precision, zone) => match zone {
                ast::TimezoneInfo::None | ast::TimezoneInfo::WithoutTimeZone => {
                    ("time", modifier(*precision)?)
                }
                ast::TimezoneInfo::WithTimeZone | ast::TimezoneInfo::Tz => ("timetz", modifier(*precision)?),
            },
            D::Timestamp(precision, zone) => match zone {
                ast::TimezoneInfo::None | ast::TimezoneInfo::WithoutTimeZone => {
                    ("timestamp", modifier(*precision)?)
                }
                ast::TimezoneInfo::WithTimeZone | ast::TimezoneInfo::Tz => {
                    ("timestamptz", modifier(*precision)?)
                }
            },
            D::Interval { fields, precision } => {
                let fields = fields.as_ref().map(|&fields| interval_fields(fields));
                if precision.is_some() && fields.is_some_and(|fields| !fields.has_seconds()) {
                    return Err(disallowed_type(data_type));
                }
                return Ok(TypeName::Interval { fields, precision: *precision });
            }
            D::Bit(length) => ("bit", vec![modifier(*length)?.first().copied().unwrap_or(1)]),
            D::BitVarying(length) | D::VarBit(length) => ("varbit", modifier(*length)?),
            D::TsVector => ("tsvector", vec![]),
            D::TsQuery => ("tsquery", vec![]),
            D::Custom(name, modifiers) => return self.named_type(name, modifiers, data_type),
            _ => return Err(disallowed_type(data_type)),
        };
        Ok(TypeName::Builtin { name, modifiers })
    }

    /// A type that the parser has no word for, or that was written in quotes.
    fn named_type(&self, name: &ast::ObjectName, modifiers: &[String], data_type: &D) -> Lowered<TypeName> {
        let idents = parts(name)?;
        let names = idents.iter().map(|ident| fold(ident)).collect::<Lowered<Vec<_>>>()?;
        let modifiers = modifiers
            .iter()
            .map(|modifier| modifier.parse().map_err(|_| disallowed_type(data_type)))
            .collect::<Lowered<Vec<i64>>>()?;
        let (schema, name) = match names.as_slice() {
            [name] => (None, name),
            [schema, name] => (Some(&**schema), name),
            _ => return Err(disallowed_type(data_type)),
        };
        let qualified = schema == Some("pg_catalog");
        if qualified && &**name == "interval" && modifiers.is_empty() {
            return Ok(TypeName::Interval { fields: None, precision: None });
        }
        if (schema.is_none() || qualified)
            && let Some(builtin) = builtin_type(name)
            // In quotes, or with a schema, only the catalogue's own name will do: `"int"` is no type.
            && (builtin == &**name || (!qualified && idents.iter().all(|ident| ident.quote_style.is_none())))
        {
            return Ok(TypeName::Builtin { name: builtin, modifiers });
        }
        match self.policy.extension_types.get(&**name) {
            Some(home) if schema.is_none_or(|schema| schema == home) => {
                Ok(TypeName::Extension { schema: home.as_str().into(), name: name.clone(), modifiers })
            }
            _ => Err(disallowed_type(data_type)),
        }
    }
}

fn disallowed_type(data_type: &D) -> Refusal {
    Refusal::new(Reason::DisallowedConstruct, "is not a type that values can be cast to")
        .about(data_type.to_string())
        .advise("cast to text, numeric, integer, bigint, boolean, date, timestamptz, interval, uuid, jsonb or arrays of them")
}

fn exact_number(info: ast::ExactNumberInfo) -> Lowered<Vec<i64>> {
    Ok(match info {
        ast::ExactNumberInfo::None => vec![],
        ast::ExactNumberInfo::Precision(precision) => modifier(Some(precision))?,
        // PostgreSQL reads it since version 15, and as a name of a type in `pg_catalog` the parser does not.
        ast::ExactNumberInfo::PrecisionAndScale(_, scale) if scale < 0 => {
            return Err(Refusal::new(Reason::DisallowedConstruct, "is a scale below zero")
                .about(scale.to_string())
                .advise("round before the decimal point with round(x, -2)"));
        }
        ast::ExactNumberInfo::PrecisionAndScale(precision, scale) => {
            let mut modifiers = modifier(Some(precision))?;
            modifiers.push(scale);
            modifiers
        }
    })
}

fn character_length(length: Option<&ast::CharacterLength>, data_type: &D) -> Lowered<Option<i64>> {
    match length {
        None => Ok(None),
        Some(ast::CharacterLength::IntegerLength { length, unit: None }) => {
            Ok(modifier(Some(*length))?.first().copied())
        }
        Some(_) => Err(disallowed_type(data_type)),
    }
}

fn modifier(value: Option<u64>) -> Lowered<Vec<i64>> {
    match value.map(i32::try_from) {
        None => Ok(vec![]),
        Some(Ok(value)) => Ok(vec![value.into()]),
        Some(Err(_)) => Err(Refusal::new(Reason::ParseError, "the length of a type is too large")),
    }
}

const fn interval_fields(fields: ast::IntervalFields) -> IntervalFields {
    use IntervalFields as F;
    use ast::IntervalFields as A;
    match fields {
        A::Year => F::Year,
        A::Month => F::Month,
        A::Day => F::Day,
        A::Hour => F::Hour,
        A::Minute => F::Minute,
        A::Second => F::Second,
        A::YearToMonth => F::YearToMonth,
        A::DayToHour => F::DayToHour,
        A::DayToMinute => F::DayToMinute,
        A::DayToSecond => F::DayToSecond,
        A::HourToMinute => F::HourToMinute,
        A::HourToSecond => F::HourToSecond,
        A::MinuteToSecond => F::MinuteToSecond,
    }
}
