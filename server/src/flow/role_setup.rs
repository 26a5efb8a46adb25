//! What an administrator of the warehouse runs once for each profile, as a script for psql.
//!
//! Invariant: one text for everybody. The script says what `sql/roles/role_setup.sql` says, with the names filled in.

use crate::flow::{Portcullis, Profile, Warehouse};
use crate::warehouse::{Administrator, Roles};

const ROLE_SETUP: &str = include_str!("../../../sql/roles/role_setup.sql");
/// What the script gives a login where nothing more is needed.
const CONNECTIONS: usize = 20;

/// The script for every profile that reads one warehouse; running it again changes nothing.
#[must_use]
pub fn role_setup(portcullis: &Portcullis, warehouse: &Warehouse) -> String {
    let which = if warehouse.name.is_first() { String::new() } else { format!(" {}", warehouse.name) };
    let head = format!(
        "-- The roles of every profile. Run it in the warehouse{which}: psql -d DATABASE -f THIS_FILE\n"
    );
    let administrator = warehouse.administrator.as_ref().map_or("", Administrator::login);
    portcullis
        .profiles_of(warehouse)
        .fold(head, |script, profile| script + &of_profile(profile, administrator))
}

fn of_profile(profile: &Profile, administrator: &str) -> String {
    let Roles { role, login } = profile.gateway.roles();
    // Two instances, and one connection of each to stop statements with.
    let connections = CONNECTIONS.max(2 * (profile.gateway.pool_size() + 1));
    let view_owner = if profile.views.is_empty() { "" } else { &profile.views.owner };
    let mut script = format!("\n-- Profile {}\n", profile.name);
    for (variable, value) in [
        ("profile_role", role),
        ("login_role", login),
        ("connection_limit", &connections.to_string()),
        ("view_owner", view_owner),
        ("administrator", administrator),
    ] {
        script.extend(["\\set ", variable, " ", &psql_quoted(value), "\n"]);
    }
    script + ROLE_SETUP
}

/// Within quotes, psql reads backslashes as escapes and two quotes as one.
fn psql_quoted(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "''"))
}
