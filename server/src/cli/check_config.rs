//! `portcullis check-config`

use super::{CommandFailure, FileArgs, load, put_together};
use crate::config::effective;
use crate::flow::check::{Severity, check};

pub(super) async fn run(args: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(args)?;
    let portcullis = put_together(&config)?;
    print!("{}", effective(&config));
    let findings = check(&portcullis).await;
    for finding in &findings {
        eprintln!("{finding}");
    }
    let faults = findings.iter().filter(|finding| finding.severity == Severity::Fault).count();
    if faults == 0 {
        eprintln!("ok: the store and {} profile(s) can be used", config.profiles.len());
        return Ok(());
    }
    Err(CommandFailure::of(format!("{faults} fault(s) found")))
}
