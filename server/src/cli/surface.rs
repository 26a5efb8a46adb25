//! `portcullis surface`: what agents could read when somebody last looked, kept in a file for git.

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::flow::surface_lock::survey;
use clap::{Args, Subcommand};

#[derive(Args)]
pub struct SurfaceArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Subcommand)]
enum Deed {
    /// Write down what is there now: relations, columns, types, what views say
    Lock(FileArgs),
    /// Tell what changed since, and fail if anything did
    Check(FileArgs),
}

pub(super) async fn run(args: SurfaceArgs) -> Result<(), CommandFailure> {
    match args.deed {
        Deed::Lock(file) => lock(&file).await,
        Deed::Check(file) => check(&file).await,
    }
}

async fn lock(file: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(file)?;
    let now = survey(&put_together(&config)?).await.map_err(CommandFailure::of)?;
    let lock = config.warehouse.lock;
    std::fs::write(&lock.path, now.text()).map_err(|error| {
        CommandFailure::of(format!("`{}` cannot be written: {error}", lock.path.display()))
    })?;
    for change in lock.lock.unwrap_or_default().changes(&now) {
        say(change);
    }
    remark(format_args!("`{}` is written; keep it in git", lock.path.display()));
    Ok(())
}

async fn check(file: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(file)?;
    let lock = &config.warehouse.lock;
    let Some(before) = &lock.lock else {
        let message = format!("there is no `{}`: run `portcullis surface lock`", lock.path.display());
        return Err(CommandFailure::of(message));
    };
    let changes = before.changes(&survey(&put_together(&config)?).await.map_err(CommandFailure::of)?);
    for change in &changes {
        say(change);
    }
    match changes.len() {
        0 => {
            remark("the surface is as it was locked");
            Ok(())
        }
        count => Err(CommandFailure::of(format!("{count} change(s) since the surface was locked"))),
    }
}
