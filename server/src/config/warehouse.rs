//! `[warehouse]`, `[warehouses.NAME]`, and what a profile tolerates.

use super::raw::{RawConfig, RawProfile, RawWarehouse};
use super::reading::{Reading, with_password};
use super::{LockFile, Warehouse};
use crate::model::drift::Risk;
use crate::model::profile::ProfileName;
use crate::model::surface_lock::{LockedRelations, SurfaceLock};
use crate::model::target::{MAX_LAG, Target};
use crate::model::warehouse::WarehouseName;
use sqlx::postgres::PgConnectOptions;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

/// Whoever wants a standby as old as this wants a copy.
const LONGEST_LAG: Duration = Duration::from_hours(31 * 24);

/// Every warehouse that is written down; `None` where it is faulty, and its faults are told.
pub(super) struct Written(BTreeMap<WarehouseName, Option<Arc<Warehouse>>>);

impl Reading<'_> {
    pub(super) fn warehouses(&mut self, raw: &RawConfig) -> Written {
        let mut written = BTreeMap::new();
        if let Some(raw) = &raw.warehouse {
            let name = WarehouseName::first();
            written.insert(name.clone(), self.warehouse(name, raw).map(Arc::new));
        }
        for (name, raw) in &raw.warehouses {
            let key = format!("warehouses.{name}");
            let Some(name) = self.parsed::<WarehouseName>(&key, name) else { continue };
            if name.is_first() {
                self.fault(&key, "is the name of `[warehouse]`: write it so, or give this one another name");
                continue;
            }
            written.insert(name.clone(), self.warehouse(name, raw).map(Arc::new));
        }
        self.locks_are_not_shared(written.values().flatten());
        Written(written)
    }

    fn warehouse(&mut self, name: WarehouseName, raw: &RawWarehouse) -> Option<Warehouse> {
        let key = name.key();
        let connect = self.database(&format!("{key}.url"), &raw.url);
        let replicas = self.replicas(&key, raw, connect.as_ref());
        let target = self.target(&format!("{key}.target_session_attrs"), raw.target_session_attrs.as_deref());
        let max_lag = match &raw.max_lag {
            Some(text) => self.bounded(&format!("{key}.max_lag"), text, LONGEST_LAG),
            None => Some(MAX_LAG),
        };
        let pool = self.pool(&format!("{key}.pool"), raw.pool, 10);
        let pooler = self.pooler(&format!("{key}.pooler"), raw.pooler.as_deref());
        let wait = self.duration_or(&format!("{key}.wait"), raw.wait.as_deref(), Duration::from_secs(2));
        let admin = raw.admin_url.as_deref().and_then(|url| self.database(&format!("{key}.admin_url"), url));
        let password =
            self.secret(&format!("{key}.admin"), raw.admin_password_file.as_deref(), &variable(&name));
        let admin = admin.map(|admin| with_password(admin, password));
        let canaries = self.canaries(&format!("{key}.canaries"), &raw.canaries);
        let lock = self.lock(&name, raw.surface_lock.as_deref());
        Some(Warehouse {
            name,
            connect: connect?,
            replicas,
            target,
            max_lag: max_lag?,
            pooler,
            pool,
            wait: wait?,
            extension_schemas: raw.extension_schemas.clone(),
            admin,
            lock,
            canaries,
        })
    }

    fn replicas(
        &mut self,
        key: &str,
        raw: &RawWarehouse,
        home: Option<&PgConnectOptions>,
    ) -> Vec<PgConnectOptions> {
        let mut replicas = Vec::with_capacity(raw.replicas.len());
        for (n, url) in raw.replicas.iter().enumerate() {
            let key = format!("{key}.replicas[{n}]");
            let Some(replica) = self.database(&key, url) else { continue };
            // A standby has the databases of its primary, by the same names.
            if home.is_some_and(|home| home.get_database() != replica.get_database()) {
                self.fault(&key, "leads to another database than `url`");
            }
            replicas.push(replica);
        }
        replicas
    }

    fn target(&mut self, key: &str, word: Option<&str>) -> Target {
        let Some(word) = word else { return Target::default() };
        let target = Target::named(word);
        if target.is_none() {
            let known = Target::ALL.map(Target::word).join("`, `");
            self.fault(key, format!("`{word}` is unknown; there are `{known}`"));
        }
        target.unwrap_or_default()
    }

    /// A lock that is there and cannot be read is a fault, because without it new columns would open by themselves.
    fn lock(&mut self, name: &WarehouseName, named: Option<&str>) -> LockFile {
        let key = format!("{}.surface_lock", name.key());
        let path = self.folder.join(named.map_or_else(|| lock_name(name), str::to_owned));
        let lock = match std::fs::read_to_string(&path) {
            Ok(text) => SurfaceLock::parse(&text)
                .map_err(|error| self.fault(&key, format!("`{}`: {error}", path.display())))
                .ok(),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                self.fault(&key, format!("`{}` cannot be read: {error}", path.display()));
                None
            }
        };
        LockFile { path, is_named: named.is_some(), lock }
    }

    /// Each is written as a whole, so one would take the other's place.
    fn locks_are_not_shared<'w>(&mut self, warehouses: impl Iterator<Item = &'w Arc<Warehouse>>) {
        let mut holders = BTreeMap::new();
        for warehouse in warehouses {
            if let Some(other) = holders.insert(&warehouse.lock.path, &warehouse.name) {
                let message = format!("is the lock of `{other}` too: each warehouse needs its own");
                self.fault(&format!("{}.surface_lock", warehouse.name.key()), message);
            }
        }
    }

    /// The warehouse that a profile reads.
    pub(super) fn read_by(
        &mut self,
        key: &str,
        profile: &RawProfile,
        Written(written): &Written,
    ) -> Option<Arc<Warehouse>> {
        if let Some(warehouse) = profile.reads().and_then(|name| written.get(&name)) {
            return warehouse.clone();
        }
        let known: Vec<String> = written.keys().map(|name| format!("`{name}`")).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let message = match &profile.warehouse {
            Some(unknown) => format!("`{unknown}` is unknown; there is {known}"),
            None => {
                format!("is missing: there is no `[warehouse]` to read where none is named; there is {known}")
            }
        };
        self.fault(&format!("{key}.warehouse"), message);
        None
    }

    /// Whoever forgot to name it in a profile has a profile that reads something else.
    pub(super) fn all_are_read(
        &mut self,
        Written(written): &Written,
        profiles: &BTreeMap<String, RawProfile>,
    ) {
        for name in written.keys() {
            if !profiles.values().any(|profile| profile.reads().as_ref() == Some(name)) {
                let message = "no profile reads it: name it as the `warehouse` of one, or leave it out";
                self.fault(&name.key(), message);
            }
        }
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

impl RawProfile {
    /// The warehouse that it reads; `None` where what it says is no name of one.
    fn reads(&self) -> Option<WarehouseName> {
        self.warehouse.as_ref().map_or(Some(WarehouseName::first()), |name| name.parse().ok())
    }
}

/// Holds the administrator's password: `PORTCULLIS_WAREHOUSE_ADMIN_PASSWORD`, `PORTCULLIS_WAREHOUSE_CRM_ADMIN_PASSWORD`.
fn variable(name: &WarehouseName) -> String {
    if name.is_first() {
        return "PORTCULLIS_WAREHOUSE_ADMIN_PASSWORD".to_owned();
    }
    format!("PORTCULLIS_WAREHOUSE_{}_ADMIN_PASSWORD", name.to_string().to_ascii_uppercase())
}

/// The surface lock's name where the configuration says none: beside itself.
fn lock_name(name: &WarehouseName) -> String {
    if name.is_first() {
        return "portcullis.surface.lock".to_owned();
    }
    format!("portcullis.{name}.surface.lock")
}

impl Written {
    /// `[warehouse]` first, then the others by name.
    pub(super) fn into_sound(self) -> Vec<Arc<Warehouse>> {
        let mut sound: Vec<Arc<Warehouse>> = self.0.into_values().flatten().collect();
        sound.sort_by_key(|warehouse| !warehouse.name.is_first());
        sound
    }
}

impl Warehouse {
    /// What the lock knows of a profile: a lock that does not know the profile knows none of its relations.
    pub(super) fn locked(&self, profile: &ProfileName) -> Option<LockedRelations> {
        let lock = self.lock.lock.as_ref()?;
        Some(lock.0.get(profile).cloned().unwrap_or_default())
    }
}
