//! Calls and windows.

use super::{Read, Reader};
use crate::{
    catalogue::{Kind, kind_of},
    tree::{Argument, Bound, Call, Expr, Frame, FrameUnits, Name, Over, Sort, Window},
};

impl Reader<'_, '_> {
    /// The name has been read and the bracket is next.
    pub(super) fn call(&mut self, schema: Name, name: Name) -> Read<Call> {
        let schema = self.home(schema, &name)?;
        self.expect("(")?;
        let distinct = self.eat("distinct ");
        let star = self.eat("*");
        let args = if star || self.sees(")") || self.sees(" ") { vec![] } else { self.list(Self::argument)? };
        let order_by = self.sorts(" order by ")?;
        self.expect(")")?;
        let within_group = self.sorts(" within group (order by ")?;
        if !within_group.is_empty() {
            self.expect(")")?;
        }
        let filter = if self.eat(" filter (where ") { Some(self.filter()?) } else { None };
        let over = if self.eat(" over ") { Some(self.over()?) } else { None };
        Ok(Call { schema, name, distinct, star, args, order_by, within_group, filter, over })
    }

    /// The schema of an extension, or none for a function of the catalogue. Whatever is on no list does not exist.
    fn home(&self, schema: Name, name: &Name) -> Read<Option<Name>> {
        if &*schema == "pg_catalog" {
            match kind_of(name) {
                Some(Kind::Scalar | Kind::Aggregate | Kind::Window) => return Ok(None),
                Some(Kind::SetReturning) if self.policy.set_returning.iter().any(|open| **open == **name) => {
                    return Ok(None);
                }
                Some(Kind::SetReturning) => return self.fault("a function that is open"),
                None => {}
            }
        }
        match self.policy.extension_functions.get(&**name) {
            Some(home) if **home == *schema => Ok(Some(schema)),
            _ => self.fault("a function of the list"),
        }
    }

    /// `"name" => value`, or the value alone, which may begin with a name as well.
    fn argument(&mut self) -> Read<Argument> {
        if !self.sees("\"") {
            return Ok(Argument { name: None, value: self.expr()? });
        }
        let name = self.name()?;
        if self.eat(" => ") {
            return Ok(Argument { name: Some(name), value: self.expr()? });
        }
        self.enter()?;
        let operand = self.named(name)?;
        let value = self.after(operand.into())?;
        self.depth -= 1;
        Ok(Argument { name: None, value })
    }

    fn filter(&mut self) -> Read<Expr> {
        let filter = self.expr()?;
        self.expect(")")?;
        Ok(filter)
    }

    fn over(&mut self) -> Read<Over> {
        if self.sees("\"") {
            Ok(Over::Named(self.name()?))
        } else {
            Ok(Over::Window(Box::new(self.window()?)))
        }
    }

    fn sorts(&mut self, before: &str) -> Read<Vec<Sort>> {
        if self.eat(before) { self.list(Self::input_sort) } else { Ok(vec![]) }
    }

    /// The parts are apart by one blank, and none stands before the first.
    pub(super) fn window(&mut self) -> Read<Window> {
        self.expect("(")?;
        let base = if self.sees("\"") { Some(self.name()?) } else { None };
        let mut first = base.is_none();
        let partition_by = if self.part(first, "partition by ") { self.list(Self::expr)? } else { vec![] };
        first &= partition_by.is_empty();
        let order_by = if self.part(first, "order by ") { self.list(Self::input_sort)? } else { vec![] };
        first &= order_by.is_empty();
        let units =
            [("rows ", FrameUnits::Rows), ("range ", FrameUnits::Range), ("groups ", FrameUnits::Groups)];
        let units = units.into_iter().find(|(words, _)| self.part(first, words));
        let frame = units.map(|(_, units)| self.frame(units)).transpose()?;
        self.expect(")")?;
        Ok(Window { base, partition_by, order_by, frame })
    }

    fn part(&mut self, first: bool, words: &str) -> bool {
        let start = self.at;
        let found = (first || self.eat(" ")) && self.eat(words);
        if !found {
            self.at = start;
        }
        found
    }

    fn frame(&mut self, units: FrameUnits) -> Read<Frame> {
        if !self.eat("between ") {
            return Ok(Frame { units, start: self.bound()?, end: None });
        }
        let start = self.bound()?;
        self.expect(" and ")?;
        Ok(Frame { units, start, end: Some(self.bound()?) })
    }

    fn bound(&mut self) -> Read<Bound> {
        if self.eat_whole("unbounded preceding") {
            return Ok(Bound::UnboundedPreceding);
        }
        if self.eat_whole("unbounded following") {
            return Ok(Bound::UnboundedFollowing);
        }
        if self.eat_whole("current row") {
            return Ok(Bound::CurrentRow);
        }
        let distance = self.operand()?.alone(self)?;
        if self.eat_whole(" preceding") {
            Ok(Bound::Preceding(distance))
        } else if self.eat_whole(" following") {
            Ok(Bound::Following(distance))
        } else {
            self.fault("the side of a bound")
        }
    }
}
