//! Types, with their schema.

use super::Text;
use crate::tree::{Type, TypeName};

impl Text {
    pub(super) fn type_(&mut self, to: &Type) {
        match &to.name {
            TypeName::Builtin { name, modifiers } => {
                self.qualified("pg_catalog", name);
                self.modifiers(modifiers);
            }
            TypeName::Extension { schema, name, modifiers } => {
                self.qualified(schema, name);
                self.modifiers(modifiers);
            }
            TypeName::Interval { fields, precision } => {
                self.word("interval");
                if let Some(fields) = fields {
                    self.word(" ");
                    self.word(fields.words());
                }
                if let Some(precision) = precision {
                    self.number(format_args!("({precision})"));
                }
            }
        }
        for _ in 0..to.dimensions {
            self.word("[]");
        }
    }

    fn modifiers(&mut self, modifiers: &[i64]) {
        if !modifiers.is_empty() {
            self.bracketed(modifiers, |text, modifier| text.number(modifier));
        }
    }
}
