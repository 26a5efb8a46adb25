//! `portcullis user`

use super::{CommandFailure, FileArgs, load, put_together, say};
use crate::config;
use crate::flow::add_person::{PersonWish, add_person};
use crate::flow::change_password::{judge, set_password};
use crate::flow::manage_person::{self, Change};
use crate::flow::{Portcullis, people};
use crate::model::attribute::AttributeChange;
use crate::model::person::{Person, Powers, Username};
use crate::model::profile::ProfileName;
use clap::{Args, Subcommand};
use std::io::{BufRead, IsTerminal};

#[derive(Args)]
pub struct UserArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Args)]
struct Whom {
    #[command(flatten)]
    file: FileArgs,
    /// The person's username
    name: Username,
}

#[derive(Args)]
struct WhomAndProfile {
    #[command(flatten)]
    whom: Whom,
    /// The profile, as in `[profiles.NAME]`
    profile: ProfileName,
}

/// What a person may beside signing in.
#[derive(Args)]
struct PowersArgs {
    /// They may administer Portcullis
    #[arg(long)]
    admin: bool,
    /// They may look into the record of everybody
    #[arg(long)]
    auditor: bool,
    /// Agents may not read on their behalf
    #[arg(long)]
    not_staff: bool,
}

impl PowersArgs {
    fn powers(&self) -> Powers {
        Powers { staff: !self.not_staff, auditor: self.auditor, admin: self.admin }
    }
}

#[derive(Subcommand)]
enum Deed {
    /// Make a person known; the password is asked for, or read from standard input
    Create {
        #[command(flatten)]
        whom: Whom,
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// How pages call them; without it, the username
        #[arg(long, value_name = "TEXT")]
        display_name: Option<String>,
        #[command(flatten)]
        powers: PowersArgs,
        /// A profile that they hold; may be given again
        #[arg(long = "profile", value_name = "PROFILE")]
        profiles: Vec<ProfileName>,
    },
    /// Everybody who is known
    List(FileArgs),
    /// Everything about a person but their secrets
    Show(Whom),
    /// Set a password, asked for or read from standard input; every session of the person ends
    Passwd(Whom),
    /// Say anew what a person may: what is not named, they may no longer
    Powers {
        #[command(flatten)]
        whom: Whom,
        #[command(flatten)]
        powers: PowersArgs,
    },
    /// Say what row-scoped views may know of a person, for `context` settings
    Set {
        #[command(flatten)]
        whom: Whom,
        /// `region=emea`, or `region=` to take it away; may be given again
        #[arg(long = "attribute", value_name = "NAME=VALUE", required = true)]
        attributes: Vec<AttributeChange>,
    },
    /// Lock a person out: every session and token ends at once
    Deactivate(Whom),
    /// Let a person in again
    Activate(Whom),
    /// Give a person a profile
    Grant(WhomAndProfile),
    /// Take a profile away
    Revoke(WhomAndProfile),
    /// Forget a person's second factor: they enrol anew when they next sign in
    ResetFactor(Whom),
}

pub(super) async fn run(args: UserArgs) -> Result<(), CommandFailure> {
    let actor = config::shell_account();
    match args.deed {
        Deed::Create { whom, email, display_name, powers, profiles } => {
            let portcullis = put_together(&load(&whom.file)?)?;
            let password = new_password()?;
            let wish = PersonWish {
                username: &whom.name,
                email: &email,
                display_name: display_name.as_deref().unwrap_or(whom.name.as_str()),
                password: &password,
                powers: powers.powers(),
                profiles: &profiles,
                actor: &actor,
            };
            add_person(&portcullis, &wish).await.map_err(CommandFailure::of)?;
            say(format_args!("`{}` is known; a second factor is enrolled at the first sign-in", whom.name));
        }
        Deed::List(file) => list(&put_together(&load(&file)?)?).await?,
        Deed::Show(whom) => {
            let (portcullis, person) = whom.find().await?;
            show(&portcullis, &person).await?;
        }
        Deed::Passwd(whom) => {
            let (portcullis, person) = whom.find().await?;
            let password = judge(&person, &new_password()?).map_err(CommandFailure::of)?;
            set_password(&portcullis, &person, &password, &actor).await.map_err(CommandFailure::of)?;
            say(format_args!(
                "the password of `{}` is set, and every session of theirs has ended",
                whom.name
            ));
        }
        Deed::Powers { whom, powers } => {
            let (portcullis, person) = whom.find().await?;
            let powers = powers.powers();
            let change = manage_person::set_powers(&portcullis, &person, powers, &actor)
                .await
                .map_err(CommandFailure::of)?;
            let words = match powers.words() {
                words if words.is_empty() => "a person without powers".to_owned(),
                words => words.join(", "),
            };
            report(change, &format!("`{}` is {words}", whom.name));
        }
        Deed::Set { whom, attributes } => {
            let (portcullis, person) = whom.find().await?;
            let change = manage_person::set_attributes(&portcullis, &person, &attributes, &actor)
                .await
                .map_err(CommandFailure::of)?;
            report(change, &format!("views know of `{}` what was said", whom.name));
        }
        Deed::Deactivate(whom) => {
            let (portcullis, person) = whom.find().await?;
            let change =
                manage_person::deactivate(&portcullis, &person, &actor).await.map_err(CommandFailure::of)?;
            report(change, &format!("`{}` is locked out; every session and token has ended", whom.name));
        }
        Deed::Activate(whom) => {
            let (portcullis, person) = whom.find().await?;
            let change =
                manage_person::activate(&portcullis, &person, &actor).await.map_err(CommandFailure::of)?;
            report(change, &format!("`{}` may sign in again", whom.name));
        }
        Deed::Grant(WhomAndProfile { whom, profile }) => {
            let (portcullis, person) = whom.find().await?;
            let change = manage_person::grant(&portcullis, &person, &profile, &actor)
                .await
                .map_err(CommandFailure::of)?;
            report(change, &format!("`{}` holds the profile `{profile}`", whom.name));
        }
        Deed::Revoke(WhomAndProfile { whom, profile }) => {
            let (portcullis, person) = whom.find().await?;
            let change = manage_person::withdraw(&portcullis, &person, &profile, &actor)
                .await
                .map_err(CommandFailure::of)?;
            report(change, &format!("`{}` does not hold the profile `{profile}`", whom.name));
        }
        Deed::ResetFactor(whom) => {
            let (portcullis, person) = whom.find().await?;
            let change = manage_person::reset_factor(&portcullis, &person, &actor)
                .await
                .map_err(CommandFailure::of)?;
            report(
                change,
                &format!("`{}` has no second factor, and enrols one at the next sign-in", whom.name),
            );
        }
    }
    Ok(())
}

