//! Joints as the pose model gives them, in pixels of the source picture.

/// The joints of the COCO skeleton, in the order of the model's output.
/// Left and right are the person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each name is its own description")]
pub enum Joint {
    Nose,
    LeftEye,
    RightEye,
    LeftEar,
    RightEar,
    LeftShoulder,
    RightShoulder,
    LeftElbow,
    RightElbow,
    LeftWrist,
    RightWrist,
    LeftHip,
    RightHip,
    LeftKnee,
    RightKnee,
    LeftAnkle,
    RightAnkle,
}

impl Joint {
    /// Number of joints in a pose.
    pub const COUNT: usize = 17;

    /// All joints in model order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Nose,
        Self::LeftEye,
        Self::RightEye,
        Self::LeftEar,
        Self::RightEar,
        Self::LeftShoulder,
        Self::RightShoulder,
        Self::LeftElbow,
        Self::RightElbow,
        Self::LeftWrist,
        Self::RightWrist,
        Self::LeftHip,
        Self::RightHip,
        Self::LeftKnee,
        Self::RightKnee,
        Self::LeftAnkle,
        Self::RightAnkle,
    ];

    /// The name used in traces, sessions and the model manifest.
    #[must_use]
    pub fn name(self) -> &'static str {
        const NAMES: [&str; Joint::COUNT] = [
            "nose",
            "left_eye",
            "right_eye",
            "left_ear",
            "right_ear",
            "left_shoulder",
            "right_shoulder",
            "left_elbow",
            "right_elbow",
            "left_wrist",
            "right_wrist",
            "left_hip",
            "right_hip",
            "left_knee",
            "right_knee",
            "left_ankle",
            "right_ankle",
        ];
        NAMES[self as usize]
    }
}

/// One joint in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Keypoint {
    /// Pixels from the left edge of the source picture.
    pub x: f32,
    /// Pixels from the top edge of the source picture, growing downwards.
    pub y: f32,
    /// The model's confidence, 0 to 1.
    pub confidence: f32,
}

/// All joints of one person in one picture, seen or guessed; each carries its confidence.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Pose {
    keypoints: [Keypoint; Joint::COUNT],
}

impl Pose {
    /// A pose from keypoints in model order ([`Joint::ALL`]).
    #[must_use]
    pub fn new(keypoints: [Keypoint; Joint::COUNT]) -> Self {
        Self { keypoints }
    }

    /// The keypoint of `joint`.
    #[must_use]
    pub fn get(&self, joint: Joint) -> Keypoint {
        self.keypoints[joint as usize]
    }

    /// This pose with `joint` at `keypoint`.
    #[must_use]
    pub fn with(mut self, joint: Joint, keypoint: Keypoint) -> Self {
        self.keypoints[joint as usize] = keypoint;
        self
    }

    /// All keypoints in model order.
    #[must_use]
    pub fn keypoints(&self) -> &[Keypoint; Joint::COUNT] {
        &self.keypoints
    }
}
