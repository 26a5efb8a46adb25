//! `portcullis check-config`

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config::effective;
use crate::flow::check::{Severity, check};

pub(super) async fn run(args: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(args)?;
    let portcullis = put_together(&config)?;
    say(effective(&config).trim_end());
    let findings = check(&portcullis).await;
    for finding in &findings {
        remark(format_args!("{finding}"));
    }
    let faults = findings.iter().filter(|finding| finding.severity == Severity::Fault).count();
    if faults == 0 {
        remark(format_args!("ok: the store and {} profile(s) can be used", config.profiles.len()));
        return Ok(());
    }
    Err(CommandFailure::of(format!("{faults} fault(s) found")))
}
