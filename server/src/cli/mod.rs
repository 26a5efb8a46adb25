//! The command line, one file per subcommand.
//!
//! Speaking is this module's business alone: results go to standard output, everything else to standard error.

mod audit;
mod check_config;
mod client;
mod demo;
mod doctor;
mod grants;
mod judge;
mod migrate;
mod pause;
mod reload;
mod renewal;
mod retention;
mod roles;
mod self_test;
mod serve;
mod smoke;
mod surface;
mod token;
mod user;

use crate::config::{Config, Faults};
use crate::flow::Portcullis;
use crate::telemetry::{self, Listeners, Log};
use crate::wiring::{self, Surroundings, Unfit};
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Command {
    /// Try it: a private PostgreSQL with a sample shop, and everything set up
    Demo(demo::DemoArgs),
    /// Serve your own PostgreSQL to agents
    Serve(FileArgs),
    /// Bring the store's tables up to date
    Migrate(FileArgs),
    /// Show the configuration in force, and try both databases
    CheckConfig(FileArgs),
    /// Make clients known, look at them, close the door to them
    Client(client::ClientArgs),
    /// Issue and revoke bearer tokens
    Token(token::TokenArgs),
    /// Make people known, and decide what they may do
    User(user::UserArgs),
    /// Hold a person, a client, a token, a profile or everything, at once
    Pause(pause::PauseArgs),
    /// Let what was paused read again
    Resume(pause::PauseArgs),
    /// What is paused
    Pauses(FileArgs),
    /// Tell what the roles of each profile can really do
    Doctor(doctor::DoctorArgs),
    /// Compare what is declared with what is granted, and make the two the same
    Grants(grants::GrantsArgs),
    /// Keep in a file what agents can read, and tell what changed since
    Surface(surface::SurfaceArgs),
    /// Print the SQL that makes the roles of each profile
    Roles(roles::RolesArgs),
    /// Tell whether the record is what was recorded
    Audit(audit::AuditArgs),
    /// Tell which months of the record need not be kept any longer, and drop them
    Retention(retention::RetentionArgs),
    /// Prove on the live system that roles, guards, record and refusals work
    Smoke(smoke::SmokeArgs),
    /// Attack the running program and the roles behind it, and tell what got through
    SelfTest(FileArgs),
    /// Judge statements without running them
    Judge {
        #[command(flatten)]
        file: FileArgs,
        #[command(flatten)]
        judge: judge::JudgeArgs,
    },
}

#[derive(Args)]
pub struct FileArgs {
    /// The configuration
    #[arg(long, short, value_name = "FILE", default_value = "portcullis.toml")]
    config: PathBuf,
}

/// Runs a command and tells how it ended: 0 well, 1 not, 2 where the arguments were wrong.
pub async fn run(command: Command, log_json: bool) -> ExitCode {
    let ended = match command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(&args, log_json).await,
        Command::Migrate(args) => migrate::run(&args).await,
        Command::CheckConfig(args) => check_config::run(&args).await,
        Command::Client(args) => client::run(args).await,
        Command::Token(args) => token::run(args).await,
        Command::User(args) => user::run(args).await,
        Command::Pause(args) => pause::pause(args).await,
        Command::Resume(args) => pause::resume(args).await,
        Command::Pauses(args) => pause::list(&args).await,
        Command::Doctor(args) => doctor::run(&args).await,
        Command::Grants(args) => grants::run(&args).await,
        Command::Surface(args) => surface::run(args).await,
        Command::Roles(args) => roles::run(&args),
        Command::Audit(args) => audit::run(args).await,
        Command::Retention(args) => retention::run(&args).await,
        Command::Smoke(args) => smoke::run(&args).await,
        Command::SelfTest(args) => self_test::run(&args).await,
        Command::Judge { file, judge } => judge::run(&judge, &file).await,
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            remark(format_args!("portcullis: {}", failure.message));
            ExitCode::from(failure.code)
        }
    }
}

/// Starts the log of every command but `serve`, which knows more of it once its configuration is read.
pub fn trace(json: bool, command: &Command) {
    let default = match command {
        Command::Serve(_) => return,
        // Whoever tries the demo gave its person the profiles in the same breath; the console shows the alerts.
        Command::Demo(_) => "warn,portcullis::alert=off",
        _ => "warn",
    };
    telemetry::begin(Log { json, default }, Listeners::default());
}

/// Says something to whoever reads standard output. They may be gone; that is no reason to fall over.
fn say(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The same for standard error, where everything goes that is no result.
fn remark(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Why a command did not end well.
struct CommandFailure {
    message: String,
    code: u8,
}

impl CommandFailure {
    fn of(error: impl std::fmt::Display) -> Self {
        Self { message: error.to_string(), code: 1 }
    }

    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }
}

impl From<Unfit> for CommandFailure {
    fn from(unfit: Unfit) -> Self {
        Self::of(unfit)
    }
}

impl From<std::io::Error> for CommandFailure {
    fn from(error: std::io::Error) -> Self {
        Self::of(error)
    }
}

fn load(args: &FileArgs) -> Result<Config, CommandFailure> {
    load_or_faults(args).map_err(|faults| in_whole(&args.config, &faults))
}

fn load_or_faults(args: &FileArgs) -> Result<Config, Faults> {
    Config::load(&args.config)
}

fn in_whole(file: &std::path::Path, faults: &Faults) -> CommandFailure {
    let lines: Vec<String> = faults.to_string().lines().map(|line| format!("\n  {line}")).collect();
    CommandFailure::of(format!("`{}` has {} fault(s):{}", file.display(), faults.0.len(), lines.concat()))
}

/// A moment for a person to read.
fn moment(at: time::OffsetDateTime) -> String {
    at.format(&time::format_description::well_known::Rfc3339).unwrap_or_else(|_| at.to_string())
}

fn put_together(config: &Config) -> Result<Portcullis, CommandFailure> {
    Ok(wiring::portcullis(config, Surroundings::system())?)
}
