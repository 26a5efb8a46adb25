//! The name of a result column that has none: PostgreSQL's `FigureColname` (`parse_target.c`).

use super::{Body, Expr, Query};

/// The label of `expr` in a select list without `AS`.
pub(crate) fn label(expr: &Expr) -> &str {
    figure(expr).map_or("?column?", |figured| figured.name)
}

struct Figured<'a> {
    name: &'a str,
    /// A cast or a `CASE` gives a name only where its operand has none of its own.
    strong: bool,
}

impl<'a> Figured<'a> {
    const fn strong(name: &'a str) -> Self {
        Self { name, strong: true }
    }

    const fn weak(name: &'a str) -> Self {
        Self { name, strong: false }
    }
}

fn figure(expr: &Expr) -> Option<Figured<'_>> {
    Some(match expr {
        Expr::Column { name, .. } => Figured::strong(name),
        Expr::Call(call) => Figured::strong(&call.name),
        Expr::Form(form, _) => Figured::strong(form.word()),
        Expr::Clock { clock, .. } => Figured::strong(clock.word()),
        Expr::Row(_) => Figured::strong("row"),
        Expr::Array(_) | Expr::ArrayOf(_) => Figured::strong("array"),
        Expr::Exists(_) => Figured::strong("exists"),
        Expr::Scalar(query) => Figured::strong(first_output(query)),
        Expr::Cast(operand, to) => strongly(operand).unwrap_or(Figured::weak(to.label())),
        Expr::Case(case) => case.otherwise.as_ref().and_then(strongly).unwrap_or(Figured::weak("case")),
        Expr::Bool(_) => Figured::weak("bool"),
        Expr::Subscript { operand, .. } | Expr::Collate(operand, _) => return figure(operand),
        Expr::Number(_)
        | Expr::Text(_)
        | Expr::Null
        | Expr::Sign(..)
        | Expr::Not(_)
        | Expr::Chain(_)
        | Expr::Test { .. }
        | Expr::Distinct { .. }
        | Expr::Like { .. }
        | Expr::Between { .. }
        | Expr::InList { .. }
        | Expr::InQuery { .. }
        | Expr::Quantified { .. } => return None,
    })
}

fn strongly(expr: &Expr) -> Option<Figured<'_>> {
    figure(expr).filter(|figured| figured.strong)
}

/// The first column of a query is named by its leftmost part.
fn first_output(query: &Query) -> &str {
    let mut body = &query.body;
    loop {
        match body {
            Body::Select(select) => return select.items.first().map_or("?column?", |item| &item.label),
            Body::Values(_) => return "column1",
            Body::Query(query) => body = &query.body,
            Body::Set(first, _) => body = first,
        }
    }
}
