//! `portcullis audit`: whether the record is what was recorded.

use super::{CommandFailure, FileArgs, load, moment, put_together, remark, say};
use crate::config::{self, Config};
use crate::flow::checkpoint_file;
use crate::flow::export_chain::{Stretch, export_chain};
use crate::flow::verify_file::{FileVerdict, verify_file};
use crate::flow::verify_record::{Progress, Verdict, Wish, verify_record};
use crate::model::call::moment_of;
use crate::model::chain::{Follow, PublicKey, RecordKeys};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufReader, IsTerminal, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

#[derive(Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Subcommand)]
enum Deed {
    /// Hold every row of the record against its seal, and the seals against the checkpoints
    Verify(VerifyArgs),
    /// Write the record out as lines of JSON, with everything that proves it
    Export(ExportArgs),
    /// Print the public keys whose signatures are believed, the one that signs first
    Keys(FileArgs),
}

#[derive(Args)]
struct VerifyArgs {
    #[command(flatten)]
    config: FileArgs,
    /// Verify this file of `portcullis audit export`, without any database
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    file: Option<PathBuf>,
    /// Believe the signatures of this key (`portcullis audit keys`), for a file
    #[arg(long = "public-key", value_name = "KEY", requires = "file")]
    public_keys: Vec<PublicKey>,
    /// Rows since this moment: a date, or `2026-03-02T09:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    since: Option<OffsetDateTime>,
    /// Tell what was found as one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct ExportArgs {
    #[command(flatten)]
    config: FileArgs,
    /// Rows since this moment: a date, or `2026-03-02T09:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    since: Option<OffsetDateTime>,
    /// Rows before this moment
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    until: Option<OffsetDateTime>,
    /// Write into this file, which must not be there yet, and not to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) async fn run(args: AuditArgs) -> Result<(), CommandFailure> {
    match args.deed {
        Deed::Verify(args) => match &args.file {
            Some(file) => verify_a_file(file, &args),
            None => verify(&args).await,
        },
        Deed::Export(args) => export(&args).await,
        Deed::Keys(file) => {
            keys(&load(&file)?);
            Ok(())
        }
    }
}

async fn verify(args: &VerifyArgs) -> Result<(), CommandFailure> {
    let config = load(&args.config)?;
    let portcullis = put_together(&config)?;
    let witnesses = checkpoint_file::witnesses(&portcullis).await.map_err(CommandFailure::of)?;
    let wish = Wish { since: args.since, witnesses };
    let mut line = ProgressLine::new();
    let verified = verify_record(&portcullis, &wish, &config::shell_account(), |at| line.show(at)).await;
    line.end();
    let verdict = verified.map_err(CommandFailure::of)?;
    if args.json {
        say(in_json(&verdict));
    } else {
        in_words(&verdict);
    }
    ended(&verdict.follow)
}

fn verify_a_file(path: &Path, args: &VerifyArgs) -> Result<(), CommandFailure> {
    let named = |error: &dyn std::fmt::Display| CommandFailure::of(format!("`{}`: {error}", path.display()));
    let mut keys = RecordKeys::default();
    args.public_keys.iter().for_each(|key| keys.know(key.clone()));
    let file = File::open(path).map_err(|error| named(&error))?;
    let FileVerdict { follow, first, .. } =
        verify_file(BufReader::new(file), keys).map_err(|error| named(&error))?;
    let verdict = Verdict { follow, first, pending: Some(0) };
    if args.json {
        say(in_json(&verdict));
    } else {
        in_words(&verdict);
    }
    ended(&verdict.follow)
}

async fn export(args: &ExportArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.config)?)?;
    let stretch = Stretch { since: args.since, until: args.until };
    let actor = config::shell_account();
    let file = match &args.output {
        Some(path) => File::create_new(path)
            .map_err(|error| CommandFailure::of(format!("`{}`: {error}", path.display())))?,
        None => std::io::stdout().as_fd().try_clone_to_owned()?.into(),
    };
    let file = tokio::fs::File::from_std(file);
    let rows = export_chain(&portcullis, stretch, &actor, file).await.map_err(CommandFailure::of)?;
    remark(format_args!("{rows} row(s) written"));
    Ok(())
}

