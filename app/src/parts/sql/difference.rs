//! Which tokens of one statement another one has not: the longest common sequence, within bounds.

use super::token::{Kind, Token};

/// The most pairs of tokens that are compared; beyond it nobody could follow the marks anyway.
const MOST_PAIRS: usize = 1_000_000;

/// For each token of `ours` whether `theirs` lacks it; `None` where the two are too long to be compared.
pub(super) fn differing(ours: &[Token<'_>], theirs: &[Token<'_>]) -> Option<Vec<bool>> {
    let words = |tokens: &[Token<'_>]| -> Vec<(usize, String)> {
        let said = tokens.iter().enumerate().filter(|(_, token)| token.kind != Kind::Space);
        said.map(|(at, token)| (at, token.folded())).collect()
    };
    let (ours_said, theirs_said) = (words(ours), words(theirs));
    if ours_said.len().checked_mul(theirs_said.len())? > MOST_PAIRS {
        return None;
    }
    let mut marks = vec![false; ours.len()];
    for at in lacking(&ours_said, &theirs_said) {
        if let Some(mark) = marks.get_mut(at) {
            *mark = true;
        }
    }
    Some(marks)
}

/// The places in `ours` that are not part of the longest common sequence.
fn lacking(ours: &[(usize, String)], theirs: &[(usize, String)]) -> Vec<usize> {
    let width = theirs.len() + 1;
    // lengths[i * width + j]: how long a sequence ours[i..] and theirs[j..] share.
    let mut lengths = vec![0_u32; (ours.len() + 1) * width];
    let at = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or_default();
    for (i, (_, our)) in ours.iter().enumerate().rev() {
        for (j, (_, their)) in theirs.iter().enumerate().rev() {
            let length = if our == their {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(slot) = lengths.get_mut(i * width + j) {
                *slot = length;
            }
        }
    }
    let mut lacking = Vec::new();
    let mut j = 0;
    for (i, (place, our)) in ours.iter().enumerate() {
        while j < theirs.len() && at(&lengths, i, j + 1) == at(&lengths, i, j) {
            j += 1;
        }
        if theirs.get(j).is_some_and(|(_, their)| their == our) {
            j += 1;
        } else {
            lacking.push(*place);
        }
    }
    lacking
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::differing;

    fn lacking(ours: &str, theirs: &str) -> Vec<String> {
        let (ours, theirs) = (tokens(ours), tokens(theirs));
        let marks = differing(&ours, &theirs).expect("short enough");
        ours.iter().zip(marks).filter(|(_, mark)| *mark).map(|(token, _)| token.text.to_owned()).collect()
    }

    #[test]
    fn only_what_is_lacking_is_told() {
        assert!(lacking("SELECT  A", "select \"a\"").is_empty());
        assert_eq!(lacking("select a from t limit 11", "select a from t"), ["limit", "11"]);
        assert_eq!(lacking("select a, b", "select b, a"), [",", "b"]);
        assert_eq!(lacking("a b c", ""), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_too_long_is_not_compared() {
        let long = "a ".repeat(2_000);
        assert!(differing(&tokens(&long), &tokens(&long)).is_none());
    }
}
