//! Where the programs of PostgreSQL are.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::EmbeddedError;

const OLDEST: u32 = 14;

/// Where packages put a version beside another: folder, what stands before the version, what comes after it.
const VERSIONED: [(&str, &str, &str); 4] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// A folder that holds `initdb` and `postgres` of a version that we can use.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    dir: PathBuf,
}

impl Binaries {
    /// An explicit folder is taken or refused; without one, the first usable folder of the usual places.
    pub(super) fn find(explicit: Option<&Path>, search_path: Option<&OsStr>) -> Result<Self, EmbeddedError> {
        if let Some(dir) = explicit {
            return Self::inspect(dir).map_err(|found| EmbeddedError::NotAServer {
                dir: dir.to_path_buf(),
                found: found.to_string(),
            });
        }
        let mut looked_in = Vec::new();
        for dir in candidates(search_path) {
            match Self::inspect(&dir) {
                Ok(binaries) => return Ok(binaries),
                Err(Absence::NoProgram) => {}
                Err(found) => looked_in.push(format!("{} ({found})", dir.display())),
            }
        }
        looked_in.push("PATH, pg_config, /usr/lib/postgresql and Homebrew".to_owned());
        Err(EmbeddedError::NoServer { looked_in })
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn inspect(dir: &Path) -> Result<Self, Absence> {
        if !dir.join("initdb").is_file() {
            return Err(Absence::NoProgram);
        }
        let said = output_of(&dir.join("postgres"), "--version").ok_or(Absence::NoProgram)?;
        match major(&said) {
            Some(major) if major >= OLDEST => Ok(Self { dir: dir.to_path_buf() }),
            _ => Err(Absence::Unusable(said)),
        }
    }
}

enum Absence {
    NoProgram,
    Unusable(String),
}

impl std::fmt::Display for Absence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoProgram => f.write_str("`initdb` and `postgres` are not both there"),
            Self::Unusable(said) => f.write_str(said),
        }
    }
}

fn candidates(search_path: Option<&OsStr>) -> impl Iterator<Item = PathBuf> {
    let on_path: Vec<PathBuf> =
        search_path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
    let pg_config = on_path
        .iter()
        .map(|dir| dir.join("pg_config"))
        .find(|program| program.is_file())
        .unwrap_or_else(|| "pg_config".into());
    let configured =
        std::iter::once_with(move || output_of(&pg_config, "--bindir")).flatten().map(PathBuf::from);
    on_path
        .into_iter()
        .chain(configured)
        .chain(
            VERSIONED
                .iter()
                .flat_map(|(parent, before, after)| newest_first(Path::new(parent), before, after)),
        )
        .chain(["/usr/bin", "/usr/local/bin"].map(PathBuf::from))
}

fn newest_first(parent: &Path, before: &str, after: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.strip_prefix(before)?.parse().ok()?;
            Some((version, entry.path().join(after)))
        })
        .collect();
    found.sort_by_key(|(version, _)| Reverse(*version));
    found.into_iter().map(|(_, dir)| dir).collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `postgres (PostgreSQL) 18beta1`
fn major(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn output_of(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_server_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("mysql 8"), None);
    }

    #[test]
    fn an_explicit_folder_without_a_server_is_refused_by_name() {
        let refused = Binaries::find(Some(Path::new("/nowhere")), None).unwrap_err();
        assert!(refused.to_string().contains("/nowhere"), "{refused}");
        assert!(refused.help().is_some());
    }
}
