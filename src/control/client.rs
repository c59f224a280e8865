//! The other end: asks the run that there is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

/// A run that does not answer within this time hangs: it sees to a request between two pictures.
const ANSWER_TIME: Duration = Duration::from_secs(5);

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Nothing runs.
    #[error("backstay does not run; start it with \"backstay run\"")]
    NotRunning,
    /// The run cannot be reached.
    #[error("cannot reach backstay at {path:?}; end it with \"kill\" and start it anew")]
    Unreachable {
        /// The socket.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It does not answer.
    #[error("backstay does not answer; end it with \"kill\" and start it anew")]
    Silent,
    /// It breaks off: a run that ends in order completes its answers.
    #[error(
        "backstay has ended in the middle of its answer, as when it is killed; start it anew with \
         \"backstay run\""
    )]
    BrokenOff,
    /// It answers with an error.
    #[error("{0}")]
    Refused(String),
    /// What it says is no answer of this API.
    #[error("what answers at {path:?} is not backstay: {why}")]
    Garbled {
        /// The socket.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// There are no such sockets here.
    #[error("this system has no Unix sockets; a run can only be ended with Ctrl-C here")]
    Unsupported,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// To read, by the path's last part with its query.
    Get(String),
    /// To do, by the path's last part, with a body.
    Post(&'static str, Value),
}

/// The answer of the run whose place is in `folder`.
///
/// # Errors
/// When nothing runs, or it does not answer as it should.
pub fn ask(folder: &Path, what: &Ask) -> Result<Value, ClientError> {
    let mut answer = None;
    follow(folder, what, Some(ANSWER_TIME), |line| {
        answer = Some(line);
        false
    })?;
    answer.ok_or(ClientError::Silent)
}

#[cfg(not(unix))]
/// There is nobody to follow.
///
/// # Errors
/// Always.
pub fn follow(
    _: &Path,
    _: &Ask,
    _: Option<Duration>,
    _: impl FnMut(Value) -> bool,
) -> Result<(), ClientError> {
    Err(ClientError::Unsupported)
}

#[cfg(unix)]
pub use unix::follow;

#[cfg(unix)]
mod unix {
    use std::error::Error;
    use std::io;
    use std::path::Path;
    use std::time::Duration;

    use bytes::{Buf, Bytes, BytesMut};
    use http_body_util::{BodyExt, Full};
    use hyper::body::Incoming;
    use hyper::client::conn::http1;
    use hyper::header::{CONTENT_TYPE, HOST};
    use hyper::{Request, Response};
    use hyper_util::rt::TokioIo;
    use serde_json::Value;
    use tokio::net::UnixStream;

    use super::{Ask, ClientError};
    use crate::control::{VERSION, place};

    /// The longest line that a run sends, in bytes; one that is longer is not a run's.
    const LONGEST_LINE: usize = 1024 * 1024;

    /// Gives the lines that the run in `folder` answers with to `take`, until it gives back false,
    /// the answer ends, or `limit` has passed.
    ///
    /// # Errors
    /// When nothing runs, or it does not answer as it should.
    pub fn follow(
        folder: &Path,
        what: &Ask,
        limit: Option<Duration>,
        take: impl FnMut(Value) -> bool,
    ) -> Result<(), ClientError> {
        let path = place::socket(folder);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let unreachable = |source| ClientError::Unreachable {
            path: path.clone(),
            source,
        };
        let runtime = runtime.map_err(unreachable)?;
        runtime.block_on(async {
            let talk = talk(&path, what, take);
            match limit {
                None => talk.await,
                Some(limit) => tokio::time::timeout(limit, talk)
                    .await
                    .unwrap_or(Err(ClientError::Silent)),
            }
        })
    }

    async fn talk(
        path: &Path,
        what: &Ask,
        mut take: impl FnMut(Value) -> bool,
    ) -> Result<(), ClientError> {
        let garbled = |why: &dyn std::fmt::Display| ClientError::Garbled {
            path: path.to_owned(),
            why: why.to_string(),
        };
        let broken = |error: hyper::Error| match breaks_off(&error) {
            true => ClientError::BrokenOff,
            false => garbled(&error),
        };
        let stream = UnixStream::connect(path)
            .await
            .map_err(|source| match source.kind() {
                // A socket without a listener is what a killed run leaves.
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                    ClientError::NotRunning
                }
                _ => ClientError::Unreachable {
                    path: path.to_owned(),
                    source,
                },
            })?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        tokio::spawn(connection);
        let answer = sender.send_request(request(what)).await.map_err(broken)?;
        let fine = answer.status().is_success();
        let mut lines = Lines::of(answer);
        while let Some(line) = lines.next().await.map_err(broken)? {
            if LONGEST_LINE < line.len() {
                return Err(garbled(&"a line without an end"));
            }
            let value: Value = serde_json::from_slice(&line).map_err(|e| garbled(&e))?;
            if !fine {
                let text = value["error"].as_str().unwrap_or("it gives no reason");
                return Err(ClientError::Refused(text.to_owned()));
            }
            if !take(value) {
                break;
            }
        }
        Ok(())
    }

    /// Whether `error` is the end of the connection, and not something that means nothing.
    fn breaks_off(error: &hyper::Error) -> bool {
        let cause = error.source().and_then(|it| it.downcast_ref());
        error.is_incomplete_message()
            || error.is_closed()
            || cause.is_some_and(|cause: &io::Error| {
                use io::ErrorKind as Kind;
                matches!(
                    cause.kind(),
                    Kind::UnexpectedEof | Kind::ConnectionReset | Kind::BrokenPipe
                )
            })
    }

    fn request(what: &Ask) -> Request<Full<Bytes>> {
        let (method, name, body) = match what {
            Ask::Get(name) => ("GET", name.as_str(), Bytes::new()),
            Ask::Post(name, body) => ("POST", *name, Bytes::from(body.to_string())),
        };
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method.parse().unwrap_or_default();
        *request.uri_mut() = format!("/v{VERSION}/{name}").parse().unwrap_or_default();
        for (name, value) in [(HOST, "backstay"), (CONTENT_TYPE, "application/json")] {
            request
                .headers_mut()
                .insert(name, hyper::header::HeaderValue::from_static(value));
        }
        request
    }

    /// The lines of an answer.
    struct Lines {
        answer: Response<Incoming>,
        buffer: BytesMut,
    }

    impl Lines {
        fn of(answer: Response<Incoming>) -> Self {
            Self {
                answer,
                buffer: BytesMut::new(),
            }
        }

        /// The next line; one that is too long is cut.
        async fn next(&mut self) -> hyper::Result<Option<BytesMut>> {
            loop {
                if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                    let line = self.buffer.split_to(end);
                    self.buffer.advance(1);
                    return Ok(Some(line));
                }
                if LONGEST_LINE < self.buffer.len() {
                    return Ok(Some(self.buffer.split()));
                }
                match self.answer.body_mut().frame().await.transpose()? {
                    Some(frame) => {
                        if let Ok(data) = frame.into_data() {
                            self.buffer.extend_from_slice(&data);
                        }
                    }
                    None => return Ok(None),
                }
            }
        }
    }
}
