//! The nearest known name to a misspelt one.

/// Of `names` the one that differs from `wanted` in the fewest letters, if it is near enough to be meant.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (wanted.chars().count() / 3).clamp(1, 3);
    names
        .into_iter()
        .map(|name| (distance(wanted, name, most), name))
        .filter(|&(distance, _)| distance <= most)
        .min()
        .map(|(_, name)| name)
}

/// How many letters have to be added, dropped, replaced or swapped with their neighbour; beyond `most` the exact
/// number is of no interest.
fn distance(left: &str, right: &str, most: usize) -> usize {
    let letters = |text: &str| text.chars().map(|letter| letter.to_ascii_lowercase()).collect::<Vec<_>>();
    let (left, right) = (letters(left), letters(right));
    if left.len().abs_diff(right.len()) > most {
        return most + 1;
    }
    let (mut two_above, mut above): (Vec<usize>, Vec<usize>) = (vec![], (0..=right.len()).collect());
    for (row, &letter) in left.iter().enumerate() {
        let mut here = vec![row + 1];
        for (column, &other) in right.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&above, column) + usize::from(letter != other);
            let mut least = replaced.min(at(&above, column + 1) + 1).min(at(&here, column) + 1);
            let swapped = row > 0
                && column > 0
                && left.get(row - 1) == Some(&other)
                && right.get(column - 1) == Some(&letter);
            if swapped {
                least = least.min(at(&two_above, column - 1) + 1);
            }
            here.push(least);
        }
        two_above = std::mem::replace(&mut above, here);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood() {
        let names = ["customers", "orders", "order_items", "products"];
        assert_eq!(nearest("custmers", names), Some("customers"));
        assert_eq!(nearest("order", names), Some("orders"));
        assert_eq!(nearest("cutsomers", names), Some("customers"));
        assert_eq!(nearest("secrets", names), None);
        assert_eq!(nearest("x", names), None);
    }

    #[test]
    fn equal_distance_is_decided_by_the_alphabet() {
        assert_eq!(nearest("bat", ["cat", "bad"]), Some("bad"));
    }
}
