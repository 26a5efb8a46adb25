//! `LIMIT` and `OFFSET`: plain numbers, so that a row cap can be told from the text.

use sqlparser::ast;

use super::{Lowered, Lowering, construct, foreign};
use crate::{Offset, Reason, Refusal};

impl Lowering<'_> {
    pub(super) fn limit(&mut self, clause: Option<&ast::LimitClause>) -> Lowered<(Option<u64>, Option<u64>)> {
        let (limit, offset) = match clause {
            None => return Ok((None, None)),
            Some(ast::LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
                (limit.as_ref(), offset.as_ref())
            }
            Some(_) => return Err(foreign("LIMIT")),
        };
        let offset = match offset {
            None => None,
            Some(ast::Offset { value, rows: _ }) => Some(self.offset(value)?),
        };
        let limit = limit.map(|limit| whole_number(limit, "LIMIT")).transpose()?;
        Ok((limit, offset))
    }

    /// `FETCH FIRST n ROWS ONLY` is how the standard says `LIMIT n`.
    pub(super) fn fetch(&mut self, fetch: &ast::Fetch, limit: Option<u64>) -> Lowered<Option<u64>> {
        let ast::Fetch { with_ties, percent, quantity } = fetch;
        let refusal = construct("FETCH", "write LIMIT with a number at the end");
        if *with_ties || *percent || limit.is_some() {
            return Err(refusal);
        }
        if self.policy.offset == Offset::Refuse {
            self.keep_back(refusal);
        }
        match quantity {
            None => Ok(Some(1)),
            Some(quantity) => whole_number(quantity, "FETCH").map(Some),
        }
    }

    fn offset(&mut self, value: &ast::Expr) -> Lowered<u64> {
        let number = whole_number(value, "OFFSET")?;
        if self.policy.offset == Offset::Refuse {
            self.keep_back(construct(
                "OFFSET",
                "page by key: add WHERE id > <last id seen> ORDER BY id LIMIT n, and repeat with the last id",
            ));
        }
        Ok(number)
    }
}

fn whole_number(expr: &ast::Expr, clause: &'static str) -> Lowered<u64> {
    let number = match expr {
        ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::Number(digits, false), span: _ }) => {
            digits.parse().ok().filter(|&number| i64::try_from(number).is_ok())
        }
        ast::Expr::Nested(inner) => return whole_number(inner, clause),
        _ => None,
    };
    number.ok_or_else(|| {
        Refusal::new(Reason::DisallowedConstruct, "takes a plain number")
            .about(clause)
            .advise("write LIMIT 100")
    })
}
