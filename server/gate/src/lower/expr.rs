//! Expressions, one arm for each form that is admitted.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct,
    from::column_expr,
    help::{unaliased_source, unknown_name, unknown_source, whole_row},
    ident::{self, fold},
    position, refuse,
    scope::Lookup,
};
use crate::{
    Reason, Refusal,
    catalogue::danger_of,
    refusal::Place,
    tree::{Case, Expr, LikeKind, Name, Operator, Quantified, Quantifier, Subscript, Test},
};

impl<'s> Lowering<'s> {
    pub(super) fn expr(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        use ast::Expr as E;
        match expr {
            E::Identifier(name) => self.bare_column(name, env),
            E::CompoundIdentifier(parts) => self.qualified_column(parts, env),
            E::Nested(inner) => self.expr(inner, env),
            E::Value(value) => Self::value(value),
            E::BinaryOp { .. } => self.operators(expr, env),
            E::UnaryOp { op, expr } => self.sign(*op, expr, env),
            E::Function(function) => self.function(function, env),
            E::Cast { kind, expr, data_type, format } => self.cast(kind, expr, data_type, format.as_ref(), env),
            E::TypedString(literal) => self.typed_string(literal),
            E::Interval(interval) => Self::interval(interval),
            E::Case { .. } => self.case(expr, env),
            E::IsNull(operand) => self.test(operand, false, Test::Null, env),
            E::IsNotNull(operand) => self.test(operand, true, Test::Null, env),
            E::IsTrue(operand) => self.test(operand, false, Test::True, env),
            E::IsNotTrue(operand) => self.test(operand, true, Test::True, env),
            E::IsFalse(operand) => self.test(operand, false, Test::False, env),
            E::IsNotFalse(operand) => self.test(operand, true, Test::False, env),
            E::IsUnknown(operand) => self.test(operand, false, Test::Unknown, env),
            E::IsNotUnknown(operand) => self.test(operand, true, Test::Unknown, env),
            E::IsDistinctFrom(left, right) => self.distinct(left, false, right, env),
            E::IsNotDistinctFrom(left, right) => self.distinct(left, true, right, env),
            E::InList { .. } | E::InSubquery { .. } | E::Between { .. } => self.range_predicate(expr, env),
            E::Like { negated, any, expr, pattern, escape_char } => {
                self.like(LikeKind::Like, *negated, *any, [expr, pattern], escape_char.as_deref(), env)
            }
            E::ILike { negated, any, expr, pattern, escape_char } => {
                self.like(LikeKind::ILike, *negated, *any, [expr, pattern], escape_char.as_deref(), env)
            }
            E::SimilarTo { negated, expr, pattern, escape_char } => {
                self.like(LikeKind::SimilarTo, *negated, false, [expr, pattern], escape_char.as_deref(), env)
            }
            E::AnyOp { left, compare_op, right, is_some: _ } => {
                self.quantified(left, compare_op, Quantifier::Any, right, env)
            }
            E::AllOp { left, compare_op, right } => self.quantified(left, compare_op, Quantifier::All, right, env),
            E::Exists { subquery, negated } => {
                let exists = Expr::Exists(Box::new(self.query(subquery, env)?.0));
                Ok(if *negated { Expr::Not(Box::new(exists)) } else { exists })
            }
            E::Subquery(query) => self.scalar(query, env),
            E::Tuple(members) => Ok(Expr::Row(self.exprs(members, env)?)),
            E::Array(ast::Array { elem, named: true }) => self.array(elem, env),
            E::CompoundFieldAccess { root, access_chain } => self.subscripts(root, access_chain, env),
            E::Collate { expr, collation } => self.collate(expr, collation, env),
            E::AtTimeZone { .. }
            | E::Extract { .. }
            | E::Position { .. }
            | E::Substring { .. }
            | E::Trim { .. }
            | E::Overlay { .. }
            | E::Ceil { .. }
            | E::Floor { .. } => self.special(expr, env),
            E::Wildcard(token) => Ok(self.star_value("*", position(token.0.span))),
            E::QualifiedWildcard(name, token) => {
                Ok(self.star_value(&format!("{name}.*"), position(token.0.span)))
            }
            _ => Err(construct(shown(expr), "write it with plain operators and functions")),
        }
    }

