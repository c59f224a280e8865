//! What each model file must be, byte for byte, and how its tensors are named and shaped.

use std::sync::OnceLock;

use serde::Deserialize;

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Finds the joints of one person.
    Pose,
    /// Says whether a person is there, and where.
    Presence,
}

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// 32-bit signed integers; in an image: 0 to 255.
    I32,
    /// 32-bit floats; in an image: -1 to 1.
    F32,
}

/// One input or output of a model.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorSpec {
    /// Its name in the file.
    pub name: String,
    /// The type of its elements.
    pub element: Element,
    /// Its size along each axis. An image is batch (1), height, width, channels (3: RGB).
    pub shape: Vec<usize>,
}

/// One entry of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// `lightning`, `thunder` or `presence`.
    pub name: String,
    /// The file's name, in the source's `models/` folder and wherever it is looked for.
    pub file: String,
    /// sha256 of the whole file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// What the model is for.
    pub role: Role,
    /// The picture the model takes.
    pub input: TensorSpec,
    /// What it gives, in the order in which [`Engine::run`](crate::vision::engine::Engine::run)
    /// hands them over.
    pub outputs: Vec<TensorSpec>,
    /// The joints in the order of the output; empty for a presence model.
    pub joints: Vec<String>,
    /// SPDX expression.
    pub licence: String,
    /// Registry package and files the model was made from.
    pub source: String,
    /// sha256 of those files, in the order named.
    pub source_sha256: Vec<String>,
}

/// The manifest compiled into the program.
#[must_use]
pub fn entries() -> &'static [ModelSpec] {
    static ENTRIES: OnceLock<Vec<ModelSpec>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        toml::from_str::<Manifest>(include_str!("../../../models/manifest.toml"))
            .expect("the compiled-in manifest parses: a test reads it")
            .model
    })
}

/// The entry called `name`.
#[must_use]
pub fn entry(name: &str) -> Option<&'static ModelSpec> {
    entries().iter().find(|spec| spec.name == name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    model: Vec<ModelSpec>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pose::Joint;

    #[test]
    fn pose_models_name_the_joints_in_the_order_of_the_domain() {
        let joints: Vec<&str> = Joint::ALL.iter().map(|joint| joint.name()).collect();
        let poses: Vec<_> = entries().iter().filter(|m| m.role == Role::Pose).collect();
        assert_eq!(poses.len(), 2);
        for spec in poses {
            assert_eq!(spec.joints, joints, "{}", spec.name);
            assert_eq!(spec.outputs[0].shape, [1, 1, Joint::COUNT, 3]);
        }
    }

    #[test]
    fn every_input_is_one_square_rgb_picture() {
        for spec in entries() {
            let [1, height, width, 3] = spec.input.shape[..] else {
                panic!("{}: {:?}", spec.name, spec.input.shape);
            };
            assert_eq!(height, width, "{}", spec.name);
        }
    }
}
