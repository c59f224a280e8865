//! What is served over HTTP on this machine: numbers for Prometheus under `/metrics`, described in
//! `docs/home-assistant.md`.
//!
//! The server listens on 127.0.0.1 alone and lets nobody hold up the run: whatever a client
//! does, it costs a bounded amount of memory and no waiting.

mod exposition;
mod numbers;
mod process;
mod routes;
mod server;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use tokio::sync::watch;

pub use numbers::Numbers;

/// What is served; it takes what is newest.
#[derive(Clone, Debug)]
pub struct Web {
    numbers: watch::Sender<Numbers>,
}

impl Web {
    /// Serves at `port` of 127.0.0.1 for as long as the runtime lives, which must be tokio's. `now`
    /// is the time that [`Numbers::at`] is of.
    ///
    /// # Errors
    /// When the port cannot be had: most often because another program has it.
    pub fn listen(port: u16, now: fn() -> Duration) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (numbers, posted) = watch::channel(Numbers::default());
        tokio::spawn(server::serve(listener, routes::Routes { posted, now }));
        Ok(Self { numbers })
    }

    /// Posts `numbers` in place of what was posted before.
    pub fn post(&self, numbers: Numbers) {
        self.numbers.send_replace(numbers);
    }
}
