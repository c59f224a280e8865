//! The server: takes connections and lets nobody hold up the run.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};

use super::board::Board;
use super::request::{Request, Wish};
use super::routes::{Routes, Then};

/// Connections at a time; a further one is closed at once.
const CONNECTIONS: usize = 32;

/// Those of them that may follow events, so that there is always room for a short word.
const FOLLOWERS: usize = 16;

/// A client has this long to send the head of its request.
const HEAD_TIME: Duration = Duration::from_secs(2);

/// A connection that does not follow events is over within this time.
const SHORT_TIME: Duration = Duration::from_secs(10);

/// The most that is kept of what a client sends before it is taken apart, in bytes.
const BUFFER: usize = 8 * 1024;

/// Requests that wait for the run.
pub const WAITING: usize = 16;

/// A listener at `path`, which only the owner can open.
///
/// # Errors
/// When it cannot be made: most often because the path is longer than the system can take.
pub fn listen(path: &Path) -> io::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt;
    // The folder is the owner's alone, so there is no moment in which others could open it.
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Takes connections for ever. Must run in a tokio runtime; nothing in it waits for a client
/// without a limit.
pub async fn serve(listener: UnixListener, board: Board, requests: mpsc::Sender<Request>) {
    let routes = Routes { board, requests };
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let followers = Arc::new(Semaphore::new(FOLLOWERS));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file descriptors, most likely; they come back.
                tracing::warn!("the control API cannot take a connection: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&connections).try_acquire_owned() else {
            tracing::debug!("the control API has too many connections");
            continue;
        };
        let (routes, followers) = (routes.clone(), Arc::clone(&followers));
        tokio::spawn(async move {
            connection(stream, routes, &followers).await;
            drop(place);
        });
    }
}

async fn connection(stream: UnixStream, routes: Routes, followers: &Semaphore) {
    let course = Arc::new(Course::default());
    let asks = routes.requests.clone();
    let heard = Arc::clone(&course);
    let service = service_fn(move |asked| {
        let (routes, course) = (routes.clone(), Arc::clone(&heard));
        async move {
            let (answer, then) = routes.answer(asked).await;
            match then {
                Then::Close => {}
                Then::Follow => course.follows.notify_one(),
                Then::Stop => course.stops.store(true, Ordering::Relaxed),
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .keep_alive(false)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    let done = tokio::select! {
        done = &mut served => Some(done),
        () = course.follows.notified() => None,
        () = tokio::time::sleep(SHORT_TIME) => Some(Ok(())),
    };
    let done = match (done, followers.try_acquire()) {
        (Some(done), _) => done,
        (None, Ok(_place)) => served.await,
        (None, Err(_)) => Ok(()),
    };
    if let Err(error) = done {
        tracing::debug!("a client of the control API: {error}");
    }
    if course.stops.load(Ordering::Relaxed) {
        let (done, _) = oneshot::channel();
        let what = Wish::Stop;
        // It may be ending already.
        let _ = asks.send(Request { what, done }).await;
    }
}

/// What a connection comes to after its answer.
#[derive(Default)]
struct Course {
    follows: Notify,
    /// The run ends when the answer is out: before, it could not be sent any more.
    stops: AtomicBool,
}
