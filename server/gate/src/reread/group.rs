//! Keys of `GROUP BY`, `DISTINCT ON` and of the outermost `ORDER BY`: a whole number means an output
//! (`findTargetlistEntrySQL92` in `parse_clause.c`).

use super::{Read, Reader, cursor::whole, expr::Bracket};
use crate::tree::{Expr, Grouping, Key};

impl Reader<'_, '_> {
    pub(super) fn output_key(&mut self) -> Read<Key> {
        let expr = self.expr()?;
        self.key_of(expr)
    }

    fn key_of(&self, expr: Expr) -> Read<Key> {
        match expr {
            Expr::Number(digits) => match whole(&digits) {
                Some(number) => Ok(Key::Output(number)),
                None => self.fault("the number of an output"),
            },
            Expr::Text(_) | Expr::Null => self.fault("a key that is no constant"),
            expr => Ok(Key::Expr(expr)),
        }
    }

    pub(super) fn grouping(&mut self) -> Read<Grouping> {
        if self.eat("()") {
            return Ok(Grouping::Set(vec![]));
        }
        match self.rollup_or_cube()? {
            Some(grouping) => Ok(grouping),
            None if self.eat("grouping sets ") => Ok(Grouping::Sets(self.bracketed(Self::grouping_set)?)),
            None => Ok(Grouping::Key(self.output_key()?)),
        }
    }

    fn rollup_or_cube(&mut self) -> Read<Option<Grouping>> {
        Ok(if self.eat("rollup ") {
            Some(Grouping::Rollup(self.bracketed(Self::key_set)?))
        } else if self.eat("cube ") {
            Some(Grouping::Cube(self.bracketed(Self::key_set)?))
        } else {
            None
        })
    }

    /// One of several `GROUPING SETS`: keys in brackets, be they none.
    fn grouping_set(&mut self) -> Read<Grouping> {
        if self.eat("()") {
            return Ok(Grouping::Set(vec![]));
        }
        match self.rollup_or_cube()? {
            Some(grouping) => Ok(grouping),
            None => Ok(Grouping::Set(self.bracketed(Self::output_key)?)),
        }
    }

    /// One key, or several in brackets that stand or fall together.
    fn key_set(&mut self) -> Read<Vec<Key>> {
        if self.eat("()") {
            return Ok(vec![]);
        }
        if !self.sees("(") {
            return Ok(vec![self.output_key()?]);
        }
        match self.bracket()? {
            Bracket::Exprs(exprs) if exprs.len() > 1 => {
                exprs.into_iter().map(|expr| self.key_of(expr)).collect()
            }
            bracket => {
                let operand = self.operand_of(bracket)?;
                let expr = self.after(operand)?;
                Ok(vec![self.key_of(expr)?])
            }
        }
    }
}