    pub(super) fn exprs(&mut self, exprs: &[ast::Expr], env: Env<'_, 's>) -> Lowered<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr, env)).collect()
    }

    pub(super) fn boxed(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Box<Expr>> {
        self.expr(expr, env).map(Box::new)
    }

    fn bare_column(&mut self, ident: &ast::Ident, env: Env<'_, 's>) -> Lowered<Expr> {
        let name = fold(ident)?;
        let at = position(ident.span);
        if ident.quote_style.is_none() && IDENTITY.contains(&&*name) {
            let danger = crate::catalogue::Danger::Identity;
            return Err(Refusal::new(Reason::DisallowedFunction, danger.message())
                .about(&*name)
                .at(at)
                .advise(danger.advice()));
        }
        match env.scope.bare(&name) {
            Lookup::Found(found) => {
                self.read_column(found.source, &name);
                for (alias, column) in &found.values {
                    self.read_column(env.scope.source(alias), column);
                }
                return Ok(column_expr(&found.values));
            }
            Lookup::Ambiguous => {
                self.keep_back(
                    Refusal::new(Reason::DisallowedColumn, "could mean more than one column")
                        .about(&*name)
                        .at(at)
                        .advise("write it with the alias of its table: alias.column"),
                );
            }
            Lookup::Shadowed(alias) => {
                self.keep_back(
                    Refusal::new(Reason::DisallowedColumn, "belongs to an outer table whose alias is used again inside")
                        .about(format!("{alias}.{name}"))
                        .at(at)
                        .advise("give the inner table another alias"),
                );
            }
            Lookup::Missing => self.missing(ident, &name, at, env)?,
        }
        Ok(Expr::Null)
    }

    /// A name that is no column: a whole row, a system column, a reserved word, or a slip.
    fn missing(
        &mut self,
        ident: &ast::Ident,
        name: &Name,
        at: Option<Place>,
        env: Env<'_, 's>,
    ) -> Lowered<()> {
        ident::name(ident)?;
        let refusal = match env.scope.source(name) {
            Some(source) => whole_row(source),
            None if SYSTEM_COLUMNS.contains(&&**name) => return Err(system_column(name, at)),
            None => unknown_name(name, ident.quote_style.is_some(), env),
        };
        self.keep_back(refusal.at(at));
        Ok(())
    }

    fn qualified_column(&mut self, parts: &[ast::Ident], env: Env<'_, 's>) -> Lowered<Expr> {
        let at = parts.last().and_then(|part| position(part.span));
        let names = parts.iter().map(fold).collect::<Lowered<Vec<_>>>()?;
        let (source, name) = match names.as_slice() {
            [alias, name] => {
                let Some(source) = env.scope.source(alias) else {
                    self.keep_back(unknown_source(alias, env).at(at));
                    return Ok(Expr::Null);
                };
                (source, name)
            }
            [schema, table, name] => (unaliased_source(schema, table, env)?, name),
            _ => {
                let dotted: Vec<_> = names.iter().map(|name| &**name).collect();
                return refuse(Reason::DisallowedConstruct, dotted.join("."), "has too many parts for a column");
            }
        };
        match source.columns.count(name) {
            1 => {
                self.read_column(Some(source), name);
                return Ok(Expr::Column { table: source.alias.clone(), name: name.clone() });
            }
            0 if SYSTEM_COLUMNS.contains(&&**name) => return Err(system_column(name, at)),
            0 => self.keep_back(self.unknown_column(source, name).at(at)),
            _ => self.keep_back(
                Refusal::new(Reason::DisallowedColumn, "could mean more than one column")
                    .about(&**name)
                    .at(at)
                    .advise("give the columns of the subquery different labels"),
            ),
        }
        Ok(Expr::Null)
    }

    /// A star where a value should stand.
    pub(super) fn star_value(&mut self, subject: &str, at: Option<Place>) -> Expr {
        self.keep_back(
            Refusal::new(Reason::SelectStar, "takes every column")
                .about(subject)
                .at(at)
                .advise("name the columns that are needed; only count(*) takes a star"),
        );
        Expr::Null
    }

    fn test(&mut self, operand: &ast::Expr, negated: bool, test: Test, env: Env<'_, 's>) -> Lowered<Expr> {
        Ok(Expr::Test { operand: self.boxed(operand, env)?, negated, test })
    }

    fn distinct(
        &mut self,
        left: &ast::Expr,
        negated: bool,
        right: &ast::Expr,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        Ok(Expr::Distinct { left: self.boxed(left, env)?, negated, right: self.boxed(right, env)? })
    }

    fn range_predicate(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        match expr {
            ast::Expr::InList { expr, list, negated } => Ok(Expr::InList {
                operand: self.boxed(expr, env)?,
                negated: *negated,
                list: self.exprs(list, env)?,
            }),
            ast::Expr::InSubquery { expr, subquery, negated } => Ok(Expr::InQuery {
                operand: self.boxed(expr, env)?,
                negated: *negated,
                query: Box::new(self.query(subquery, env)?.0),
            }),
            ast::Expr::Between { expr, negated, low, high } => Ok(Expr::Between {
                operand: self.boxed(expr, env)?,
                negated: *negated,
                low: self.boxed(low, env)?,
                high: self.boxed(high, env)?,
            }),
            _ => Err(construct(shown(expr), "write IN or BETWEEN")),
        }
    }

    fn like(
        &mut self,
        kind: LikeKind,
        negated: bool,
        any: bool,
        [operand, pattern]: [&ast::Expr; 2],
        escape: Option<&ast::Expr>,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        if any {
            let spelling = match (kind, negated) {
                (LikeKind::ILike, false) => "~~*",
                (LikeKind::ILike, true) => "!~~*",
                (_, false) => "~~",
                (_, true) => "!~~",
            };
            let operator = ast::BinaryOperator::Custom(spelling.to_owned());
            return self.quantified(operand, &operator, Quantifier::Any, pattern, env);
        }
        Ok(Expr::Like {
            operand: self.boxed(operand, env)?,
            negated,
            kind,
            pattern: self.boxed(pattern, env)?,
            escape: escape.map(|escape| self.boxed(escape, env)).transpose()?,
        })
    }

    fn quantified(
        &mut self,
        left: &ast::Expr,
        operator: &ast::BinaryOperator,
        quantifier: Quantifier,
        right: &ast::Expr,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        let operator: Operator = Self::operator(operator)?;
        let right = match right {
            ast::Expr::Subquery(query) => Quantified::Query(Box::new(self.query(query, env)?.0)),
            // The parser reads `= ANY (SELECT ..) + 1` as if the sum were the array.
            _ if begins_with_query(right) => {
                return Err(construct(shown(right), "put brackets around the whole comparison"));
            }
            array => Quantified::Array(self.boxed(array, env)?),
        };
        Ok(Expr::Quantified { left: self.boxed(left, env)?, operator, quantifier, right })
    }

    fn scalar(&mut self, query: &ast::Query, env: Env<'_, 's>) -> Lowered<Expr> {
        let (query, outputs) = self.query(query, env)?;
        match outputs.len() {
            1 => Ok(Expr::Scalar(Box::new(query))),
            _ => Err(Refusal::new(Reason::ParseError, "a subquery that stands for a value must have one column")),
        }
    }

    fn case(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        let ast::Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } = expr else {
            return Err(construct(shown(expr), "write CASE WHEN ... THEN ... END"));
        };
        let operand = operand.as_ref().map(|operand| self.expr(operand, env)).transpose()?;
        let branches = conditions
            .iter()
            .map(|ast::CaseWhen { condition, result }| Ok((self.expr(condition, env)?, self.expr(result, env)?)))
            .collect::<Lowered<_>>()?;
        let otherwise = else_result.as_ref().map(|result| self.expr(result, env)).transpose()?;
        Ok(Expr::Case(Box::new(Case { operand, branches, otherwise })))
    }

    /// The members of `ARRAY[...]`; inner dimensions may leave the word out.
    fn array(&mut self, members: &[ast::Expr], env: Env<'_, 's>) -> Lowered<Expr> {
        let members = members
            .iter()
            .map(|member| match member {
                ast::Expr::Array(ast::Array { elem, named: false }) => self.array(elem, env),
                other => self.expr(other, env),
            })
            .collect::<Lowered<_>>()?;
        Ok(Expr::Array(members))
    }

    /// Subscripts and slices. A field after an expression may be a function call in disguise: `(5).pg_sleep`.
    fn subscripts(&mut self, root: &ast::Expr, chain: &[ast::AccessExpr], env: Env<'_, 's>) -> Lowered<Expr> {
        // `o.tags[1]` comes as the root `o` with the field `tags` before the subscript.
        let fields = chain
            .iter()
            .map_while(|access| match access {
                ast::AccessExpr::Dot(ast::Expr::Identifier(field)) => Some(field.clone()),
                _ => None,
            })
            .collect::<Vec<_>>();
        let operand = match root {
            ast::Expr::Identifier(first) if !fields.is_empty() => {
                let parts: Vec<_> = std::iter::once(first.clone()).chain(fields.iter().cloned()).collect();
                self.qualified_column(&parts, env)?
            }
            _ if fields.is_empty() => self.expr(root, env)?,
            _ => return Err(field_access(root)),
        };
        let subscripts = chain
            .iter()
            .skip(fields.len())
            .map(|access| match access {
                ast::AccessExpr::Subscript(subscript) => self.subscript(subscript, env),
                ast::AccessExpr::Dot(_) => Err(field_access(root)),
            })
            .collect::<Lowered<Vec<_>>>()?;
        Ok(Expr::Subscript { operand: Box::new(operand), subscripts })
    }

    fn subscript(&mut self, subscript: &ast::Subscript, env: Env<'_, 's>) -> Lowered<Subscript> {
        match subscript {
            ast::Subscript::Index { index } => Ok(Subscript::Index(self.expr(index, env)?)),
            ast::Subscript::Slice { lower_bound, upper_bound, stride: None } => {
                let low = lower_bound.as_ref().map(|bound| self.expr(bound, env)).transpose()?;
                let high = upper_bound.as_ref().map(|bound| self.expr(bound, env)).transpose()?;
                Ok(Subscript::Slice(low, high))
            }
            ast::Subscript::Slice { lower_bound: _, upper_bound: _, stride: Some(_) } => {
                Err(construct("a slice", "write array[from:to]"))
            }
        }
    }
}

