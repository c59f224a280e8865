//! Model files: where they are found, and the proof that they are the ones we know.
//!
//! A file whose sha256 is not in the [manifest] never reaches an engine, so a text file, a
//! truncated download and a strange model all end in the same clear error.

pub mod manifest;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use manifest::{Element, ModelSpec, Role, TensorSpec};

/// More than twice the largest model of the manifest (12.5 MB): what is longer is not one of ours,
/// and is not read to its end to find out.
const MAX_BYTES: u64 = 32 << 20;

/// A model: the file's bytes and what the manifest says of them.
#[derive(Clone, Debug)]
pub struct Model {
    /// The manifest's entry.
    pub spec: ModelSpec,
    /// The ONNX file; borrowed from the program itself for the models compiled in.
    pub bytes: Cow<'static, [u8]>,
}

/// Why a model cannot be had. Paths are in the text, the operating system's reason is the source.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is not there or cannot be read.
    #[error("cannot read model file \"{}\"", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The file is none of the manifest's.
    #[error(
        "cannot use model file \"{}\": its sha256 does not match any model in the manifest; \
         use \"lightning\", \"thunder\" or an intact copy of their files", path.display()
    )]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// The file has the name of a model but not its bytes.
    #[error(
        "cannot use model file \"{}\": its sha256 does not match the manifest; \
         replace it with the \"{name}\" model's file", path.display()
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// The model it should be.
        name: &'static str,
    },
    /// The file is one of the manifest's, but finds no joints.
    #[error(
        "cannot use model file \"{}\": \"{name}\" finds no joints; use \"lightning\" or \"thunder\"",
        path.display()
    )]
    NotPose {
        /// The file.
        path: PathBuf,
        /// The model it is.
        name: &'static str,
    },
    /// A model of the manifest that is not compiled in was found nowhere.
    #[error(
        "cannot find model \"{name}\" (looked for {}); copy \"{file}\" from the \"models\" folder \
         of the source into the first of these folders",
        list(looked)
    )]
    NotFound {
        /// The model.
        name: &'static str,
        /// Its file's name.
        file: &'static str,
        /// Every file that was tried, in order.
        looked: Vec<PathBuf>,
    },
}

impl Model {
    /// `MoveNet` Lightning, the default pose model; compiled in.
    #[must_use]
    pub fn lightning() -> Self {
        Self::compiled_in(
            "lightning",
            include_bytes!("../../../models/movenet_lightning.onnx"),
        )
    }

    /// The person detector that tells an empty chair from a person; compiled in.
    #[must_use]
    pub fn presence() -> Self {
        Self::compiled_in(
            "presence",
            include_bytes!("../../../models/pose_detection.onnx"),
        )
    }

    /// The pose model called `choice`: `lightning`, `thunder`, or the path of one of their files.
    ///
    /// `thunder` is looked for in `models` in the data folder, beside the executable, and in the
    /// source this program was built from.
    ///
    /// # Errors
    /// See [`ModelError`]; never a panic, whatever the file holds.
    pub fn select(choice: &str, data_folder: &Path) -> Result<Self, ModelError> {
        match choice {
            "lightning" => Ok(Self::lightning()),
            "thunder" => find(known("thunder"), &folders(data_folder)),
            path => from_path(Path::new(path)),
        }
    }

    fn compiled_in(name: &str, bytes: &'static [u8]) -> Self {
        Self {
            spec: known(name).clone(),
            bytes: Cow::Borrowed(bytes),
        }
    }
}

/// sha256 of `bytes`, 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits, two a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn known(name: &str) -> &'static ModelSpec {
    manifest::entry(name)
        .expect("the manifest names the program's own models: a test asks for each")
}

fn folders(data_folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![data_folder.join("models")];
    if let Ok(program) = std::env::current_exe()
        && let Some(folder) = program.parent()
    {
        folders.push(folder.join("models"));
    }
    folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("models"));
    folders
}

