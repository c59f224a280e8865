//! Everything that can wake the monitor, and everything it can want.

use std::time::Duration;

use super::baseline::Refusal;
use super::breaks::TakenBreak;
use super::calibration::{Progress, SPAN};
use super::intervals::Interval;
use super::measures::Measures;
use super::pauses::PauseReason;
use super::places::Place;
use super::pose::Pose;
use super::profile::{Learnt, Stance};
use super::settings::Settings;

/// What can wake the monitor.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Vision saw something.
    Observation(Observation),
    /// The person, or the program on the person's behalf, asked for something.
    Command(Command),
    /// The camera's state changed.
    Camera(CameraReport),
    /// The machine or the desktop told something.
    Signal(Signal),
    /// The person has changed the settings.
    Settings(Box<Settings>),
    /// A break that the person was led through is over.
    Break(TakenBreak),
    /// The run before this one ended a moment ago, after so much sitting without a break.
    Earlier(Duration),
    /// The time the monitor asked for with its deadline has come.
    Tick,
}

/// What vision saw in one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Size of the source picture in pixels: width, height.
    pub frame: (u32, u32),
    /// The joints of the person, in pixels of the source picture.
    pub pose: Pose,
    /// The presence detector's latest score, 0 to 1: how surely a person is in the picture.
    pub presence: f32,
    /// Mean brightness of the picture (Rec. 601 luma), 0 black to 1 white.
    pub light: f32,
    /// How the camera has moved against a reference picture of the room; `None` where the room
    /// does not tell, as when too little of it is seen.
    pub camera: Option<CameraShift>,
    /// How large the largest other person in the picture is against the one whom the joints are
    /// of, by the reach of their upper bodies at the presence detector's latest look: 1 when as
    /// near, 0.5 when twice as far away. `None` when nobody else is seen.
    pub other_person: Option<f32>,
}

/// How the room stands in this picture against a reference picture that vision keeps: what tells a
/// moved camera from a moved person.
///
/// A point of the room at q in the reference is now at c + zoom · R · (q - c) + (right, down), with
/// c the middle of the picture and R the turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CameraShift {
    /// Numbers the reference. Nothing links the pictures of one reference with those of another.
    pub scene: u32,
    /// How far the room has moved to the right, in pixels of the source picture.
    pub right: f32,
    /// How far it has moved down, in pixels of the source picture.
    pub down: f32,
    /// How far it has turned clockwise, in degrees.
    pub turn: f32,
    /// How many times larger it has become.
    pub zoom: f32,
}

/// What a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Learn the person's upright from the observations of this long a stretch.
    Calibrate(Duration),
    /// Learn the person's upright from what nothing hinders, telling them what does.
    CalibrateGuided {
        /// How much time without a hindrance it takes.
        span: Duration,
        /// Whether the person's own slouch is learnt afterwards.
        limits: bool,
        /// Whether the person sits or stands; `None`: as they do by the present profile.
        stance: Option<Stance>,
    },
    /// What the person says to the question that is on show: learn my upright here, or not.
    Answer(bool),
    /// The alert about the posture that is on show is wrong.
    Wrong,
    /// Close the camera for this long, or until resumed.
    Pause(Option<Duration>),
    /// End a pause or a snooze.
    Resume,
    /// Close the camera for this long, for the sake of quiet.
    Snooze(Duration),
}

impl Command {
    /// What a button that says so asks for: the upright anew, for the stance that is known.
    pub const RECALIBRATE: Self = Self::CalibrateGuided {
        span: SPAN,
        limits: false,
        stance: None,
    };
}

/// What the machine or the desktop tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The screen was locked or unlocked.
    Locked(bool),
    /// The machine goes to sleep or has woken up.
    Asleep(bool),
    /// A call began or ended.
    Call(bool),
    /// The screen is shared or not any more.
    ScreenShare(bool),
    /// The machine runs on its battery or not any more.
    OnBattery(bool),
    /// The person asked the desktop not to be disturbed, or not any more.
    DoNotDisturb(bool),
    /// Keyboard and mouse were last used this long ago.
    Idle(Duration),
}

