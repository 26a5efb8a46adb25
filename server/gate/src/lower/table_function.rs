//! Functions in `FROM`, as far as the policy opens them. Their columns must be known, or names could mean too much.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct,
    from::From,
    position,
    query::{rename, table_alias},
    scope::{Columns, Outputs, Visible},
    series,
};
use crate::{
    TableFunctions,
    catalogue::Kind,
    tree::{Argument, Call, Name, Source},
};

/// What the parser says about a function in `FROM`, whichever way it found it.
pub(super) struct Written<'a> {
    pub(super) name: &'a [&'a ast::Ident],
    pub(super) args: Arguments<'a>,
    pub(super) ordinality: bool,
    pub(super) alias: Option<&'a ast::TableAlias>,
}

/// The arguments: `unnest` has a form of its own in the parser's tree.
pub(super) enum Arguments<'a> {
    Args(&'a [ast::FunctionArg]),
    Exprs(&'a [ast::Expr]),
}

impl<'s> Lowering<'s> {
    pub(super) fn table_function(
        &mut self,
        written: &Written<'_>,
        from: &mut From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Source> {
        let shown = written.name.iter().map(|ident| ident.value.as_str()).collect::<Vec<_>>().join(".");
        let at = written.name.first().and_then(|ident| position(ident.span));
        if self.policy.table_functions == TableFunctions::Refuse {
            return Err(not_open(&shown));
        }
        let (_, name, kind) = self.named_function(written.name)?;
        if kind != Some(Kind::SetReturning) || !self.policy.set_returning.iter().any(|open| **open == *name) {
            return Err(not_open(&shown).at(at));
        }
        self.reads.function(name.clone());
        let args = self.arguments_in_from(&written.args, &name, from, env)?;
        if &*name == "unnest" && args.len() != 1 {
            return Err(construct("unnest", "unnest one array in each call").at(at));
        }
        let call = Call { args, ..Call::plain(name.clone()) };
        series::check(&call, self.policy.max_series, at)?;
        let (alias, columns) = match written.alias {
            Some(alias) => table_alias(alias)?,
            None => (name.clone(), vec![]),
        };
        let outputs = rename(&alias, columns_of(&name, &alias, written.ordinality), &columns)?;
        let visible = Visible {
            alias: alias.clone(),
            columns: Columns::Outputs(Outputs::new(outputs.clone())),
            masked: vec![],
            unaliased: false,
            scalar: outputs.len() == 1 && &*name != "unnest",
        };
        from.add(visible, at)?;
        Ok(Source::Function { call: Box::new(call), ordinality: written.ordinality, alias, columns: outputs })
    }

    /// A function sees the sources before it, with `LATERAL` or without.
    fn arguments_in_from(
        &mut self,
        args: &Arguments<'_>,
        name: &Name,
        from: &From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Vec<Argument>> {
        let scope = from.scope(env.scope);
        let env = Env::new(env.ctes, &scope);
        match args {
            Arguments::Args(args) => args.iter().map(|arg| self.argument(arg, name, env)).collect(),
            Arguments::Exprs(exprs) => {
                let values = self.exprs(exprs, env)?;
                Ok(values.into_iter().map(|value| Argument { name: None, value }).collect())
            }
        }
    }
}

/// The names that PostgreSQL gives to the columns (`chooseScalarFunctionAlias` in `parse_relation.c`).
fn columns_of(function: &str, alias: &Name, ordinality: bool) -> Vec<Name> {
    let mut columns = match function {
        "json_each" | "json_each_text" | "jsonb_each" | "jsonb_each_text" => {
            vec!["key".into(), "value".into()]
        }
        "json_array_elements"
        | "json_array_elements_text"
        | "jsonb_array_elements"
        | "jsonb_array_elements_text" => vec!["value".into()],
        _ => vec![alias.clone()],
    };
    if ordinality {
        columns.push("ordinality".into());
    }
    columns
}

fn not_open(name: &str) -> crate::Refusal {
    construct(name, "functions cannot be read as tables; use array and jsonb operators on columns instead")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_postgresql_names_them() {
        let alias: Name = "e".into();
        let named =
            |function| columns_of(function, &alias, true).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(named("unnest"), ["e", "ordinality"]);
        assert_eq!(named("jsonb_array_elements"), ["value", "ordinality"]);
        assert_eq!(named("jsonb_each_text"), ["key", "value", "ordinality"]);
    }
}
