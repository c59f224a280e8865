//! A camera, kept going.
//!
//! The camera is read by a process of its own ([`worker`]; why: reading has no time limit that can
//! be relied on, libraries panic over odd drivers, and a killed process always frees the camera).
//! [`CameraSource`] starts that process, watches it, and starts it anew after every failure.
//!
//! The policy: no picture for 5 s is a stall, and so is the same picture or nothing but damaged
//! ones for that long; a process that ends is a loss, whatever the cause.
//! Each leads to a new try after a pause of 0.5 s that doubles up to 30 s and starts over after a
//! minute of pictures. Every change of state is reported once. Which camera is used is asked anew
//! with every try, so a camera that comes back under another number is found by its name.
//!
//! It is shared with other programs as [`Policy`] says: by default it steps aside for them.

mod by_nokhwa;
mod device;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
mod failure;
mod fresh;
#[cfg(target_os = "linux")]
mod guard;
#[cfg(not(target_os = "linux"))]
#[path = "unguarded.rs"]
mod guard;
pub mod holders;
mod identity;
mod info;
mod jpeg;
mod manners;
mod mode;
mod options;
mod pace;
mod process;
#[cfg(target_os = "linux")]
mod procfs;
mod protocol;
mod recovery;
mod trust;
#[cfg(target_os = "linux")]
mod v4l2;
pub mod worker;

pub use info::{CameraInfo, Listed, Offer};
pub use options::{CameraOptions, Policy, Which};
mod yielding;

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::domain::io::{CameraReport, CameraStatus};
use crate::runtime::clock;
use crate::vision::frame::Frame;
use holders::Holders;
use manners::Watching;
use process::Process;
use protocol::{Cause, Failure};
use recovery::Recovery;
use trust::{News, Trust};
use worker::Task;
use yielding::{Change, Yielding};

/// Without a picture for this long, the camera has stalled: twice the time that slow cameras take
/// for a first picture, and the slowest stream that is opened by choice has five in a second.
const STALL: Duration = Duration::from_secs(5);

/// How long finding and opening a camera may take: drivers that wake a sleeping USB device need
/// seconds.
const OPENING: Duration = Duration::from_secs(10);

/// How long listing the cameras may take.
const LISTING: Duration = Duration::from_secs(5);

/// The least rate of frames after a damaged one, in frames a second: with one look a second, the next
/// would come when what was seen last is too old to hold.
const AFTER_DAMAGE_HZ: f64 = 5.0;

/// What comes from a camera.
#[derive(Debug)]
pub enum CameraEvent {
    /// A picture, another than the one before.
    Frame(Frame),
    /// A picture that was damaged before it could be looked at, and how.
    Damaged(String),
    /// The camera's state changed.
    Report(CameraReport),
}

/// Why there is nothing to be had from cameras.
#[derive(Debug, Error)]
pub enum CameraError {
    /// There is no camera, or none that fits; the text says which there are.
    #[error("{0}")]
    NoCamera(String),
    /// The camera process cannot be started.
    #[error("cannot start the camera process \"{}\"", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The cameras cannot be listed.
    #[error("cannot list the cameras: {0}")]
    List(String),
}

/// What to say, and to do, when there is no camera.
#[must_use]
pub fn none_found() -> &'static str {
    "no camera was found; plug one in; to see the program work without one: \
     \"backstay run --source sample\""
}

/// Who has `camera` open, as far as that can be told. Only under Linux anybody is ever told.
#[must_use]
pub fn holders(camera: &CameraInfo) -> Holders {
    guard::holders(camera)
}

/// The cameras there are, asked for in a process of its own, by number.
///
/// Whoever has a camera in use is not disturbed.
///
/// `program` is the backstay binary.
///
/// # Errors
///
/// When the process cannot be started, fails, or takes longer than 5 s. No camera is an empty list.
pub fn list(program: &Path) -> Result<Vec<Listed>, CameraError> {
    let process = start(program, &Task::List)?;
    let mut heard = process.wait(LISTING, |heard| {
        heard.cameras.is_some() || heard.ended.is_some()
    });
    if let Some(cameras) = heard.cameras.take() {
        return Ok(cameras);
    }
    Err(CameraError::List(match heard.ended.take() {
        Some(failure) => failure.detail,
        None => "a camera hangs; unplug it and plug it in again".to_owned(),
    }))
}

