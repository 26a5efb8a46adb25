//! `portcullis judge`: what the gate says about statements, without running anything.

use std::{
    error::Error,
    fmt, fs,
    io::{self, BufRead, Read, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use gate::{Column, Policy, Reason, Relation, Surface};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::{CommandFailure, FileArgs, load, put_together};
use crate::config::policy::RawPolicy;
use crate::flow::surface;
use crate::model::profile::ProfileName;

/// Judge statements from standard input, and say why
#[derive(Args, Clone, Debug)]
pub struct JudgeArgs {
    /// The profile whose surface and policy apply
    #[arg(long, value_name = "P", required_unless_present = "surface")]
    pub profile: Option<String>,
    /// Read lines {"id", "sql"} and write one verdict a line
    #[arg(long)]
    pub jsonl: bool,
    /// Take the readable tables and columns from a JSON file instead of a configuration and a database
    #[arg(long, value_name = "FILE")]
    pub surface: Option<PathBuf>,
}

/// Judges standard input. Verdicts are answers, so they never make the command fail; wrong arguments do.
pub(super) async fn run(args: &JudgeArgs, file: &FileArgs) -> Result<(), CommandFailure> {
    let unusable = |error: &dyn fmt::Display| CommandFailure::usage(error.to_string());
    if let Some(path) = &args.surface {
        let (surface, policy) = read_surface(path).map_err(|error| unusable(&error))?;
        return speak(&surface, &policy, args.jsonl);
    }
    let name: ProfileName =
        args.profile.as_deref().unwrap_or_default().parse().map_err(|error| unusable(&error))?;
    let portcullis = put_together(&load(file)?)?;
    let Some(profile) = portcullis.profiles().find(|profile| profile.name == name) else {
        return Err(CommandFailure::usage(format!("there is no profile `{name}` in the configuration")));
    };
    let reading = surface::surface(profile).await.map_err(CommandFailure::of)?;
    speak(&reading.surface, &profile.policy, args.jsonl)
}

fn speak(surface: &Surface, policy: &Policy, jsonl: bool) -> Result<(), CommandFailure> {
    match judge_lines(surface, policy, io::stdin().lock(), io::BufWriter::new(io::stdout().lock()), jsonl) {
        // Whoever read the verdicts has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        ended => Ok(ended?),
    }
}

/// Judges what `input` holds: one statement, or one on each line. A verdict is an answer, whatever it says; only
/// `input` and `output` can fail.
fn judge_lines(
    surface: &Surface,
    policy: &Policy,
    mut input: impl BufRead,
    mut output: impl Write,
    jsonl: bool,
) -> io::Result<()> {
    let mut line = Vec::new();
    if !jsonl {
        // One byte more than any statement may have, so that a longer one is seen to be too long.
        input.take(Policy::MOST_BYTES as u64 + 1).read_to_end(&mut line)?;
        return write_verdict(&mut output, &judge_bytes(&line, surface, policy));
    }
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            write_verdict(&mut output, &judge_line(&line, surface, policy))?;
        }
        line.clear();
    }
    output.flush()
}

/// Reads the tables and columns that a file of the form `{"search_path": [..], "relations": {"s.t": {"c": "type"}}}`
/// names, in its order, and the `"policy"` beside them, with the keys that a profile's policy has.
fn read_surface(path: &Path) -> Result<(Surface, Policy), SurfaceError> {
    let text = fs::read_to_string(path).map_err(SurfaceError::Unreadable)?;
    parse_surface(&text)
}

