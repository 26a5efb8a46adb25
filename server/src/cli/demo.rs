//! `portcullis demo`: everything on one machine, in one command.

mod banner;
mod secrets;

use super::{CommandFailure, in_whole, put_together, remark, say, serve};
use crate::config::{self, Config};
use crate::embedded::{Cluster, ClusterOptions, EmbeddedError, Existing, shop};
use crate::flow::Portcullis;
use crate::flow::add_person::{NotAdded, PersonWish, add_person};
use crate::flow::enrol_factor::enrol_known;
use crate::flow::issue_token::{Issued, TokenWish, issue_token};
use crate::flow::migrate::migrate;
use crate::flow::people::find;
use crate::http;
use crate::model::person::{Powers, Username};
use crate::model::profile::ProfileName;
use crate::model::rng::Rng;
use crate::model::totp::TotpSecret;
use crate::wiring;
use banner::Ready;
use clap::Args;
use secrets::Secrets;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The profiles, and everything else that an operator would decide.
const CONFIGURATION: &str = include_str!("demo/portcullis.toml");
const USERNAME: &str = "demo";
const EMAIL: &str = "demo@example.com";
/// The profile of the printed token.
const PROFILE: &str = "analyst";
const ACTOR: &str = "portcullis demo";
/// How long the printed token lives; the next start prints another.
const TOKEN_LIFE: Duration = Duration::from_hours(7 * 24);

#[derive(Args)]
pub struct DemoArgs {
    /// Where to serve, on 127.0.0.1
    #[arg(long, default_value_t = 8700)]
    port: u16,
    /// Where the private PostgreSQL and the demo's secrets live
    #[arg(long, value_name = "DIR", default_value = ".portcullis")]
    data_dir: PathBuf,
    /// Begin anew: all data of earlier runs is erased
    #[arg(long)]
    fresh: bool,
    /// Write everything that was printed into a file of JSON, once ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

pub(super) async fn run(args: DemoArgs) -> Result<(), CommandFailure> {
    let stop = serve::stopped_or_left();
    if let Some(file) = &args.ready_file {
        remove(file)?;
    }
    let listener = serve::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, args.port))).await?;
    let address = listener.local_addr()?;
    tokio::pin!(stop);
    let cluster = tokio::select! {
        cluster = start(&args) => cluster?,
        () = &mut stop => return Ok(()),
    };
    let served = async {
        secrets::keep_key(&args.data_dir, &Rng::system())?;
        let config = configure(&cluster, address, &args.data_dir)?;
        let portcullis = put_together(&config)?;
        let ready = prepare(&cluster, &config, &portcullis, &args.data_dir).await?;
        if let Some(file) = &args.ready_file {
            secrets::write_private(file, &ready.json())?;
        }
        say(format_args!("{ready}"));
        let (told, hears) = tokio::sync::oneshot::channel::<()>();
        // They end when they are dropped.
        let _chores = serve::chores(&portcullis);
        let sites = http::Sites::new(wiring::site(&config, portcullis));
        let told_to_stop = async {
            let _ = hears.await;
        };
        let serving = http::serve(sites, listener, told_to_stop, config.server.drain);
        tokio::pin!(serving);
        tokio::select! {
            ended = &mut serving => return Ok(ended?),
            () = &mut stop => remark(format_args!("\nstopping; the data stays in `{}`", args.data_dir.display())),
        }
        drop(told);
        Ok(serving.await?)
    };
    let served = served.await;
    if let Some(file) = &args.ready_file {
        remove(file)?;
    }
    cluster.stop().await.map_err(with_help)?;
    served
}

