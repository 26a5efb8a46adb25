//! Types, with their schema; `interval` alone is grammar.

use super::{Read, Reader};
use crate::{
    catalogue::builtin_type,
    tree::{IntervalFields, Type, TypeName},
};

impl Reader<'_, '_> {
    pub(super) fn type_(&mut self) -> Read<Type> {
        let name = if self.sees("\"") { self.named_type()? } else { self.interval()? };
        let mut dimensions = 0;
        while self.eat("[]") {
            dimensions += 1;
        }
        Ok(Type { name, dimensions })
    }

    fn named_type(&mut self) -> Read<TypeName> {
        let (schema, name) = self.qualified()?;
        let modifiers = if self.sees("(") { self.bracketed(Self::whole)? } else { vec![] };
        if &*schema == "pg_catalog"
            && let Some(builtin) = builtin_type(&name).filter(|builtin| *builtin == &*name)
        {
            return Ok(TypeName::Builtin { name: builtin, modifiers });
        }
        match self.policy.extension_types.get(&*name) {
            Some(home) if **home == *schema => Ok(TypeName::Extension { schema, name, modifiers }),
            _ => self.fault("a type of the list"),
        }
    }

    fn interval(&mut self) -> Read<TypeName> {
        self.expect("interval")?;
        let fields = if self.eat(" ") { Some(self.interval_fields()?) } else { None };
        let precision = if fields.is_none_or(IntervalFields::has_seconds) && self.eat("(") {
            let digits = self.whole()?;
            self.expect(")")?;
            Some(digits)
        } else {
            None
        };
        Ok(TypeName::Interval { fields, precision })
    }

    fn interval_fields(&mut self) -> Read<IntervalFields> {
        // Of two that begin alike the longer one comes first.
        let found = IntervalFields::ALL.into_iter().rev().find(|fields| self.eat(fields.words()));
        found.map_or_else(|| self.fault("fields of an interval"), Ok)
    }
}
