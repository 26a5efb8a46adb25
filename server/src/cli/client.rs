//! `portcullis client`

use super::{CommandFailure, FileArgs, load, moment, put_together, say};
use crate::config;
use crate::flow::manage_clients::{add, disable, enable, list, show};
use crate::model::client::{Client, ClientName, Match, Redirects, shown_name};
use crate::model::redirect::RedirectUri;
use clap::{Args, Subcommand, ValueEnum};

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
            say(format_args!("{}", client.identifier));
        }
        Deed::List(file) => {
            let portcullis = put_together(&load(&file)?)?;
            for client in list(&portcullis).await.map_err(CommandFailure::of)? {
                let state = if client.disabled_at.is_some() { "disabled" } else { "enabled" };
                say(format_args!("{}\t{}\t{state}\t{}", client.identifier, client.kind.code(), client.name));
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
            say(format_args!("client {id} is disabled"));
        }
        Deed::Enable { file, id } => {
            let portcullis = put_together(&load(&file)?)?;
            enable(&portcullis, &id, &actor).await.map_err(CommandFailure::of)?;
            say(format_args!("client {id} is enabled"));
        }
    }
    Ok(())
}

fn print(client: &Client) {
    say(format_args!("client_id       {}", client.identifier));
    say(format_args!("name            {}", client.name));
    say(format_args!("kind            {}", client.kind.code()));
    say(format_args!("redirect match  {}", client.redirects.by.code()));
    for uri in &client.redirects.registered {
        say(format_args!("redirect uri    {uri}"));
    }
    say(format_args!("known since     {}", moment(client.created_at)));
    if let Some(by) = &client.registered_by {
        say(format_args!("registered by   {by}"));
    }
    if let Some(ip) = client.registered_from {
        say(format_args!("registered from {ip}"));
    }
    say(format_args!("last token      {}", client.used_at.map_or_else(|| "none".to_owned(), moment)));
    say(format_args!("disabled        {}", client.disabled_at.map_or_else(|| "no".to_owned(), moment)));
}
