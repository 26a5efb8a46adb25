//! What every page must hold.

use super::{attribute, pages, tags};

#[test]
fn every_page_has_one_heading_and_one_main_part() {
    for (name, html) in pages() {
        assert_eq!(tags(&html, "h1").count(), 1, "{name}: {html}");
        assert_eq!(tags(&html, "main").count(), 1, "{name}: {html}");
    }
}

#[test]
fn no_page_has_a_script_or_a_style_of_its_own() {
    for (name, html) in pages() {
        for forbidden in ["<script", "<style", " style=", " onclick", "javascript:", "<iframe"] {
            assert!(!html.contains(forbidden), "{name}: {forbidden}: {html}");
        }
    }
}

#[test]
fn every_control_has_a_label() {
    for (name, html) in pages() {
        let controls = ["input", "select", "textarea"].into_iter().flat_map(|element| tags(&html, element));
        for control in controls.filter(|tag| attribute(tag, "type") != Some("hidden")) {
            let labelled = match attribute(control, "id") {
                Some(id) => html.contains(&format!("<label for=\"{id}\"")),
                // A choice of consent stands inside its label.
                None => html.split("<label").any(|label| {
                    label.split("</label>").next().is_some_and(|inside| inside.contains(control))
                }),
            };
            assert!(labelled, "{name}: {control}");
            if attribute(control, "type").is_some_and(|kind| !matches!(kind, "checkbox" | "radio")) {
                assert!(attribute(control, "autocomplete").is_some(), "{name}: {control}");
            }
            for described in attribute(control, "aria-describedby").unwrap_or_default().split_whitespace() {
                assert_eq!(html.matches(&format!(" id=\"{described}\"")).count(), 1, "{name}: {described}");
            }
        }
    }
}

#[test]
fn every_id_is_there_once() {
    for (name, html) in pages() {
        for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}: {id}");
        }
    }
}

#[test]
fn a_form_bears_the_token_or_only_narrows_a_list() {
    for (name, html) in pages() {
        for form in html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
            if form.starts_with(" method=\"get\"") {
                let before = html.split(form).next().unwrap_or_default();
                assert!(before.contains("class=\"filter\"") && !form.contains("csrf"), "{name}: {form}");
            } else {
                assert!(form.starts_with(" method=\"post\" action=\"/"), "{name}: {form}");
                assert_eq!(form.matches("name=\"csrf\" value=\"dG9rZW4\"").count(), 1, "{name}: {form}");
            }
        }
    }
}

#[test]
fn every_table_names_its_columns_and_rows() {
    for (name, html) in pages() {
        for table in html.split("<table").skip(1).filter_map(|rest| rest.split("</table>").next()) {
            assert!(table.contains("<caption"), "{name}: {table}");
            assert!(tags(table, "th").count() > 0, "{name}: {table}");
            assert!(tags(table, "th").all(|head| attribute(head, "scope").is_some()), "{name}: {table}");
        }
    }
}

#[test]
fn every_drawing_is_told_or_is_an_ornament() {
    for (name, html) in pages() {
        for drawing in tags(&html, "svg") {
            let is_told =
                attribute(drawing, "role") == Some("img") && attribute(drawing, "aria-label").is_some();
            assert!(is_told || attribute(drawing, "aria-hidden") == Some("true"), "{name}: {drawing}");
        }
    }
}
