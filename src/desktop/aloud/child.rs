//! A program that is run and contained: it has so long, and no way to hold anybody up.

use std::ffi::OsString;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tokio::io::AsyncWriteExt;

/// How long it may take.
const LIMIT: Duration = Duration::from_secs(5);

/// How many of it may run at a time; one more alert is then not worth another.
const AT_A_TIME: usize = 2;

/// A program to be run.
#[derive(Clone, Debug)]
pub(super) struct Child {
    /// What it is called in the log.
    name: &'static str,
    /// The program and its arguments; never empty.
    words: Vec<OsString>,
    running: Arc<AtomicUsize>,
}

impl Child {
    pub(super) fn new(name: &'static str, words: Vec<OsString>) -> Self {
        Self {
            name,
            words,
            running: Arc::default(),
        }
    }

    /// Runs it with `input` on its stdin, on a thread of its own.
    pub(super) fn run(&self, input: String) {
        if self.running.fetch_add(1, Ordering::AcqRel) >= AT_A_TIME {
            self.running.fetch_sub(1, Ordering::AcqRel);
            tracing::warn!("{} still runs, and is not run again", self.name);
            return;
        }
        let (name, words, running) = (self.name, self.words.clone(), Arc::clone(&self.running));
        let contained = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let done = match runtime {
                Ok(runtime) => runtime.block_on(run(&words, &input)),
                Err(error) => Err(error.to_string()),
            };
            if let Err(why) = done {
                tracing::warn!("{name} ({:?}): {why}", words[0]);
            }
            running.fetch_sub(1, Ordering::AcqRel);
        };
        let thread = thread::Builder::new().name("aloud".to_owned());
        if let Err(error) = thread.spawn(contained) {
            self.running.fetch_sub(1, Ordering::AcqRel);
            tracing::warn!("{} cannot be run: {error}", self.name);
        }
    }
}

async fn run(words: &[OsString], input: &str) -> Result<(), String> {
    let Some((program, arguments)) = words.split_first() else {
        return Ok(());
    };
    let mut command = tokio::process::Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    // Its own group, so that what it starts can be ended with it.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command
        .spawn()
        .map_err(|error| format!("cannot be run: {error}; mend or remove it"))?;
    let group = child.id();
    let whole = async {
        if let Some(mut stdin) = child.stdin.take() {
            // It need not read.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        child.wait().await
    };
    match tokio::time::timeout(LIMIT, whole).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("ended with {status}")),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => {
            end(group);
            let _ = child.wait().await;
            Err(format!("was ended after {} s", LIMIT.as_secs()))
        }
    }
}

/// Kills a child and all that it started.
#[cfg(target_os = "linux")]
fn end(group: Option<u32>) {
    let pid = group.and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(pid) = pid {
        // It may have ended in this moment.
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
}

/// The child alone is killed, as its handle is dropped.
#[cfg(not(target_os = "linux"))]
fn end(_: Option<u32>) {}
