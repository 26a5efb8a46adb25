//! `portcullis token`

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config;
use crate::flow::issue_token::{TokenWish, issue_token};
use crate::flow::revoke_token::revoke_token;
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use clap::{Args, Subcommand};
use std::io::Read;
use std::time::Duration;

#[derive(Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Subcommand)]
enum Deed {
    /// Issue a token for somebody; it is shown once
    Issue {
        #[command(flatten)]
        file: FileArgs,
        /// Who it speaks for
        #[arg(long, value_name = "NAME")]
        person: Username,
        /// What it may read
        #[arg(long, value_name = "PROFILE")]
        profile: ProfileName,
        /// How long it lives, like `1h` or `30m`; at most `oauth.access_token`
        #[arg(long, value_name = "TIME", default_value = "1h", value_parser = humantime::parse_duration)]
        ttl: Duration,
    },
    /// End a token, at once
    Revoke {
        #[command(flatten)]
        file: FileArgs,
        /// Its id; or `-` to read the id or the token itself from standard input
        token: String,
    },
}

pub(super) async fn run(args: TokenArgs) -> Result<(), CommandFailure> {
    let actor = config::shell_account();
    match args.deed {
        Deed::Issue { file, person, profile, ttl } => {
            let portcullis = put_together(&load(&file)?)?;
            let wish = TokenWish { person: &person, profile: &profile, ttl, actor: &actor };
            let issued = issue_token(&portcullis, &wish).await.map_err(CommandFailure::of)?;
            let until = super::moment(issued.expires_at);
            say(format_args!("{}", issued.bearer.reveal()));
            remark(format_args!("token {} for `{person}`, profile `{profile}`, until {until}", issued.id));
        }
        Deed::Revoke { file, token } => {
            let name = if token == "-" { read_line()? } else { token };
            let portcullis = put_together(&load(&file)?)?;
            let id = revoke_token(&portcullis, name.trim(), &actor).await.map_err(CommandFailure::of)?;
            say(format_args!("token {id} is revoked"));
        }
    }
    Ok(())
}

fn read_line() -> Result<String, CommandFailure> {
    let mut text = String::new();
    std::io::stdin().lock().take(4096).read_to_string(&mut text)?;
    Ok(text)
}