fn parse_surface(text: &str) -> Result<(Surface, Policy), SurfaceError> {
    let SurfaceFile { search_path, relations, policy: raw } =
        serde_json::from_str(text).map_err(SurfaceError::Malformed)?;
    let mut policy = Policy::default();
    let mut faults = Vec::new();
    raw.apply(&mut policy, &mut |key, message| faults.push(format!("policy.{key}: {message}")));
    if !faults.is_empty() {
        return Err(SurfaceError::Policy(faults));
    }
    let relations = relations
        .0
        .into_iter()
        .map(|(full_name, columns)| {
            let Some((schema, name)) = full_name.split_once('.') else {
                return Err(SurfaceError::Unqualified(full_name));
            };
            let columns = columns.0.into_iter().map(|(name, type_name)| Column { name, type_name }).collect();
            Ok(Relation { schema: schema.to_owned(), name: name.to_owned(), columns })
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok((Surface::new(search_path, relations), policy))
}

/// Why a file is no surface.
#[derive(Debug)]
enum SurfaceError {
    Unreadable(io::Error),
    Malformed(serde_json::Error),
    Unqualified(String),
    Policy(Vec<String>),
}

impl fmt::Display for SurfaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "the surface cannot be read: {error}"),
            Self::Malformed(error) => write!(f, "the surface is malformed: {error}"),
            Self::Policy(faults) => f.write_str(&faults.join("\n")),
            Self::Unqualified(name) => write!(f, "`{name}` has no schema; write schema.table"),
        }
    }
}

impl Error for SurfaceError {}

/// One verdict. Every key is there in every verdict.
#[derive(Serialize)]
struct Verdict {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    decision: &'static str,
    reason: Option<&'static str>,
    subject: Option<String>,
    advice: Option<String>,
    sql: Option<String>,
    relations: Vec<String>,
    functions: Vec<String>,
}

fn judge_line(line: &[u8], surface: &Surface, policy: &Policy) -> Verdict {
    let verdict = match serde_json::from_slice::<Value>(line) {
        Err(_) => {
            return Verdict {
                id: Some(Value::Null),
                ..unreadable("send lines of JSON: {\"id\": 1, \"sql\": \"SELECT 1\"}")
            };
        }
        Ok(value) => match value.get("sql").and_then(Value::as_str) {
            Some(sql) => (value.get("id").cloned(), judge(sql, surface, policy)),
            None => {
                (value.get("id").cloned(), unreadable("send the statement as a string under the key \"sql\""))
            }
        },
    };
    let (id, verdict) = verdict;
    Verdict { id: Some(id.unwrap_or_default()), ..verdict }
}

fn judge_bytes(bytes: &[u8], surface: &Surface, policy: &Policy) -> Verdict {
    match std::str::from_utf8(bytes) {
        Ok(sql) => judge(sql, surface, policy),
        // A text that was cut off for its length may end in the middle of a character.
        Err(error) if bytes.len() > Policy::MOST_BYTES && error.error_len().is_none() => {
            unreadable("send a shorter statement")
        }
        Err(_) => unreadable("send the statement as UTF-8"),
    }
}

fn judge(sql: &str, surface: &Surface, policy: &Policy) -> Verdict {
    match gate::judge(sql, surface, policy) {
        Ok(admitted) => Verdict {
            id: None,
            decision: "allow",
            reason: None,
            subject: None,
            advice: None,
            sql: Some(admitted.text().to_owned()),
            relations: admitted.relations().iter().map(ToString::to_string).collect(),
            functions: admitted.functions().to_vec(),
        },
        Err(refusal) => Verdict {
            advice: Some(refusal.advice().into_owned()),
            subject: refusal.subject,
            ..rejected(refusal.reason)
        },
    }
}

fn unreadable(advice: &str) -> Verdict {
    Verdict { advice: Some(advice.to_owned()), ..rejected(Reason::ParseError) }
}

fn rejected(reason: Reason) -> Verdict {
    Verdict {
        id: None,
        decision: "reject",
        reason: Some(reason.code()),
        subject: None,
        advice: None,
        sql: None,
        relations: Vec::new(),
        functions: Vec::new(),
    }
}

fn write_verdict(output: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
    serde_json::to_writer(&mut *output, verdict)?;
    output.write_all(b"\n")?;
    output.flush()
}

#[derive(Deserialize)]
struct SurfaceFile {
    search_path: Vec<String>,
    relations: Ordered<Ordered<String>>,
    #[serde(default)]
    policy: RawPolicy,
}

