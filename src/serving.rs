//! What the program's servers have alike: they take connections, and no client holds up the run.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;

/// A client has this long to send the head of its request.
const HEAD_TIME: Duration = Duration::from_secs(2);

/// The most that is kept of what a client sends before it is taken apart, in bytes.
const BUFFER: usize = 8 * 1024;

/// Where connections come from.
pub trait Door: Send + Sync {
    /// A connection.
    type Stream: Send + 'static;

    /// The next connection.
    ///
    /// # Errors
    /// The operating system's.
    fn next(&self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Door for TcpListener {
    type Stream = TcpStream;

    async fn next(&self) -> io::Result<TcpStream> {
        Ok(self.accept().await?.0)
    }
}

#[cfg(unix)]
impl Door for UnixListener {
    type Stream = UnixStream;

    async fn next(&self) -> io::Result<UnixStream> {
        Ok(self.accept().await?.0)
    }
}

/// Gives each connection at `door` to `serve`, in a task of its own, for ever; one beyond `most` at a
/// time is closed at once. `name` is the server's in the log. Must run in a tokio runtime.
pub async fn take<D: Door, F>(name: &str, door: D, most: usize, serve: impl Fn(D::Stream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let connections = Arc::new(Semaphore::new(most));
    loop {
        let stream = match door.next().await {
            Ok(stream) => stream,
            Err(error) => {
                // Out of file descriptors, most likely; they come back.
                tracing::warn!("{name} cannot take a connection: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&connections).try_acquire_owned() else {
            tracing::debug!("{name} has too many connections");
            continue;
        };
        let served = serve(stream);
        tokio::spawn(async move {
            served.await;
            drop(place);
        });
    }
}

/// HTTP with one request a connection, whose head is short and comes soon.
#[must_use]
pub fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .keep_alive(false)
        .max_buf_size(BUFFER);
    http
}
