//! Types that a value may be cast to.

use super::Name;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) name: TypeName,
    /// Dimensions of an array; 0 for a plain value.
    pub(crate) dimensions: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeName {
    /// A type of `pg_catalog` by its name there, with its length, precision or scale.
    Builtin { name: &'static str, modifiers: Vec<i64> },
    /// The only type whose modifier is grammar.
    Interval { fields: Option<IntervalFields>, precision: Option<u64> },
    /// A type of an extension, in the schema that the operator named.
    Extension { schema: Name, name: Name, modifiers: Vec<i64> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntervalFields {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    YearToMonth,
    DayToHour,
    DayToMinute,
    DayToSecond,
    HourToMinute,
    HourToSecond,
    MinuteToSecond,
}

impl Type {
    /// The name that PostgreSQL gives to an unnamed column of this type.
    pub(crate) fn label(&self) -> &str {
        match &self.name {
            TypeName::Builtin { name, .. } => name,
            TypeName::Interval { .. } => "interval",
            TypeName::Extension { name, .. } => name,
        }
    }
}

impl IntervalFields {
    pub(crate) const ALL: [Self; 13] = [
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::YearToMonth,
        Self::DayToHour,
        Self::DayToMinute,
        Self::DayToSecond,
        Self::HourToMinute,
        Self::HourToSecond,
        Self::MinuteToSecond,
    ];

    /// Whether they end with seconds, which alone may have a precision.
    pub(crate) fn has_seconds(self) -> bool {
        self.words().ends_with("second")
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::YearToMonth => "year to month",
            Self::DayToHour => "day to hour",
            Self::DayToMinute => "day to minute",
            Self::DayToSecond => "day to second",
            Self::HourToMinute => "hour to minute",
            Self::HourToSecond => "hour to second",
            Self::MinuteToSecond => "minute to second",
        }
    }
}
