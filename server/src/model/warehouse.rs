//! A warehouse: a database that agents read.

use crate::model::profile::is_name;
use std::fmt;
use std::str::FromStr;

/// The name of a warehouse, as in `[warehouses.crm]`: lower-case letters, digits and underscores, a letter first, at most
/// 63 bytes. `[warehouse]` is called `warehouse`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WarehouseName(String);

/// The name of `[warehouse]`, which is read by every profile that names none.
const FIRST: &str = "warehouse";

impl WarehouseName {
    /// The name of `[warehouse]`.
    #[must_use]
    pub fn first() -> Self {
        Self(FIRST.to_owned())
    }

    #[must_use]
    pub fn is_first(&self) -> bool {
        self.0 == FIRST
    }

    /// Where the configuration speaks of it: `warehouse`, or `warehouses.crm`.
    #[must_use]
    pub fn key(&self) -> String {
        if self.is_first() { FIRST.to_owned() } else { format!("warehouses.{self}") }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name of a warehouse: use lower-case letters, digits and underscores, a letter first, at most 63"
)]
pub struct NotAWarehouseName(String);

impl FromStr for WarehouseName {
    type Err = NotAWarehouseName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if is_name(name) { Ok(Self(name.to_owned())) } else { Err(NotAWarehouseName(name.to_owned())) }
    }
}

impl fmt::Display for WarehouseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::WarehouseName;

    #[test]
    fn each_warehouse_has_its_place_in_the_configuration() {
        for (name, key) in [("crm", "warehouses.crm"), ("warehouse", "warehouse")] {
            assert_eq!(name.parse::<WarehouseName>().unwrap().key(), key);
        }
        assert_eq!(WarehouseName::first().key(), "warehouse");
        assert!("CRM".parse::<WarehouseName>().is_err());
    }
}
