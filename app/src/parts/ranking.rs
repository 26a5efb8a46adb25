//! Names with their counts, the largest first, as bars.

use super::blocks::empty;
use super::chart::bar;
use super::number::grouped;
use super::table::{Column, table};
use super::text::line;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    pub name: String,
    pub count: u64,
    /// The calls behind the count.
    pub href: String,
}

impl Ranked {
    #[must_use]
    pub fn samples() -> Vec<Self> {
        [("public.orders", 412), ("public.customers", 198), ("public.order_items", 31)]
            .map(|(name, count)| Self {
                name: name.to_owned(),
                count,
                href: format!("/audit/queries?relation={name}"),
            })
            .to_vec()
    }
}

#[must_use]
pub fn ranking(
    caption: &'static str,
    name: &'static str,
    count: &'static str,
    ranked: Vec<Ranked>,
) -> AnyView {
    if ranked.is_empty() {
        return empty("Nothing in this time", "Choose a longer one, or wait until somebody asks.");
    }
    let largest = ranked.iter().map(|one| one.count).max().unwrap_or_default();
    let cells = |one: Ranked| {
        let name = view! { <a href=one.href>{line(&one.name, 130)}</a>{bar(one.count, largest)} };
        vec![name.into_any(), grouped(one.count).into_any()]
    };
    let columns = [Column::plain(name), Column::number(count)];
    table(caption, &columns, ranked.into_iter().map(cells).collect())
}