/// Fails where anything was found.
fn ended(follow: &Follow) -> Result<(), CommandFailure> {
    match follow.findings.first() {
        None => Ok(()),
        Some(first) => Err(CommandFailure::of(format!(
            "the record is not what was recorded ({} finding(s)), first of all: {first}",
            follow.found
        ))),
    }
}

fn in_words(verdict: &Verdict) {
    let follow = &verdict.follow;
    for finding in &follow.findings {
        say(format_args!("{}: {finding}", finding.code()));
    }
    let (first, last) = (verdict.first, follow.position());
    say(format_args!("seals {first} to {last}: {} row(s) are as they were sealed", follow.intact));
    if follow.dropped > 0 {
        say(format_args!("{} row(s) were dropped on purpose, as is stated", follow.dropped));
    }
    say(format_args!("everything before {} is closed", moment(moment_of(follow.horizon))));
    match verdict.pending {
        Some(0) => {}
        Some(pending) => say(format_args!("{pending} row(s) are younger, and wait for their seal")),
        None => say("older rows are still being sealed"),
    }
    match &follow.signed {
        Some(checkpoint) => say(format_args!(
            "{} checkpoint(s); the last good signature is of {} and vouches for {} row(s), {} came later",
            follow.checkpoints,
            moment(checkpoint.at),
            checkpoint.rows,
            follow.rows - checkpoint.rows,
        )),
        None if follow.is_keyless() => say(format_args!(
            "{} checkpoint(s), none of them checked by a key: none is known (record.key_file)",
            follow.checkpoints
        )),
        None => say("no checkpoint is there yet"),
    }
}

fn in_json(verdict: &Verdict) -> Value {
    let follow = &verdict.follow;
    let findings: Vec<Value> = follow
        .findings
        .iter()
        .map(|finding| {
            let row = finding.row();
            json!({
                "what": finding.code(),
                "table": row.map(|(relation, _)| relation.name()),
                "id": row.map(|(_, id)| id),
                "seal": finding.position(),
                "message": finding.to_string(),
            })
        })
        .collect();
    json!({
        "verified": follow.found == 0,
        "first_seal": verdict.first,
        "last_seal": follow.position(),
        "rows": follow.intact,
        "dropped": follow.dropped,
        "pending": verdict.pending,
        "closed_before": moment(moment_of(follow.horizon)),
        "checkpoints": follow.checkpoints,
        "signed_rows": follow.signed.as_ref().map(|checkpoint| checkpoint.rows),
        "signed_at": follow.signed.as_ref().map(|checkpoint| moment(checkpoint.at)),
        "found": follow.found,
        "findings": findings,
    })
}

fn keys(config: &Config) {
    let keys = &config.record.keys;
    if keys.known().is_empty() {
        remark("there is no key: the record is sealed, and nothing is signed");
    }
    for key in keys.known() {
        let signs = if keys.signing_id() == Some(key.id()) { "signs" } else { "is believed" };
        say(format_args!("{key} # {} {signs}", key.id()));
    }
}

fn parse_moment(text: &str) -> Result<OffsetDateTime, String> {
    let date = || time::Date::parse(text, &Iso8601::DATE).map(|date| date.midnight().assume_utc());
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| date())
        .map_err(|_| "write it like `2026-03-02` or `2026-03-02T09:00:00Z`".to_owned())
}

/// One line on a terminal that tells how far it is.
struct ProgressLine {
    is_shown: bool,
    told: Option<Instant>,
}

impl ProgressLine {
    const EACH: Duration = Duration::from_millis(200);

    fn new() -> Self {
        Self { is_shown: std::io::stderr().is_terminal(), told: None }
    }

    fn show(&mut self, Progress { position, of, rows }: Progress) {
        if self.is_shown && self.told.is_none_or(|told| told.elapsed() >= Self::EACH) {
            self.told = Some(Instant::now());
            let _ = write!(std::io::stderr(), "\rseal {position} of {of}, {rows} rows ");
        }
    }

    fn end(&self) {
        if self.told.is_some() {
            let _ = writeln!(std::io::stderr());
        }
    }
}
