//! Queries, their sources and their clauses.

use super::Text;
use crate::tree::{
    Body, Condition, Cte, Distinct, Grouping, Item, Join, JoinKind, Key, Name, Query, Select, SetOperator,
    Sort, Source, Window, label,
};

impl Text {
    pub(super) fn query(&mut self, query: &Query) {
        let Query { with, body, order_by, limit, offset } = query;
        if !with.is_empty() {
            let recursive = with.iter().any(|cte| cte.steps.is_some());
            self.word(if recursive { "with recursive " } else { "with " });
            self.list(with, Self::cte);
            self.word(" ");
        }
        self.body(body);
        self.sorts(" order by ", order_by);
        if let Some(limit) = limit {
            self.mean(|meaning| meaning.literals.push(limit.to_string()));
            self.number(format_args!(" limit {limit}"));
        }
        if let Some(offset) = offset {
            self.mean(|meaning| meaning.literals.push(offset.to_string()));
            self.number(format_args!(" offset {offset}"));
        }
    }

    pub(super) fn subquery(&mut self, query: &Query) {
        self.word("(");
        self.query(query);
        self.word(")");
    }

    fn cte(&mut self, cte: &Cte) {
        let Cte { name, columns, materialized, steps: _, query } = cte;
        self.name(name);
        self.columns(columns);
        self.word(match materialized {
            None => " as ",
            Some(true) => " as materialized ",
            Some(false) => " as not materialized ",
        });
        self.subquery(query);
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::Select(select) => self.select(select),
            Body::Values(rows) => {
                self.word("values ");
                self.list(rows, |text, row| text.bracketed(row, Self::expr));
            }
            Body::Query(query) => self.subquery(query),
            Body::Set(first, rest) => {
                self.branch(first);
                for (operator, branch) in rest {
                    self.word(set_operator(*operator));
                    self.branch(branch);
                }
            }
        }
    }

    /// A branch that is a set operation itself stands in brackets: precedence decides nothing.
    fn branch(&mut self, body: &Body) {
        match body {
            Body::Set(..) => {
                self.word("(");
                self.body(body);
                self.word(")");
            }
            _ => self.body(body),
        }
    }

    fn select(&mut self, select: &Select) {
        let Select { distinct, items, from, filter, group_by, having, windows } = select;
        self.word("select ");
        match distinct {
            Distinct::No => {}
            Distinct::Rows => self.word("distinct "),
            Distinct::On(keys) => {
                self.word("distinct on ");
                self.bracketed(keys, Self::key);
                self.word(" ");
            }
        }
        self.list(items, Self::item);
        if !from.is_empty() {
            self.word(" from ");
            self.list(from, Self::source);
        }
        if let Some(filter) = filter {
            self.word(" where ");
            self.expr(filter);
        }
        if !group_by.is_empty() {
            self.word(" group by ");
            self.list(group_by, Self::grouping);
        }
        if let Some(having) = having {
            self.word(" having ");
            self.expr(having);
        }
        if !windows.is_empty() {
            self.word(" window ");
            self.list(windows, Self::named_window);
        }
    }

    /// A label is left out where PostgreSQL would give the same one in every version: that of a bare column.
    fn item(&mut self, item: &Item) {
        let Item { expr, label: name } = item;
        self.expr(expr);
        if !(matches!(expr, crate::tree::Expr::Column { .. }) && label(expr) == &**name) {
            self.word(" as ");
            self.name(name);
        }
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Relation { schema, name, alias } => {
                self.qualified(schema, name);
                self.alias(alias, &[]);
            }
            Source::Cte { name, alias, columns } => {
                self.name(name);
                self.alias(alias, columns);
            }
            Source::Derived { lateral, query, alias, columns } => {
                self.word(if *lateral { "lateral " } else { "" });
                self.subquery(query);
                self.alias(alias, columns);
            }
            Source::Function { call, ordinality, alias, columns } => {
                self.call(call);
                self.word(if *ordinality { " with ordinality" } else { "" });
                self.alias(alias, columns);
            }
            Source::Join(join) => self.join(join),
        }
    }

    fn join(&mut self, join: &Join) {
        let Join { left, kind, right, condition } = join;
        self.source(left);
        self.word(match kind {
            JoinKind::Inner => " join ",
            JoinKind::Left => " left join ",
            JoinKind::Right => " right join ",
            JoinKind::Full => " full join ",
            JoinKind::Cross => " cross join ",
        });
        match right {
            Source::Join(nested) => {
                self.word("(");
                self.join(nested);
                self.word(")");
            }
            _ => self.source(right),
        }
        match condition {
            Condition::None => {}
            Condition::On(expr) => {
                self.word(" on ");
                self.expr(expr);
            }
            Condition::Using(columns) => {
                self.word(" using ");
                self.bracketed(columns, |text, column| text.name(column));
            }
        }
    }

    fn alias(&mut self, alias: &Name, columns: &[Name]) {
        self.word(" as ");
        self.name(alias);
        self.columns(columns);
    }

    fn columns(&mut self, columns: &[Name]) {
        if !columns.is_empty() {
            self.bracketed(columns, |text, column| text.name(column));
        }
    }

    fn grouping(&mut self, grouping: &Grouping) {
        match grouping {
            Grouping::Key(key) => self.key(key),
            Grouping::Set(keys) => self.bracketed(keys, Self::key),
            Grouping::Rollup(sets) => {
                self.word("rollup ");
                self.bracketed(sets, Self::key_set);
            }
            Grouping::Cube(sets) => {
                self.word("cube ");
                self.bracketed(sets, Self::key_set);
            }
            Grouping::Sets(sets) => {
                self.word("grouping sets ");
                self.bracketed(sets, Self::grouping);
            }
        }
    }

    fn key_set(&mut self, keys: &Vec<Key>) {
        match keys.as_slice() {
            [key] => self.key(key),
            keys => self.bracketed(keys, Self::key),
        }
    }

    fn key(&mut self, key: &Key) {
        match key {
            Key::Output(number) => {
                self.mean(|meaning| meaning.literals.push(number.to_string()));
                self.number(number);
            }
            Key::Expr(expr) => self.expr(expr),
        }
    }

    pub(super) fn sorts(&mut self, before: &str, sorts: &[Sort]) {
        if !sorts.is_empty() {
            self.word(before);
            self.list(sorts, Self::sort);
        }
    }

    fn sort(&mut self, sort: &Sort) {
        let Sort { key, descending, nulls_first } = sort;
        self.key(key);
        self.word(match descending {
            None => "",
            Some(false) => " asc",
            Some(true) => " desc",
        });
        self.word(match nulls_first {
            None => "",
            Some(true) => " nulls first",
            Some(false) => " nulls last",
        });
    }

    fn named_window(&mut self, (name, window): &(Name, Window)) {
        self.name(name);
        self.word(" as ");
        self.window(window);
    }
}

const fn set_operator(operator: SetOperator) -> &'static str {
    match operator {
        SetOperator::Union => " union ",
        SetOperator::UnionAll => " union all ",
        SetOperator::Except => " except ",
        SetOperator::ExceptAll => " except all ",
        SetOperator::Intersect => " intersect ",
        SetOperator::IntersectAll => " intersect all ",
    }
}
