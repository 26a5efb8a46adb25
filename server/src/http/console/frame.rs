//! What surrounds every page of somebody who is signed in, and how moments are told to them.

use crate::flow::{Failure, Portcullis, alert};
use crate::http::extract::operator::Operator;
use crate::http::router::Site;
use crate::http::visit::Visit;
use crate::model::person::Person;
use app::parts::{Moment, Role, Section, Shell, Theme};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// The shell around a page. Whoever may not see the record is told nothing of alerts.
pub(in crate::http) async fn shell(
    site: &Site,
    operator: &Operator,
    here: Section,
) -> Result<Shell, Failure> {
    let person = operator.person();
    let powers = person.powers;
    let open_alerts = if powers.can_audit() { alert::count_open(&site.portcullis).await? } else { 0 };
    let role = match (powers.admin, powers.auditor) {
        (true, _) => Role::Admin,
        (false, true) => Role::Auditor,
        (false, false) => Role::Person,
    };
    let visit = Visit::current();
    Ok(Shell {
        username: person.username.to_string(),
        display_name: person.display_name.clone(),
        csrf: operator.csrf(),
        role,
        here,
        theme: visit.as_ref().map_or(Theme::Auto, |visit| visit.theme),
        flash: operator.flash(site),
        open_alerts,
        request: visit.map_or_else(|| "/".to_owned(), |visit| visit.path),
    })
}

/// Tells moments to one person: by their clock, and how long ago they were.
#[derive(Clone, Copy)]
pub(in crate::http) struct Teller<'a> {
    person: &'a Person,
    now: OffsetDateTime,
}

impl<'a> Teller<'a> {
    pub(in crate::http) fn new(portcullis: &Portcullis, operator: &'a Operator) -> Self {
        Self { person: operator.person(), now: portcullis.now() }
    }

    pub(in crate::http) fn moment(self, at: OffsetDateTime) -> Moment {
        Moment {
            iso: at.format(&Rfc3339).unwrap_or_default(),
            shown: self.person.zone.show(at),
            ago: ago(self.now - at),
        }
    }
}

/// How long ago, within the last week; the date says more about anything else.
fn ago(passed: Duration) -> Option<String> {
    let (minutes, hours, days) = (passed.whole_minutes(), passed.whole_hours(), passed.whole_days());
    match passed.whole_seconds() {
        ..0 => None,
        0..60 => Some("just now".to_owned()),
        _ if minutes < 60 => Some(format!("{minutes} min ago")),
        _ if hours < 24 => Some(format!("{hours} h ago")),
        _ if days == 1 => Some("a day ago".to_owned()),
        _ if days < 7 => Some(format!("{days} days ago")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::ago;
    use time::Duration;

    #[test]
    fn the_recent_past_is_told_in_words() {
        for (passed, said) in [
            (Duration::seconds(-5), None),
            (Duration::seconds(59), Some("just now")),
            (Duration::minutes(59), Some("59 min ago")),
            (Duration::hours(23), Some("23 h ago")),
            (Duration::hours(30), Some("a day ago")),
            (Duration::days(6), Some("6 days ago")),
            (Duration::days(7), None),
        ] {
            assert_eq!(ago(passed).as_deref(), said, "{passed}");
        }
    }
}