/// How the camera is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraStatus {
    /// Pictures come.
    Ok,
    /// It is gone (unplugged) or fails.
    Lost,
    /// It is there and gives no pictures.
    Stalled,
    /// Another program holds it.
    Busy,
    /// The system forbids its use.
    Denied,
    /// It was given up to another program.
    Yielded,
}

impl CameraStatus {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::Lost,
        Self::Stalled,
        Self::Busy,
        Self::Denied,
        Self::Yielded,
    ];

    /// The word used in events, sessions and the status line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Lost => "lost",
            Self::Stalled => "stalled",
            Self::Busy => "busy",
            Self::Denied => "denied",
            Self::Yielded => "yielded",
        }
    }
}

/// A change of the camera's state, with what the person should know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraReport {
    /// The new state.
    pub status: CameraStatus,
    /// One line for the person: what happened and what to do; may be empty.
    pub detail: String,
}

/// What is wrong with a posture: a measure past its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The head has sunk: the trunk is rounded or has slid down.
    Slouch,
    /// The head is carried in front of the shoulders.
    ForwardHead,
    /// Head and trunk have come nearer to the screen.
    LeanIn,
    /// The trunk leans to one side.
    SideLean,
    /// The head is tilted to one side.
    HeadTilt,
    /// The head is bent down, as over a telephone.
    HeadDown,
    /// The shoulders are pulled up.
    RaisedShoulders,
    /// The eyes are too near to the screen.
    TooClose,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 8] = [
        Self::Slouch,
        Self::ForwardHead,
        Self::LeanIn,
        Self::SideLean,
        Self::HeadTilt,
        Self::HeadDown,
        Self::RaisedShoulders,
        Self::TooClose,
    ];

    /// The word used in events, sessions and labels.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Slouch => "slouch",
            Self::ForwardHead => "forward_head",
            Self::LeanIn => "lean_in",
            Self::SideLean => "side_lean",
            Self::HeadTilt => "head_tilt",
            Self::HeadDown => "head_down",
            Self::RaisedShoulders => "raised_shoulders",
            Self::TooClose => "too_close",
        }
    }
}

/// The verdict on the posture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// No measure is past its limit.
    Good,
    /// A measure is past its limit, but not yet for its dwell.
    AtRisk,
    /// A fault has lasted its dwell.
    Bad,
    /// The posture cannot be seen well enough to be judged.
    Unsure,
    /// Nobody is there.
    Away,
}

impl State {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::Good,
        Self::AtRisk,
        Self::Bad,
        Self::Unsure,
        Self::Away,
    ];

    /// The word used in events and sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::AtRisk => "at_risk",
            Self::Bad => "bad",
            Self::Unsure => "unsure",
            Self::Away => "away",
        }
    }
}

/// Why a posture is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// There is no baseline to compare with.
    NotCalibrated,
    /// The camera gives no pictures.
    NoCamera,
    /// The monitor is paused.
    Paused,
    /// The picture is too dark.
    TooDark,
    /// Joints that are needed are hidden or too faint.
    Hidden,
    /// Head or shoulders are cut by the picture's edge.
    CutOff,
    /// The head is turned too far to the side.
    Turned,
    /// The person looks down.
    LookingDown,
    /// An arm is raised.
    ArmRaised,
    /// The person has just come back, and settles.
    JustBack,
    /// The person or the camera is moving.
    Moving,
    /// The camera has been moved so far that the upright learnt before says nothing.
    CameraMoved,
    /// Head and shoulders are of another size to each other than the upright's: another person, or
    /// a heavy coat.
    OtherPerson,
    /// The person is too far away, or the picture too small, for the limits.
    TooFar,
    /// Somebody else is nearer to the camera than the person whom the joints are of: nobody can
    /// tell who is to be judged.
    TwoPeople,
}

