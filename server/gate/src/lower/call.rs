//! Calls: functions of the list, and words that are grammar although they look like functions.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct,
    expr::disallowed_function,
    foreign,
    ident::{fold, folded, parts},
    position, series,
};
use crate::{
    Reason, Refusal,
    catalogue::{Kind, kind_of},
    refusal::Place,
    tree::{Argument, Call, Clock, Expr, Form, Name},
};

/// The longest text that `lpad` and `rpad` may be asked for.
const MOST_PADDING: u64 = 1_000;

impl<'s> Lowering<'s> {
    pub(super) fn function(&mut self, function: &ast::Function, env: Env<'_, 's>) -> Lowered<Expr> {
        let idents = parts(&function.name)?;
        let at = idents.first().and_then(|ident| position(ident.span));
        if let [ident] = idents.as_slice()
            && ident.quote_style.is_none()
            && let Some(expr) = self.word(&folded(ident)?, function, at, env)?
        {
            return Ok(expr);
        }
        let (home, name, kind) = self.named_function(&idents)?;
        let name = &name;
        self.reads.function(match &home {
            None => name.clone(),
            Some(home) => format!("{home}.{name}").into(),
        });
        let call = self.call(function, home, name, at, env)?;
        check_kind(&call, kind, at, self.policy.set_returning.iter().any(|allowed| **allowed == **name))?;
        check_padding(&call, at)?;
        series::check(&call, self.policy.max_series, at)?;
        Ok(Expr::Call(Box::new(call)))
    }

    /// The allowed function that a name means: the schema of its extension, its name, what it is.
    pub(super) fn named_function(
        &self,
        idents: &[&ast::Ident],
    ) -> Lowered<(Option<Name>, Name, Option<Kind>)> {
        let at = idents.first().and_then(|ident| position(ident.span));
        let names = idents.iter().map(|ident| fold(ident)).collect::<Lowered<Vec<_>>>()?;
        let (schema, name) = match names.as_slice() {
            [name] => (None, name),
            [schema, name] => (Some(&**schema), name),
            _ => return Err(disallowed_function(&names.join("."), at)),
        };
        if let Some((home, kind)) = self.find_function(schema, name) {
            return Ok((home, name.clone(), kind));
        }
        let subject = schema.map_or_else(|| name.to_string(), |schema| format!("{schema}.{name}"));
        let refusal = disallowed_function(name, at).about(subject);
        Err(match schema {
            Some(schema) if schema != "pg_catalog" && kind_of(name).is_some() => {
                refusal.advise(format!("call it without a schema: {name}(...)"))
            }
            _ => self.with_nearest_function(refusal, name),
        })
    }

    fn find_function(&self, schema: Option<&str>, name: &Name) -> Option<(Option<Name>, Option<Kind>)> {
        if schema.is_none_or(|schema| schema == "pg_catalog")
            && let Some(kind) = kind_of(name)
        {
            return Some((None, Some(kind)));
        }
        let home = self.policy.extension_functions.get(&**name)?;
        schema.is_none_or(|schema| schema == home).then(|| (Some(home.as_str().into()), None))
    }

    fn with_nearest_function(&self, refusal: Refusal, name: &str) -> Refusal {
        if crate::catalogue::danger_of(name).is_some() {
            return refusal;
        }
        let known = crate::catalogue::allowed_functions()
            .filter(|(_, kind)| *kind != Kind::SetReturning)
            .map(|(name, _)| name)
            .chain(self.policy.extension_functions.keys().map(String::as_str));
        match substitute(name) {
            Some(advice) => refusal.advise(advice),
            None => match crate::nearest::nearest(name, known) {
                Some(meant) => refusal.advise(format!("did you mean `{meant}`?")),
                None => refusal,
            },
        }
    }

