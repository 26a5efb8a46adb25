//! Expressions.

use super::{Name, Query, Sort, Type};

#[derive(Debug, PartialEq)]
pub(crate) enum Expr {
    /// Always with the alias of its source: a bare name could mean a column that is not on the surface.
    Column {
        table: Name,
        name: Name,
    },
    /// Decimal digits, perhaps with a point and an exponent.
    Number(Box<str>),
    Text(Box<str>),
    Bool(bool),
    Null,
    Cast(Box<Expr>, Type),
    Sign(Sign, Box<Expr>),
    Not(Box<Expr>),
    Chain(Chain),
    Test {
        operand: Box<Expr>,
        negated: bool,
        test: Test,
    },
    Distinct {
        left: Box<Expr>,
        negated: bool,
        right: Box<Expr>,
    },
    Like {
        operand: Box<Expr>,
        negated: bool,
        kind: LikeKind,
        pattern: Box<Expr>,
        escape: Option<Box<Expr>>,
    },
    Between {
        operand: Box<Expr>,
        negated: bool,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    InList {
        operand: Box<Expr>,
        negated: bool,
        list: Vec<Expr>,
    },
    InQuery {
        operand: Box<Expr>,
        negated: bool,
        query: Box<Query>,
    },
    Quantified {
        left: Box<Expr>,
        operator: Operator,
        quantifier: Quantifier,
        right: Quantified,
    },
    Case(Box<Case>),
    Call(Box<Call>),
    Form(Form, Vec<Expr>),
    Clock {
        clock: Clock,
        precision: Option<u64>,
    },
    Row(Vec<Expr>),
    Array(Vec<Expr>),
    ArrayOf(Box<Query>),
    Exists(Box<Query>),
    Scalar(Box<Query>),
    Subscript {
        operand: Box<Expr>,
        subscripts: Vec<Subscript>,
    },
    Collate(Box<Expr>, Name),
}

/// Operators of one precedence, left to right. Flat, so that a long sum is no deep tree.
#[derive(Debug, PartialEq)]
pub(crate) struct Chain {
    pub(crate) first: Box<Expr>,
    pub(crate) rest: Vec<(Operator, Expr)>,
}

/// An infix operator by its spelling, `and` and `or` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator(pub(crate) &'static str);

/// A prefix operator by its spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sign(pub(crate) &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Null,
    True,
    False,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LikeKind {
    Like,
    ILike,
    SimilarTo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    All,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Quantified {
    Query(Box<Query>),
    Array(Box<Expr>),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) operand: Option<Expr>,
    pub(crate) branches: Vec<(Expr, Expr)>,
    pub(crate) otherwise: Option<Expr>,
}

/// A call of a function on the list.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    /// The schema of an extension; `None` is `pg_catalog`.
    pub(crate) schema: Option<Name>,
    pub(crate) name: Name,
    pub(crate) distinct: bool,
    /// `count(*)`
    pub(crate) star: bool,
    pub(crate) args: Vec<Argument>,
    pub(crate) order_by: Vec<Sort>,
    pub(crate) within_group: Vec<Sort>,
    pub(crate) filter: Option<Expr>,
    pub(crate) over: Option<Over>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Argument {
    pub(crate) name: Option<Name>,
    pub(crate) value: Expr,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Over {
    Named(Name),
    Window(Box<Window>),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) base: Option<Name>,
    pub(crate) partition_by: Vec<Expr>,
    pub(crate) order_by: Vec<Sort>,
    pub(crate) frame: Option<Frame>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) units: FrameUnits,
    pub(crate) start: Bound,
    pub(crate) end: Option<Bound>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameUnits {
    Rows,
    Range,
    Groups,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Bound {
    UnboundedPreceding,
    Preceding(Expr),
    CurrentRow,
    Following(Expr),
    UnboundedFollowing,
}

/// Functions that are grammar, found in no catalogue: never quoted, never qualified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Coalesce,
    Nullif,
    Greatest,
    Least,
    Grouping,
    JsonArray,
    JsonScalar,
    JsonSerialize,
    JsonValue,
    JsonQuery,
    JsonExists,
    JsonArrayagg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    CurrentDate,
    CurrentTime,
    CurrentTimestamp,
    Localtime,
    Localtimestamp,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Subscript {
    Index(Expr),
    Slice(Option<Expr>, Option<Expr>),
}

impl Call {
    /// A call of a function of `pg_catalog`, without arguments.
    pub(crate) fn plain(name: Name) -> Self {
        Self {
            schema: None,
            name,
            distinct: false,
            star: false,
            args: vec![],
            order_by: vec![],
            within_group: vec![],
            filter: None,
            over: None,
        }
    }
}

impl Operator {
    pub(crate) const AND: Self = Self("and");
    pub(crate) const OR: Self = Self("or");

    /// Precedence, loosest first; `None` where PostgreSQL does not chain (`a < b < c`).
    pub(crate) fn chains(self) -> Option<u8> {
        match self.0 {
            "or" => Some(1),
            "and" => Some(2),
            "=" | "<>" | "<" | "<=" | ">" | ">=" => None,
            "+" | "-" => Some(4),
            "*" | "/" | "%" => Some(5),
            "^" => Some(6),
            _ => Some(3),
        }
    }
}

impl Form {
    pub(crate) const ALL: [Self; 12] = [
        Self::Coalesce,
        Self::Nullif,
        Self::Greatest,
        Self::Least,
        Self::Grouping,
        Self::JsonArray,
        Self::JsonScalar,
        Self::JsonSerialize,
        Self::JsonValue,
        Self::JsonQuery,
        Self::JsonExists,
        Self::JsonArrayagg,
    ];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Coalesce => "coalesce",
            Self::Nullif => "nullif",
            Self::Greatest => "greatest",
            Self::Least => "least",
            Self::Grouping => "grouping",
            Self::JsonArray => "json_array",
            Self::JsonScalar => "json_scalar",
            Self::JsonSerialize => "json_serialize",
            Self::JsonValue => "json_value",
            Self::JsonQuery => "json_query",
            Self::JsonExists => "json_exists",
            Self::JsonArrayagg => "json_arrayagg",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }
}

impl Clock {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::CurrentDate => "current_date",
            Self::CurrentTime => "current_time",
            Self::CurrentTimestamp => "current_timestamp",
            Self::Localtime => "localtime",
            Self::Localtimestamp => "localtimestamp",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::CurrentDate, Self::CurrentTime, Self::CurrentTimestamp, Self::Localtime, Self::Localtimestamp]
            .into_iter()
            .find(|clock| clock.word() == word)
    }
}
