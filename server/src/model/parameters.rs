//! The parameters of an OAuth request: none twice, and an empty one is none (RFC 6749, sections 3.1 and 3.2).

/// Names and values as they came.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is there more than once")]
pub struct Repeated(pub &'static str);

impl Parameters {
    /// Of a query, or of a body that looks like one.
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    pub fn one(&self, name: &'static str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(other, _)| other == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Repeated(name)),
            (value, None) => Ok(value.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())),
        }
    }

    /// Each value of a parameter that may be repeated, as `resource` (RFC 8707, section 2).
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(other, value)| other == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Parameters, Repeated};

    #[test]
    fn what_is_empty_is_not_there_and_what_is_repeated_is_refused() {
        let parameters = Parameters::read(b"a=1&b=&c=1&c=1&d=x%20y+z&r=1&r=2");
        assert_eq!(parameters.one("a"), Ok(Some("1")));
        assert_eq!(parameters.one("b"), Ok(None));
        assert_eq!(parameters.one("c"), Err(Repeated("c")));
        assert_eq!(parameters.one("d"), Ok(Some("x y z")));
        assert_eq!(parameters.one("e"), Ok(None));
        assert_eq!(parameters.all("r").collect::<Vec<_>>(), ["1", "2"]);
    }
}
