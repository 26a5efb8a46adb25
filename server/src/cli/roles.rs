//! `portcullis roles`

use super::{CommandFailure, FileArgs, load, put_together, say};
use crate::flow::role_setup::role_setup;
use clap::Args;

#[derive(Args)]
pub struct RolesArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Print what an administrator of the warehouse runs once, for psql
    #[arg(long, required = true)]
    emit_sql: bool,
}

pub(super) fn run(args: &RolesArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    say(role_setup(&portcullis).trim_end());
    Ok(())
}