impl Doubt {
    /// All doubts.
    pub const ALL: [Self; 15] = [
        Self::NotCalibrated,
        Self::NoCamera,
        Self::Paused,
        Self::TooDark,
        Self::Hidden,
        Self::CutOff,
        Self::Turned,
        Self::LookingDown,
        Self::ArmRaised,
        Self::JustBack,
        Self::Moving,
        Self::CameraMoved,
        Self::OtherPerson,
        Self::TooFar,
        Self::TwoPeople,
    ];

    /// The word used in events and the status line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotCalibrated => "not_calibrated",
            Self::NoCamera => "no_camera",
            Self::Paused => "paused",
            Self::TooDark => "too_dark",
            Self::Hidden => "hidden",
            Self::CutOff => "cut_off",
            Self::Turned => "turned",
            Self::LookingDown => "looking_down",
            Self::ArmRaised => "arm_raised",
            Self::JustBack => "just_back",
            Self::Moving => "moving",
            Self::CameraMoved => "camera_moved",
            Self::OtherPerson => "other_person",
            Self::TooFar => "too_far",
            Self::TwoPeople => "two_people",
        }
    }
}

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlertKind {
    /// A fault has lasted its dwell.
    Posture,
    /// The person has sat for long.
    Sitting,
    /// The person has sat for as long as their pattern says, and is to stand.
    Stand,
    /// The person has stood for as long as their pattern says, and is to move.
    Move,
    /// A hint: the eyes have been on the screen for long.
    Eyes,
    /// A hint: a glass of water.
    Water,
    /// A question: this place is new; shall their upright be learnt here?
    NewPlace,
    /// A question: the person stands, where only sitting was learnt; shall standing be learnt?
    StoodUp,
    /// A question: the person sits, where only standing was learnt; shall sitting be learnt?
    SatDown,
}

impl AlertKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Posture,
        Self::Sitting,
        Self::Stand,
        Self::Move,
        Self::Eyes,
        Self::Water,
        Self::NewPlace,
        Self::StoodUp,
        Self::SatDown,
    ];

    /// The stance that the person is asked about; `None` when it is no question.
    #[must_use]
    pub fn asks_about(self) -> Option<Stance> {
        match self {
            Self::Posture | Self::Sitting | Self::Stand | Self::Move | Self::Eyes | Self::Water => {
                None
            }
            Self::NewPlace | Self::SatDown => Some(Stance::Sitting),
            Self::StoodUp => Some(Stance::Standing),
        }
    }

    /// The word used in events and sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Posture => "posture",
            Self::Sitting => "sitting",
            Self::Stand => "stand",
            Self::Move => "move",
            Self::Eyes => "eyes",
            Self::Water => "water",
            Self::NewPlace => "new_place",
            Self::StoodUp => "stood_up",
            Self::SatDown => "sat_down",
        }
    }
}

/// How strongly an alert is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Urgency {
    /// The first word.
    Quiet,
    /// A repeat, or the firm prompt to take a break.
    Firm,
}

/// A number with what it counts, for telling a person how much or how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A change against the person's own upright, in per cent.
    Percent(f64),
    /// A distance in centimetres.
    Centimetres(f64),
    /// An angle in degrees.
    Degrees(f64),
    /// A time in minutes.
    Minutes(f64),
}

/// Why an alert is not put to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Silence {
    /// The person asked the desktop not to be disturbed.
    DoNotDisturb,
    /// The last alert is too recent.
    Cooldown,
    /// The hour's alerts are used up.
    Budget,
}

impl Silence {
    /// The word used in events and sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DoNotDisturb => "do_not_disturb",
            Self::Cooldown => "cooldown",
            Self::Budget => "budget",
        }
    }
}

