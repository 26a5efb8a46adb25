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

const fn strong(name: &str) -> Option<Figured<'_>> {
    Some(Figured { name, strong: true })
}

const fn weak(name: &str) -> Option<Figured<'_>> {
    Some(Figured { name, strong: false })
}

fn figure(expr: &Expr) -> Option<Figured<'_>> {
    match expr {
        Expr::Column { name, .. } => strong(name),
        Expr::Call(call) => strong(&call.name),
        Expr::Form(form, _) => strong(form.word()),
        Expr::Clock { clock, .. } => strong(clock.word()),
        Expr::Row(_) => strong("row"),
        Expr::Array(_) | Expr::ArrayOf(_) => strong("array"),
        Expr::Exists(_) => strong("exists"),
        Expr::Scalar(query) => strong(first_output(query)),
        Expr::Cast(operand, to) => figure(operand).filter(|inner| inner.strong).or_else(|| weak(to.label())),
        Expr::Case(case) => {
            case.otherwise.as_ref().and_then(figure).filter(|inner| inner.strong).or_else(|| weak("case"))
        }
        Expr::Bool(_) => weak("bool"),
        Expr::Subscript { operand, .. } | Expr::Collate(operand, _) => figure(operand),
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
        | Expr::Quantified { .. } => None,
    }
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
