//! `portcullis pause`, `portcullis resume` and `portcullis pauses`: the kill switch.

use super::{CommandFailure, FileArgs, load, moment, put_together, say};
use crate::config;
use crate::flow::manage_person::Change;
use crate::flow::pause::{self, Named};
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use clap::{Args, Subcommand};
use uuid::Uuid;

#[derive(Args)]
pub struct PauseArgs {
    #[command(flatten)]
    file: FileArgs,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Every call of everybody
    Everything,
    /// Whoever reads through a profile
    Profile { name: ProfileName },
    /// Everything that reads on behalf of a person
    Person { name: Username },
    /// Everything that reads through a client
    Client { id: String },
    /// One token
    Token { id: Uuid },
}

impl What {
    fn named(self) -> Named {
        match self {
            Self::Everything => Named::Everything,
            Self::Profile { name } => Named::Profile(name),
            Self::Person { name } => Named::Person(name),
            Self::Client { id } => Named::Client(id),
            Self::Token { id } => Named::Token(id),
        }
    }
}

pub(super) async fn pause(args: PauseArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    let (scope, subject) = pause::find(&portcullis, args.what.named()).await.map_err(CommandFailure::of)?;
    let actor = config::shell_account();
    let change = pause::pause(&portcullis, scope, &subject, &actor).await.map_err(CommandFailure::of)?;
    say(match change {
        Change::Made => format!("`{subject}` is paused: nothing of it reads any more"),
        Change::NotNeeded => format!("`{subject}` was paused before"),
    });
    Ok(())
}

pub(super) async fn resume(args: PauseArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    let (scope, subject) = pause::find(&portcullis, args.what.named()).await.map_err(CommandFailure::of)?;
    let actor = config::shell_account();
    let change = pause::resume(&portcullis, &scope, &actor).await.map_err(CommandFailure::of)?;
    say(match change {
        Change::Made => format!("`{subject}` may read again"),
        Change::NotNeeded => format!("`{subject}` was not paused"),
    });
    Ok(())
}

pub(super) async fn list(args: &FileArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(args)?)?;
    let pauses = pause::list(&portcullis).await.map_err(CommandFailure::of)?;
    if pauses.is_empty() {
        say("nothing is paused");
    }
    for pause in pauses {
        let since = moment(pause.began_at);
        say(format_args!("{}  {}  since {since} by {}", pause.scope.kind(), pause.subject, pause.began_by));
    }
    Ok(())
}
