//! `portcullis retention`: which months need not be kept any longer; and the same, exported and dropped.

use super::{CommandFailure, FileArgs, load, moment, put_together, remark, say};
use crate::config;
use crate::flow::Portcullis;
use crate::flow::export_chain::{Stretch, export_chain};
use crate::flow::retain::{Old, drop_old, old};
use crate::flow::verify_file::verify_file;
use crate::model::call::moment_of;
use clap::Args;
use std::io::BufReader;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct RetentionArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Drop them, as `store.owner_url`
    #[arg(long)]
    apply: bool,
    /// Write them into a file of this folder first, and verify it before anything is dropped
    #[arg(long, value_name = "FOLDER", requires = "apply")]
    export: Option<PathBuf>,
}

pub(super) async fn run(args: &RetentionArgs) -> Result<(), CommandFailure> {
    let config = load(&args.file)?;
    let Some(keep) = config.retention else {
        remark("everything is kept: the configuration has no `retention.keep`");
        return Ok(());
    };
    let portcullis = put_together(&config)?;
    let Some(old) = old(&portcullis, keep).await.map_err(CommandFailure::of)? else {
        remark("no month ended so long ago");
        return Ok(());
    };
    for partition in &old.partitions {
        say(format_args!("{}: about {} row(s)", partition.name, partition.rows));
    }
    let border = moment(moment_of(old.border));
    if !args.apply {
        remark(format_args!("everything before {border} could be dropped: `portcullis retention --apply`"));
        return Ok(());
    }
    let actor = config::shell_account();
    if let Some(folder) = &args.export {
        export(&portcullis, &old, folder, &actor).await?;
    }
    let retained =
        drop_old(&portcullis, &config.store.owner, &old, &actor).await.map_err(CommandFailure::of)?;
    remark(format_args!("{} row(s) from before {border} were dropped, and it is on record", retained.rows));
    Ok(())
}

/// Writes what will be dropped into a file, reads it back, and holds it against its seals.
async fn export(
    portcullis: &Portcullis,
    old: &Old,
    folder: &Path,
    actor: &str,
) -> Result<(), CommandFailure> {
    let until = moment_of(old.border);
    let path = folder.join(format!("record-before-{}.ndjson", until.date()));
    let named = |error: &dyn std::fmt::Display| CommandFailure::of(format!("`{}`: {error}", path.display()));
    let file = tokio::fs::File::create_new(&path).await.map_err(|error| named(&error))?;
    let kept = file.try_clone().await.map_err(|error| named(&error))?;
    let stretch = Stretch { since: None, until: Some(until) };
    let rows = export_chain(portcullis, stretch, actor, file).await.map_err(|error| named(&error))?;
    kept.sync_all().await.map_err(|error| named(&error))?;
    let file = std::fs::File::open(&path).map_err(|error| named(&error))?;
    let verdict = verify_file(BufReader::new(file), portcullis.record_keys().clone());
    if let Some(finding) = verdict.map_err(|error| named(&error))?.follow.findings.first() {
        return Err(named(finding));
    }
    remark(format_args!("{rows} row(s) written to `{}`, and verified", path.display()));
    Ok(())
}
