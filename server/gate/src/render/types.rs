//! Types, with their schema.

use super::Text;
use crate::tree::{Type, TypeName};

fn meant(to: &Type) -> String {
    let (schema, name, modifiers) = match &to.name {
        TypeName::Builtin { name, modifiers } => ("pg_catalog", *name, modifiers.as_slice()),
        TypeName::Extension { schema, name, modifiers } => (&**schema, &**name, modifiers.as_slice()),
        TypeName::Interval { .. } => ("pg_catalog", "interval", [].as_slice()),
    };
    let modifiers: Vec<String> = modifiers.iter().map(ToString::to_string).collect();
    let modifiers = if modifiers.is_empty() { String::new() } else { format!("({})", modifiers.join(",")) };
    format!("{schema}.{name}{modifiers}{}", "[]".repeat(to.dimensions))
}

impl Text {
    pub(super) fn type_(&mut self, to: &Type) {
        self.mean(|meaning| meaning.types.push(meant(to)));
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
