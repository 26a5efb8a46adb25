//! `portcullis grants`: the difference between what is declared and what is granted, as SQL; and the same, said.

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config;
use crate::flow::reconcile_grants::{Applied, apply, compare};
use crate::model::drift::{Finding, FindingKind, Mend};
use clap::Args;

#[derive(Args)]
pub struct GrantsArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Say the statements, as `warehouse.admin_url`, in one transaction
    #[arg(long)]
    apply: bool,
}

pub(super) async fn run(args: &GrantsArgs) -> Result<(), CommandFailure> {
    let portcullis = put_together(&load(&args.file)?)?;
    let left = if args.apply {
        let actor = config::shell_account();
        let Applied { statements, left } = apply(&portcullis, &actor).await.map_err(CommandFailure::of)?;
        for statement in &statements {
            say(format_args!("{statement};"));
        }
        remark(format_args!("{} statement(s) applied", statements.len()));
        left
    } else {
        compare(&portcullis).await
    };
    for examined in left.iter().filter(|examined| !examined.findings.is_empty()) {
        say(format_args!("-- profile {}", examined.profile));
        examined.findings.iter().for_each(tell);
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
