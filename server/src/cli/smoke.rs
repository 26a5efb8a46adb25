//! `portcullis smoke`: proves on the live system that role, guards, record and refusals work.

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config;
use crate::flow::smoke::{Call, Proof, smoke, smoke_as};
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use clap::Args;

#[derive(Args)]
pub struct SmokeArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Make a call in this person's name as well; it is recorded like any other
    #[arg(long, value_name = "NAME")]
    as_person: Option<Username>,
    /// What to ask in it
    #[arg(long, value_name = "SQL", default_value = "select 1 as one", requires = "as_person")]
    query: String,
    /// As which of their profiles; otherwise as each
    #[arg(long, value_name = "PROFILE", requires = "as_person")]
    profile: Option<ProfileName>,
}

pub(super) async fn run(args: &SmokeArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    let mut proofs = smoke(&portcullis).await;
    if let Some(person) = &args.as_person {
        let actor = config::shell_account();
        let call = Call { person, profile: args.profile.as_ref(), sql: &args.query, actor: &actor };
        proofs.extend(smoke_as(&portcullis, &call).await);
    } else {
        remark("no call was made: name a person by --as-person to try the record as well");
    }
    for Proof { place, holds, message } in &proofs {
        say(format_args!("{:5}  {place}: {message}", if *holds { "green" } else { "red" }));
    }
    match proofs.iter().filter(|proof| !proof.holds).count() {
        0 => Ok(()),
        red => Err(CommandFailure::of(format!("{red} of {} do not hold", proofs.len()))),
    }
}
