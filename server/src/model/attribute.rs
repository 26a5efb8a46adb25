//! What row-scoped views may know of a person beside their name: `region = emea`.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Bytes of a value at most.
const LONGEST: usize = 256;
/// Attributes of one person at most.
pub const MOST: usize = 32;

/// The name of an attribute: lower-case letters, digits and underscores, a letter first, at most 63.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeName(String);

impl AttributeName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAttribute {
    #[error(
        "`{0}` is no name of an attribute: use lower-case letters, digits and underscores, a letter first, at most 63"
    )]
    Name(String),
    #[error("the value of `{0}` is longer than {LONGEST} bytes, or holds a control character")]
    Value(AttributeName),
    #[error("`{0}` is no attribute: write `name=value`, or `name=` to take one away")]
    NoEquals(String),
}

impl FromStr for AttributeName {
    type Err = NotAnAttribute;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let fits = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.len() <= 63
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits { Ok(Self(name.to_owned())) } else { Err(NotAnAttribute::Name(name.to_owned())) }
    }
}

impl fmt::Display for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One change: a name and its new value. An empty one takes the attribute away, since an empty setting says nothing either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeChange {
    pub name: AttributeName,
    pub value: String,
}

impl AttributeChange {
    pub fn new(name: &str, value: &str) -> Result<Self, NotAnAttribute> {
        let name: AttributeName = name.parse()?;
        let value = value.trim().to_owned();
        if value.len() > LONGEST || value.chars().any(char::is_control) {
            return Err(NotAnAttribute::Value(name));
        }
        Ok(Self { name, value })
    }
}

impl FromStr for AttributeChange {
    type Err = NotAnAttribute;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').ok_or_else(|| NotAnAttribute::NoEquals(text.to_owned()))?;
        Self::new(name, value)
    }
}

/// What is known of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes(pub BTreeMap<AttributeName, String>);

impl Attributes {
    /// The value of one; empty where there is none.
    #[must_use]
    pub fn value(&self, name: &AttributeName) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    #[must_use]
    pub fn changed(mut self, changes: &[AttributeChange]) -> Self {
        for AttributeChange { name, value } in changes {
            if value.is_empty() {
                self.0.remove(name);
            } else {
                self.0.insert(name.clone(), value.clone());
            }
        }
        self
    }

    /// From what the store keeps; whatever is no attribute there is left out.
    #[must_use]
    pub fn read(kept: &Value) -> Self {
        let kept = kept.as_object().into_iter().flatten();
        let read = kept.filter_map(|(name, value)| Some((name.parse().ok()?, value.as_str()?.to_owned())));
        Self(read.collect())
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        let kept = self.0.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_str())));
        Value::Object(kept.collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use super::{AttributeChange, Attributes};

    #[test]
    fn an_attribute_is_a_plain_name_and_a_line() {
        for good in ["region=emea", "team=Blue = best", "cost_centre_2=", "name= Ünïcode "] {
            assert!(good.parse::<AttributeChange>().is_ok(), "{good}");
        }
        let long = format!("a={}", "x".repeat(257));
        for bad in ["region", "=x", "Region=x", "a-b=x", "a b=x", "a=x\ny", "a=x\0", &long] {
            assert!(bad.parse::<AttributeChange>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let changes = ["region=emea", "team=blue", "region="].map(|text| text.parse().unwrap());
        let attributes = Attributes::default().changed(&changes);
        assert_eq!(attributes.to_json().to_string(), r#"{"team":"blue"}"#);
        assert_eq!(Attributes::read(&attributes.to_json()), attributes);
        assert_eq!(attributes.value(&"region".parse().unwrap()), "");
    }
}
