//! The relations of a profile, with their columns folded.

use crate::parts::number::{counted, grouped};
use crate::parts::text::line;
use crate::parts::{Column, Statement, empty, sql_text, table};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurfaceRelation {
    /// With its schema: `public.orders`.
    pub name: String,
    /// `table`, `view`, `materialized view`, `foreign table`.
    pub kind: String,
    pub estimated_rows: Option<u64>,
    pub comment: Option<String>,
    /// Of a view that the profile declares: the relation behind it, and the condition that its rows fulfil.
    pub view: Option<DeclaredView>,
    /// The columns that can be read, in their order.
    pub columns: Vec<SurfaceColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredView {
    pub source: String,
    /// SQL, as the operator wrote it; without one every row is shown.
    pub condition: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurfaceColumn {
    pub name: String,
    pub sort: String,
    /// `primary key`, `references public.customers (id)`.
    pub key: Option<String>,
    pub comment: Option<String>,
}

pub(super) fn sample() -> Vec<SurfaceRelation> {
    let column = |name: &str, sort: &str, key: Option<&str>| SurfaceColumn {
        name: name.to_owned(),
        sort: sort.to_owned(),
        key: key.map(ToOwned::to_owned),
        comment: None,
    };
    let id = column("id", "bigint", Some("primary key"));
    vec![
        SurfaceRelation {
            name: "public.orders".to_owned(),
            kind: "table".to_owned(),
            estimated_rows: Some(1_240_000),
            comment: Some("One row per order, cancelled ones too".to_owned()),
            view: None,
            columns: vec![
                id.clone(),
                column("customer_id", "bigint", Some("references public.customers (id)")),
                column("placed_at", "timestamp with time zone", None),
                column("total", "numeric(12,2)", None),
            ],
        },
        SurfaceRelation {
            name: "public.customers".to_owned(),
            kind: "table".to_owned(),
            estimated_rows: Some(38_400),
            comment: None,
            view: None,
            columns: vec![id, column("name", "text", None), column("city", "text", None)],
        },
        SurfaceRelation {
            name: "public.revenue_by_month".to_owned(),
            kind: "view".to_owned(),
            estimated_rows: None,
            comment: Some("Net of returns".to_owned()),
            view: None,
            columns: vec![column("month", "date", None), column("net", "numeric", None)],
        },
        SurfaceRelation {
            name: "analyst.my_sales".to_owned(),
            kind: "view".to_owned(),
            estimated_rows: None,
            comment: None,
            view: Some(DeclaredView {
                source: "public.sales".to_owned(),
                condition: Some("seller = current_setting('portcullis.person', true)".to_owned()),
            }),
            columns: vec![column("id", "bigint", None), column("amount", "numeric", None)],
        },
    ]
}

pub(super) fn table_of(relations: Vec<SurfaceRelation>) -> AnyView {
    if relations.is_empty() {
        return empty("Nothing is open", "Its holders can connect an agent, but every statement is refused.");
    }
    let heads = [
        Column::plain("Relation"),
        Column::text("Kind"),
        Column::number("Rows, about"),
        Column::plain("Columns"),
    ];
    let rows = relations
        .into_iter()
        .map(|relation| {
            let comment =
                relation.comment.map(|comment| view! { <span class="quiet">{line(&comment, 200)}</span> });
            vec![
                view! { <div><strong>{line(&relation.name, 130)}</strong>{comment}{relation.view.map(DeclaredView::show)}</div> }
                    .into_any(),
                relation.kind.into_any(),
                relation.estimated_rows.map_or_else(|| "–".to_owned(), grouped).into_any(),
                columns(relation.columns),
            ]
        })
        .collect();
    table("Relations", &heads, rows)
}

impl DeclaredView {
    fn show(self) -> AnyView {
        let rows = match self.condition {
            Some(condition) => sql_text(Statement { sql: format!("where {condition}"), whole: None }),
            None => view! { <span class="quiet">"every row"</span> }.into_any(),
        };
        view! { <span class="quiet">{format!("of {}", line(&self.source, 130))}</span>{rows} }.into_any()
    }
}

fn columns(columns: Vec<SurfaceColumn>) -> AnyView {
    let told = counted(columns.len() as u64, "column", "columns");
    let lines: Vec<_> = columns
        .into_iter()
        .map(|column| {
            let key = column.key.map(|key| format!(" · {}", line(&key, 160)));
            let comment = column.comment.map(|comment| format!(" · {}", line(&comment, 200)));
            let quiet = format!(
                "{}{}{}",
                line(&column.sort, 80),
                key.unwrap_or_default(),
                comment.unwrap_or_default()
            );
            view! { <li><code>{line(&column.name, 64)}</code>" "<span>{quiet}</span></li> }
        })
        .collect();
    view! { <details class="inside"><summary>{told}</summary><ul>{lines}</ul></details> }.into_any()
}
