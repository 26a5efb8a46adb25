//! `portcullis doctor`: what the roles of each profile can really do, and how to mend what is too much.

use super::{CommandFailure, FileArgs, load, put_together, say};
use crate::flow::doctor::{Examined, examine};
use crate::model::drift::{Finding, Light, Mend, Risk};
use clap::Args;
use serde_json::{Value, json};

#[derive(Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    file: FileArgs,
    /// One JSON object, for a program to read
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &DoctorArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    let examined = examine(&portcullis).await;
    let several = portcullis.has_several_warehouses();
    if args.json {
        say(json!({ "profiles": examined.iter().map(as_json).collect::<Vec<_>>() }));
    } else {
        for profile in &examined {
            tell(profile, several);
        }
    }
    let red = examined.iter().flat_map(|profile| &profile.findings);
    match red.filter(|finding| finding.light == Light::Red).count() {
        0 => Ok(()),
        red => Err(CommandFailure::of(format!("{red} red finding(s)"))),
    }
}

/// Names the warehouse where there are several.
fn tell(examined: &Examined, several: bool) {
    let Examined { profile, warehouse, role, login, findings } = examined;
    let place = if several { format!(" in {warehouse}") } else { String::new() };
    say(format_args!("profile {profile}{place}: `{login}` becomes `{role}`"));
    if findings.is_empty() {
        say("  green  reads what is declared, and can do nothing else");
    }
    for finding in findings {
        say(format_args!("  {:5}  {}: {}", word(finding.light), finding.kind.code(), finding.message));
        for statement in mending(finding) {
            say(format_args!("           {statement};"));
        }
    }
}

pub(super) const fn word(light: Light) -> &'static str {
    match light {
        Light::Amber => "amber",
        Light::Red => "red",
    }
}

/// The SQL that mends it, whoever is to say it.
fn mending(finding: &Finding) -> &[String] {
    match &finding.mend {
        Mend::Apply(statements) | Mend::Dba(statements) => statements,
        Mend::Look => &[],
    }
}

fn as_json(examined: &Examined) -> Value {
    let findings = examined.findings.iter().map(|finding| {
        json!({
            "kind": finding.kind.code(),
            "light": word(finding.light),
            "subject": finding.subject,
            "message": finding.message,
            "mended_by": match finding.mend {
                Mend::Apply(_) => Some("grants --apply"),
                Mend::Dba(_) => Some("dba"),
                Mend::Look => None,
            },
            "sql": mending(finding),
            "risks": finding.risks.iter().copied().map(Risk::word).collect::<Vec<_>>(),
        })
    });
    json!({
        "profile": examined.profile.as_str(),
        "warehouse": examined.warehouse.to_string(),
        "role": examined.role,
        "login": examined.login,
        "light": examined.light().map_or("green", word),
        "findings": findings.collect::<Vec<_>>(),
    })
}
