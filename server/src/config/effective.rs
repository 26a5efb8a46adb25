//! The configuration as it is in force, secrets left out, for a person to read.

use super::policy::written;
use super::{Config, Profile, Warehouse, tools};
use crate::model::authorization::{Consent, SelfRegistration};
use crate::model::budget::{Budgets, Force, Measured};
use crate::model::canary::Canary;
use crate::model::drift::Risk;
use crate::model::profile::Declared;
use crate::model::redirect::RedirectUri;
use crate::model::self_test::SelfTest;
use crate::model::tripwire::Watched;
use crate::model::view::{Source, View, Views};
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
    writeln!(out, "connections = {}", server.connections)?;
    writeln!(out, "drain = \"{}\"", format_duration(server.drain))?;
    if let Some(tls) = &server.tls {
        let (certificate, key) = (tls.files.certificate.display(), tls.files.key.display());
        writeln!(out, "tls.certificate = \"{certificate}\"\ntls.key = \"{key}\"")?;
    }
    // The names of the keys, so that a rotation can be followed; never a key.
    let keys: Vec<&str> = server.keys.ids().collect();
    writeln!(out, "# keys: {}", keys.join(", "))?;
    let store = &config.store;
    writeln!(out, "\n[store]\nurl = \"{}\"", address(&store.options.connect))?;
    writeln!(out, "owner_url = \"{}\"\npool = {}", address(&store.owner), store.options.pool)?;
    writeln!(out, "pooler = \"{}\"", store.options.pooler.word())?;
    writeln!(out, "wait = \"{}\"", format_duration(store.options.wait))?;
    for warehouse in &config.warehouses {
        write_warehouse(out, warehouse)?;
    }
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
    if let Some(webhook) = &config.webhook {
        writeln!(out, "webhook.url = \"{}\"", webhook.url)?;
    }
    if let Some(sentry) = &config.sentry {
        writeln!(out, "# sentry: {}", sentry.envelope_api_url())?;
    }
    if let Some(listen) = config.watch {
        writeln!(out, "\n[watch]\nlisten = \"{listen}\"")?;
    }
    if let Some(telemetry) = &config.telemetry {
        writeln!(out, "\n[telemetry]\notlp_endpoint = \"{}\"", telemetry.endpoint)?;
        writeln!(out, "service_name = {:?}\nsample = {}", telemetry.service_name, telemetry.sample)?;
    }
    write_self_test(out, &config.self_test)?;
    write_record(out, config)?;
    for (name, profile) in &config.profiles {
        writeln!(out, "\n[profiles.{name}]")?;
        write_profile(out, profile)?;
    }
    Ok(())
}

fn write_warehouse(out: &mut String, warehouse: &Warehouse) -> fmt::Result {
    writeln!(out, "\n[{}]\nurl = \"{}\"", warehouse.name.key(), place(&warehouse.connect))?;
    let replicas: Vec<String> = warehouse.replicas.iter().map(place).collect();
    writeln!(out, "replicas = {replicas:?}\ntarget_session_attrs = \"{}\"", warehouse.target.word())?;
    writeln!(out, "max_lag = \"{}\"", format_duration(warehouse.max_lag))?;
    writeln!(out, "pooler = \"{}\"\npool = {}", warehouse.pooler.word(), warehouse.pool)?;
    writeln!(out, "wait = \"{}\"", format_duration(warehouse.wait))?;
    writeln!(out, "extension_schemas = {:?}", warehouse.extension_schemas)?;
    if let Some(admin) = &warehouse.admin {
        writeln!(out, "admin_url = \"{}\"", address(admin))?;
    }
    let is_there = if warehouse.lock.lock.is_some() { "" } else { " # there is none" };
    writeln!(out, "surface_lock = \"{}\"{is_there}", warehouse.lock.path.display())?;
    writeln!(out, "canaries = {:?}", names(&warehouse.canaries))
}

fn write_self_test(out: &mut String, self_test: &SelfTest) -> fmt::Result {
    writeln!(out, "\n[self_test]")?;
    if let Some(person) = &self_test.person {
        writeln!(out, "person = \"{person}\"")?;
    }
    if let Some(every) = self_test.every {
        writeln!(out, "every = \"{}\"", format_duration(every))?;
    }
    writeln!(out, "disable_on_red = {}", self_test.disable_on_red)
}

