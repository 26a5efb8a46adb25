//! PostgreSQL's own parser finds in a printed text what the gate claims, and nothing else.

use gate::{Meaning, judge_and_explain};

#[test]
fn the_statements_of_all_files_are_read_as_they_are_meant() {
    let tally = differential::written();
    println!("{tally}");
    assert_eq!(tally.wrong, 0, "{tally}");
    assert!(tally.admitted > 1_000, "{tally}");
}

#[test]
fn generated_statements_are_read_as_they_are_meant() {
    let tally = differential::generated(0..20_000);
    println!("{tally}");
    assert_eq!(tally.wrong, 0, "{tally}");
    assert_eq!(tally.admitted, tally.judged, "{tally}");
}

/// The comparison is worth something only if it fails where it must.
#[test]
fn each_kind_of_difference_is_noticed() {
    let sql = "select lower(name) || 'x', id::text from customers";
    let (admitted, meant) = judge_and_explain(sql, &differential::shop(), &differential::policy()).unwrap();
    assert_eq!(differential::compare(&admitted, &meant), Ok(()));
    let lists: [fn(&mut Meaning) -> &mut Vec<String>; 4] = [
        |meaning| &mut meaning.functions,
        |meaning| &mut meaning.types,
        |meaning| &mut meaning.operators,
        |meaning| &mut meaning.literals,
    ];
    for list in lists {
        let mut less = meant.clone();
        assert!(list(&mut less).pop().is_some());
        assert!(differential::compare(&admitted, &less).is_err(), "{less:?}");
    }
    let (other, _) =
        judge_and_explain("select 1 from orders", &differential::shop(), &differential::policy()).unwrap();
    assert!(differential::compare(&other, &meant).is_err());
}
