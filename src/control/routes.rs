//! What a request comes to.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited, StreamBody};
use hyper::body::{Body, Frame};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request as Asked, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::VERSION;
use super::board::{Board, LOG_LINES};
use super::request::{Request, Wish};

/// The longest body of a request, in bytes; the longest that means anything has a tenth of it.
const LONGEST_BODY: usize = 1024;

/// A client has this long to send its request's body.
const BODY_TIME: Duration = Duration::from_secs(2);

/// The run has this long to see to a request: it looks at one picture at a time, which takes some
/// hundredths of a second.
const RUN_TIME: Duration = Duration::from_secs(5);

/// The body of an answer.
pub(super) type Answer = BoxBody<Bytes, std::convert::Infallible>;

/// What follows an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Nothing.
    Close,
    /// Events, for as long as the client likes.
    Follow,
    /// The run ends.
    Stop,
}

/// Answers requests.
#[derive(Clone)]
pub(super) struct Routes {
    pub(super) board: Board,
    pub(super) requests: mpsc::Sender<Request>,
}

impl Routes {
    /// The answer to `asked`, and what follows it.
    pub(super) async fn answer<B>(&self, asked: Asked<B>) -> (Response<Answer>, Then)
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let then = match asked.uri().path().rsplit('/').next() {
            Some("events") => Then::Follow,
            Some("stop") => Then::Stop,
            _ => Then::Close,
        };
        let answer = self.answer_alone(asked).await;
        let fine = answer.status().is_success();
        (answer, if fine { then } else { Then::Close })
    }

    async fn answer_alone<B>(&self, asked: Asked<B>) -> Response<Answer>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let path = asked.uri().path().to_owned();
        let query = asked.uri().query().unwrap_or("").to_owned();
        let root = format!("/v{VERSION}/");
        let Some(name) = path.strip_prefix(&root) else {
            let text = format!("there is no {path:?}; paths begin with {root:?}");
            return error(StatusCode::NOT_FOUND, &text);
        };
        let reads = matches!(name, "status" | "events" | "log");
        let known = reads || Wish::parse(name, b"").is_some();
        let method = if reads { Method::GET } else { Method::POST };
        if !known {
            return error(StatusCode::NOT_FOUND, &format!("there is no {path:?}"));
        }
        if *asked.method() != method {
            let mut answer = error(
                StatusCode::METHOD_NOT_ALLOWED,
                &format!("use {method} for {path:?}"),
            );
            if let Ok(method) = HeaderValue::from_str(method.as_str()) {
                answer.headers_mut().insert(ALLOW, method);
            }
            return answer;
        }
        match name {
            "status" => match self.ask(Wish::Look).await {
                Ok(()) => json(StatusCode::OK, &self.board.status()),
                Err(refused) => refused,
            },
            "log" => match lines(&query) {
                Ok(count) => json(
                    StatusCode::OK,
                    &json!({"lines": self.board.log().last(count)}),
                ),
                Err(text) => error(StatusCode::BAD_REQUEST, &text),
            },
            "events" => match self.ask(Wish::Look).await {
                Ok(()) => self.events(),
                Err(refused) => refused,
            },
            _ => match body(asked).await {
                Ok(body) => self.command(name, &body).await,
                Err(refused) => refused,
            },
        }
    }

    async fn command(&self, name: &str, body: &[u8]) -> Response<Answer> {
        match Wish::parse(name, body) {
            Some(Ok(wish)) => match self.ask(wish.first()).await {
                Ok(()) => json(StatusCode::OK, &self.board.status()),
                Err(refused) => refused,
            },
            Some(Err(text)) => error(StatusCode::BAD_REQUEST, &text),
            None => error(StatusCode::NOT_FOUND, "there is no such path"),
        }
    }

    /// Asks the run for something and waits until it is seen to.
    async fn ask(&self, what: Wish) -> Result<(), Response<Answer>> {
        let unavailable = |text| error(StatusCode::SERVICE_UNAVAILABLE, text);
        let (done, seen_to) = oneshot::channel();
        let request = Request { what, done };
        if let Err(refused) = self.requests.try_send(request) {
            return Err(unavailable(match refused {
                mpsc::error::TrySendError::Full(_) => "too much is asked at once; try again",
                mpsc::error::TrySendError::Closed(_) => "backstay is ending",
            }));
        }
        match tokio::time::timeout(RUN_TIME, seen_to).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(unavailable("backstay is ending")),
            Err(_) => Err(unavailable("backstay does not get to it; try again")),
        }
    }

    /// How things stand, and events as they come, an object a line.
    fn events(&self) -> Response<Answer> {
        let followed = self.board.follow();
        let first = format!("{}\n", self.board.status());
        let stream = futures_lite::stream::unfold(
            (Some(first), Some(followed)),
            |(first, followed)| async move {
                if let Some(line) = first {
                    return Some((frame(line), (None, followed)));
                }
                let mut followed = followed?;
                match followed.recv().await {
                    Ok(None) => None,
                    Ok(Some(event)) => Some((frame(format!("{event}\n")), (None, Some(followed)))),
                    Err(broadcast::error::RecvError::Lagged(lost)) => {
                        let line = json!({"event": "lagged", "lost": lost});
                        Some((frame(format!("{line}\n")), (None, None)))
                    }
                    Err(broadcast::error::RecvError::Closed) => None,
                }
            },
        );
        let mut answer = Response::new(BodyExt::boxed(StreamBody::new(stream)));
        let kind = HeaderValue::from_static("application/x-ndjson");
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        answer
    }
}

fn frame(line: String) -> Result<Frame<Bytes>, std::convert::Infallible> {
    Ok(Frame::data(Bytes::from(line)))
}

/// How many lines of the log are asked for.
fn lines(query: &str) -> Result<usize, String> {
    match query.strip_prefix("lines=") {
        None if query.is_empty() => Ok(LOG_LINES),
        Some(number) => number
            .parse()
            .map_err(|_| format!("\"lines\" is {number:?}; it must be a whole number")),
        None => Err(format!("{query:?} is not understood; use \"lines=N\"")),
    }
}

async fn body<B>(asked: Asked<B>) -> Result<Bytes, Response<Answer>>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let whole = Limited::new(asked.into_body(), LONGEST_BODY).collect();
    match tokio::time::timeout(BODY_TIME, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(e)) if e.is::<LengthLimitError>() => Err(error(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("the body is longer than {LONGEST_BODY} bytes"),
        )),
        Ok(Err(e)) => Err(error(
            StatusCode::BAD_REQUEST,
            &format!("the body cannot be read: {e}"),
        )),
        Err(_) => Err(error(
            StatusCode::REQUEST_TIMEOUT,
            "the body takes too long to come",
        )),
    }
}

fn json(status: StatusCode, value: &Value) -> Response<Answer> {
    let body = Full::new(Bytes::from(format!("{value}\n")));
    let mut answer = Response::new(BodyExt::boxed(body));
    *answer.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

fn error(status: StatusCode, text: &str) -> Response<Answer> {
    json(status, &json!({ "error": text }))
}
