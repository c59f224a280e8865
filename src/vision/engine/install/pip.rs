//! The package index this machine uses, as pip is told it.
//!
//! Read as pip reads it: `PIP_…` variables go before `PIP_CONFIG_FILE`, that before the user's files, those
//! before the system's; within a file `[install]` goes before `[global]`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::BaseDirs;

/// The index pip uses when it is told nothing.
const DEFAULT_INDEX: &str = "https://pypi.org/simple";

/// What we take from pip's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipSettings {
    /// The index's address (`index-url`); may hold credentials.
    pub index_url: String,
    /// Certificates to trust (`cert`, a PEM file) in place of the system's.
    pub certificates: Option<PathBuf>,
}

impl PipSettings {
    /// The settings for this user on this machine.
    #[must_use]
    pub fn from_env() -> Self {
        let env = |name: &str| std::env::var(name).ok();
        let named = env("PIP_CONFIG_FILE").filter(|path| !path.is_empty());
        Self::read(&files(named.as_deref().map(Path::new)), env)
    }

    /// The settings in `files`, later ones going before earlier ones, and in the environment.
    fn read(files: &[PathBuf], env: impl Fn(&str) -> Option<String>) -> Self {
        let mut settings = BTreeMap::new();
        for path in files {
            match fs::read_to_string(path) {
                Ok(text) => settings.append(&mut parse(&text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => tracing::warn!("cannot read \"{}\": {error}", path.display()),
            }
        }
        let value = |variable: &str, key: &str| {
            env(variable)
                .or_else(|| settings.get(key).cloned())
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        Self {
            index_url: value("PIP_INDEX_URL", "index-url")
                .unwrap_or_else(|| DEFAULT_INDEX.to_owned()),
            certificates: value("PIP_CERT", "cert").map(PathBuf::from),
        }
    }
}

/// pip's configuration files, the system's first. An existing file named in the environment takes the
/// place of the user's; the null device, that of all.
fn files(named: Option<&Path>) -> Vec<PathBuf> {
    let null = Path::new(if cfg!(windows) { "nul" } else { "/dev/null" });
    if named == Some(null) {
        return Vec::new();
    }
    let mut files: Vec<PathBuf> = match std::env::consts::OS {
        "macos" => vec!["/Library/Application Support/pip/pip.conf".into()],
        "windows" => vec!["C:\\ProgramData\\pip\\pip.ini".into()],
        _ => vec!["/etc/xdg/pip/pip.conf".into(), "/etc/pip.conf".into()],
    };
    if let Some(named) = named.filter(|path| path.exists()) {
        files.push(named.to_owned());
    } else if let Some(base) = BaseDirs::new() {
        let (name, legacy) = if cfg!(windows) {
            ("pip.ini", "pip")
        } else {
            ("pip.conf", ".pip")
        };
        files.push(base.home_dir().join(legacy).join(name));
        if cfg!(target_os = "macos") {
            files.push(base.home_dir().join(".config/pip").join(name));
        }
        files.push(base.config_dir().join("pip").join(name));
    }
    files
}

/// The keys of `[global]` and `[install]` in an INI file, spelt with hyphens.
fn parse(text: &str) -> BTreeMap<String, String> {
    let mut global = BTreeMap::new();
    let mut install = BTreeMap::new();
    let mut section = "";
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.trim();
            continue;
        }
        let Some((key, value)) = line.split_once(['=', ':']) else {
            continue;
        };
        let key = key.trim().to_ascii_lowercase().replace('_', "-");
        let value = value.trim().to_owned();
        match section {
            "global" => global.insert(key, value),
            "install" => install.insert(key, value),
            _ => None,
        };
    }
    global.append(&mut install);
    global
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(files: &[&str], env: &[(&str, &str)]) -> PipSettings {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = vec![folder.path().join("missing.conf")];
        for (number, text) in files.iter().enumerate() {
            let path = folder.path().join(number.to_string());
            fs::write(&path, text).unwrap();
            paths.push(path);
        }
        PipSettings::read(&paths, |name| {
            let found = env.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn told_nothing_pypi_and_the_systems_certificates_are_used() {
        let told_nothing = PipSettings {
            index_url: "https://pypi.org/simple".to_owned(),
            certificates: None,
        };
        assert_eq!(settings(&[], &[]), told_nothing);
        let empty = [("PIP_INDEX_URL", ""), ("PIP_CERT", "")];
        assert_eq!(settings(&["[global]\nindex-url =\n"], &empty), told_nothing);
    }

    #[test]
    fn the_nearer_setting_goes_first() {
        let system = "# comment\n[global]\nindex-url = https://system/simple\ncert=/system.pem\n";
        let user =
            "[global]\nindex_url: https://user:pw@host/simple\n[list]\nindex-url=https://no/\n";
        let install = "[install]\nindex-url = https://install/simple\n[global]\nindex-url = https://global/simple\n";
        let env = [
            ("PIP_INDEX_URL", " https://env/simple "),
            ("PIP_CERT", "/env.pem"),
        ];

        assert_eq!(settings(&[system], &[]).index_url, "https://system/simple");
        let both = settings(&[system, user], &[]);
        assert_eq!(both.index_url, "https://user:pw@host/simple");
        assert_eq!(both.certificates, Some("/system.pem".into()));
        assert_eq!(
            settings(&[system, install], &[]).index_url,
            "https://install/simple"
        );
        let env = settings(&[system, user], &env);
        assert_eq!(env.index_url, "https://env/simple");
        assert_eq!(env.certificates, Some("/env.pem".into()));
    }

    #[cfg(unix)]
    #[test]
    fn a_named_file_takes_the_place_of_the_users_and_the_null_device_that_of_all() {
        let named = tempfile::NamedTempFile::new().unwrap();
        let listed = files(Some(named.path()));
        assert_eq!(listed.last().unwrap(), named.path());
        assert!(!listed.iter().any(|path| path.ends_with(".pip/pip.conf")));
        assert!(
            files(None)
                .iter()
                .any(|path| path.ends_with(".pip/pip.conf"))
        );
        assert!(files(Some(Path::new("/dev/null"))).is_empty());
    }
}