/// A camera, read in a process of its own that is started anew when it fails.
pub struct CameraSource {
    program: PathBuf,
    options: CameraOptions,
    recovery: Recovery,
    trust: Trust,
    life: Life,
    /// The camera that was found last.
    info: Option<CameraInfo>,
    /// How many cameras it was taken from.
    among: u32,
    watching: Watching,
    yielding: Yielding,
    /// A damaged picture is to be followed by another soon.
    hurried: bool,
    /// Events ready to be given out, the oldest first.
    events: VecDeque<CameraEvent>,
}

/// What a source does.
enum Life {
    /// A camera process runs.
    Running {
        process: Process,
        started_at: Duration,
        /// The rate the camera's mode was chosen for.
        chosen_for_hz: f64,
    },
    /// The next try comes at this time.
    Waiting(Duration),
    /// The camera is given to another program; the guard tells when to go on.
    Given,
    /// The camera was given up.
    GivenUp,
}

impl CameraSource {
    /// Looks for the camera and begins to open it in a process of `program`, the backstay binary.
    ///
    /// Returns as soon as it is known that there is one; that it is busy, forbidden or does not
    /// open is reported by [`Self::next`], which goes on trying.
    ///
    /// # Errors
    ///
    /// [`CameraError::NoCamera`] when there is none or not the one asked for;
    /// [`CameraError::Start`] when the process cannot be started.
    pub fn open(program: &Path, options: CameraOptions) -> Result<Self, CameraError> {
        let started_at = clock::elapsed_since_start();
        let process = start(program, &task(&options))?;
        let mut heard = process.wait(OPENING, |heard| {
            heard.found.is_some() || heard.ended.is_some()
        });
        if let Some(failure) = heard.ended.take_if(|it| it.cause == Cause::NoCamera) {
            return Err(CameraError::NoCamera(failure.detail));
        }
        let (info, among) = (heard.found.clone(), heard.among);
        drop(heard);
        let life = if is_on(options.rate_hz) {
            Life::Running {
                process,
                started_at,
                chosen_for_hz: options.rate_hz,
            }
        } else {
            Life::Waiting(started_at)
        };
        Ok(Self {
            program: program.to_owned(),
            options,
            recovery: Recovery::new(),
            trust: Trust::default(),
            life,
            info,
            among,
            watching: Watching::NotYet,
            yielding: Yielding::default(),
            hurried: false,
            events: VecDeque::new(),
        })
    }

    /// The camera that was found last; it is kept while that camera is lost or released. `None`
    /// before any was found.
    #[must_use]
    pub fn info(&self) -> Option<CameraInfo> {
        self.info.clone()
    }

    /// How many cameras the one of [`Self::info`] was taken from, when any would do; 1 when it was
    /// asked for, 0 before any was found.
    #[must_use]
    pub fn among(&self) -> u32 {
        self.among
    }

    /// The next event, waited for at most `timeout`; `None` when nothing came in that time.
    ///
    /// The newest frame wins: older ones that were not fetched are dropped. The camera is watched
    /// and restarted in here, so call this steadily, at least once a second.
    pub fn next(&mut self, timeout: Duration) -> Option<CameraEvent> {
        let until = clock::elapsed_since_start() + timeout;
        loop {
            let now = clock::elapsed_since_start();
            let look_again = self.step(now);
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            let rest = until.checked_sub(now).filter(|rest| !rest.is_zero())?;
            let look_again = [look_again, self.next_glance(now)]
                .into_iter()
                .flatten()
                .min();
            let rest = look_again.map_or(rest, |at| rest.min(at.saturating_sub(now)));
            match &self.life {
                Life::Running { process, .. } => drop(process.wait(rest, |heard| {
                    heard.frame.is_some() || heard.damage.is_some() || heard.ended.is_some()
                })),
                Life::Waiting(_) | Life::Given | Life::GivenUp => clock::sleep(rest),
            }
        }
    }

    /// Asks for `hz` frames a second from now on. Zero (or anything that is no rate) releases the
    /// camera at once, until there is a rate again.
    pub fn set_rate(&mut self, hz: f64) {
        self.options.rate_hz = hz;
        let now = clock::elapsed_since_start();
        let Life::Running {
            process,
            chosen_for_hz,
            ..
        } = &mut self.life
        else {
            return;
        };
        if !is_on(hz) {
            self.recovery.released();
            self.watching = Watching::NotYet;
            self.events
                .retain(|event| matches!(event, CameraEvent::Report(_)));
            self.life = Life::Waiting(now);
            return;
        }
        let fps = process.heard().fps;
        if *chosen_for_hz < hz && fps.is_some_and(|fps| f64::from(fps) < hz) {
            // The camera's mode is too slow, and was chosen without knowledge of this rate.
            self.life = Life::Waiting(now);
        } else {
            process.set_rate(hz);
        }
    }

