//! What the demo must remember between two starts, in a file that nobody else may read.

use crate::cli::CommandFailure;
use crate::model::rng::Rng;
use data_encoding::{BASE32, BASE32_NOPAD, BASE64};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What seals second factors; its own file, as in every installation.
const KEY_FILE: &str = "key";
pub(super) const FILE: &str = "demo.json";

#[derive(Serialize, Deserialize)]
pub(super) struct Secrets {
    pub(super) password: String,
    /// In base 32, as authenticator apps take it (RFC 4648, section 6).
    pub(super) totp_secret: String,
}

impl Secrets {
    /// Those of the last start, or new ones.
    pub(super) fn keep(data_dir: &Path, rng: &Rng) -> Result<Self, CommandFailure> {
        let file = data_dir.join(FILE);
        if let Ok(text) = std::fs::read_to_string(&file)
            && let Ok(secrets) = serde_json::from_str(&text)
        {
            return Ok(secrets);
        }
        let secrets = Self::generate(rng)?;
        let text = serde_json::to_string_pretty(&secrets).map_err(CommandFailure::of)?;
        write_private(&file, &text)?;
        Ok(secrets)
    }

    fn generate(rng: &Rng) -> Result<Self, CommandFailure> {
        let password: [u8; 10] = rng.bytes().map_err(CommandFailure::of)?;
        let totp: [u8; 20] = rng.bytes().map_err(CommandFailure::of)?;
        let letters = BASE32_NOPAD.encode(&password).to_ascii_lowercase();
        let groups: Vec<&str> =
            letters.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
        Ok(Self { password: groups.join("-"), totp_secret: BASE32.encode(&totp) })
    }
}

/// Makes the key that seals second factors, unless an earlier start did.
pub(super) fn keep_key(data_dir: &Path, rng: &Rng) -> Result<(), CommandFailure> {
    let file = data_dir.join(KEY_FILE);
    if file.exists() {
        return Ok(());
    }
    let key: [u8; 32] = rng.bytes().map_err(CommandFailure::of)?;
    write_private(&file, &format!("{}\n", BASE64.encode(&key)))
}

/// Writes a file that its owner alone may read, in whole or not at all.
pub(super) fn write_private(file: &Path, text: &str) -> Result<(), CommandFailure> {
    let cannot = |error| CommandFailure::of(format!("`{}` cannot be written: {error}", file.display()));
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let new = Path::new(&name);
    if let Err(error) = std::fs::remove_file(new)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(cannot(error));
    }
    let mut out =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(new).map_err(cannot)?;
    out.write_all(text.as_bytes()).map_err(cannot)?;
    std::fs::rename(new, file).map_err(cannot)
}