async fn start(args: &DemoArgs) -> Result<Cluster, CommandFailure> {
    let (binaries, search_path) = config::postgres_binaries();
    let existing = if args.fresh { Existing::Erase } else { Existing::Keep };
    remark(format_args!("starting a private PostgreSQL in `{}` ...", args.data_dir.display()));
    let options =
        ClusterOptions { binaries, search_path, existing, ..ClusterOptions::new(args.data_dir.clone()) };
    let cluster = Cluster::start(options).await.map_err(with_help)?;
    if args.fresh {
        // Only now is it certain that no other demo lives here.
        remove(&args.data_dir.join(secrets::FILE))?;
    }
    if cluster.is_new() {
        remark(format_args!("filling it with a sample shop ..."));
    }
    shop::seed(&cluster).await.map_err(with_help)?;
    Ok(cluster)
}

/// The configuration, also left in a file, so that every other command works with it.
fn configure(cluster: &Cluster, address: SocketAddr, data_dir: &Path) -> Result<Config, CommandFailure> {
    let text = CONFIGURATION
        .replace("{listen}", &address.to_string())
        .replace("{store}", &cluster.url(shop::STORE_APP, shop::STORE))
        .replace("{owner}", &cluster.url(shop::STORE_OWNER, shop::STORE))
        .replace("{warehouse}", &cluster.url("nobody", shop::WAREHOUSE));
    let file = data_dir.join("portcullis.toml");
    secrets::write_private(&file, &text)?;
    Config::parse(&text, data_dir, &|_| None).map_err(|faults| in_whole(&file, &faults))
}

async fn prepare(
    cluster: &Cluster,
    config: &Config,
    portcullis: &Portcullis,
    data_dir: &Path,
) -> Result<Ready, CommandFailure> {
    migrate(&config.store.owner, shop::STORE_APP).await.map_err(CommandFailure::of)?;
    let secrets = Secrets::keep(data_dir, portcullis.rng())?;
    let issued = person_with_token(portcullis, &secrets).await?;
    let base_url = config.server.public_url.as_str().trim_end_matches('/').to_owned();
    Ok(Ready {
        mcp_url: config.audience(),
        base_url,
        username: USERNAME,
        secrets,
        access_token: issued.bearer,
        store_url: cluster.url(shop::STORE_APP, shop::STORE),
        warehouse_url: cluster.superuser_url(shop::WAREHOUSE),
    })
}

async fn person_with_token(portcullis: &Portcullis, secrets: &Secrets) -> Result<Issued, CommandFailure> {
    let username: Username = USERNAME.parse().map_err(CommandFailure::of)?;
    let profile: ProfileName = PROFILE.parse().map_err(CommandFailure::of)?;
    let profiles: Vec<ProfileName> = portcullis.profiles().map(|profile| profile.name.clone()).collect();
    let wish = PersonWish {
        username: &username,
        email: EMAIL,
        display_name: "Demo",
        password: &secrets.password,
        powers: Powers { staff: true, auditor: true, admin: true },
        profiles: &profiles,
        actor: ACTOR,
    };
    let person = match add_person(portcullis, &wish).await {
        Ok(person) => Some(person),
        Err(NotAdded::Taken(_)) => find(portcullis, &username).await.map_err(CommandFailure::of)?,
        Err(error) => return Err(CommandFailure::of(error)),
    };
    // The printed secret works, unless another one was enrolled since.
    if let Some(person) = person {
        let secret = TotpSecret::from_base32(&secrets.totp_secret)
            .ok_or_else(|| CommandFailure::of(format!("`{}` holds no TOTP secret", secrets::FILE)))?;
        enrol_known(portcullis, &person, &secret, ACTOR).await.map_err(CommandFailure::of)?;
    }
    let wish = TokenWish { person: &username, profile: &profile, ttl: TOKEN_LIFE, actor: ACTOR };
    issue_token(portcullis, &wish).await.map_err(CommandFailure::of)
}

fn with_help(error: EmbeddedError) -> CommandFailure {
    match error.help() {
        Some(help) => CommandFailure::of(format!("{error}\n  {help}")),
        None => CommandFailure::of(error),
    }
}

fn remove(file: &Path) -> Result<(), CommandFailure> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(CommandFailure::of(format!("`{}` cannot be removed: {error}", file.display())))
        }
        _ => Ok(()),
    }
}