    /// Says that the newest frame could be decoded, and whether it is dark: a camera that has given
    /// nothing but damaged pictures is believed again.
    pub fn accept(&mut self, is_dark: bool) {
        self.trust.accept(is_dark);
        self.believe(clock::elapsed_since_start());
        if std::mem::take(&mut self.hurried) {
            self.tell_rate(self.options.rate_hz);
        }
    }

    /// Says that the newest frame was damaged: the next one comes soon, and when there have been
    /// damaged ones alone for 5 s, the camera counts as stalled and is opened anew.
    pub fn reject(&mut self) {
        let now = clock::elapsed_since_start();
        if self.trust.reject(now) {
            let detail = format!(
                "{} gives nothing but damaged pictures; it is opened again, and if this lasts, try \
                 another cable or port",
                self.name()
            );
            self.fail(now, CameraStatus::Stalled, detail);
        } else if !std::mem::replace(&mut self.hurried, true) {
            self.tell_rate(self.options.rate_hz.max(AFTER_DAMAGE_HZ));
        }
    }

    /// True when the camera was given up for good: it was lost for longer than
    /// [`CameraOptions::give_up_after`]. Nothing comes any more.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        matches!(self.life, Life::GivenUp)
    }

    /// Brings everything up to `now`. Returns when to look again, should nothing come before.
    fn step(&mut self, now: Duration) -> Option<Duration> {
        if !is_on(self.options.rate_hz) {
            return None;
        }
        let give_up_at = self
            .options
            .give_up_after
            .and_then(|after| Some(self.recovery.lost_since()? + after));
        match &self.life {
            Life::GivenUp => None,
            Life::Waiting(_) if give_up_at.is_some_and(|at| at <= now) => {
                self.life = Life::GivenUp;
                None
            }
            Life::Waiting(at) if now < *at && !self.is_freed() => {
                Some(give_up_at.map_or(*at, |give_up_at| give_up_at.min(*at)))
            }
            Life::Waiting(_) => self.start(now),
            Life::Given => match self.manners(now) {
                Some(Change::TakeBack) => self.start(now),
                Some(Change::Give(_)) | None => self.yielding.next_step(),
            },
            Life::Running { .. } => match self.manners(now) {
                Some(Change::Give(to)) => {
                    self.give(now, to.as_ref());
                    self.yielding.next_step()
                }
                Some(Change::TakeBack) | None => {
                    let look_again = self.watch(now);
                    [look_again, self.yielding.next_step()]
                        .into_iter()
                        .flatten()
                        .min()
                }
            },
        }
    }

    /// Starts a camera process.
    fn start(&mut self, now: Duration) -> Option<Duration> {
        // The camera process opens and closes the node, which is no news.
        self.watching = Watching::NotYet;
        match Process::start(&self.program, &task(&self.options)) {
            Ok(process) => {
                self.trust.begin();
                self.hurried = false;
                self.life = Life::Running {
                    process,
                    started_at: now,
                    chosen_for_hz: self.options.rate_hz,
                };
                Some(now + OPENING)
            }
            Err(error) => {
                let detail = format!("the camera process cannot be started ({error})");
                self.fail(now, CameraStatus::Lost, detail)
            }
        }
    }

    /// Looks at what the camera process has sent, and at what it has not.
    fn watch(&mut self, now: Duration) -> Option<Duration> {
        let Life::Running {
            process,
            started_at,
            ..
        } = &self.life
        else {
            return None;
        };
        let mut heard = process.heard();
        let frame = heard.frame.take();
        let damage = heard.damage.take();
        let ended = heard.ended.clone();
        let has_begun = heard.fps.is_some();
        let limit = if has_begun { STALL } else { OPENING };
        let silent_at = heard.sign_at.unwrap_or(*started_at) + limit;
        if self.info != heard.found && heard.found.is_some() {
            self.info.clone_from(&heard.found);
            self.among = heard.among;
        }
        drop(heard);
        if has_begun {
            self.guard_stream();
        }

        if let Some(frame) = frame {
            match self.trust.picture(now, &frame.bytes) {
                News::New => {
                    self.believe(now);
                    self.events.push_back(CameraEvent::Frame(frame));
                }
                News::Same => {}
                News::Frozen => {
                    let detail = format!(
                        "the picture of {} is frozen; it is opened again, and if this lasts, open \
                         its shutter, or unplug it and plug it in again",
                        self.name()
                    );
                    return self.fail(now, CameraStatus::Stalled, detail);
                }
            }
            Some(silent_at)
        } else if let Some(why) = damage {
            self.events.push_back(CameraEvent::Damaged(why));
            self.reject();
            Some(now)
        } else if let Some(Failure { cause, detail }) = ended {
            let status = match cause {
                Cause::Busy => CameraStatus::Busy,
                Cause::Denied => CameraStatus::Denied,
                Cause::NoCamera | Cause::Failing => CameraStatus::Lost,
            };
            self.fail(now, status, detail)
        } else if silent_at <= now {
            let detail = format!(
                "{} gives no pictures; it is opened again, and if this lasts, unplug it and plug \
                 it in again",
                self.name()
            );
            self.fail(now, CameraStatus::Stalled, detail)
        } else {
            Some(silent_at)
        }
    }

    /// Ends a trouble when the camera's pictures are worth something.
    fn believe(&mut self, now: Duration) {
        if self.trust.holds() && self.recovery.picture(now) {
            self.report(CameraStatus::Ok, String::new());
        }
    }

    /// The camera in words.
    fn name(&self) -> String {
        let found = self.info.as_ref().map(CameraInfo::to_string);
        found.unwrap_or_else(|| "the camera".to_owned())
    }

    /// Tells the camera process, if there is one, how many frames a second to send.
    fn tell_rate(&mut self, hz: f64) {
        if let Life::Running { process, .. } = &mut self.life
            && is_on(hz)
        {
            process.set_rate(hz);
        }
    }

    /// Ends the camera process, if there is one, and plans the next try.
    fn fail(&mut self, now: Duration, status: CameraStatus, detail: String) -> Option<Duration> {
        let (retry_at, news) = self.recovery.failure(now, status);
        self.life = Life::Waiting(retry_at);
        self.watching = Watching::Not;
        let detail = if status == CameraStatus::Busy {
            self.guard_busy();
            manners::name_holder(detail, self.info.as_ref())
        } else {
            detail
        };
        if news {
            self.report(status, detail);
        } else {
            tracing::debug!("the camera is still {}: {detail}", status.name());
        }
        Some(retry_at)
    }

    fn report(&mut self, status: CameraStatus, detail: String) {
        let report = CameraReport { status, detail };
        self.events.push_back(CameraEvent::Report(report));
    }
}