/// What the person is told, or would be told were it not silenced.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// Numbers the bout, so that a repeat replaces what was shown before.
    pub bout: u64,
    /// The faults that hold, the worst first; empty for all kinds but posture.
    pub faults: Vec<Fault>,
    /// How far the worst fault is from upright, where a number says it; how long what a prompt
    /// proposes is to last, where a pattern says it.
    pub amount: Option<Amount>,
    /// How long it has lasted.
    pub lasted: Duration,
    /// How strongly to put it.
    pub urgency: Urgency,
    /// Why it is not put to the person; `None` when it is.
    pub silenced: Option<Silence>,
}

/// The monitor's view after an observation, for the status line and traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// The verdict.
    pub state: State,
    /// The faults past their limit, the worst first.
    pub faults: Vec<Fault>,
    /// Why the state is unsure, when it is.
    pub doubt: Option<Doubt>,
    /// What was measured, smoothed.
    pub measures: Measures,
    /// How long the person has been sitting without a break.
    pub sitting: Duration,
    /// How long the present pose has been held.
    pub still: Duration,
    /// Posture shifts an hour, over the last hour or what there was of it; `None` before ten
    /// minutes were seen.
    pub shifts_per_hour: Option<f64>,
    /// How far a running calibration has come.
    pub calibrating: Option<Progress>,
    /// Why the monitor is paused, each with the time until it ends by itself, where that is known;
    /// empty while it runs.
    pub pauses: Vec<(PauseReason, Option<Duration>)>,
}

/// What became of the upright when the camera was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CameraMove {
    /// The move was measured and is taken out of the measures: the upright holds.
    Corrected,
    /// Nothing links the pictures before and after: the upright must be learnt anew.
    Lost,
    /// The camera moves by itself to keep the person in the middle; its moves are taken out and no
    /// longer told.
    Follows,
}

impl CameraMove {
    /// The word used in events and sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::Lost => "lost",
            Self::Follows => "follows",
        }
    }
}

/// What the monitor can want.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The state, its faults or its doubt changed.
    State {
        /// The new state.
        state: State,
        /// The faults past their limit, the worst first.
        faults: Vec<Fault>,
        /// Why the state is unsure, when it is.
        doubt: Option<Doubt>,
    },
    /// These are the reasons for a pause from now on; none, and the monitor runs.
    Paused(Vec<PauseReason>),
    /// Tell the person, replacing what was shown for the same kind.
    Alert(Alert),
    /// Withdraw what was shown: the cause is gone.
    Clear {
        /// The kind of alert to withdraw.
        kind: AlertKind,
        /// The bout that ended.
        bout: u64,
        /// The faults that had been told.
        faults: Vec<Fault>,
    },
    /// What a calibration asks for, or what is in its way, changed.
    Calibrating(Progress),
    /// The person's own slouch was learnt.
    SlouchLearnt {
        /// Its score over the preset limit.
        share: f64,
    },
    /// The person says that the alert about this fault was wrong.
    Wrong(Fault),
    /// A calibration ended well.
    Calibrated(Learnt),
    /// A calibration was refused.
    CalibrationRefused(Refusal),
    /// The person is at this place from now on, and judged against its profile.
    Place(Place),
    /// The camera was moved.
    CameraMoved(CameraMove),
    /// The chair was moved and stayed: distances count from the new place. So many centimetres
    /// nearer to the screen.
    ChairMoved {
        /// Centimetres nearer to the screen; negative when further away.
        forward_cm: f64,
    },
    /// The person has hardly moved for long.
    StillHint {
        /// How long the pose has been held.
        held: Duration,
    },
    /// An absence that was long enough is over, or a break that the person was led through.
    BreakTaken(TakenBreak),
    /// A stretch of time at the desk is over. Each begins where the one before ended.
    Interval(Interval),
    /// Look this often from now on, in observations a second.
    Rate(f64),
    /// The view after an observation. Not recorded: it follows from the rest.
    Publish(Status),
}
