//! The configuration as it is in force, secrets left out, for a person to read.

use super::policy::written;
use super::{Config, Profile, tools};
use crate::model::authorization::{Consent, SelfRegistration};
use crate::model::drift::Risk;
use crate::model::profile::Declared;
use crate::model::redirect::RedirectUri;
use crate::model::tripwire::Watched;
use humantime::format_duration;
use sqlx::postgres::PgConnectOptions;
use std::fmt::{self, Write};

/// Every setting that is in force, defaults included, in the order of the file.
#[must_use]
pub fn effective(config: &Config) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, config);
    text
}

fn write(out: &mut String, config: &Config) -> fmt::Result {
    let server = &config.server;
    writeln!(out, "[server]\nlisten = \"{}\"\npublic_url = \"{}\"", server.listen, server.public_url)?;
    let proxies: Vec<String> = server.trusted_proxies.iter().map(ToString::to_string).collect();
    writeln!(out, "trusted_proxies = {proxies:?}\nbrowser_origins = {:?}", server.browser_origins)?;
    // The names of the keys, so that a rotation can be followed; never a key.
    let keys: Vec<&str> = server.keys.ids().collect();
    writeln!(out, "# keys: {}", keys.join(", "))?;
    let store = &config.store;
    writeln!(out, "\n[store]\nurl = \"{}\"", address(&store.options.connect))?;
    writeln!(out, "owner_url = \"{}\"\npool = {}", address(&store.owner), store.options.pool)?;
    writeln!(out, "wait = \"{}\"", format_duration(store.options.wait))?;
    let warehouse = &config.warehouse;
    writeln!(out, "\n[warehouse]")?;
    if let Some(admin) = &warehouse.admin {
        writeln!(out, "admin_url = \"{}\"", address(admin))?;
    }
    let is_there = if warehouse.lock.lock.is_some() { "" } else { " # there is none" };
    writeln!(out, "surface_lock = \"{}\"{is_there}", warehouse.lock.path.display())?;
    write_oauth(out, config)?;
    let sessions = &config.sessions;
    writeln!(
        out,
        "\n[sessions]\nidle = \"{}\"\nabsolute = \"{}\"",
        format_duration(sessions.idle),
        format_duration(sessions.absolute),
    )?;
    let throttle = &config.throttle;
    writeln!(
        out,
        "\n[throttle]\nsign_in = {{ attempts = {}, address_attempts = {}, window = \"{}\", longest_delay = \"{}\" }}",
        throttle.attempts,
        throttle.address_attempts,
        format_duration(throttle.window),
        format_duration(throttle.longest_delay),
    )?;
    for (name, throttle) in
        [("bad_token", config.authorization.bad_token), ("registration", config.authorization.registrations)]
    {
        let window = format_duration(throttle.window);
        writeln!(out, "{name} = {{ attempts = {}, window = \"{window}\" }}", throttle.attempts)?;
    }
    writeln!(out, "\n[alerts]")?;
    for watched in Watched::ALL {
        let thresholds = config.tripwires.of(watched).map(|tripwire| {
            format!("{:?} = {}", format_duration(tripwire.window).to_string(), tripwire.threshold)
        });
        let thresholds: Vec<String> = thresholds.collect();
        writeln!(out, "{} = {{ {} }}", watched.word(), thresholds.join(", "))?;
    }
    if let Some(listen) = config.watch {
        writeln!(out, "\n[watch]\nlisten = \"{listen}\"")?;
    }
    for (name, profile) in &config.profiles {
        writeln!(out, "\n[profiles.{name}]")?;
        write_profile(out, profile)?;
    }
    Ok(())
}

