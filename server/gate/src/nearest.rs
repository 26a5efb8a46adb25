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

/// How many letters have to be added, dropped or replaced; beyond `most` the exact number is of no interest.
fn distance(left: &str, right: &str, most: usize) -> usize {
    let right: Vec<char> = right.chars().collect();
    if left.chars().count().abs_diff(right.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        let mut diagonal = above;
        let mut before = above + 1;
        let mut next = vec![before];
        for (other, &up) in right.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(!letter.eq_ignore_ascii_case(other));
            before = replaced.min(up + 1).min(before + 1);
            diagonal = up;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood() {
        let names = ["customers", "orders", "order_items", "products"];
        assert_eq!(nearest("custmers", names), Some("customers"));
        assert_eq!(nearest("order", names), Some("orders"));
        assert_eq!(nearest("secrets", names), None);
        assert_eq!(nearest("x", names), None);
    }

    #[test]
    fn equal_distance_is_decided_by_the_alphabet() {
        assert_eq!(nearest("bat", ["cat", "bad"]), Some("bad"));
    }
}
