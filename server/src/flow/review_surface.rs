//! What each profile opens, and to whom: the declaration beside what the warehouse says of it.

use crate::flow::surface::{Reading, surface};
use crate::flow::{Failure, Portcullis, Profile};
use crate::store::assignments;
use crate::warehouse::{self, Caution, Fault};
use std::sync::Arc;

/// Holders of one profile, as far as a page shows them.
const HOLDERS: i64 = 200;

/// One profile, looked at.
pub struct Opened {
    pub profile: Arc<Profile>,
    /// Those who hold it, by name.
    pub holders: Vec<String>,
    /// What the warehouse has of the declaration, and what is questionable about it.
    pub reading: Result<(Arc<Reading>, Vec<Caution>), Fault>,
}

/// Every profile, by name.
pub async fn review_surface(portcullis: &Portcullis) -> Result<Vec<Opened>, Failure> {
    let mut opened = Vec::new();
    for profile in portcullis.profiles() {
        let holders = assignments::of_profile(portcullis.store(), &profile.name, HOLDERS).await?;
        opened.push(Opened { profile: Arc::clone(profile), holders, reading: read(profile).await });
    }
    Ok(opened)
}

async fn read(profile: &Arc<Profile>) -> Result<(Arc<Reading>, Vec<Caution>), Fault> {
    let reading = surface(profile).await?;
    Ok((reading, warehouse::cautions(&profile.gateway, &profile.declared).await?))
}
