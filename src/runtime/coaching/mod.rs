//! Leads through a break: the loop between what comes in, the coach, and whoever shows it.

pub mod ahead;
pub mod asked;
pub mod events;
pub mod front;
pub mod words;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc::Receiver;

use self::asked::Asked;
use self::front::Front;
use super::inputs::{Inputs, next_of};
use super::replay::NO_WALL;
use crate::domain::exercise::choice::Need;
use crate::domain::exercise::coach::Coach;
use crate::domain::exercise::event::{CoachCommand, CoachInput, Phase};
use crate::domain::io::{CameraStatus, Input, Observation};
use crate::domain::time::Moment;
use crate::relief::Entry;
use crate::screen::Key;
use crate::wording::{Texts, duration};

/// A break to be taken.
pub struct Break {
    /// The routine's id and title; `None` for exercises by name.
    pub routine: Option<(String, String)>,
    /// The exercises in their order.
    pub plan: Vec<Entry>,
    /// Whether a camera or a recording is looked at.
    pub camera: bool,
    /// Whether a running monitor has closed the camera for it.
    pub monitor_paused: bool,
    /// What the person should know of the camera, in one line; may be empty.
    pub notice: String,
    /// What the day has shown, and for how long, where that has chosen the exercises.
    pub because: Option<(Need, Duration)>,
    /// The language.
    pub texts: Texts,
}

impl Break {
    /// What the person should know now, in one line: of the camera, else why these exercises; may be
    /// empty.
    #[must_use]
    pub fn remark(&self) -> String {
        match self.because {
            Some((need, lasted)) if self.notice.is_empty() => {
                self.texts.chosen_because(need, &duration(lasted))
            }
            _ => self.notice.clone(),
        }
    }
}

/// What the person asks for while it goes on.
pub struct Wishes {
    /// Keys; `None` where there is no keyboard.
    pub keys: Option<Receiver<Key>>,
    /// What another program asks for; `None` where none may.
    pub asked: Option<Receiver<Asked>>,
    /// Comes true when the break is to end.
    pub stop: Pin<Box<dyn Future<Output = ()>>>,
}

/// Leads `coach` through `of` until it is over: by itself, by a wish, or as the inputs end. What was
/// done until then is in the coach's outcome.
///
/// # Errors
/// When the inputs break off, or what is shown cannot be written.
pub async fn lead(
    of: &mut Break,
    coach: &mut Coach,
    inputs: &mut impl Inputs,
    mut wishes: Wishes,
    front: &mut Front,
) -> anyhow::Result<()> {
    let mut latest = Moment::after(NO_WALL, Duration::ZERO);
    let mut began = false;
    let mut seen: Option<Box<Observation>> = None;
    front.begin(of)?;
    while !began || coach.progress().phase != Phase::Over {
        let due = match (coach.deadline(), front.refresh()) {
            _ if !began => Some(latest),
            (deadline, None) => deadline,
            (deadline, Some(refresh)) => {
                let next = latest.plus(refresh);
                Some(match deadline {
                    Some(deadline) if deadline.elapsed < next.elapsed => deadline,
                    _ => next,
                })
            }
        };
        let input = tokio::select! {
            biased;
            () = &mut wishes.stop => CoachInput::Command(CoachCommand::End),
            asked = next_of(&mut wishes.asked) => match asked {
                Ok(command) => CoachInput::Command(command),
                Err(why) => {
                    front.mistake(latest, &why)?;
                    continue;
                }
            },
            key = next_of(&mut wishes.keys) => CoachInput::Command(match key {
                Key::Skip => CoachCommand::Skip,
                Key::Pause if coach.progress().paused => CoachCommand::Resume,
                Key::Pause => CoachCommand::Pause,
                Key::End => CoachCommand::End,
            }),
            next = inputs.next(due) => match next? {
                // Before the coach has begun, the end would not be one of anything.
                None => CoachInput::Command(CoachCommand::End),
                Some((at, input)) => {
                    // A frame is dated when it was taken and a tick when it came.
                    if latest.elapsed <= at.elapsed {
                        latest = at;
                    }
                    match input {
                        Input::Observation(observation) => {
                            let observation = Box::new(observation);
                            seen = Some(observation.clone());
                            CoachInput::Observation(observation)
                        }
                        Input::Camera(report) => {
                            let ok = report.status == CameraStatus::Ok;
                            if !ok {
                                seen = None;
                            }
                            of.notice = if ok { String::new() } else { report.detail };
                            CoachInput::Camera(ok)
                        }
                        Input::Command(_)
                        | Input::Signal(_)
                        | Input::Settings(_)
                        | Input::Break(_)
                        | Input::Earlier(_)
                        | Input::Tick => CoachInput::Tick,
                    }
                }
            },
        };
        began = true;
        let said = coach.handle(latest, input);
        front.tell(of, latest, &said)?;
        front.show(of, coach, seen.as_deref())?;
    }
    Ok(())
}