fn names(canaries: &[Canary]) -> Vec<String> {
    canaries.iter().map(Canary::to_string).collect()
}

fn write_record(out: &mut String, config: &Config) -> fmt::Result {
    let record = &config.record;
    writeln!(out, "\n[record]")?;
    let keys = record.keys.known();
    match record.keys.signing_id() {
        Some(id) => writeln!(out, "# signs: {id}")?,
        None => writeln!(out, "# there is no key: the record is sealed, and nothing is signed")?,
    }
    writeln!(out, "public_keys = {:?}", keys.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    writeln!(out, "checkpoint_rows = {}", record.checkpoints.rows)?;
    let every = record.checkpoints.every.unsigned_abs();
    writeln!(out, "checkpoint_every = \"{}\"", format_duration(every))?;
    if let Some(file) = &record.checkpoint_file {
        writeln!(out, "checkpoint_file = \"{}\"", file.display())?;
    }
    if let Some(webhook) = &record.webhook {
        writeln!(out, "webhook.url = \"{}\"", webhook.url)?;
    }
    if let Some(keep) = config.retention {
        writeln!(out, "\n[retention]\nkeep = \"{}\"", format_duration(keep.unsigned_abs()))?;
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
    writeln!(out, "warehouse = \"{}\" # {}", profile.warehouse.name, address(&profile.connect))?;
    writeln!(out, "role = \"{}\"\nlogin = \"{login}\"", profile.role)?;
    writeln!(out, "relations = [")?;
    for relation in &profile.relations {
        writeln!(out, "    {},", declaration(relation))?;
    }
    writeln!(out, "]")?;
    for (setting, value) in &profile.context {
        writeln!(out, "context.{setting:?} = \"{value}\"")?;
    }
    let tolerate: Vec<&str> = profile.tolerate.iter().copied().map(Risk::word).collect();
    writeln!(out, "tolerate = {tolerate:?}")?;
    writeln!(out, "canaries = {:?}", names(&profile.canaries))?;
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
    write_budgets(out, &profile.budgets)?;
    write!(out, "[policy]\n{}[tools]\n{}", written(&profile.policy), tools::written(profile.tools))?;
    write_views(out, &profile.views)
}

fn write_views(out: &mut String, views: &Views) -> fmt::Result {
    for View { name, source, lookups, columns, condition, comment } in &views.views {
        writeln!(out, "[views.{name:?}] # {}, of `{}`", views.schema, views.owner)?;
        writeln!(out, "source = {:?}", source.plain())?;
        let lookups: Vec<String> = lookups.iter().map(Source::plain).collect();
        writeln!(out, "lookups = {lookups:?}\ncolumns = {columns:?}")?;
        if let Some(condition) = condition {
            writeln!(out, "where = {:?}", condition.text)?;
        }
        if let Some(comment) = comment {
            writeln!(out, "comment = {comment:?}")?;
        }
    }
    Ok(())
}

fn write_budgets(out: &mut String, budgets: &Budgets) -> fmt::Result {
    for force in Force::ALL {
        for measured in Measured::ALL {
            let caps = budgets.of(force).filter(|budget| budget.measured == measured);
            let caps: Vec<String> = caps
                .map(|cap| format!("{:?} = {}", format_duration(cap.window).to_string(), cap.most))
                .collect();
            if !caps.is_empty() {
                writeln!(out, "budget.{}.{} = {{ {} }}", force.word(), measured.word(), caps.join(", "))?;
            }
        }
    }
    if let Some(concurrent) = budgets.concurrent {
        writeln!(out, "budget.concurrent = {concurrent}")?;
    }
    Ok(())
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
    located(&format!("{user}@"), options, options.get_database().unwrap_or(user))
}

/// Where a database is, whoever asks.
fn place(options: &PgConnectOptions) -> String {
    located("", options, options.get_database().unwrap_or_default())
}

fn located(user: &str, options: &PgConnectOptions, database: &str) -> String {
    match options.get_socket() {
        Some(socket) => format!("postgresql://{user}{}/{database}", socket.display()),
        None => format!("postgresql://{user}{}:{}/{database}", options.get_host(), options.get_port()),
    }
}
