//! Writes down what agents could read, and tells what changed since.

use crate::flow::{Portcullis, Warehouse};
use crate::model::profile::ProfileName;
use crate::model::surface_lock::{LockedRelations, SurfaceLock};
use crate::warehouse::{self, Fault};

#[derive(Debug, thiserror::Error)]
#[error("profiles.{profile}: {fault:#}")]
pub struct NotSurveyed {
    pub profile: ProfileName,
    pub fault: Fault,
}

/// What the declarations of every profile that reads one warehouse open now, whether or not it is granted.
pub async fn survey(portcullis: &Portcullis, warehouse: &Warehouse) -> Result<SurfaceLock, NotSurveyed> {
    let mut lock = SurfaceLock::default();
    for profile in portcullis.profiles_of(warehouse) {
        let name = profile.name.clone();
        match warehouse::reach(&profile.gateway, &profile.declared, &profile.views).await {
            Ok(reach) => lock.0.insert(name, LockedRelations::now(&reach, &profile.declared)),
            Err(fault) => return Err(NotSurveyed { profile: name, fault }),
        };
    }
    Ok(lock)
}
