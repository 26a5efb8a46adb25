//! What a caller may decide about a cluster, and what is decided for it.

use std::ffi::OsString;
use std::path::PathBuf;

use super::Place;

#[derive(Debug)]
pub struct ClusterOptions {
    /// Created where missing. The cluster lives in its folder `postgres`, or where a file in it says.
    pub data_dir: PathBuf,
    /// The folder of `initdb` and `postgres`; without it they are looked for.
    pub binaries: Option<PathBuf>,
    /// The value of `PATH`, to look for them.
    pub search_path: Option<OsString>,
    /// Settings of `postgresql.conf`, over our own.
    pub settings: Vec<(String, String)>,
    pub existing: Existing,
}

/// What becomes of a cluster that an earlier start left in the data directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Keep,
    Erase,
}

impl ClusterOptions {
    #[must_use]
    pub fn new(data_dir: PathBuf) -> Self {
        Self { data_dir, binaries: None, search_path: None, settings: Vec::new(), existing: Existing::Keep }
    }
}

/// What every cluster of ours begins with.
pub(super) fn our_settings(place: &Place) -> Vec<(String, String)> {
    let socket_dir = place.socket_dir().display().to_string();
    let settings = [
        ("listen_addresses", ""),
        ("port", "5432"),
        ("unix_socket_directories", &socket_dir),
        ("unix_socket_permissions", "0700"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("max_wal_size", "1GB"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("lc_messages", "C"),
    ];
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}
