//! `[server.tls]`

use super::raw::RawTls;
use super::reading::{Fault, Faults, Reading};
use crate::model::certificate::Certificate;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use url::Url;

/// TLS by the program itself: what its two files held when they were last read.
#[derive(Debug, Clone)]
pub struct Tls {
    pub files: CertificateFiles,
    pub certificate: Certificate,
    /// The state of the files from which it was read.
    pub state: FileState,
}

/// Where the certificate and its key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The program's own certificate and whatever leads to the root, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
}

/// Tells that a file was written or replaced since: when, how long, and which it was. Nothing where it cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState([Option<(i64, i64, u64, u64)>; 2]);

impl CertificateFiles {
    /// Reads them; every fault is told with its key.
    pub fn read(&self) -> Result<Tls, Faults> {
        // Looked at before they are read: what is written meanwhile is found at the next look.
        let state = self.state();
        let faults = match (read("certificate", &self.certificate), read("key", &self.key)) {
            (Ok(chain), Ok(key)) => match Certificate::read(&chain, &key) {
                Ok(certificate) => return Ok(Tls { files: self.clone(), certificate, state }),
                Err(unusable) => unusable
                    .into_iter()
                    .map(|why| {
                        let (key, file) = if why.is_of_the_key() {
                            ("key", &self.key)
                        } else {
                            ("certificate", &self.certificate)
                        };
                        fault(key, file, why)
                    })
                    .collect(),
            },
            (chain, key) => [chain.err(), key.err()].into_iter().flatten().collect(),
        };
        Err(Faults(faults))
    }

    #[must_use]
    pub fn state(&self) -> FileState {
        FileState([&self.certificate, &self.key].map(|file| {
            // A link, such as certbot keeps, is followed.
            let seen = std::fs::metadata(file).ok()?;
            Some((seen.mtime(), seen.mtime_nsec(), seen.size(), seen.ino()))
        }))
    }
}

impl Reading<'_> {
    pub(super) fn tls(&mut self, raw: Option<&RawTls>, public_url: Option<&Url>) -> Option<Tls> {
        let raw = raw?;
        if public_url.is_some_and(|url| url.scheme() != "https") {
            self.fault("server.public_url", "must begin with https:// where `[server.tls]` is there");
        }
        let files = CertificateFiles {
            certificate: self.folder.join(&raw.certificate),
            key: self.folder.join(&raw.key),
        };
        files.read().map_err(|faults| self.faults.extend(faults.0)).ok()
    }
}

fn read(key: &str, file: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(file).map_err(|error| fault(key, file, format_args!("cannot be read: {error}")))
}

fn fault(key: &str, file: &Path, why: impl std::fmt::Display) -> Fault {
    Fault { key: format!("server.tls.{key}"), message: format!("`{}` {why}", file.display()) }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Faults, effective};
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use std::path::PathBuf;

    const EXAMPLE: &str = include_str!("../../../portcullis.example.toml");

    /// A folder with what an operator has put into it; it goes with its test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let folder = std::env::temp_dir().join(format!("portcullis-tls-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            for (file, text) in files {
                std::fs::write(folder.join(file), text).unwrap();
            }
            Self(folder)
        }

        fn parse(&self, text: &str) -> Result<Config, Faults> {
            let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
            let text = format!("{text}\n[server.tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n");
            Config::parse(&text, &self.0, &|name| (name == "PORTCULLIS_KEY").then(|| key.to_owned()))
        }

        fn faults(&self, text: &str) -> Vec<String> {
            self.parse(text).unwrap_err().to_string().lines().map(str::to_owned).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn pair() -> (String, String) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["db.example.com".to_owned()]).unwrap();
        (cert.pem(), signing_key.serialize_pem())
    }

    #[test]
    fn a_pair_is_read_and_shown_without_its_key() {
        let (chain, key) = pair();
        let folder = Folder::new("pair", &[("tls.pem", &chain), ("tls.key", &key)]);
        let config = folder.parse(EXAMPLE).unwrap();
        let shown = effective(&config);
        assert!(
            shown.contains(&format!("tls.certificate = \"{}\"", folder.0.join("tls.pem").display())),
            "{shown}"
        );
        let secret = key.lines().nth(1).unwrap();
        assert!(!shown.contains(secret) && !format!("{config:?}").contains(secret));
        let files = config.server.tls.unwrap().files;
        let before = files.state();
        assert_eq!(files.state(), before);
        std::fs::rename(folder.0.join("tls.pem"), folder.0.join("old.pem")).unwrap();
        std::fs::write(folder.0.join("tls.pem"), &chain).unwrap();
        assert_ne!(files.state(), before, "another file of the same length");
    }

    #[test]
    fn every_fault_is_told_with_its_key() {
        let ((chain, key), (_, other)) = (pair(), pair());
        let folder = Folder::new("none", &[]);
        let keys = |faults: Vec<String>| {
            faults.iter().map(|fault| fault.split_once(": ").unwrap().0.to_owned()).collect::<Vec<_>>()
        };
        let faults = folder.faults(&EXAMPLE.replace("https://db", "http://db"));
        assert_eq!(keys(faults), ["server.public_url", "server.tls.certificate", "server.tls.key"]);
        let folder = Folder::new("loopback", &[("tls.pem", &chain), ("tls.key", &key)]);
        let faults = folder.faults(&EXAMPLE.replace("https://db.example.com", "http://localhost:8700"));
        assert!(faults[0].starts_with("server.public_url: must begin with https://"), "{faults:?}");
        for (certificate, key, wanted) in [
            (chain.as_str(), other.as_str(), "server.tls.key"),
            ("none", &key, "server.tls.certificate"),
            (&key, &key, "server.tls.certificate"),
            (&chain, &chain, "server.tls.key"),
        ] {
            let folder = Folder::new("other", &[("tls.pem", certificate), ("tls.key", key)]);
            let faults = folder.faults(EXAMPLE);
            let [fault] = faults.as_slice() else { panic!("one fault: {faults:?}") };
            assert!(fault.starts_with(wanted) && fault.contains("portcullis-tls-other"), "{fault}");
        }
    }
}
