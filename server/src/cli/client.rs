//! `portcullis client`

use super::{CommandFailure, FileArgs, load, put_together};
use crate::config;
use crate::flow::manage_clients::{add, disable, enable, list, show};
use crate::model::client::{Client, ClientName, Match, Redirects, shown_name};
use crate::model::redirect::RedirectUri;
use clap::{Args, Subcommand, ValueEnum};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Args)]
pub struct ClientArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Subcommand)]
enum Deed {
    /// Make a client known, so that it need not register itself
    Add {
        #[command(flatten)]
        file: FileArgs,
        /// Its `client_id`
        id: ClientName,
        /// What people are shown
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// Where its answers may go; may be given several times
        #[arg(long = "redirect-uri", value_name = "URI", required = true)]
        redirect_uris: Vec<RedirectUri>,
        /// How a redirect URI is held against those
        #[arg(long, value_enum, default_value_t = By::Exact)]
        redirect_match: By,
    },
    /// The clients made known last
    List(FileArgs),
    /// Everything about one client
    Show {
        #[command(flatten)]
        file: FileArgs,
        /// Its `client_id`
        id: String,
    },
    /// Close the door to a client and its tokens, at once
    Disable {
        #[command(flatten)]
        file: FileArgs,
        /// Its `client_id`
        id: String,
    },
    /// Open it again
    Enable {
        #[command(flatten)]
        file: FileArgs,
        /// Its `client_id`
        id: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum By {
    /// The whole URI
    Exact,
    /// Everything below it, over https
    Prefix,
}

pub(super) async fn run(args: ClientArgs) -> Result<(), CommandFailure> {
    let actor = config::shell_account();
    match args.deed {
        Deed::Add { file, id, name, redirect_uris, redirect_match } => {
            let by = match redirect_match {
                By::Exact => Match::Exact,
                By::Prefix => Match::Prefix,
            };
            if by == Match::Prefix && !redirect_uris.iter().all(RedirectUri::is_https) {
                return Err(CommandFailure::usage("a prefix begins with https://"));
            }
            let name = shown_name(&name);
            if name.is_empty() {
                return Err(CommandFailure::usage("the name is empty"));
            }
            let portcullis = put_together(&load(&file)?)?;
            let redirects = Redirects { registered: redirect_uris, by };
            let client = add(&portcullis, &id, &name, redirects, &actor).await.map_err(CommandFailure::of)?;
            println!("{}", client.identifier);
        }
        Deed::List(file) => {
            let portcullis = put_together(&load(&file)?)?;
            for client in list(&portcullis).await.map_err(CommandFailure::of)? {
                let state = if client.disabled_at.is_some() { "disabled" } else { "enabled" };
                println!("{}\t{}\t{state}\t{}", client.identifier, client.kind.code(), client.name);
            }
        }
        Deed::Show { file, id } => {
            let portcullis = put_together(&load(&file)?)?;
            let client = show(&portcullis, &id).await.map_err(CommandFailure::of)?;
            print(&client.ok_or_else(|| CommandFailure::of(format!("there is no client `{id}`")))?);
        }
        Deed::Disable { file, id } => {
            let portcullis = put_together(&load(&file)?)?;
            disable(&portcullis, &id, &actor).await.map_err(CommandFailure::of)?;
            println!("client {id} is disabled");
        }
        Deed::Enable { file, id } => {
            let portcullis = put_together(&load(&file)?)?;
            enable(&portcullis, &id, &actor).await.map_err(CommandFailure::of)?;
            println!("client {id} is enabled");
        }
    }
    Ok(())
}

fn print(client: &Client) {
    let time = |at: OffsetDateTime| at.format(&Rfc3339).unwrap_or_else(|_| at.to_string());
    println!("client_id       {}", client.identifier);
    println!("name            {}", client.name);
    println!("kind            {}", client.kind.code());
    println!("redirect match  {}", client.redirects.by.code());
    for uri in &client.redirects.registered {
        println!("redirect uri    {uri}");
    }
    println!("known since     {}", time(client.created_at));
    if let Some(by) = &client.registered_by {
        println!("registered by   {by}");
    }
    if let Some(ip) = client.registered_from {
        println!("registered from {ip}");
    }
    println!("last token      {}", client.used_at.map_or_else(|| "none".to_owned(), time));
    println!("disabled        {}", client.disabled_at.map_or_else(|| "no".to_owned(), time));
}
