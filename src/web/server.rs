//! The server: takes connections and lets nobody hold up the run.

use std::convert::Infallible;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::routes::Routes;
use crate::serving;

/// Connections at a time; a further one is closed at once.
const CONNECTIONS: usize = 16;

/// A connection is over within this time.
const WHOLE_TIME: Duration = Duration::from_secs(10);

/// Takes connections for ever.
pub(super) async fn serve(listener: TcpListener, routes: Routes) {
    let serve = |stream| connection(stream, routes.clone());
    serving::take("the web server", listener, CONNECTIONS, serve).await;
}

async fn connection(stream: TcpStream, routes: Routes) {
    let service = service_fn(move |asked| {
        let answer = routes.answer(&asked);
        async move { Ok::<_, Infallible>(answer) }
    });
    let served = serving::http().serve_connection(TokioIo::new(stream), service);
    if let Ok(Err(error)) = tokio::time::timeout(WHOLE_TIME, served).await {
        tracing::debug!("a client of the web server: {error}");
    }
}
