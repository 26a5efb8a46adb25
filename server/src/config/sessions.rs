//! How long tokens and sessions live, and what slows down guessing at the sign-in.

use super::Tokens;
use super::raw::{RawSessions, RawSignInThrottle};
use super::reading::Reading;
use crate::model::session::SessionLife;
use crate::model::throttle::SignInThrottle;
use std::time::Duration;

impl Reading<'_> {
    pub(super) fn tokens(&mut self, access: Option<&str>) -> Option<Tokens> {
        let key = "oauth.access_token";
        let six_hours = Duration::from_hours(6);
        let access = self.duration_or(key, access, six_hours)?;
        let longest = Duration::from_hours(30 * 24);
        if access.is_zero() || access > longest {
            self.fault(key, "is not between a second and 30 days");
        }
        Some(Tokens { access })
    }

    pub(super) fn sessions(&mut self, raw: &RawSessions) -> Option<SessionLife> {
        let idle = self.duration_or("sessions.idle", raw.idle.as_deref(), Duration::from_hours(8))?;
        let absolute =
            self.duration_or("sessions.absolute", raw.absolute.as_deref(), Duration::from_hours(24))?;
        let longest = Duration::from_hours(30 * 24);
        for (key, time) in [("sessions.idle", idle), ("sessions.absolute", absolute)] {
            if time < Duration::from_mins(1) || time > longest {
                self.fault(key, "is not between a minute and 30 days");
            }
        }
        if idle > absolute {
            self.fault("sessions.idle", "is above `sessions.absolute`");
        }
        Some(SessionLife { idle, absolute })
    }

    pub(super) fn sign_in_throttle(&mut self, raw: &RawSignInThrottle) -> Option<SignInThrottle> {
        let key = "throttle.sign_in";
        let attempts = raw.attempts.unwrap_or(5);
        let address_attempts = raw.address_attempts.unwrap_or(30);
        for (name, value) in [("attempts", attempts), ("address_attempts", address_attempts)] {
            if !(1..=1_000).contains(&value) {
                self.fault(&format!("{key}.{name}"), format!("`{value}` is not between 1 and 1000"));
            }
        }
        let window = format!("{key}.window");
        let window = self.duration_or(&window, raw.window.as_deref(), Duration::from_hours(1))?;
        let longest_key = format!("{key}.longest_delay");
        let longest_delay =
            self.duration_or(&longest_key, raw.longest_delay.as_deref(), Duration::from_mins(5))?;
        if longest_delay < Duration::from_secs(1) || longest_delay > Duration::from_hours(1) {
            self.fault(&longest_key, "is not between a second and an hour");
        }
        if window < longest_delay {
            self.fault(
                &format!("{key}.window"),
                "is below `longest_delay`, so it would forget before it lets go",
            );
        }
        Some(SignInThrottle { attempts, address_attempts, window, longest_delay })
    }
}
