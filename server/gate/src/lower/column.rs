//! Column references, and what may follow them in brackets.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct,
    expr::shown,
    from::column_expr,
    help::{unaliased_source, unknown_name, unknown_source, whole_row},
    ident::{self, folded},
    position, refuse,
    scope::Lookup,
};
use crate::{
    Reason, Refusal,
    catalogue::Danger,
    refusal::Place,
    tree::{Expr, Subscript},
};

impl<'s> Lowering<'s> {
    pub(super) fn bare_column(&mut self, ident: &ast::Ident, env: Env<'_, 's>) -> Lowered<Expr> {
        let name = folded(ident)?;
        let at = position(ident.span);
        if ident.quote_style.is_none() && IDENTITY.contains(&&*name) {
            let danger = Danger::Identity;
            return Err(Refusal::new(Reason::DisallowedFunction, danger.message())
                .about(&*name)
                .at(at)
                .advise(danger.advice()));
        }
        match env.scope.bare(&name) {
            Lookup::Found(found) => {
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
                    Refusal::new(
                        Reason::DisallowedColumn,
                        "belongs to an outer table whose alias is used again inside",
                    )
                    .about(format!("{alias}.{name}"))
                    .at(at)
                    .advise("give the inner table another alias"),
                );
            }
            Lookup::Missing => match labelled(&name, env.labels)? {
                Some(output) => return self.written_out(output, &name, at, env),
                None if let Some(value) = sole_value(&name, env) => return Ok(value),
                None => self.missing(ident, &name, at, env)?,
            },
        }
        Ok(Expr::Null)
    }

    /// The label of an output inside an expression of `ORDER BY`: other systems know it there, PostgreSQL does not. It
    /// means the expression that it stands for.
    fn written_out(
        &mut self,
        output: &ast::Expr,
        name: &str,
        at: Option<Place>,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        self.labels_used += 1;
        if self.labels_used > MOST_LABELS {
            return Err(Refusal::new(Reason::TooComplex, "is used too often in expressions of ORDER BY")
                .about(name)
                .at(at)
                .advise("compute it in a subquery, and sort by its column"));
        }
        self.expr(output, Env { labels: &[], ..env })
    }

    /// A name that is no column: a whole row, a system column, a reserved word, or a slip.
    fn missing(
        &mut self,
        ident: &ast::Ident,
        name: &str,
        at: Option<Place>,
        env: Env<'_, 's>,
    ) -> Lowered<()> {
        ident::name(ident)?;
        let refusal = match env.scope.source(name) {
            Some(source) => whole_row(source),
            None if SYSTEM_COLUMNS.contains(&name) => return Err(system_column(name, at)),
            None => unknown_name(name, ident.quote_style.is_some(), env),
        };
        self.keep_back(refusal.at(at));
        Ok(())
    }

    pub(super) fn qualified_column(&mut self, parts: &[ast::Ident], env: Env<'_, 's>) -> Lowered<Expr> {
        let at = parts.last().and_then(|part| position(part.span));
        let (source, name) = match parts {
            [alias, name] => {
                let alias = folded(alias)?;
                let Some(source) = env.scope.source(&alias) else {
                    self.keep_back(unknown_source(&alias, env).at(at));
                    return Ok(Expr::Null);
                };
                (source, folded(name)?)
            }
            [schema, table, name] => {
                (unaliased_source(&folded(schema)?, &folded(table)?, env)?, folded(name)?)
            }
            _ => {
                let dotted: Vec<_> = parts.iter().map(|part| part.value.as_str()).collect();
                return refuse(
                    Reason::DisallowedConstruct,
                    dotted.join("."),
                    "has too many parts for a column",
                );
            }
        };
        let name = &*name;
        match source.columns.count(name) {
            1 => {
                self.read_column(Some(source), name);
                return Ok(Expr::Column { table: source.alias.clone(), name: name.into() });
            }
            0 if SYSTEM_COLUMNS.contains(&name) => return Err(system_column(name, at)),
            0 => self.keep_back(self.unknown_column(source, name).at(at)),
            _ => self.keep_back(
                Refusal::new(Reason::DisallowedColumn, "could mean more than one column")
                    .about(name)
                    .at(at)
                    .advise("give the columns of the subquery different labels"),
            ),
        }
        Ok(Expr::Null)
    }

    /// Subscripts and slices. A field after an expression may be a function call in disguise: `(5).pg_sleep`.
    pub(super) fn subscripts(
        &mut self,
        root: &ast::Expr,
        chain: &[ast::AccessExpr],
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
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

/// The value of a function in `FROM` by the alias alone, as in `jsonb_array_elements(doc) AS e` and `e ->> 'key'`.
fn sole_value(alias: &str, env: Env<'_, '_>) -> Option<Expr> {
    let source = env.scope.source(alias).filter(|source| source.scalar)?;
    let name = source.columns.names().into_iter().next()?;
    Some(Expr::Column { table: source.alias.clone(), name })
}

/// Each use writes the output out once more.
const MOST_LABELS: usize = 32;

/// The output that has this label, if just one has.
fn labelled<'e>(name: &str, items: &'e [ast::SelectItem]) -> Lowered<Option<&'e ast::Expr>> {
    let mut found = None;
    for item in items {
        if let ast::SelectItem::ExprWithAlias { expr, alias } = item
            && *folded(alias)? == *name
            && found.replace(expr).is_some()
        {
            return Ok(None);
        }
    }
    Ok(found)
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
