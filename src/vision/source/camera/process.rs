//! A camera process as the monitor sees it: started, listened to, told the rate, killed.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::protocol::{self, Cause, Failure, FromWorker, ProtocolError, ToWorker};
use super::worker::Task;
use super::{CameraInfo, Listed, Which};
use crate::runtime::clock;
use crate::vision::frame::Frame;

/// The name of the subcommand that runs [`super::worker::run`].
pub(super) const SUBCOMMAND: &str = "camera-worker";

/// The argument of a process that only says which cameras there are.
pub(super) const LIST: &str = "--list";

/// How long to wait for a killed process to be gone. Only one that hangs inside a driver needs
/// longer; a thread of its own then waits for it.
const REAP_WITHIN: Duration = Duration::from_millis(200);

/// A running camera process. Dropping it kills it.
pub(super) struct Process {
    child: Option<Child>,
    input: Option<ChildStdin>,
    inbox: Arc<Inbox>,
}

/// What has come from a camera process, as far as it still matters.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The camera it opens.
    pub(super) found: Option<CameraInfo>,
    /// How many cameras it was taken from.
    pub(super) among: u32,
    /// Frames a second the camera gives at best, once its stream has begun.
    pub(super) fps: Option<u32>,
    /// When it last gave a sign that all goes forward: it found a camera, opened it, has a picture.
    pub(super) sign_at: Option<Duration>,
    /// The newest frame not taken.
    pub(super) frame: Option<Frame>,
    /// What is wrong with the newest frame, where no sound one has come since.
    pub(super) damage: Option<String>,
    /// The cameras there are, when it was asked.
    pub(super) cameras: Option<Vec<Listed>>,
    /// Why nothing more will come.
    pub(super) ended: Option<Failure>,
}

/// [`Heard`], filled by the thread that reads the pipe.
#[derive(Default)]
struct Inbox {
    heard: Mutex<Heard>,
    changed: Condvar,
}

impl Process {
    /// Starts `program` as a camera process for `task`.
    ///
    /// # Errors
    ///
    /// When the program cannot be started.
    pub(super) fn start(program: &Path, task: &Task) -> io::Result<Self> {
        let mut command = Command::new(program);
        command
            .arg(SUBCOMMAND)
            .args(arguments(task))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Ctrl-C is for the monitor, which ends the camera process in order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (input, output, errors) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        // From here on a failure kills the child.
        let process = Self {
            child: Some(child),
            input,
            inbox: Arc::default(),
        };
        if let Some(output) = output {
            let inbox = Arc::clone(&process.inbox);
            thread::Builder::new()
                .name("camera-reader".to_owned())
                .spawn(move || inbox.listen(BufReader::new(output)))?;
        }
        if let Some(errors) = errors {
            thread::Builder::new()
                .name("camera-log".to_owned())
                .spawn(move || log_lines(errors))?;
        }
        Ok(process)
    }

    /// What has been heard so far.
    pub(super) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.inbox.lock()
    }

    /// Waits until something that `enough` accepts has been heard, for `timeout` at most.
    pub(super) fn wait(
        &self,
        timeout: Duration,
        enough: impl Fn(&Heard) -> bool,
    ) -> MutexGuard<'_, Heard> {
        let waited = self
            .inbox
            .changed
            .wait_timeout_while(self.inbox.lock(), timeout, |heard| !enough(heard));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Tells it the rate. A process that cannot be told has ended, and is heard to have ended.
    pub(super) fn set_rate(&mut self, hz: f64) {
        if let Some(input) = &mut self.input
            && ToWorker::Rate(hz).write(input).is_err()
        {
            self.input = None;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            end(child);
        }
    }
}

/// Kills `child` and collects it.
fn end(mut child: Child) {
    const STEP: Duration = Duration::from_millis(2);
    if let Err(error) = child.kill() {
        tracing::debug!("the camera process cannot be killed: {error}");
    }
    let mut waited = Duration::ZERO;
    while waited < REAP_WITHIN {
        match child.try_wait() {
            Ok(Some(status)) => return tracing::debug!("the camera process is gone: {status}"),
            Ok(None) => clock::sleep(STEP),
            Err(error) => return tracing::debug!("the camera process cannot be awaited: {error}"),
        }
        waited += STEP;
    }
    tracing::warn!("the camera process hangs in the driver; it ends when the driver lets go");
    // Without a thread the child stays uncollected until the monitor ends, which harms nobody.
    let _ = thread::Builder::new()
        .name("camera-reaper".to_owned())
        .spawn(move || child.wait());
}