fn find(spec: &'static ModelSpec, folders: &[PathBuf]) -> Result<Model, ModelError> {
    let looked: Vec<PathBuf> = folders.iter().map(|f| f.join(&spec.file)).collect();
    let Some(path) = looked.iter().find(|path| path.exists()) else {
        return Err(ModelError::NotFound {
            name: &spec.name,
            file: &spec.file,
            looked,
        });
    };
    let bytes = read(path)?;
    if sha256(&bytes) != spec.sha256 {
        return Err(ModelError::Altered {
            path: path.clone(),
            name: &spec.name,
        });
    }
    Ok(Model {
        spec: spec.clone(),
        bytes: Cow::Owned(bytes),
    })
}

fn from_path(path: &Path) -> Result<Model, ModelError> {
    let bytes = read(path)?;
    let digest = sha256(&bytes);
    let path = path.to_owned();
    match manifest::entries().iter().find(|m| m.sha256 == digest) {
        None => Err(ModelError::Unknown { path }),
        Some(spec) if spec.role != Role::Pose => Err(ModelError::NotPose {
            path,
            name: &spec.name,
        }),
        Some(spec) => Ok(Model {
            spec: spec.clone(),
            bytes: Cow::Owned(bytes),
        }),
    }
}

/// The file, cut off after [`MAX_BYTES`]: a longer one then fails the sha256 check.
fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
        .map_err(|source| ModelError::Read {
            path: path.to_owned(),
            source,
        })?;
    Ok(bytes)
}

fn list(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| format!("\"{}\"", path.display()))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn source_file(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("models")
            .join(&known(name).file)
    }

    #[test]
    fn compiled_in_models_are_the_manifests() {
        for (model, name) in [
            (Model::lightning(), "lightning"),
            (Model::presence(), "presence"),
        ] {
            assert_eq!(model.spec.name, name);
            assert_eq!(sha256(&model.bytes), model.spec.sha256);
            assert!(matches!(model.bytes, Cow::Borrowed(_)));
        }
    }

    #[test]
    fn a_path_is_known_by_its_bytes_not_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("anything.bin");
        fs::copy(source_file("thunder"), &copy).unwrap();
        let model = Model::select(copy.to_str().unwrap(), folder.path()).unwrap();
        assert_eq!(model.spec.name, "thunder");
    }

    #[test]
    fn thunder_is_taken_from_the_data_folder_first() {
        let folder = tempfile::tempdir().unwrap();
        let models = folder.path().join("models");
        fs::create_dir(&models).unwrap();
        let file = models.join("movenet_thunder.onnx");
        fs::write(&file, "half a model").unwrap();
        let error = Model::select("thunder", folder.path()).unwrap_err();
        assert!(
            matches!(&error, ModelError::Altered { path, name: "thunder" } if *path == file),
            "{error}"
        );
        fs::copy(source_file("thunder"), &file).unwrap();
        let model = Model::select("thunder", folder.path()).unwrap();
        assert_eq!(model.spec.input.shape, [1, 256, 256, 3]);
    }

    #[test]
    fn a_model_found_nowhere_names_every_place() {
        let empty = tempfile::tempdir().unwrap();
        let places = [empty.path().join("a"), empty.path().join("b")];
        let text = find(known("thunder"), &places).unwrap_err().to_string();
        for place in places {
            let file = place.join("movenet_thunder.onnx");
            assert!(text.contains(&format!("\"{}\"", file.display())), "{text}");
        }
        assert!(text.contains("copy \"movenet_thunder.onnx\""), "{text}");
    }

    #[test]
    fn what_is_not_one_of_our_pose_models_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let check = |bytes: &[u8], expected: &str| {
            let path = folder.path().join("model.onnx");
            fs::write(&path, bytes).unwrap();
            let error = Model::select(path.to_str().unwrap(), folder.path()).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(expected), "{text}");
            assert!(text.contains(path.to_str().unwrap()), "{text}");
        };
        let lightning = Model::lightning().bytes;
        let unknown = "sha256 does not match any model in the manifest";
        check(b"", unknown);
        check(b"this is a text file\n", unknown);
        check(&lightning[..lightning.len() / 2], unknown);
        let mut flipped = lightning.to_vec();
        flipped[1_000_000] ^= 1;
        check(&flipped, unknown);
        check(&Model::presence().bytes, "\"presence\" finds no joints");
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("missing.onnx"), folder.path().to_owned()] {
            let error = Model::select(path.to_str().unwrap(), folder.path()).unwrap_err();
            assert!(matches!(error, ModelError::Read { .. }), "{error}");
        }
    }
}
