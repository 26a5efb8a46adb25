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

/// How many letters have to be added, dropped, replaced or swapped with their neighbour; beyond `most` the exact number is
/// of no interest.
fn distance(left: &str, right: &str, most: usize) -> usize {
    let right: Vec<char> = right.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    if left.chars().count().abs_diff(right.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    // The row and the letter before, for swapped neighbours.
    let mut earlier: Option<(Vec<usize>, char)> = None;
    for (above, letter) in left.chars().map(|letter| letter.to_ascii_lowercase()).enumerate() {
        let mut next = vec![above + 1];
        for (place, other) in right.iter().enumerate() {
            let cost = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let replaced = cost(&row, place) + usize::from(letter != *other);
            let mut least = replaced.min(cost(&row, place + 1) + 1).min(cost(&next, place) + 1);
            if let Some((earlier_row, earlier_letter)) = &earlier
                && let Some(before) = place.checked_sub(1)
                && right.get(before) == Some(&letter)
                && earlier_letter == other
            {
                least = least.min(cost(earlier_row, before) + 1);
            }
            next.push(least);
        }
        earlier = Some((std::mem::replace(&mut row, next), letter));
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
        assert_eq!(nearest("prodcuts", names), Some("products"));
        assert_eq!(nearest("emial", ["id", "email"]), Some("email"));
        assert_eq!(nearest("secrets", names), None);
        assert_eq!(nearest("x", names), None);
    }

    #[test]
    fn equal_distance_is_decided_by_the_alphabet() {
        assert_eq!(nearest("bat", ["cat", "bad"]), Some("bad"));
    }
}
