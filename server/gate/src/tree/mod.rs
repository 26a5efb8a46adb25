//! The language that is admitted: everything that can be said here may run, and nothing else can be said.
//!
//! Names are resolved, keywords are variants, and every form stands for exactly one text of PostgreSQL.

mod expr;
mod label;
mod types;

use std::sync::Arc;

pub(crate) use self::{
    expr::{
        Argument, Bound, Call, Case, Chain, Clock, Expr, Form, Frame, FrameUnits, LikeKind, Operator, Over,
        Quantified, Quantifier, Sign, Subscript, Test, Window,
    },
    label::label,
    types::{IntervalFields, Type, TypeName},
};

/// A folded identifier.
pub(crate) type Name = Arc<str>;

#[derive(Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) with: Vec<Cte>,
    pub(crate) body: Body,
    pub(crate) order_by: Vec<Sort>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Cte {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Name>,
    pub(crate) materialized: Option<bool>,
    /// Set for a member that refers to itself.
    pub(crate) steps: Option<Steps>,
    pub(crate) query: Query,
}

/// How often a member refers to itself at most. It follows from what the member says and is no part of it, so that
/// two members do not differ in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps(pub(crate) u32);

impl PartialEq for Steps {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Debug, PartialEq)]
pub(crate) enum Body {
    Select(Box<Select>),
    Values(Vec<Vec<Expr>>),
    /// In brackets, with clauses of its own.
    Query(Box<Query>),
    /// Left to right, all of one precedence.
    Set(Box<Body>, Vec<(SetOperator, Body)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperator {
    Union,
    UnionAll,
    Except,
    ExceptAll,
    Intersect,
    IntersectAll,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Select {
    pub(crate) distinct: Distinct,
    pub(crate) items: Vec<Item>,
    pub(crate) from: Vec<Source>,
    pub(crate) filter: Option<Expr>,
    pub(crate) group_by: Vec<Grouping>,
    pub(crate) having: Option<Expr>,
    pub(crate) windows: Vec<(Name, Window)>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Distinct {
    No,
    Rows,
    On(Vec<Key>),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) expr: Expr,
    pub(crate) label: Name,
}

/// What `FROM` lists. Every source has an alias, so that every column has one full name.
#[derive(Debug, PartialEq)]
pub(crate) enum Source {
    Relation {
        schema: Name,
        name: Name,
        alias: Name,
    },
    Cte {
        name: Name,
        alias: Name,
        columns: Vec<Name>,
    },
    Derived {
        lateral: bool,
        query: Box<Query>,
        alias: Name,
        columns: Vec<Name>,
    },
    /// All its columns are named.
    Function {
        call: Box<Call>,
        ordinality: bool,
        alias: Name,
        columns: Vec<Name>,
    },
    Join(Box<Join>),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Join {
    pub(crate) left: Source,
    pub(crate) kind: JoinKind,
    pub(crate) right: Source,
    pub(crate) condition: Condition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
    Cross,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Condition {
    None,
    On(Expr),
    Using(Vec<Name>),
}

/// What rows are sorted or grouped by: a column of the result by its number, or an expression over the input.
///
/// PostgreSQL reads a bare name in `ORDER BY` as an output first and in `GROUP BY` as an input first; here the
/// choice has been made.
#[derive(Debug, PartialEq)]
pub(crate) enum Key {
    Output(usize),
    Expr(Expr),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Sort {
    pub(crate) key: Key,
    pub(crate) descending: Option<bool>,
    pub(crate) nulls_first: Option<bool>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Grouping {
    Key(Key),
    /// Several keys that stand or fall together; none of them is the grand total.
    Set(Vec<Key>),
    Rollup(Vec<Vec<Key>>),
    Cube(Vec<Vec<Key>>),
    Sets(Vec<Grouping>),
}
