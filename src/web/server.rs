//! The server: takes connections and lets nobody hold up the run.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::routes::Routes;

/// Connections at a time; a further one is closed at once.
const CONNECTIONS: usize = 16;

/// A client has this long to send the head of its request.
const HEAD_TIME: Duration = Duration::from_secs(2);

/// A connection is over within this time.
const WHOLE_TIME: Duration = Duration::from_secs(10);

/// The most that is kept of what a client sends before it is taken apart, in bytes.
const BUFFER: usize = 8 * 1024;

/// Takes connections for ever.
pub(super) async fn serve(listener: TcpListener, routes: Routes) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file descriptors, most likely; they come back.
                tracing::warn!("the web server cannot take a connection: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&connections).try_acquire_owned() else {
            tracing::debug!("the web server has too many connections");
            continue;
        };
        let routes = routes.clone();
        tokio::spawn(async move {
            connection(stream, routes).await;
            drop(place);
        });
    }
}

async fn connection(stream: TcpStream, routes: Routes) {
    let service = service_fn(move |asked| {
        let answer = routes.answer(&asked);
        async move { Ok::<_, Infallible>(answer) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .keep_alive(false)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    if let Ok(Err(error)) = tokio::time::timeout(WHOLE_TIME, served).await {
        tracing::debug!("a client of the web server: {error}");
    }
}
