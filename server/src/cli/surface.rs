//! `portcullis surface`: what agents could read when somebody last looked, kept in a file for git.

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config::{Config, LockFile};
use crate::flow::surface_lock::survey;
use crate::model::surface_lock::SurfaceLock;
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
    // All of them are looked at before one is written.
    let surveyed = survey_all(&config).await?;
    for (lock, now) in surveyed {
        std::fs::write(&lock.path, now.text()).map_err(|error| {
            CommandFailure::of(format!("`{}` cannot be written: {error}", lock.path.display()))
        })?;
        for change in lock.lock.clone().unwrap_or_default().changes(&now) {
            say(change);
        }
        remark(format_args!("`{}` is written; keep it in git", lock.path.display()));
    }
    Ok(())
}

async fn check(file: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(file)?;
    for lock in config.warehouses.iter().map(|warehouse| &warehouse.lock) {
        if lock.lock.is_none() {
            let message = format!("there is no `{}`: run `portcullis surface lock`", lock.path.display());
            return Err(CommandFailure::of(message));
        }
    }
    let mut count = 0;
    for (lock, now) in survey_all(&config).await? {
        for change in lock.lock.clone().unwrap_or_default().changes(&now) {
            say(change);
            count += 1;
        }
    }
    match count {
        0 => {
            remark("the surface is as it was locked");
            Ok(())
        }
        count => Err(CommandFailure::of(format!("{count} change(s) since the surface was locked"))),
    }
}

/// The lock of each warehouse, and what is there now.
async fn survey_all(config: &Config) -> Result<Vec<(&LockFile, SurfaceLock)>, CommandFailure> {
    let portcullis = put_together(config)?;
    let mut surveyed = Vec::new();
    for (warehouse, at_work) in config.warehouses.iter().zip(portcullis.warehouses()) {
        let now = survey(&portcullis, at_work).await.map_err(CommandFailure::of)?;
        surveyed.push((&warehouse.lock, now));
    }
    Ok(surveyed)
}
