#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]
use gate::*;
use std::io::BufRead;
fn main() {
    let path = std::env::args().nth(1).unwrap_or("/work/shared/corpus/surface.json".into());
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let sp = json["search_path"].as_array().unwrap().iter().map(|x| x.as_str().unwrap().to_owned()).collect();
    let rels = json["relations"].as_object().unwrap().iter().map(|(n, c)| { let (s, n) = n.split_once('.').unwrap();
        Relation { schema: s.into(), name: n.into(), columns: c.as_object().unwrap().iter().map(|(a, b)| Column { name: a.clone(), type_name: b.as_str().unwrap().into() }).collect() } }).collect::<Vec<_>>();
    let surface = Surface::new(sp, rels);
    let mut policy = Policy::default();
    if std::env::var("STAR").is_ok() { policy.select_star = SelectStar::Expand; }
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let v: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| serde_json::json!({"id": "x", "sql": line}));
        let sql = v["sql"].as_str().unwrap();
        let out = match judge(sql, &surface, &policy) {
            Ok(a) => serde_json::json!({"id": v["id"], "raw": sql, "ok": true, "sql": a.text(), "outputs": a.outputs(), "functions": a.functions(), "relations": a.relations().iter().map(|r| r.to_string()).collect::<Vec<_>>()}),
            Err(r) => serde_json::json!({"id": v["id"], "raw": sql, "ok": false, "reason": r.reason.code(), "message": r.to_string(), "at": r.at.map(|p| p.to_string()), "advice": r.advice(), "bug": r.is_our_fault()}),
        };
        println!("{out}");
    }
}
