//! A canary: a relation that nobody has a reason to touch.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    pub schema: String,
    pub name: String,
}

#[derive(Debug, thiserror::Error)]
#[error("a canary is written `schema.name`, both of lower-case letters, digits and underscores")]
pub struct BadCanary;

impl FromStr for Canary {
    type Err = BadCanary;

    /// Plain names alone, so that they are found in a statement however it is written.
    fn from_str(text: &str) -> Result<Self, BadCanary> {
        let is_plain = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        match text.split_once('.') {
            Some((schema, name)) if is_plain(schema) && is_plain(name) => {
                Ok(Self { schema: schema.to_owned(), name: name.to_owned() })
            }
            _ => Err(BadCanary),
        }
    }
}

impl fmt::Display for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

impl Canary {
    /// Whether the name stands in a statement as a word, in any case and whatever stands around it. The statement was
    /// refused, so nothing better is known of it than its words.
    #[must_use]
    pub fn is_named_in(&self, sql: &str) -> bool {
        let is_of_a_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        sql.split(|c| !is_of_a_word(c)).any(|word| word.eq_ignore_ascii_case(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::Canary;

    #[test]
    fn a_canary_is_found_however_it_is_written() {
        let canary: Canary = "public.payroll".parse().unwrap();
        for sql in [
            "select * from payroll",
            "select 1 from PUBLIC.\"payroll\" p",
            "select(payroll.id)",
            "table\npayroll;",
        ] {
            assert!(canary.is_named_in(sql), "{sql}");
        }
        for sql in ["select * from payrolls", "select my_payroll", ""] {
            assert!(!canary.is_named_in(sql), "{sql}");
        }
    }

    #[test]
    fn a_canary_has_a_schema_and_a_plain_name() {
        for bad in ["payroll", "public.", "public.Pay", "public.\"pay roll\"", "a.b.c"] {
            assert!(bad.parse::<Canary>().is_err(), "{bad}");
        }
    }
}
