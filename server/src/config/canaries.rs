//! Canaries of each warehouse, and those of each profile.

use super::reading::Reading;
use super::{Profile, Warehouse};
use crate::model::canary::Canary;
use crate::model::profile::Declared;

impl Reading<'_> {
    /// Those of a warehouse are outside of every profile that reads it: whoever names one was refused.
    pub(super) fn canaries_are_outside<'p>(
        &mut self,
        warehouse: &Warehouse,
        profiles: impl Iterator<Item = &'p Profile>,
    ) {
        let declared: Vec<&Declared> = profiles.flat_map(|profile| &profile.relations).collect();
        for canary in &warehouse.canaries {
            if declared.iter().any(|declared| is(canary, declared)) {
                let message =
                    format!("`{canary}` is declared by a profile: name it in the `canaries` of that profile");
                self.fault(&format!("{}.canaries", warehouse.name.key()), message);
            }
        }
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

    pub(super) fn canaries(&mut self, key: &str, raw: &[String]) -> Vec<Canary> {
        let named = raw.iter().enumerate();
        named.filter_map(|(n, name)| self.parsed(&format!("{key}[{n}]"), name)).collect()
    }
}

fn is(canary: &Canary, declared: &Declared) -> bool {
    (&canary.schema, &canary.name) == (&declared.schema, &declared.name)
}
