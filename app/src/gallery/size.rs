//! What a page may weigh.

#[test]
fn the_stylesheet_is_light() {
    let style = include_str!("../../../style/main.css");
    assert!(style.len() <= 25 * 1024, "{}", style.len());
}
