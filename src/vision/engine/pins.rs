//! The one version of ONNX Runtime this program installs and loads unasked, for each platform, by
//! sha256.
//!
//! 1.28.0 is the last version whose builds write no telemetry files into the cache folder.

use std::path::{Path, PathBuf};

/// A library, and the Python wheel that carries it.
///
/// A wheel is a zip file; the library inside is the plain shared library and needs no Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin<'a> {
    /// The version of ONNX Runtime.
    pub version: &'a str,
    /// The wheel's file name, as package indexes list it.
    pub wheel_name: &'a str,
    /// sha256 of the wheel, 64 lower-case hexadecimal digits.
    pub wheel_sha256: &'a str,
    /// The library's path inside the wheel.
    pub library_path: &'a str,
    /// sha256 of the library, 64 lower-case hexadecimal digits.
    pub library_sha256: &'a str,
}

const LINUX_X86_64: Pin<'static> = Pin {
    version: "1.28.0",
    wheel_name: "onnxruntime-1.28.0-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
    wheel_sha256: "a166b78ee04f3a37fa1ef82034b6a3ce96d9684e582d4d30b296de83e9998bb5",
    library_path: "onnxruntime/capi/libonnxruntime.so.1.28.0",
    library_sha256: "aa4079d18f4ea7a5f3a94d80cd4bbe0f2740436626622d64d793803a20381083",
};

const LINUX_AARCH64: Pin<'static> = Pin {
    version: "1.28.0",
    wheel_name: "onnxruntime-1.28.0-cp311-cp311-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
    wheel_sha256: "8d66f9ceb29909c70839e4e4fb3435c7b490050d8f162bd5f3aba4ca01ee517f",
    library_path: "onnxruntime/capi/libonnxruntime.so.1.28.0",
    library_sha256: "23a37c2994bc273e1d59a4f49af6cba5bf1cfbc29f04907ec27df375aba50a7d",
};

const MACOS_AARCH64: Pin<'static> = Pin {
    version: "1.28.0",
    wheel_name: "onnxruntime-1.28.0-cp311-cp311-macosx_14_0_arm64.whl",
    wheel_sha256: "f5c5daabd28aad610f83fdcf32acec8fb57e6adc6c6a39fe2a3c755db957b410",
    library_path: "onnxruntime/capi/libonnxruntime.1.28.0.dylib",
    library_sha256: "99909e99214e31fe2296c9f7fae5abc2eaf0145342efe8b0a6ed82e9ddb0a0a0",
};

const WINDOWS_X86_64: Pin<'static> = Pin {
    version: "1.28.0",
    wheel_name: "onnxruntime-1.28.0-cp311-cp311-win_amd64.whl",
    wheel_sha256: "0d650aeee29368414367b65529e90afe4bf1bab76254789063b8b2f7ea3013c8",
    library_path: "onnxruntime/capi/onnxruntime.dll",
    library_sha256: "14e186627f109a15f28f0b36f6e8ea07c79eac666818e63c39a9792f415bf649",
};

const WINDOWS_AARCH64: Pin<'static> = Pin {
    version: "1.28.0",
    wheel_name: "onnxruntime-1.28.0-cp311-cp311-win_arm64.whl",
    wheel_sha256: "0faf85fb447a663c9cdadc39bd6b19bdf7bedded6699e45731b9b36c46fd993d",
    library_path: "onnxruntime/capi/onnxruntime.dll",
    library_sha256: "a3c722907fb82ae7aa999d90bc81b8dc6358f1260125078485b392d53eea716c",
};

impl Pin<'static> {
    /// The pin for the platform this program was built for; `None` where there is no build of ONNX
    /// Runtime (its Linux builds need glibc 2.27).
    #[must_use]
    pub fn for_this_platform() -> Option<Self> {
        match (std::env::consts::OS, std::env::consts::ARCH) {
            ("linux", _) if cfg!(target_env = "musl") => None,
            ("linux", "x86_64") => Some(LINUX_X86_64),
            ("linux", "aarch64") => Some(LINUX_AARCH64),
            ("macos", "aarch64") => Some(MACOS_AARCH64),
            ("windows", "x86_64") => Some(WINDOWS_X86_64),
            ("windows", "aarch64") => Some(WINDOWS_AARCH64),
            _ => None,
        }
    }
}

impl Pin<'_> {
    /// The folder under `data_folder` that holds this version's library.
    #[must_use]
    pub fn folder(&self, data_folder: &Path) -> PathBuf {
        engine_folder(data_folder).join(format!("onnxruntime-{}", self.version))
    }

    /// Where under `data_folder` the installed library lies.
    #[must_use]
    pub fn library_file(&self, data_folder: &Path) -> PathBuf {
        let name = self.library_path.rsplit('/').next();
        self.folder(data_folder).join(name.unwrap_or_default())
    }
}

/// The folder of everything that is installed for engines.
#[must_use]
pub fn engine_folder(data_folder: &Path) -> PathBuf {
    data_folder.join("engine")
}

/// The version a library with this sha256 is known to have.
#[must_use]
pub fn version_of(library_sha256: &str) -> Option<&'static str> {
    [
        LINUX_X86_64,
        LINUX_AARCH64,
        MACOS_AARCH64,
        WINDOWS_X86_64,
        WINDOWS_AARCH64,
    ]
    .into_iter()
    .find(|pin| pin.library_sha256 == library_sha256)
    .map(|pin| pin.version)
}
