//! `portcullis grants`: the difference between what is declared and what is granted, as SQL; and the same, said.

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config;
use crate::flow::Portcullis;
use crate::flow::doctor::Examined;
use crate::flow::reconcile_grants::{Applied, apply, compare};
use crate::model::drift::{Finding, FindingKind, Mend};
use clap::Args;

#[derive(Args)]
pub struct GrantsArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Say the statements, as `admin_url` of each warehouse, in one transaction each
    #[arg(long)]
    apply: bool,
}

pub(super) async fn run(args: &GrantsArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    let (left, failures) =
        if args.apply { apply_all(&portcullis).await } else { (compare(&portcullis).await, Vec::new()) };
    for examined in left.iter().filter(|examined| !examined.findings.is_empty()) {
        let place = place(&portcullis, &format!(" in {}", examined.warehouse));
        say(format_args!("-- profile {}{place}", examined.profile));
        examined.findings.iter().for_each(tell);
    }
    if !failures.is_empty() {
        return Err(CommandFailure::of(failures.join("\n")));
    }
    if left.iter().any(|examined| !examined.findings.is_empty()) {
        let left = if args.apply { "what is left, no grant can mend" } else { "the warehouse differs" };
        return Err(CommandFailure::of(left));
    }
    if !args.apply {
        remark("the warehouse grants what is declared, and nothing else");
    }
    Ok(())
}

/// Each warehouse by itself: one that cannot be changed keeps no other from it. What is left, and what failed.
async fn apply_all(portcullis: &Portcullis) -> (Vec<Examined>, Vec<String>) {
    let actor = config::shell_account();
    let (mut all_left, mut failures) = (Vec::new(), Vec::new());
    for warehouse in portcullis.warehouses() {
        let name = &warehouse.name;
        match apply(portcullis, warehouse, &actor).await {
            Ok(Applied { statements, left }) => {
                let place = place(portcullis, &format!(" in {name}"));
                for statement in &statements {
                    say(format_args!("{statement};"));
                }
                remark(format_args!("{} statement(s) applied{place}", statements.len()));
                all_left.extend(left);
            }
            Err(error) => failures.push(place(portcullis, &format!("{name}: ")) + &error.to_string()),
        }
    }
    (all_left, failures)
}

/// The words that name a warehouse, where there are several.
fn place(portcullis: &Portcullis, words: &str) -> String {
    if portcullis.has_several_warehouses() { words.to_owned() } else { String::new() }
}

/// What `--apply` would say is a statement; what it would not is a comment.
fn tell(finding: &Finding) {
    say(format_args!("-- {}: {}", finding.kind.code(), finding.message));
    match &finding.mend {
        Mend::Apply(statements) => statements.iter().for_each(|statement| say(format_args!("{statement};"))),
        Mend::Dba(statements) => {
            for statement in statements {
                say(format_args!("--   for a DBA: {statement};"));
            }
        }
        Mend::Look if finding.kind == FindingKind::NoWayIn => {}
        Mend::Look => say("--   look at it, then change the declaration or run `portcullis surface lock`"),
    }
}
