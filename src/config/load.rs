//! Finds, reads and checks the configuration.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::File;
use super::folders::{self, FoldersError};
use super::mistake::{Mistake, What};
use super::settings::Settings;
use super::{meaning, shape};

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no folder to look in.
    #[error("cannot find the configuration")]
    Folders(#[from] FoldersError),
    /// The file is not there or cannot be read.
    #[error("cannot read configuration \"{}\"", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The file has a mistake.
    #[error("cannot use configuration \"{}\": {mistake}", path.display())]
    Mistake {
        /// The file.
        path: PathBuf,
        /// The mistake, with its line.
        mistake: String,
    },
}

/// Where the configuration is looked for: the file asked for, else `config.toml` in the program's
/// configuration folder.
///
/// # Errors
/// [`FoldersError::NoHome`] when there is no such folder.
pub fn location(asked: Option<&Path>) -> Result<PathBuf, FoldersError> {
    match asked {
        Some(path) => Ok(path.to_owned()),
        None => Ok(folders::config()?.join("config.toml")),
    }
}

/// The text of the configuration in force. `None` when no file was asked for and there is none:
/// then the defaults hold.
///
/// # Errors
/// [`ConfigError::Folders`] and [`ConfigError::Read`].
pub fn text(asked: Option<&Path>) -> Result<Option<String>, ConfigError> {
    let path = location(asked)?;
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && asked.is_none() => Ok(None),
        Err(source) => Err(ConfigError::Read { path, source }),
    }
}

impl Settings {
    /// Reads the settings from `path`; without one from the program's configuration folder, where a
    /// file that does not exist means the defaults.
    ///
    /// # Errors
    /// See [`ConfigError`]. A file that was asked for must exist.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(text) = text(path)? else {
            return Ok(Self::default());
        };
        Self::parse(&text).map_err(|mistake| match location(path) {
            Ok(path) => ConfigError::Mistake {
                path,
                mistake: mistake.describe(&text),
            },
            Err(error) => ConfigError::Folders(error),
        })
    }

    /// Reads the settings from the text of a configuration.
    ///
    /// # Errors
    /// The first [`Mistake`] in it.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        shape::check(text)?;
        let file: File = toml::from_str(text).map_err(|error| Mistake {
            span: error.span(),
            what: What::Syntax(error.message().to_owned()),
        })?;
        meaning::settings(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DEFAULT;

    #[test]
    fn the_default_configuration_says_exactly_the_defaults() {
        assert_eq!(Settings::parse(DEFAULT), Ok(Settings::default()));
        assert_eq!(Settings::parse(""), Ok(Settings::default()));
    }
}