/// The arguments by which a camera process is told its task.
fn arguments(task: &Task) -> Vec<String> {
    match task {
        Task::List => vec![LIST.to_owned()],
        Task::Capture {
            which,
            prefer,
            rate_hz,
            size: (width, height),
        } => {
            let mut all = vec![
                format!("--rate={rate_hz}"),
                format!("--width={width}"),
                format!("--height={height}"),
            ];
            match which {
                Which::Any => {}
                Which::Index(index) => all.push(format!("--index={index}")),
                Which::Name(name) => all.push(format!("--name={name}")),
                Which::Id(id) => all.push(format!("--id={id}")),
            }
            all.extend(prefer.iter().map(|id| format!("--prefer={id}")));
            all
        }
    }
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in all that comes from `input`, to its end.
    fn listen(&self, mut input: impl Read) {
        let failure = match self.take_in(&mut input) {
            Ok(Some(failure)) => failure,
            Ok(None) => failing("the camera process ended; it is started again".to_owned()),
            Err(error) => {
                tracing::debug!("camera process: {error:?}");
                failing(format!(
                    "the camera process cannot be understood ({error}); it is started again"
                ))
            }
        };
        self.lock().ended = Some(failure);
        self.changed.notify_all();
    }

    /// Takes in messages up to the end, and returns the failure that the process told of.
    fn take_in(&self, input: &mut impl Read) -> Result<Option<Failure>, ProtocolError> {
        if !protocol::read_magic(input)? {
            return Ok(None);
        }
        while let Some(message) = FromWorker::read(input)? {
            let now = clock::elapsed_since_start();
            let mut heard = self.lock();
            heard.sign_at = Some(now);
            match message {
                FromWorker::Found { camera, among } => {
                    heard.found = Some(camera);
                    heard.among = among;
                }
                FromWorker::Opened { fps, mode } => {
                    tracing::info!("camera opened: {mode}");
                    heard.fps = Some(fps);
                }
                FromWorker::Frame {
                    format,
                    size,
                    bytes,
                } => {
                    heard.damage = None;
                    heard.frame = Some(Frame {
                        at: now,
                        format,
                        size,
                        bytes,
                    });
                }
                FromWorker::Damaged(why) => heard.damage = Some(why),
                FromWorker::Alive => {}
                FromWorker::Failed(failure) => return Ok(Some(failure)),
                FromWorker::Cameras(cameras) => heard.cameras = Some(cameras),
            }
            drop(heard);
            self.changed.notify_all();
        }
        Ok(None)
    }
}

fn failing(detail: String) -> Failure {
    Failure {
        cause: Cause::Failing,
        detail,
    }
}

/// Hands what the process writes to its standard error on to the log.
fn log_lines(errors: impl Read) {
    for line in BufReader::new(errors).split(b'\n') {
        let Ok(line) = line else { return };
        tracing::debug!("camera process: {}", String::from_utf8_lossy(&line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::frame::PixelFormat;

    fn listen(stream: &[u8]) -> Heard {
        let inbox = Inbox::default();
        inbox.listen(stream);
        inbox.heard.into_inner().unwrap()
    }

    fn stream(messages: &[FromWorker]) -> Vec<u8> {
        let mut bytes = Vec::new();
        protocol::write_magic(&mut bytes).unwrap();
        for message in messages {
            message.write(&mut bytes).unwrap();
        }
        bytes
    }

    fn frame(byte: u8) -> FromWorker {
        FromWorker::Frame {
            format: PixelFormat::Grey8,
            size: (1, 1),
            bytes: vec![byte],
        }
    }

    #[test]
    fn of_several_frames_the_newest_is_kept() {
        let heard = listen(&stream(&[frame(1), frame(2), FromWorker::Alive]));
        assert_eq!(heard.frame.unwrap().bytes, [2]);
        assert_eq!(heard.ended.unwrap().cause, Cause::Failing);
    }

    #[test]
    fn the_failure_it_tells_of_is_the_one_that_counts() {
        let told = Failure {
            cause: Cause::Busy,
            detail: "x".to_owned(),
        };
        let heard = listen(&stream(&[FromWorker::Failed(told.clone()), frame(1)]));
        assert_eq!(heard.ended, Some(told));
        assert!(heard.frame.is_none(), "nothing counts after it");
    }

    #[test]
    fn a_broken_stream_is_an_end() {
        let mut cut = stream(&[frame(1)]);
        cut.pop();
        for broken in [&b"hello, world"[..], &[], &cut] {
            let ended = listen(broken).ended.unwrap();
            assert_eq!(ended.cause, Cause::Failing, "{broken:?}");
        }
    }
}
