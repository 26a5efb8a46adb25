//! `[store]`

use super::Store;
use super::raw::RawStore;
use super::reading::{Reading, with_password};
use crate::model::pooler::Pooler;
use crate::store::StoreOptions;
use std::time::Duration;

impl Reading<'_> {
    pub(super) fn store(&mut self, raw: &RawStore) -> Option<Store> {
        let connect = self.database("store.url", &raw.url);
        let password = self.secret("store", raw.password_file.as_deref(), "PORTCULLIS_STORE_PASSWORD");
        let owner_url = raw.owner_url.as_deref();
        let owner = owner_url.map(|url| self.database("store.owner_url", url));
        let owner_file = raw.owner_password_file.as_deref();
        let owner_password = self.secret("store.owner", owner_file, "PORTCULLIS_STORE_OWNER_PASSWORD");
        let pooler = self.pooler("store.pooler", raw.pooler.as_deref());
        if pooler == Pooler::Transaction && owner.is_none() {
            let message = "is missing: `migrate` needs a way past the pooler, to PostgreSQL itself";
            self.fault("store.owner_url", message);
        }
        let pool = self.pool("store.pool", raw.pool, 20);
        let wait = self.duration_or("store.wait", raw.wait.as_deref(), Duration::from_secs(2));
        let connect = with_password(connect?, password);
        let owner = match owner {
            Some(owner) => with_password(owner?, owner_password),
            None => connect.clone(),
        };
        Some(Store { options: StoreOptions { connect, pooler, pool, wait: wait? }, owner })
    }
}
