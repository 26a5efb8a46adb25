//! `portcullis migrate`

use super::{CommandFailure, FileArgs, load, say};
use crate::flow::migrate::migrate;

pub(super) async fn run(args: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(args)?;
    let app_role = config.store.options.connect.get_username();
    let done = migrate(&config.store.owner, app_role).await.map_err(CommandFailure::of)?;
    say(format_args!(
        "{} migration(s) applied, {} known; `{app_role}` may use the store",
        done.applied, done.known
    ));
    Ok(())
}
