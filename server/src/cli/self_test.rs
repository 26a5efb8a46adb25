//! `portcullis self-test`: attacks the running program and the roles behind it, and tells what got through.

use super::{CommandFailure, FileArgs, load, put_together, remark, say};
use crate::config::Config;
use crate::fetch::OwnDoor;
use crate::flow::self_test::self_test;

pub(super) async fn run(args: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(args)?;
    if config.self_test.person.is_none() {
        remark("`self_test.person` names nobody, so the roles alone are tried and the endpoint is not asked");
    }
    let tested = self_test(&put_together(&config)?, &door(&config)).await.map_err(CommandFailure::of)?;
    for tested in &tested {
        let colour = if tested.is_green() { "green" } else { "red" };
        let (profile, count) = (&tested.profile, tested.faults.len());
        say(format_args!(
            "{colour:5}  profiles.{profile}: {} attacks, {count} of them not stopped",
            tested.tried
        ));
        for fault in &tested.faults {
            say(format_args!("       {fault}"));
        }
    }
    match tested.iter().filter(|tested| !tested.is_green()).count() {
        0 => Ok(()),
        red => Err(CommandFailure::of(format!("{red} of {} profile(s) are red", tested.len()))),
    }
}

/// Where the program listens on this machine.
pub(super) fn door(config: &Config) -> OwnDoor {
    let host = config.server.public_url.host_str().unwrap_or("localhost").to_owned();
    let certificate = config.server.tls.as_ref().map(|tls| tls.files.certificate.clone());
    OwnDoor { listen: config.server.listen, host, certificate }
}
