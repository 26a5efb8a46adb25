//! Writes what a fuzzer starts from: each statement of the test corpora as a file, and the words that matter.
//!
//! `cargo run -p gate --example seeds -- FOLDER` makes `FOLDER/judge/`, `FOLDER/printer/` and `FOLDER/words`.

#![allow(clippy::string_slice)]

use std::{collections::BTreeSet, env, fs, io, path::Path};

use serde_json::Value;

fn main() -> io::Result<()> {
    let Some(folder) = env::args().nth(1) else {
        return Err(io::Error::other("usage: seeds FOLDER"));
    };
    let (folder, tests) = (Path::new(&folder), Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let mut statements = BTreeSet::new();
    for file in files(&tests.join("corpus"), "jsonl")? {
        let text = fs::read_to_string(file)?;
        let cases = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        statements.extend(cases.filter_map(|case| case.get("sql")?.as_str().map(str::to_owned)));
    }
    for name in ["tpch", "tpcds", "rides"] {
        for file in files(&tests.join("benchmarks").join(name), "sql")? {
            statements.extend(fs::read_to_string(file)?.split(";\n").map(str::to_owned));
        }
    }
    for file in files(&tests.join("spec"), "md")? {
        let text = fs::read_to_string(file)?;
        statements.extend(text.split("```sql\n").skip(1).filter_map(|rest| {
            let (statement, _) = rest.split_once("```")?;
            Some(statement.trim().to_owned())
        }));
    }
    fs::create_dir_all(folder.join("judge"))?;
    fs::create_dir_all(folder.join("printer"))?;
    for (number, statement) in statements.iter().enumerate() {
        fs::write(folder.join("judge").join(format!("seed-{number:04}")), statement)?;
        // The printer's target reads the number of a generated statement, and then what to exchange in it.
        let number = u32::try_from(number).unwrap_or_default();
        fs::write(folder.join("printer").join(format!("seed-{number:04}")), number.to_le_bytes())?;
    }
    fs::write(folder.join("words"), dictionary(&statements))
}

fn files(folder: &Path, extension: &str) -> io::Result<Vec<std::path::PathBuf>> {
    let all = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let all: Vec<_> = all.collect::<io::Result<_>>()?;
    Ok(all.into_iter().filter(|path| path.extension().is_some_and(|each| each == extension)).collect())
}

/// Each word and each run of signs that the statements use, and the functions, as libFuzzer reads them.
fn dictionary(statements: &BTreeSet<String>) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_sign = |c: char| c.is_ascii_punctuation() && c != '_' && c != '"' && c != '\\';
    let mut words: BTreeSet<String> = gate::allowed_functions().map(|(name, _)| name.to_owned()).collect();
    for statement in statements {
        words.extend(statement.split(|c: char| !is_name(c)).map(str::to_lowercase));
        words.extend(statement.split(|c: char| !is_sign(c)).map(str::to_owned));
    }
    let wanted = words.into_iter().filter(|word| (1..=24).contains(&word.len()));
    wanted.fold(String::new(), |lines, word| lines + "\"" + &word + "\"\n")
}
