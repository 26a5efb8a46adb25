//! What calls are found by, as a `tsquery`. The statement that adds to the index writes the same terms.

use crate::model::attempt::storable;
use crate::model::call::Ending;
use crate::model::review::{CallFilter, ClientChoice};
use uuid::Uuid;

/// Stands for the number of the stretch, which comes before each term.
const STRETCH: char = '\u{1}';

/// Characters of a term, its kind among them; more are cut, here and there alike.
const LONGEST: usize = 200;

/// The terms of every filter but the words.
#[must_use]
pub fn of_filter(filter: &CallFilter) -> Vec<String> {
    let mut terms = Vec::new();
    let mut add = |kind: char, value: Option<&str>| terms.extend(value.map(|value| quoted(kind, value)));
    add('U', filter.person_id.map(tail).as_deref());
    add('P', filter.profile.as_deref());
    match &filter.client {
        Some(ClientChoice::Id(id)) => add('C', Some(&tail(*id))),
        Some(ClientChoice::Named(name)) => add('N', Some(name)),
        None => {}
    }
    add('T', filter.tool.as_deref());
    add('D', filter.ending.map(Ending::code));
    add('R', filter.reason.as_deref());
    add('F', filter.relation.as_deref());
    terms
}

/// The term of a word, or of all that begin like it.
#[must_use]
pub fn of_word(word: &str) -> String {
    format!("{}:*", quoted('W', word))
}

/// All of the terms must be there; `None` where there are none.
#[must_use]
pub fn all<'a>(terms: impl IntoIterator<Item = &'a String>) -> Option<String> {
    terms.into_iter().cloned().reduce(|all, term| all + " & " + &term)
}

/// The same query for any of these stretches.
#[must_use]
pub fn within(query: &str, stretches: impl IntoIterator<Item = i64>) -> String {
    let each = |stretch: i64| format!("({})", query.replace(STRETCH, &format!("{stretch:x}")));
    stretches.into_iter().map(each).collect::<Vec<_>>().join(" | ")
}

/// The random end of an identifier, which tells it from others well enough: what is found is held against the whole.
fn tail(id: Uuid) -> String {
    let mut text = id.simple().to_string();
    text.split_off(20)
}

/// A lexeme in quotes, in which a quote and a backslash are doubled (PostgreSQL manual, section 8.11.2).
fn quoted(kind: char, value: &str) -> String {
    let value: String = storable(value).chars().take(LONGEST - 1).collect();
    let value = value.replace('\\', "\\\\").replace('\'', "''");
    format!("'{STRETCH}{kind}{value}'")
}

#[cfg(test)]
mod tests {
    use super::{Ending, all, of_filter, of_word, within};
    use crate::model::review::{CallFilter, ClientChoice};

    #[test]
    fn every_filter_is_a_term() {
        let filter = CallFilter {
            person_id: Some("018f4e3c-0000-7000-8000-0000000000ab".parse().unwrap()),
            client: Some(ClientChoice::Named("it's \\ & !(".to_owned())),
            ending: Some(Ending::Refused),
            ..CallFilter::default()
        };
        let terms = of_filter(&filter);
        assert_eq!(terms, ["'\u{1}U0000000000ab'", "'\u{1}Nit''s \\\\ & !('", "'\u{1}Drefused'"]);
        let words = [of_word("cust")];
        assert_eq!(within(&all(&words).unwrap(), [255, 254]), "('ffWcust':*) | ('feWcust':*)");
        assert_eq!(all(&[]), None);
    }
}