/// Words that PostgreSQL answers without brackets, and that tell who and where we are.
const IDENTITY: [&str; 7] = [
    "current_user",
    "session_user",
    "user",
    "current_role",
    "current_catalog",
    "current_schema",
    "system_user",
];

/// Columns that every table has (<https://www.postgresql.org/docs/current/ddl-system-columns.html>).
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

fn system_column(name: &str, at: Option<Place>) -> Refusal {
    Refusal::new(Reason::DisallowedConstruct, "is a system column")
        .about(name)
        .at(at)
        .advise("use a key of the table instead")
}

fn field_access(root: &ast::Expr) -> Refusal {
    Refusal::new(Reason::DisallowedConstruct, "is followed by a field")
        .about(shown(root))
        .advise("name columns as alias.column; take fields of jsonb with ->>")
}

/// Whether the first thing in `expr` is a subquery that the parser may have taken for a part of it.
fn begins_with_query(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Subquery(_) => true,
        ast::Expr::BinaryOp { left, .. } => begins_with_query(left),
        ast::Expr::Cast { expr, kind: ast::CastKind::DoubleColon, .. }
        | ast::Expr::Collate { expr, .. }
        | ast::Expr::CompoundFieldAccess { root: expr, .. }
        | ast::Expr::AtTimeZone { timestamp: expr, .. } => begins_with_query(expr),
        _ => false,
    }
}

/// A form of the statement as its author may recognise it.
pub(super) fn shown(expr: &ast::Expr) -> String {
    expr.to_string()
}

/// Why a function is not on the list.
pub(super) fn disallowed_function(name: &str, at: Option<Place>) -> Refusal {
    let refusal = Refusal::new(Reason::DisallowedFunction, "is not an allowed function").about(name).at(at);
    match danger_of(name) {
        Some(danger) => Refusal { message: danger.message().into(), ..refusal }.advise(danger.advice()),
        None => refusal,
    }
}