    /// Words that are grammar: `None` if this one is an ordinary name.
    fn word(
        &mut self,
        word: &str,
        function: &ast::Function,
        at: Option<Place>,
        env: Env<'_, 's>,
    ) -> Lowered<Option<Expr>> {
        if let Some(clock) = Clock::of(word) {
            return Ok(Some(Expr::Clock { clock, precision: precision(function)? }));
        }
        if let ast::FunctionArguments::Subquery(query) = &function.args
            && word == "array"
        {
            let (query, outputs) = self.query(query, env)?;
            if outputs.len() != 1 {
                return Err(
                    Refusal::new(Reason::ParseError, "the query of an array must have one column").at(at)
                );
            }
            return Ok(Some(Expr::ArrayOf(Box::new(query))));
        }
        let form = Form::of(word);
        if form.is_none() && word != "row" {
            return Ok(None);
        }
        let call = self.call(function, None, &word.into(), at, env)?;
        let plain = !call.distinct
            && !call.star
            && call.order_by.is_empty()
            && call.within_group.is_empty()
            && call.filter.is_none()
            && call.over.is_none()
            && !call.args.is_empty()
            && call.args.iter().all(|arg| arg.name.is_none());
        if !plain {
            return Err(construct(word, "list plain values only").at(at));
        }
        let args = call.args.into_iter().map(|arg| arg.value).collect();
        Ok(Some(match form {
            Some(form) => Expr::Form(form, args),
            None => Expr::Row(args),
        }))
    }

    /// A call with everything that may decorate it.
    fn call(
        &mut self,
        function: &ast::Function,
        schema: Option<Name>,
        name: &Name,
        at: Option<Place>,
        env: Env<'_, 's>,
    ) -> Lowered<Call> {
        let ast::Function {
            name: _,
            uses_odbc_syntax,
            parameters,
            args,
            filter,
            null_treatment,
            over,
            within_group,
        } = function;
        if *uses_odbc_syntax || *parameters != ast::FunctionArguments::None || null_treatment.is_some() {
            return Err(foreign(&**name).at(at));
        }
        let ast::FunctionArguments::List(ast::FunctionArgumentList { duplicate_treatment, args, clauses }) =
            args
        else {
            return Err(foreign(&**name).at(at));
        };
        let star = matches!(args.as_slice(), [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Wildcard)]);
        let distinct = *duplicate_treatment == Some(ast::DuplicateTreatment::Distinct);
        if star && (&**name != "count" || distinct) {
            self.star_value(&format!("{name}(*)"), at);
        }
        let args = if star {
            vec![]
        } else {
            args.iter().map(|arg| self.argument(arg, name, env)).collect::<Lowered<_>>()?
        };
        let order_by = match clauses.as_slice() {
            [] => vec![],
            [ast::FunctionArgumentClause::OrderBy(sorts)] => self.sorts_of_inputs(sorts, env)?,
            _ => return Err(foreign(&**name).at(at)),
        };
        Ok(Call {
            schema,
            name: name.clone(),
            distinct,
            star,
            args,
            order_by,
            within_group: self.sorts_of_inputs(within_group, env)?,
            filter: filter.as_ref().map(|filter| self.expr(filter, env)).transpose()?,
            over: over.as_ref().map(|over| self.over(over, env)).transpose()?,
        })
    }

    fn sorts_of_inputs(
        &mut self,
        sorts: &[ast::OrderByExpr],
        env: Env<'_, 's>,
    ) -> Lowered<Vec<crate::tree::Sort>> {
        sorts.iter().map(|sort| self.sort_of_inputs(sort, env)).collect()
    }

    pub(super) fn argument(
        &mut self,
        arg: &ast::FunctionArg,
        function: &Name,
        env: Env<'_, 's>,
    ) -> Lowered<Argument> {
        use ast::{FunctionArg as A, FunctionArgExpr as E, FunctionArgOperator as O};
        let (name, arg) = match arg {
            A::Unnamed(arg) => (None, arg),
            A::Named { name, arg, operator: O::RightArrow } => (Some(fold(name)?), arg),
            A::ExprNamed { name: ast::Expr::Identifier(name), arg, operator: O::RightArrow } => {
                (Some(fold(name)?), arg)
            }
            A::Named { .. } | A::ExprNamed { .. } => {
                return Err(foreign(&**function));
            }
        };
        let value = match arg {
            E::Expr(expr) => self.expr(expr, env)?,
            E::QualifiedWildcard(name) => self.star_value(&format!("{name}.*"), None),
            E::Wildcard => self.star_value("*", None),
            E::WildcardWithOptions(_) => return Err(foreign(&**function)),
        };
        Ok(Argument { name, value })
    }
}

