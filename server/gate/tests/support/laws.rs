//! The laws that hold for every text, whoever wrote it.

#![allow(dead_code)]

use gate::{Policy, Surface, judge};

/// No bug of ours, and advice with each refusal. What is admitted prints itself and claims the same when it is judged
/// again; it is one statement of known words; it names nothing but the surface and the catalogue.
///
/// Tells whether `sql` was admitted.
#[track_caller]
pub(crate) fn hold(sql: &str, surface: &Surface, policy: &Policy) -> bool {
    let admitted = match judge(sql, surface, policy) {
        Ok(admitted) => admitted,
        Err(refusal) => {
            assert!(!refusal.is_our_fault(), "{sql}\n{refusal}");
            assert!(refusal.advice().len() <= 600 && !refusal.advice().is_empty(), "{sql}");
            return false;
        }
    };
    let text = admitted.text();
    let again = judge(text, surface, policy).unwrap_or_else(|refusal| panic!("{sql}\n{text}\n{refusal}"));
    assert_eq!(again.text(), text, "{sql}");
    assert_eq!(again.relations(), admitted.relations(), "{sql}");
    assert_eq!(again.columns(), admitted.columns(), "{sql}");
    assert_eq!(again.functions(), admitted.functions(), "{sql}");
    assert_eq!(again.outputs(), admitted.outputs(), "{sql}");
    assert_eq!(again.limit(), admitted.limit(), "{sql}");
    for relation in admitted.relations() {
        assert!(surface.lookup(Some(&relation.schema), &relation.name).is_some(), "{sql}");
    }
    for function in admitted.functions() {
        let bare = function.rsplit_once('.').map_or(function.as_str(), |(_, bare)| bare);
        let is_known = gate::allowed_functions().any(|(name, _)| name == function);
        assert!(is_known || policy.extension_functions.contains_key(bare), "{function} in {sql}");
    }
    known_words_only(text);
    true
}

/// Outside of quotes only the grammar's own words, digits and operators are left: no semicolon, no comment, no dollar.
fn known_words_only(text: &str) {
    const WORDS: &str = " select distinct on from where group by having window as and or not is null true false \
        unknown like ilike similar to escape between in any all case when then else end with materialized union \
        except intersect values limit offset order asc desc nulls first last join left right full cross using lateral \
        rollup cube grouping sets partition rows range groups unbounded preceding following current row over \
        filter within exists array cast interval year month day hour minute second collate coalesce nullif greatest \
        least current_date current_time current_timestamp localtime localtimestamp e recursive ordinality overlaps ";
    let mut word = String::new();
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '"' || c == '\'' {
            let escapes = c == '\'' && word == "E";
            while let Some(inside) = chars.next() {
                match inside {
                    '\\' if escapes => {
                        chars.next();
                    }
                    _ if inside == c && chars.peek() == Some(&c) => {
                        chars.next();
                    }
                    _ if inside == c => break,
                    _ => {}
                }
            }
            word.clear();
        } else if c.is_alphabetic() || c == '_' {
            word.push(c);
        } else {
            let known = word.is_empty() || WORDS.contains(&format!(" {} ", word.to_lowercase()));
            assert!(known, "`{word}` in {text}");
            assert!(c.is_ascii() && c != ';' && c != '$', "{text}");
            assert!(!matches!((before, c), ('-', '-') | ('/', '*')), "{text}");
            word.clear();
        }
        before = c;
    }
}