/// Whether `hz` is a rate at which pictures are wanted.
fn is_on(hz: f64) -> bool {
    hz.is_finite() && 0.0 < hz
}

/// What a device calls itself, in one short line that does a terminal no harm.
fn tidy(name: &str) -> String {
    /// Characters; V4L2 has room for 31, and others seldom use more.
    const LONGEST: usize = 64;
    // Marks that are not seen and turn the direction of a line are as bad as control characters.
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut name: String = name
        .trim_matches(|c: char| c.is_whitespace() || c == '\0')
        .replace(is_hidden, "\u{fffd}");
    if let Some((end, _)) = name.char_indices().nth(LONGEST) {
        name.truncate(end);
    }
    name
}

fn task(options: &CameraOptions) -> Task {
    Task::Capture {
        which: options.which.clone(),
        prefer: options.prefer.clone(),
        rate_hz: options.rate_hz,
        size: options.size,
    }
}

fn start(program: &Path, task: &Task) -> Result<Process, CameraError> {
    Process::start(program, task).map_err(|source| CameraError::Start {
        program: program.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_name_does_a_terminal_no_harm() {
        assert_eq!(tidy(" HD Webcam \n"), "HD Webcam");
        assert_eq!(tidy("Kamera für alle"), "Kamera für alle");
        assert_eq!(
            tidy("a\x1b[2Jb\u{202e}c\nd"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d"
        );
        assert_eq!(tidy(&"ü".repeat(1000)), "ü".repeat(64));
        assert_eq!(tidy("\0\0"), "");
        let nameless = CameraInfo {
            index: 3,
            name: String::new(),
            id: String::new(),
        };
        assert!(
            nameless
                .to_string()
                .starts_with("the camera without a name (")
        );
    }
}