/// The digits of seconds in `CURRENT_TIMESTAMP (3)`.
fn precision(function: &ast::Function) -> Lowered<Option<u64>> {
    let ast::FunctionArguments::List(list) = &function.args else { return Ok(None) };
    match list.args.as_slice() {
        [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(ast::Expr::Value(value)))] => {
            match &value.value {
                ast::Value::Number(digits, false) => Ok(digits.parse().ok()),
                _ => Err(construct(function.name.to_string(), "give a number of digits, or nothing")),
            }
        }
        _ => Err(construct(function.name.to_string(), "give a number of digits, or nothing")),
    }
}

/// Only aggregates may be decorated, and window functions need a window. What an extension's function is, PostgreSQL
/// decides.
fn check_kind(call: &Call, kind: Option<Kind>, at: Option<Place>, may_return_sets: bool) -> Lowered<()> {
    let decorated = call.distinct
        || !call.order_by.is_empty()
        || !call.within_group.is_empty()
        || call.filter.is_some()
        || call.over.is_some();
    match kind {
        Some(Kind::Scalar) if decorated => {
            Err(construct(&*call.name, "leave out DISTINCT, FILTER and OVER; the function is no aggregate").at(at))
        }
        Some(Kind::Window) if call.over.is_none() && call.within_group.is_empty() => {
            Err(construct(&*call.name, "add OVER (PARTITION BY ... ORDER BY ...)").at(at))
        }
        Some(Kind::SetReturning) if decorated || !may_return_sets => Err(construct(
            &*call.name,
            "functions that return rows are not admitted; test arrays with = ANY(array), take json fields with -> and ->>",
        )
        .at(at)),
        None | Some(Kind::Scalar | Kind::Aggregate | Kind::Window | Kind::SetReturning) => Ok(()),
    }
}

/// `lpad(x, 1000000000)` makes a gigabyte out of nothing.
fn check_padding(call: &Call, at: Option<Place>) -> Lowered<()> {
    if call.schema.is_some() || !matches!(&*call.name, "lpad" | "rpad") {
        return Ok(());
    }
    match call.args.get(1).map(|arg| &arg.value) {
        Some(Expr::Number(digits)) if digits.parse().is_ok_and(|length: u64| length <= MOST_PADDING) => {
            Ok(())
        }
        _ => Err(Refusal::new(Reason::TooComplex, "needs a plain number of at most 1000 as its length")
            .about(&*call.name)
            .at(at)
            .advise("write the length as a number: lpad(code, 8, '0')")),
    }
}

/// What to write in place of functions of other systems.
fn substitute(name: &str) -> Option<&'static str> {
    Some(match name {
        "ifnull" | "nvl" | "isnull" => "use coalesce(value, default)",
        "if" | "iif" | "decode_case" => "use CASE WHEN condition THEN a ELSE b END",
        "group_concat" | "listagg" => "use string_agg(value, ', ' ORDER BY value)",
        "getdate" | "sysdate" | "curdate" => "use now() or current_date",
        "datediff" | "timestampdiff" => {
            "subtract: a::date - b::date gives days, extract(epoch FROM a - b) seconds"
        }
        "dateadd" => "add an interval: value + INTERVAL '1 day'",
        "date_format" | "strftime" => "use to_char(value, 'YYYY-MM-DD')",
        "year" | "month" | "day" | "hour" | "minute" | "week" | "quarter" => {
            "use extract(year FROM value) and the like"
        }
        "len" => "use length(text)",
        "instr" | "charindex" | "locate" => "use strpos(text, part)",
        "median" => "use percentile_cont(0.5) WITHIN GROUP (ORDER BY value)",
        "rand" => "use random()",
        "json_extract" => "use the operators -> and ->>, or jsonb_path_query_first(doc, path)",
        "countif" | "count_if" => "use count(*) FILTER (WHERE condition)",
        "safe_divide" => "use a / nullif(b, 0)",
        "similarity" | "word_similarity" => {
            "this database's extensions are not opened here; compare with ILIKE or ~*"
        }
        _ => return None,
    })
}
