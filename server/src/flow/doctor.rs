//! Looks at what the roles of each profile can really do, and names where that differs from the declaration.

use crate::flow::{Portcullis, Profile};
use crate::model::drift::{Finding, Light, Risk, Wanted, findings};
use crate::model::profile::ProfileName;
use crate::model::reach::Reach;
use crate::model::warehouse::WarehouseName;
use crate::warehouse::{self, Fault};

/// One profile, examined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    pub profile: ProfileName,
    pub warehouse: WarehouseName,
    pub role: String,
    pub login: String,
    /// The worst first.
    pub findings: Vec<Finding>,
}

/// Every profile, warehouse by warehouse.
pub async fn examine(portcullis: &Portcullis) -> Vec<Examined> {
    let mut examined = Vec::new();
    for warehouse in portcullis.warehouses() {
        for profile in portcullis.profiles_of(warehouse) {
            examined.push(examine_profile(profile).await);
        }
    }
    examined
}

async fn examine_profile(profile: &Profile) -> Examined {
    let roles = profile.gateway.roles();
    let findings = match look(profile).await {
        Ok(reach) => findings(&reach, profile.wanted()),
        // Without a password to ask for, the server says plainly that it does not know whoever knocks.
        Err(fault) if format!("{fault:#}").contains(&format!("role \"{}\" does not exist", roles.login)) => {
            vec![Finding::role_missing(roles.login)]
        }
        Err(fault) => vec![Finding::no_way_in(roles.login, format_args!("{fault:#}"))],
    };
    profile.examined(findings)
}

/// Through the profile's own login; where that is shut, through the administrator's, if there is one.
async fn look(profile: &Profile) -> Result<Reach, Fault> {
    match warehouse::reach(&profile.gateway, &profile.declared, &profile.views).await {
        Err(fault @ Fault::Misconfigured(_)) => match &profile.warehouse.administrator {
            Some(administrator) => {
                administrator.reach(profile.gateway.roles(), &profile.declared, &profile.views).await
            }
            None => Err(fault),
        },
        looked => looked,
    }
}

impl Profile {
    /// What the warehouse is compared with.
    pub(super) fn wanted(&self) -> Wanted<'_> {
        let roles = self.gateway.roles();
        Wanted {
            role: roles.role,
            login: roles.login,
            relations: &self.declared,
            lock: self.lock.as_ref(),
            views: Some(&self.views),
        }
    }

    pub(super) fn examined(&self, findings: Vec<Finding>) -> Examined {
        let roles = self.gateway.roles();
        Examined {
            profile: self.name.clone(),
            warehouse: self.warehouse.name.clone(),
            role: roles.role.to_owned(),
            login: roles.login.to_owned(),
            findings,
        }
    }
}

impl Examined {
    /// The worst light; `None` where nothing was found.
    #[must_use]
    pub fn light(&self) -> Option<Light> {
        self.findings.iter().map(|finding| finding.light).max()
    }
}

/// Findings too dangerous to serve with, and those whose risks the profile tolerates by name.
#[derive(Debug, Default)]
pub struct Dangers {
    pub refused: Vec<(ProfileName, Finding)>,
    pub tolerated: Vec<(ProfileName, Finding)>,
}

/// Sorts out whether the program may serve.
#[must_use]
pub fn dangers(portcullis: &Portcullis, examined: &[Examined]) -> Dangers {
    let mut dangers = Dangers::default();
    for Examined { profile: name, findings, .. } in examined {
        let tolerated: &[Risk] = portcullis.profile(name).map_or(&[], |profile| &profile.tolerate);
        for finding in findings.iter().filter(|finding| !finding.risks.is_empty()) {
            let list = if finding.risks.iter().all(|risk| tolerated.contains(risk)) {
                &mut dangers.tolerated
            } else {
                &mut dangers.refused
            };
            list.push((name.clone(), finding.clone()));
        }
    }
    dangers
}
