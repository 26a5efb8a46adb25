//! A view that a profile declares: some columns and rows of one relation, made by us in a schema of its own.
//!
//! Invariant: while one of the settings that its condition compares with is unset or empty, a view made here shows no row,
//! whatever the condition says.

use crate::model::profile::Declared;
use data_encoding::HEXLOWER;
use gate::sql_name;
use sha2::{Digest, Sha256};

/// The views of one profile, and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Views {
    /// A schema that holds nothing else.
    pub schema: String,
    /// The NOLOGIN role that owns the schema and the views; it may select their sources, and nothing else.
    pub owner: String,
    pub views: Vec<View>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: String,
    pub source: Source,
    /// Other relations that the condition looks into.
    pub lookups: Vec<Source>,
    pub columns: Vec<String>,
    /// Without one, every row is shown.
    pub condition: Option<Condition>,
    /// What agents are told about it.
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub schema: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// One expression, as the operator wrote it.
    pub text: String,
    /// The context settings that it compares with.
    pub settings: Vec<String>,
}

impl Views {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// The views as relations that agents read.
    pub fn declared(&self) -> impl Iterator<Item = Declared> {
        self.views.iter().map(|view| Declared {
            schema: self.schema.clone(),
            name: view.name.clone(),
            columns: Some(view.columns.clone()),
            values: Vec::new(),
        })
    }

    #[must_use]
    pub fn has(&self, schema: &str, name: &str) -> bool {
        self.schema == schema && self.views.iter().any(|view| view.name == name)
    }

    /// Everything that the owner of the views must be able to read.
    #[must_use]
    pub fn sources(&self) -> Vec<Declared> {
        let mut sources: Vec<Declared> = Vec::new();
        for Source { schema, name } in self.views.iter().flat_map(View::reads) {
            let source =
                Declared { schema: schema.clone(), name: name.clone(), columns: None, values: Vec::new() };
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }
}

impl View {
    /// The source, and what the condition looks into.
    pub fn reads(&self) -> impl Iterator<Item = &Source> {
        std::iter::once(&self.source).chain(&self.lookups)
    }

    /// `portcullis_support.my_orders`
    #[must_use]
    pub fn full_name(&self, schema: &str) -> String {
        format!("{}.{}", sql_name(schema), sql_name(&self.name))
    }

    /// The statement that makes it. Our conditions stand before the operator's: no setting, no row.
    #[must_use]
    pub fn create(&self, schema: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| sql_name(column)).collect();
        let mut text = format!(
            "create view {} with (security_barrier = true) as\nselect {}\nfrom {}",
            self.full_name(schema),
            columns.join(", "),
            self.source.sql(),
        );
        if let Some(Condition { text: condition, settings }) = &self.condition {
            let is_set = |name: &String| format!("pg_catalog.current_setting({}, true) <> ''", literal(name));
            let mut conditions: Vec<String> = settings.iter().map(is_set).collect();
            // On a line of its own, so that a comment at its end cannot swallow what follows.
            conditions.push(format!("(\n{condition}\n)"));
            text = format!("{text}\nwhere {}", conditions.join("\n    and "));
        }
        text
    }

    /// The statement that says beside the view what it was made of, and what PostgreSQL `printed` of it.
    #[must_use]
    pub fn comment_on(&self, schema: &str, printed: &str) -> String {
        let Mark { declared, printed } = self.mark(schema, printed);
        let mark = format!("{MARK}{declared} {printed}]");
        let comment =
            self.comment.as_ref().map_or_else(|| mark.clone(), |comment| format!("{comment}\n{mark}"));
        format!("comment on view {} is {}", self.full_name(schema), literal(&comment))
    }

    /// The mark that a view bears which is as it is declared, and still as it was made.
    #[must_use]
    pub fn mark(&self, schema: &str, printed: &str) -> Mark {
        let declared = format!("{}\n{}", self.create(schema), self.comment.as_deref().unwrap_or_default());
        Mark { declared: short(&HEXLOWER.encode(&Sha256::digest(declared))), printed: short(printed) }
    }
}

impl Source {
    /// As the configuration writes it.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// `public.orders`, quoted where SQL needs it.
    #[must_use]
    pub fn sql(&self) -> String {
        format!("{}.{}", sql_name(&self.schema), sql_name(&self.name))
    }
}

/// What stands at the end of the comment on a view of ours. PostgreSQL writes views anew, so the declaration cannot be
/// compared with what it prints; but each can be compared with what it was when we made the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub declared: String,
    pub printed: String,
}

const MARK: &str = "[portcullis ";
/// So many digits of a hash are enough to tell an accident.
const DIGITS: usize = 32;

fn short(hash: &str) -> String {
    hash.chars().take(DIGITS).collect()
}

/// A comment in two: what its author says, and our mark.
#[must_use]
pub fn read_comment(comment: &str) -> (Option<&str>, Option<Mark>) {
    let (said, last) = comment.rsplit_once('\n').map_or((None, comment), |(said, last)| (Some(said), last));
    let mark = last.strip_prefix(MARK).and_then(|rest| rest.strip_suffix(']'));
    match mark.and_then(|mark| mark.split_once(' ')) {
        Some((declared, printed)) => {
            (said, Some(Mark { declared: declared.to_owned(), printed: printed.to_owned() }))
        }
        None => (Some(comment), None),
    }
}

/// A text between quotes; a backslash is no more than itself there.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{Condition, Source, View, read_comment};

    fn view(condition: Option<Condition>) -> View {
        View {
            name: "My \"orders\"".to_owned(),
            source: Source { schema: "public".to_owned(), name: "order".to_owned() },
            lookups: Vec::new(),
            columns: vec!["id".to_owned(), "from".to_owned()],
            condition,
            comment: Some("it's yours".to_owned()),
        }
    }

    #[test]
    fn no_setting_no_row() {
        let condition =
            Condition { text: "true -- so be it".to_owned(), settings: vec!["app.person".to_owned()] };
        assert_eq!(
            view(Some(condition)).create("mine"),
            "create view mine.\"My \"\"orders\"\"\" with (security_barrier = true) as\n\
             select id, \"from\"\n\
             from public.\"order\"\n\
             where pg_catalog.current_setting('app.person', true) <> ''\n    and (\ntrue -- so be it\n)"
        );
    }

    #[test]
    fn a_mark_is_read_back_and_the_rest_is_the_authors() {
        let view = view(None);
        let mark = view.mark("mine", "abc");
        let comment = format!("it's yours\n[portcullis {} {}]", mark.declared, mark.printed);
        assert!(view.comment_on("mine", "abc").ends_with(&format!("is '{}'", comment.replace('\'', "''"))));
        assert_eq!(read_comment(&comment), (Some("it's yours"), Some(mark.clone())));
        let alone = format!("[portcullis {} {}]", mark.declared, mark.printed);
        assert_eq!(read_comment(&alone), (None, Some(mark)));
        assert_eq!(read_comment("two\nlines"), (Some("two\nlines"), None));
    }
}
