//! A summary of the rows that were read, column by column, for whoever gets only some of them.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::form::Form;
use crate::model::answer::Summary;

/// Characters of a least or greatest value at most.
const LONGEST: usize = 100;

/// Gathers while the rows come in. It holds eight bytes for each distinct value, and rows are capped.
pub(super) struct Columns(Vec<Column>);

struct Column {
    name: String,
    is_number: bool,
    count: u64,
    nulls: u64,
    seen: HashSet<u64>,
    least: Option<String>,
    greatest: Option<String>,
}

impl Columns {
    pub(super) fn new(names: &[String], forms: &[Form]) -> Self {
        let column = |(name, form): (&String, &Form)| Column {
            name: name.clone(),
            is_number: matches!(form, Form::Plain | Form::Wide | Form::Exact),
            count: 0,
            nulls: 0,
            seen: HashSet::new(),
            least: None,
            greatest: None,
        };
        Self(names.iter().zip(forms).map(column).collect())
    }

    pub(super) fn add(&mut self, cells: &[Option<&[u8]>]) {
        for (column, cell) in self.0.iter_mut().zip(cells) {
            match cell {
                None => column.nulls += 1,
                Some(bytes) => column.add(&String::from_utf8_lossy(bytes)),
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Summary> {
        let summary = |column: Column| {
            let Column { name, is_number: _, count, nulls, seen, least, greatest } = column;
            Summary { column: name, count, nulls, distinct: seen.len() as u64, least, greatest }
        };
        self.0.into_iter().map(summary).collect()
    }
}

impl Column {
    fn add(&mut self, cell: &str) {
        self.count += 1;
        let mut hasher = DefaultHasher::new();
        cell.hash(&mut hasher);
        self.seen.insert(hasher.finish());
        let kept = || Some(cell.chars().take(LONGEST).collect());
        if self.least.as_deref().is_none_or(|least| self.is_less(cell, least)) {
            self.least = kept();
        }
        if self.greatest.as_deref().is_none_or(|greatest| self.is_less(greatest, cell)) {
            self.greatest = kept();
        }
    }

    /// Numbers by their size, everything else by its text. What is no number after all (`true`, `NaN`) goes by its text.
    fn is_less(&self, left: &str, right: &str) -> bool {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| !number.is_nan());
        match (self.is_number, number(left), number(right)) {
            (true, Some(left), Some(right)) => left < right,
            _ => left < right,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Columns;
    use crate::warehouse::form::Form;

    #[test]
    fn numbers_go_by_size_and_words_by_their_letters() {
        let names = ["n", "t"].map(ToOwned::to_owned);
        let mut columns = Columns::new(&names, &[Form::Exact, Form::Text]);
        for (number, text) in [("9", Some("b")), ("10", Some("a")), ("-3.5", None), ("9", Some("b"))] {
            columns.add(&[Some(number.as_bytes()), text.map(str::as_bytes)]);
        }
        let summaries = columns.finish();
        let [numbers, words] = summaries.as_slice() else { panic!("{summaries:?}") };
        assert_eq!((numbers.count, numbers.nulls, numbers.distinct), (4, 0, 3));
        assert_eq!((numbers.least.as_deref(), numbers.greatest.as_deref()), (Some("-3.5"), Some("10")));
        assert_eq!((words.count, words.nulls, words.distinct), (3, 1, 2));
        assert_eq!((words.least.as_deref(), words.greatest.as_deref()), (Some("a"), Some("b")));
    }
}
