//! What an exercise is: its dose, and the rule by which the camera verifies it.

use std::time::Duration;

use super::choice::Need;
use super::signal::Signal;

/// One exercise, without its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Exercise {
    /// Its name in data, events and sessions.
    pub id: String,
    /// How much of it.
    pub dose: Dose,
    /// How the camera verifies it; `None`: it goes by time.
    pub rule: Option<Rule>,
    /// How well the camera can tell.
    pub verifiable: Verifiable,
    /// What it is an answer to.
    pub answers: Vec<Need>,
    /// Whether it is one of strength, which a week's plan counts.
    pub strengthens: bool,
}

impl Exercise {
    /// Whether it asks the person to leave the chair.
    #[must_use]
    pub fn is_walk(&self) -> bool {
        let goal = self.rule.as_ref().map(|rule| &rule.goal);
        goal.is_some_and(|goal| goal.iter().any(|it| it.signal == Signal::Gone))
    }
}

/// Several exercises in a row, without their texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Routine {
    /// Its name in data, events and sessions.
    pub id: String,
    /// The ids of its exercises.
    pub exercises: Vec<String>,
}

/// How much of an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dose {
    /// How long a repetition is held, or how long it takes where it goes by time.
    pub hold: Duration,
    /// Repetitions, of each side where there are two.
    pub repetitions: u32,
    /// Whether it is done to both sides, which take turns.
    pub both_sides: bool,
    /// Between two repetitions that go by time.
    pub rest: Duration,
}

impl Dose {
    /// All repetitions, those of both sides together.
    #[must_use]
    pub fn wanted(&self) -> u32 {
        self.repetitions * if self.both_sides { 2 } else { 1 }
    }

    /// What it takes by time: all repetitions with the rests between them.
    #[must_use]
    pub fn length(&self) -> Duration {
        let wanted = self.wanted();
        self.hold * wanted + self.rest * wanted.saturating_sub(1)
    }
}

/// How well the camera can tell that an exercise is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verifiable {
    /// Plainly.
    Good,
    /// The movement is hardly larger than the scatter of the joints, or another one looks like it:
    /// some are missed or mistaken.
    Fair,
    /// Not at all.
    Timer,
}

impl Verifiable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Good, Self::Fair, Self::Timer];

    /// The word used in data and events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Timer => "timer",
        }
    }
}

/// When the camera takes an exercise for done.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What the person is asked to do: all of it at once. Never empty.
    pub goal: Vec<Condition>,
    /// What must stay true meanwhile, or the movement is another one.
    pub keep: Vec<Condition>,
    /// How a repetition goes.
    pub rhythm: Rhythm,
    /// A hold goes on over a gap up to this long.
    pub gap: Duration,
}

/// How a repetition goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// It is held as the dose says; one released earlier counts from this long on.
    Hold(Duration),
    /// There and back, beyond the limit by which the first part of the goal drops out for these
    /// times: faster is a jerk, slower is no repetition.
    Move(Duration, Duration),
}

/// One signal within its limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub signal: Signal,
    /// Which side of the limit is right.
    pub bound: Bound,
    /// The limit to come in by, in the signal's unit.
    pub enter: f64,
    /// The limit to drop out by; at or on the wrong side of `enter`.
    pub exit: f64,
    /// What to tell somebody who does not meet it.
    pub hint: Hint,
}

/// Which side of a limit is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The limit or more.
    AtLeast,
    /// The limit or less.
    AtMost,
}

impl Condition {
    /// Whether `value` meets it, for somebody who met it before or did not.
    #[must_use]
    pub fn is_met(&self, value: f64, before: bool) -> bool {
        let limit = if before { self.exit } else { self.enter };
        match self.bound {
            Bound::AtLeast => value >= limit,
            Bound::AtMost => value <= limit,
        }
    }
}

/// The person's side that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// The word used in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

macro_rules! hints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// What to tell somebody whose exercise does not count yet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Hint {
            $($(#[$doc])* $variant,)*
        }

        impl Hint {
            /// All hints.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word used in data and events.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }
        }
    };
}

hints! {
    /// Bend the head further to the side.
    BendFurther = "bend_further",
    /// Turn the head further.
    TurnFurther = "turn_further",
    /// Draw the chin further back.
    ChinBack = "chin_back",
    /// Lift the shoulders further.
    LiftShoulders = "lift_shoulders",
    /// Raise the elbows.
    RaiseElbows = "raise_elbows",
    /// Lower the elbows.
    LowerElbows = "lower_elbows",
    /// Hands above the elbows.
    HandsUp = "hands_up",
    /// Draw the elbows further apart and back.
    ElbowsApart = "elbows_apart",
    /// Hands behind the head.
    HandsBehindHead = "hands_behind_head",
    /// Reach higher.
    ReachUp = "reach_up",
    /// Turn the trunk further.
    TwistFurther = "twist_further",
    /// Lift the arms further.
    LiftArms = "lift_arms",
    /// Get up and walk.
    GetUp = "get_up",
    /// Keep the trunk still.
    KeepTrunk = "keep_trunk",
    /// Look ahead.
    LookAhead = "look_ahead",
    /// Keep the head level: no nodding.
    KeepLevel = "keep_level",
    /// Do not lean back.
    NoLeaningBack = "no_leaning_back",
    /// To the other side.
    OtherSide = "other_side",
    /// Hold it longer.
    HoldLonger = "hold_longer",
    /// More slowly.
    Slower = "slower",
    /// Let go between repetitions.
    LetGo = "let_go",
}
