//! `portcullis check-config`

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config::effective;
use crate::flow::check::{Finding, Severity, check};

pub(super) async fn run(args: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(args)?;
    let portcullis = put_together(&config)?;
    say(effective(&config).trim_end());
    let mut findings = check(&portcullis).await;
    let host = config.server.public_url.host_str().unwrap_or_default();
    let doubts = config.server.tls.iter().flat_map(|tls| tls.certificate.doubts(portcullis.now(), host));
    let doubts = doubts.map(|doubt| ("server.tls.certificate".to_owned(), format!("it {doubt}")));
    let cautions = config.cautions.iter().map(|caution| (caution.key.clone(), caution.message.clone()));
    let warnings = cautions.chain(doubts);
    findings.extend(warnings.map(|(place, message)| Finding { place, severity: Severity::Warning, message }));
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
