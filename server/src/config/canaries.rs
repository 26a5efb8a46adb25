//! `[warehouse] canaries`, and those of each profile.

use super::reading::Reading;
use crate::model::canary::Canary;
use crate::model::profile::Declared;

impl Reading<'_> {
    /// Outside of every profile: whoever names one was refused.
    pub(super) fn outer_canaries<'p>(
        &mut self,
        raw: &[String],
        declared: &(impl Iterator<Item = &'p Declared> + Clone),
    ) -> Vec<Canary> {
        let key = "warehouse.canaries";
        let canaries = self.canaries(key, raw);
        for canary in &canaries {
            if declared.clone().any(|declared| is(canary, declared)) {
                let message =
                    format!("`{canary}` is declared by a profile: name it in the `canaries` of that profile");
                self.fault(key, message);
            }
        }
        canaries
    }

    /// Inside of a profile: it is listed and answered like any other relation.
    pub(super) fn inner_canaries(&mut self, key: &str, raw: &[String], declared: &[Declared]) -> Vec<Canary> {
        let key = format!("{key}.canaries");
        let canaries = self.canaries(&key, raw);
        for canary in &canaries {
            if !declared.iter().any(|declared| is(canary, declared)) {
                let message =
                    format!("`{canary}` is not among the relations, so nobody could be tempted by it");
                self.fault(&key, message);
            }
        }
        canaries
    }

    fn canaries(&mut self, key: &str, raw: &[String]) -> Vec<Canary> {
        let named = raw.iter().enumerate();
        named.filter_map(|(n, name)| self.parsed(&format!("{key}[{n}]"), name)).collect()
    }
}

fn is(canary: &Canary, declared: &Declared) -> bool {
    (&canary.schema, &canary.name) == (&declared.schema, &declared.name)
}
