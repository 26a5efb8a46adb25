//! What a page may weigh.

use crate::parts::CallRow;
use crate::queries::{QueriesModel, QueriesPage};
use leptos::prelude::*;

#[test]
fn the_stylesheet_is_light() {
    let style = include_str!("../../../style/main.css");
    assert!(style.len() <= 25 * 1024, "{}", style.len());
}

#[test]
fn a_page_of_fifty_long_statements_is_light() {
    let sql = "select o.id, 'x' as mark, 12.5 as rate from \"orders\" o where o.total between 1 and 200 and "
        .repeat(200);
    let row = CallRow {
        asked: Some(sql),
        reason: Some("disallowed_construct".to_owned()),
        ..CallRow::samples().remove(0)
    };
    let model = QueriesModel { rows: vec![row; 50], ..QueriesModel::sample() };
    let html = Owner::new().with(|| QueriesPage(model).to_html());
    assert!(html.len() <= 60 * 1024, "{}", html.len());
}
