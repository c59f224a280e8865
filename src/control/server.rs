//! The server: takes connections and lets nobody hold up the run.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};

use super::board::Board;
use super::request::{Request, Wish};
use super::routes::{Routes, Then};
use crate::serving;

/// Connections at a time; a further one is closed at once.
const CONNECTIONS: usize = 32;

/// Those of them that may follow events, so that there is always room for a short word.
const FOLLOWERS: usize = 16;

/// A connection that does not follow events is over within this time.
const SHORT_TIME: Duration = Duration::from_secs(10);

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
    let followers = Arc::new(Semaphore::new(FOLLOWERS));
    let serve = |stream| connection(stream, routes.clone(), Arc::clone(&followers));
    serving::take("the control API", listener, CONNECTIONS, serve).await;
}

async fn connection(stream: UnixStream, routes: Routes, followers: Arc<Semaphore>) {
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
    let served = serving::http().serve_connection(TokioIo::new(stream), service);
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
