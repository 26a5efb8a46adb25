//! What `[warehouse]` says besides the way in, and what a profile tolerates.

use super::raw::RawWarehouse;
use super::reading::{Reading, with_password};
use super::{LockFile, Warehouse};
use crate::model::drift::Risk;
use crate::model::profile::ProfileName;
use crate::model::surface_lock::{LockedRelations, SurfaceLock};
use std::io::ErrorKind;

/// The surface lock's name where the configuration says none: beside itself.
const LOCK: &str = "portcullis.surface.lock";

impl Reading<'_> {
    pub(super) fn warehouse(&mut self, raw: &RawWarehouse) -> Warehouse {
        let admin = raw.admin_url.as_deref().and_then(|url| self.database("warehouse.admin_url", url));
        let file = raw.admin_password_file.as_deref();
        let password = self.secret("warehouse.admin", file, "PORTCULLIS_WAREHOUSE_ADMIN_PASSWORD");
        let admin = admin.map(|admin| with_password(admin, password));
        Warehouse { admin, lock: self.lock(raw.surface_lock.as_deref()), canaries: Vec::new() }
    }

    /// A lock that is there and cannot be read is a fault, because without it new columns would open by themselves.
    fn lock(&mut self, named: Option<&str>) -> LockFile {
        let path = self.folder.join(named.unwrap_or(LOCK));
        let lock = match std::fs::read_to_string(&path) {
            Ok(text) => SurfaceLock::parse(&text)
                .map_err(|error| {
                    self.fault("warehouse.surface_lock", format!("`{}`: {error}", path.display()));
                })
                .ok(),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                let message = format!("`{}` cannot be read: {error}", path.display());
                self.fault("warehouse.surface_lock", message);
                None
            }
        };
        LockFile { path, is_named: named.is_some(), lock }
    }

    pub(super) fn tolerate(&mut self, key: &str, raw: &[String]) -> Vec<Risk> {
        let read = raw.iter().enumerate().filter_map(|(n, word)| {
            let risk = Risk::named(word);
            if risk.is_none() {
                let known = Risk::ALL.map(Risk::word).join("`, `");
                self.fault(
                    &format!("{key}.tolerate[{n}]"),
                    format!("`{word}` is unknown; there are `{known}`"),
                );
            }
            risk
        });
        read.collect()
    }
}

impl Warehouse {
    /// What the lock knows of a profile: a lock that does not know the profile knows none of its relations.
    pub(super) fn locked(&self, profile: &ProfileName) -> Option<LockedRelations> {
        let lock = self.lock.lock.as_ref()?;
        Some(lock.0.get(profile).cloned().unwrap_or_default())
    }
}
