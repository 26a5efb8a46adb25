//! Joins, and the columns that `USING` makes one of two.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct, foreign,
    from::{From, Mark},
    ident::{self, parts},
    refuse,
    scope::{Lookup, Merged, Scope},
};
use crate::{
    Reason, Refusal,
    tree::{Condition, Join, JoinKind, Name, Source},
};

impl<'s> Lowering<'s> {
    pub(super) fn joins(
        &mut self,
        item: &ast::TableWithJoins,
        from: &mut From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Source> {
        let ast::TableWithJoins { relation, joins } = item;
        let start = from.mark();
        let mut left = self.factor(relation, from, env)?;
        for ast::Join { relation, global, join_operator } in joins {
            if *global {
                return Err(foreign("GLOBAL"));
            }
            let (kind, constraint) = join_kind(join_operator)?;
            let middle = from.mark();
            let right = self.factor(relation, from, env)?;
            let condition = match constraint {
                ast::JoinConstraint::On(condition) => {
                    let scope = from.part(start, from.mark(), Some(env.scope));
                    Condition::On(self.expr(condition, Env::new(env.ctes, &scope))?)
                }
                ast::JoinConstraint::Using(columns) => {
                    let columns = columns.iter().map(single_name).collect::<Lowered<Vec<_>>>()?;
                    self.merge(&columns, kind, [start, middle], from)?;
                    Condition::Using(columns)
                }
                ast::JoinConstraint::Natural => {
                    let columns = common_columns(from, start, middle)?;
                    self.merge(&columns, kind, [start, middle], from)?;
                    Condition::Using(columns)
                }
                ast::JoinConstraint::None if kind == JoinKind::Cross => Condition::None,
                ast::JoinConstraint::None => {
                    return Err(Refusal::new(Reason::ParseError, "the join has no condition")
                        .advise("add ON or USING, or write CROSS JOIN"));
                }
            };
            left = Source::Join(Box::new(Join { left, kind, right, condition }));
        }
        Ok(left)
    }

    /// Makes one column of two for each name. The parts of `from` are those from `start` and from `middle` on.
    fn merge(
        &mut self,
        columns: &[Name],
        kind: JoinKind,
        [start, middle]: [Mark; 2],
        from: &mut From<'s>,
    ) -> Lowered<()> {
        let end = from.mark();
        for column in columns {
            let left = one_column(&from.part(start, middle, None), column)?;
            let right = one_column(&from.part(middle, end, None), column)?;
            for (alias, name) in left.iter().chain(&right) {
                self.read_column(from.sources.iter().find(|source| source.alias == *alias), name);
            }
            let values = carriers(kind, left, right);
            for source in from.sources.iter_mut().skip(start.sources) {
                if source.columns.count(column) > 0 {
                    source.masked.push(column.clone());
                }
            }
            for merged in from.merged.iter_mut().skip(start.merged).filter(|merged| merged.name == *column) {
                merged.superseded = true;
            }
            from.merged.push(Merged { name: column.clone(), values, superseded: false });
        }
        Ok(())
    }
}

/// Which side of a join carries the value of a merged column.
pub(super) fn carriers(
    kind: JoinKind,
    left: Vec<(Name, Name)>,
    right: Vec<(Name, Name)>,
) -> Vec<(Name, Name)> {
    match kind {
        JoinKind::Inner | JoinKind::Left | JoinKind::Cross => left,
        JoinKind::Right => right,
        JoinKind::Full => left.into_iter().chain(right).collect(),
    }
}

fn one_column(part: &Scope<'_, '_>, name: &str) -> Lowered<Vec<(Name, Name)>> {
    match part.local(name) {
        Lookup::Found(found) => Ok(found.values),
        Lookup::Missing => refuse(Reason::DisallowedColumn, name, "is not on both sides of the join"),
        Lookup::Ambiguous | Lookup::Shadowed(_) => {
            refuse(Reason::DisallowedColumn, name, "is more than one column on a side of the join")
        }
    }
}

/// The columns that a natural join compares: of the readable ones those that both sides have.
fn common_columns(from: &From<'_>, start: Mark, middle: Mark) -> Lowered<Vec<Name>> {
    let (left, right) = (from.part(start, middle, None), from.part(middle, from.mark(), None));
    let mut common: Vec<Name> = Vec::new();
    let merged = left.merged.iter().filter(|merged| !merged.superseded).map(|merged| merged.name.clone());
    for name in merged.chain(left.sources.iter().flat_map(|source| source.columns.names())) {
        if !common.contains(&name) && !matches!(right.local(&name), Lookup::Missing) {
            common.push(name);
        }
    }
    if common.is_empty() {
        return Err(construct("NATURAL JOIN", "name the columns to join on with ON or USING"));
    }
    Ok(common)
}

fn single_name(name: &ast::ObjectName) -> Lowered<Name> {
    match parts(name)?.as_slice() {
        [ident] => ident::name(ident),
        _ => refuse(Reason::ParseError, name.to_string(), "is not a plain column name"),
    }
}

fn join_kind(operator: &ast::JoinOperator) -> Lowered<(JoinKind, &ast::JoinConstraint)> {
    use ast::JoinOperator as Op;
    Ok(match operator {
        Op::Join(constraint) | Op::Inner(constraint) => (JoinKind::Inner, constraint),
        Op::Left(constraint) | Op::LeftOuter(constraint) => (JoinKind::Left, constraint),
        Op::Right(constraint) | Op::RightOuter(constraint) => (JoinKind::Right, constraint),
        Op::FullOuter(constraint) => (JoinKind::Full, constraint),
        Op::CrossJoin(constraint @ ast::JoinConstraint::None) => (JoinKind::Cross, constraint),
        _ => return Err(construct("JOIN", "write INNER, LEFT, RIGHT, FULL or CROSS JOIN")),
    })
}
