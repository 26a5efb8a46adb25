//! The lowering: from the parser's tree to ours, arm by arm. What no arm admits is refused.
//!
//! Structs of the parser are taken apart without `..`, so that a new field in an upgrade breaks this build instead of
//! passing unseen; `_ =>` stands only in arms that refuse.
//!
//! Refusals come in two kinds. What would be a breach is refused at once. What is merely unwise or misspelt (`*`, an
//! unknown column, `OFFSET`) is kept back until the rest of the statement was seen, so that a statement that also
//! reads a forbidden table is refused for that.

mod call;
mod cast;
mod column;
mod expr;
mod from;
mod grammar;
mod group;
mod help;
mod ident;
mod join;
mod limit;
mod operator;
mod order;
mod predicate;
mod query;
mod reads;
mod recursion;
mod scope;
mod select;
mod series;
mod star;
mod table_function;
mod window;

use sqlparser::ast;

pub(crate) use self::reads::Reads;
use self::scope::{Ctes, Scope};
use crate::{
    Policy, Reason, Refusal, Surface,
    refusal::Place,
    tree::{Body, Query},
};

type Lowered<T> = Result<T, Refusal>;

/// Lowers a parsed statement, and says what it reads and returns.
pub(crate) fn lower<'s>(
    query: &ast::Query,
    surface: &'s Surface,
    policy: &'s Policy,
) -> Lowered<(Query, Reads<'s>)> {
    let mut lowering = Lowering { surface, policy, reads: Reads::default(), kept_back: None, labels_used: 0 };
    if is_write(&query.body) {
        return Err(Refusal::new(Reason::NonSelectRoot, "the statement writes"));
    }
    let (query, outputs) = lowering.query(query, Env::new(Ctes::NONE, Scope::NONE))?;
    if matches!(query.body, Body::Values(_)) {
        return Err(Refusal::new(Reason::NonSelectRoot, "the statement is not a SELECT"));
    }
    if let Some(refusal) = lowering.kept_back {
        return Err(refusal);
    }
    lowering.reads.returns(outputs, query.limit);
    Ok((query, lowering.reads))
}

/// The state of one lowering.
struct Lowering<'s> {
    surface: &'s Surface,
    policy: &'s Policy,
    reads: Reads<'s>,
    /// The first refusal that is no breach.
    kept_back: Option<Refusal>,
    /// How many outputs were written out again in `ORDER BY`.
    labels_used: usize,
}

/// What can be named at a place: CTEs, and the columns of this and of outer queries.
#[derive(Clone, Copy)]
struct Env<'e, 's> {
    ctes: &'e Ctes<'e>,
    scope: &'e Scope<'e, 's>,
    /// The outputs whose labels an expression in `ORDER BY` may use.
    labels: &'e [ast::SelectItem],
}

impl<'e, 's> Env<'e, 's> {
    const fn new(ctes: &'e Ctes<'e>, scope: &'e Scope<'e, 's>) -> Self {
        Self { ctes, scope, labels: &[] }
    }
}

impl Lowering<'_> {
    fn keep_back(&mut self, refusal: Refusal) {
        self.kept_back.get_or_insert(refusal);
    }
}

const fn is_write(body: &ast::SetExpr) -> bool {
    matches!(
        body,
        ast::SetExpr::Insert(_) | ast::SetExpr::Update(_) | ast::SetExpr::Delete(_) | ast::SetExpr::Merge(_)
    )
}

fn refuse<T>(reason: Reason, subject: impl Into<String>, message: &'static str) -> Lowered<T> {
    Err(Refusal::new(reason, message).about(subject))
}

/// Refuses a form of the language.
fn construct(subject: impl Into<String>, advice: &'static str) -> Refusal {
    Refusal::new(Reason::DisallowedConstruct, "is not admitted here").about(subject).advise(advice)
}

/// Refuses what the parser has a word for and PostgreSQL has not: our dialect does not let it come so far.
fn foreign(subject: impl Into<String>) -> Refusal {
    Refusal::new(Reason::DisallowedConstruct, "is not admitted here").about(subject)
}

/// Where a word of the statement stands. Words that the parser made up stand nowhere.
fn position(span: sqlparser::tokenizer::Span) -> Option<Place> {
    usize::try_from(span.start.column).ok()?.checked_sub(1).map(Place)
}
