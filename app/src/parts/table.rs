//! A table. On a narrow screen each row of many columns becomes a card, and each value is told by the name of its column.

use leptos::prelude::*;

/// One column: what it is called, and how its cells are set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    name: &'static str,
    class: Option<&'static str>,
    /// On a card the value says by itself what it is.
    speaks: bool,
    sort: Option<Sort>,
}

/// The link that sorts by a column, and whether the table is sorted by it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    pub href: String,
    pub order: Option<Order>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

impl Column {
    #[must_use]
    pub fn text(name: &'static str) -> Self {
        Self { name, class: None, speaks: false, sort: None }
    }

    #[must_use]
    pub fn number(name: &'static str) -> Self {
        Self { class: Some("num"), ..Self::text(name) }
    }

    /// A value that needs no name on a card, like a moment or a statement.
    #[must_use]
    pub fn plain(name: &'static str) -> Self {
        Self { speaks: true, ..Self::text(name) }
    }

    /// How it stands with the row: on a card it stands at the top.
    #[must_use]
    pub fn state(name: &'static str) -> Self {
        Self { class: Some("state"), ..Self::plain(name) }
    }

    /// The buttons at the end of a row.
    #[must_use]
    pub fn acts(name: &'static str) -> Self {
        Self { class: Some("end"), ..Self::plain(name) }
    }

    #[must_use]
    pub fn sorted(self, sort: Sort) -> Self {
        Self { sort: Some(sort), ..self }
    }

    fn head(&self) -> AnyView {
        let (name, class) = (self.name, self.class);
        match self.sort.clone() {
            None if class == Some("end") => {
                view! { <th scope="col"><span class="unseen">{name}</span></th> }.into_any()
            }
            None => view! { <th scope="col" class=class>{name}</th> }.into_any(),
            Some(Sort { href, order }) => {
                let sort = match order {
                    None => "none",
                    Some(Order::Ascending) => "ascending",
                    Some(Order::Descending) => "descending",
                };
                view! { <th scope="col" class=class aria-sort=sort><a href=href>{name}</a></th> }.into_any()
            }
        }
    }
}

/// Draws the table; `caption` is for those who cannot see what stands above it. The first cell names its row.
#[must_use]
pub fn table(caption: &'static str, columns: &[Column], rows: Vec<Vec<AnyView>>) -> AnyView {
    let heads: Vec<_> = columns.iter().map(Column::head).collect();
    let rows: Vec<_> = rows.into_iter().map(|cells| row(columns, cells)).collect();
    // A few columns find room everywhere.
    let class = if columns.len() <= 3 { "few" } else { "many" };
    view! {
        <table class=class>
            <caption class="unseen">{caption}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(columns: &[Column], cells: Vec<AnyView>) -> AnyView {
    let cells: Vec<_> = columns
        .iter()
        .zip(cells)
        .enumerate()
        .map(|(n, (column, cell))| {
            let label = (!column.speaks).then_some(column.name);
            let class = column.class;
            if n == 0 {
                view! { <th scope="row" class=class data-label=label>{cell}</th> }.into_any()
            } else {
                view! { <td class=class data-label=label>{cell}</td> }.into_any()
            }
        })
        .collect();
    view! { <tr>{cells}</tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{Column, Order, Sort, table};
    use leptos::prelude::*;

    #[test]
    fn the_order_is_told() {
        let sort = Sort { href: "?sort=rows".to_owned(), order: Some(Order::Descending) };
        let columns = [Column::text("Person"), Column::number("Rows").sorted(sort)];
        let row = vec!["ada".into_any(), "12".into_any()];
        let html = Owner::new().with(|| table("Usage", &columns, vec![row]).to_html());
        assert!(html.contains("aria-sort=\"descending\"") && html.contains("href=\"?sort=rows\""), "{html}");
        assert!(html.contains("scope=\"row\"") && html.contains("data-label=\"Rows\""), "{html}");
    }
}