fn write_oauth(out: &mut String, config: &Config) -> fmt::Result {
    let oauth = &config.authorization;
    writeln!(out, "\n[oauth]\naccess_token = \"{}\"", format_duration(config.tokens.access))?;
    writeln!(out, "code = \"{}\"", format_duration(oauth.code))?;
    writeln!(out, "refresh_token = \"{}\"", format_duration(oauth.refresh.unwrap_or_default()))?;
    writeln!(out, "grant = \"{}\"", format_duration(oauth.grant))?;
    writeln!(out, "require_live_session = {}", oauth.require_live_session)?;
    let registration = match oauth.registration {
        SelfRegistration::Open => "open",
        SelfRegistration::Closed => "closed",
    };
    writeln!(out, "registration = \"{registration}\"")?;
    let uris: Vec<String> = oauth.redirect_uris.iter().map(ToString::to_string).collect();
    writeln!(out, "redirect_uris = {uris:?}\ndocument_hosts = {:?}", oauth.document_hosts)?;
    for (id, client) in &oauth.clients {
        let uris: Vec<&str> = client.redirects.registered.iter().map(RedirectUri::as_str).collect();
        let consent = match client.consent {
            Consent::Ask => "ask",
            Consent::Skip => "skip",
        };
        writeln!(
            out,
            "\n[[oauth.clients]]\nid = \"{id}\"\nname = {:?}\nredirect_uris = {uris:?}",
            client.name
        )?;
        writeln!(out, "redirect_match = \"{}\"\nconsent = \"{consent}\"", client.redirects.by.code())?;
    }
    Ok(())
}

fn write_profile(out: &mut String, profile: &Profile) -> fmt::Result {
    let login = profile.connect.get_username();
    writeln!(out, "warehouse = \"{}\"", address(&profile.connect))?;
    writeln!(out, "role = \"{}\"\nlogin = \"{login}\"\npool = {}", profile.role, profile.pool)?;
    writeln!(out, "relations = [")?;
    for relation in &profile.relations {
        writeln!(out, "    {},", declaration(relation))?;
    }
    writeln!(out, "]")?;
    for (setting, value) in &profile.context {
        writeln!(out, "context.{setting:?} = \"{}\"", value.word())?;
    }
    let tolerate: Vec<&str> = profile.tolerate.iter().copied().map(Risk::word).collect();
    writeln!(out, "tolerate = {tolerate:?}\nextension_schemas = {:?}", profile.extension_schemas)?;
    let limits = &profile.limits;
    writeln!(
        out,
        "limits = {{ default_rows = {}, hard_rows = {}, bytes = {}, cell_bytes = {}, sql_bytes = {} }}",
        limits.default_rows, limits.hard_rows, limits.bytes, limits.cell, profile.policy.max_bytes,
    )?;
    let timeouts = &profile.timeouts;
    writeln!(
        out,
        "timeouts = {{ statement = \"{}\", lock = \"{}\", idle_in_transaction = \"{}\" }}",
        format_duration(timeouts.statement),
        format_duration(timeouts.lock),
        format_duration(timeouts.idle_in_transaction),
    )?;
    write!(out, "[policy]\n{}[tools]\n{}", written(&profile.policy), tools::written(profile.tools))
}

fn declaration(relation: &Declared) -> String {
    let name = format!("{}.{}", relation.schema, relation.name);
    let columns =
        relation.columns.as_ref().map(|columns| format!(", columns = {columns:?}")).unwrap_or_default();
    let values =
        if relation.values.is_empty() { String::new() } else { format!(", values = {:?}", relation.values) };
    if columns.is_empty() && values.is_empty() {
        format!("{name:?}")
    } else {
        format!("{{ name = {name:?}{columns}{values} }}")
    }
}

/// Where a database is and who asks; never the password.
fn address(options: &PgConnectOptions) -> String {
    let user = options.get_username();
    let database = options.get_database().unwrap_or(user);
    match options.get_socket() {
        Some(socket) => format!("postgresql://{user}@{}/{database}", socket.display()),
        None => format!("postgresql://{user}@{}:{}/{database}", options.get_host(), options.get_port()),
    }
}
