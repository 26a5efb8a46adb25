//! `[self_test]`

use super::raw::RawSelfTest;
use super::reading::Reading;
use crate::model::self_test::SelfTest;
use std::time::Duration;

impl Reading<'_> {
    pub(super) fn self_test(&mut self, raw: &RawSelfTest) -> SelfTest {
        let person = raw.person.as_deref().and_then(|person| self.parsed("self_test.person", person));
        let key = "self_test.every";
        let every = raw.every.as_deref().and_then(|every| self.duration_or(key, Some(every), Duration::ZERO));
        if every.is_some_and(|every| every < Duration::from_mins(1)) {
            self.fault(key, "is less than a minute");
        }
        SelfTest { person, every, disable_on_red: raw.disable_on_red.unwrap_or_default() }
    }
}