impl Whom {
    async fn find(&self) -> Result<(Portcullis, Person), CommandFailure> {
        let portcullis = put_together(&load(&self.file)?)?;
        let person = people::find(&portcullis, &self.name).await.map_err(CommandFailure::of)?;
        let person =
            person.ok_or_else(|| CommandFailure::of(format!("there is no person `{}`", self.name)))?;
        Ok((portcullis, person))
    }
}

fn report(change: Change, now: &str) {
    match change {
        Change::Made => say(format_args!("{now}")),
        Change::NotNeeded => say(format_args!("nothing to do: {now}")),
    }
}

async fn list(portcullis: &Portcullis) -> Result<(), CommandFailure> {
    let people = people::list(portcullis).await.map_err(CommandFailure::of)?;
    let width = people.iter().map(|line| line.person.username.as_str().len()).max().unwrap_or(0);
    for line in people {
        let profiles =
            if line.profiles.is_empty() { "no profile".to_owned() } else { line.profiles.join(", ") };
        let standing = standing(&line.person, line.has_factor);
        say(format_args!("{:width$}  {standing}  {profiles}", line.person.username.as_str()));
    }
    Ok(())
}

fn standing(person: &Person, has_factor: bool) -> String {
    let mut words = vec![if person.active { "active" } else { "locked out" }];
    words.extend(person.powers.words());
    words.extend((!has_factor).then_some("no second factor"));
    words.join(", ")
}

async fn show(portcullis: &Portcullis, person: &Person) -> Result<(), CommandFailure> {
    let portrait = people::portrait(portcullis, person).await.map_err(CommandFailure::of)?;
    let profiles =
        if portrait.profiles.is_empty() { "none".to_owned() } else { portrait.profiles.join(", ") };
    say(format_args!("username        {}", person.username));
    say(format_args!("name            {}", person.display_name));
    say(format_args!("email           {}", person.email));
    say(format_args!("standing        {}", standing(person, portrait.has_factor)));
    say(format_args!("profiles        {profiles}"));
    for (name, value) in &portrait.attributes.0 {
        say(format_args!("attribute       {name} = {value}"));
    }
    say(format_args!("recovery codes  {} left", portrait.codes_left));
    for session in portrait.sessions {
        let address = session.ip.map_or_else(|| "unknown address".to_owned(), |ip| ip.to_string());
        say(format_args!(
            "session         {}  {address}, seen {}",
            session.id,
            super::moment(session.seen_at)
        ));
    }
    for token in portrait.tokens {
        let state = match token.revoked_at {
            Some(at) => format!("revoked {}", super::moment(at)),
            None => format!("until {}", super::moment(token.expires_at)),
        };
        say(format_args!(
            "token           {}  {}, profile {}, {state}",
            token.id, token.client, token.profile
        ));
    }
    Ok(())
}

/// A new password: asked for twice where somebody sits there, otherwise the first line of standard input.
fn new_password() -> Result<String, CommandFailure> {
    if std::io::stdin().is_terminal() {
        let password = rpassword::prompt_password("New password: ")?;
        if rpassword::prompt_password("The same again: ")? != password {
            return Err(CommandFailure::of("the two passwords differ"));
        }
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let end = line.trim_end_matches('\n').trim_end_matches('\r').len();
    line.truncate(end);
    Ok(line)
}