/// The members of a JSON object in the order of the file: that of a table's columns.
struct Ordered<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(Vec<(String, T)>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<Self::Value, M::Error> {
                while let Some(member) = map.next_entry()? {
                    self.0.push(member);
                }
                Ok(Ordered(self.0))
            }
        }

        deserializer.deserialize_map(Members(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(input: &[u8], jsonl: bool) -> Vec<Value> {
        let column = Column { name: "id".to_owned(), type_name: "bigint".to_owned() };
        let orders =
            Relation { schema: "public".to_owned(), name: "orders".to_owned(), columns: vec![column] };
        let surface = Surface::new(vec!["public".to_owned()], [orders]);
        let mut output = Vec::new();
        judge_lines(&surface, &Policy::default(), input, &mut output, jsonl).unwrap();
        String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn one_statement_gives_one_verdict_with_all_keys() {
        let [verdict] = &*verdicts(b"select abs(id) from orders", false) else { panic!("not one verdict") };
        assert_eq!(verdict["decision"], "allow");
        assert_eq!(verdict["relations"], serde_json::json!(["public.orders"]));
        assert_eq!(verdict["functions"], serde_json::json!(["abs"]));
        let keys: Vec<_> = verdict.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["decision", "reason", "subject", "advice", "sql", "relations", "functions"]);
    }

    #[test]
    fn every_line_gives_a_verdict_with_its_id() {
        let lines = b"{\"id\": 7, \"sql\": \"select 1\"}\nnot json\n{\"id\": \"x\", \"sql\": \"select token from secrets\"}\n";
        let verdicts = verdicts(lines, true);
        let seen: Vec<_> = verdicts.iter().map(|verdict| (&verdict["id"], &verdict["reason"])).collect();
        assert_eq!(
            serde_json::json!(seen),
            serde_json::json!([[7, null], [null, "parse_error"], ["x", "disallowed_table"]])
        );
    }

    #[test]
    fn a_surface_may_bring_a_policy() {
        let surface = |policy: &str| {
            parse_surface(&format!(
                "{{\"search_path\": [\"public\"], \"relations\": {{\"public.a\": {{\"x\": \"int\"}}}}{policy}}}"
            ))
        };
        let open = ", \"policy\": {\"select_star\": \"expand\", \"offset\": \"allow\", \"set_returning\": [\"unnest\"], \
             \"table_functions\": \"allow\", \"recursion_steps\": 20, \"extension_functions\": {\"similarity\": \"ext\"}}";
        let (tables, policy) = surface(open).unwrap();
        for sql in
            ["select * from a offset 1", "select u from unnest(array[1]) u", "select similarity('a', 'b')"]
        {
            assert!(gate::judge(sql, &tables, &policy).is_ok(), "{sql}");
            assert!(gate::judge(sql, &tables, &surface("").unwrap().1).is_err(), "{sql}");
        }
        let wrong = ", \"policy\": {\"offset\": \"yes\", \"set_returning\": [\"pg_ls_dir\"], \
             \"extension_functions\": {\"dblink\": \"ext\", \"lower\": \"ext\", \"f\": \"pg_catalog\"}, \
             \"extension_operators\": {\"=\": \"ext\"}}";
        let faults = surface(wrong).unwrap_err().to_string();
        let keys: Vec<&str> = faults.lines().map(|line| line.split_once(": ").unwrap().0).collect();
        assert_eq!(
            keys,
            [
                "policy.offset",
                "policy.set_returning[0]",
                "policy.extension_functions.\"f\"",
                "policy.extension_functions.\"dblink\"",
                "policy.extension_functions.\"lower\"",
                "policy.extension_operators.\"=\"",
            ],
            "{faults}"
        );
        assert!(surface(", \"policy\": {\"ofset\": \"allow\"}").is_err());
    }

    #[test]
    fn what_is_not_utf8_is_a_parse_error() {
        assert_eq!(verdicts(b"select '\xff'", false)[0]["reason"], "parse_error");
    }
}
