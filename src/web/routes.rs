//! What a request comes to.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::watch;

use super::exposition;
use super::numbers::Numbers;

/// Answers requests.
#[derive(Clone)]
pub(super) struct Routes {
    pub(super) posted: watch::Receiver<Numbers>,
    pub(super) now: fn() -> Duration,
}

impl Routes {
    /// The answer to `asked`, whose body nobody reads.
    pub(super) fn answer<B>(&self, asked: &Request<B>) -> Response<Full<Bytes>> {
        // A page of the world whose name leads to 127.0.0.1 (DNS rebinding) names itself here.
        let host = asked.headers().get(HOST).map(HeaderValue::to_str);
        if !matches!(host, Some(Ok(host)) if is_here(host)) {
            let text = "ask for 127.0.0.1 or localhost\n";
            return plain(StatusCode::FORBIDDEN, text.to_owned());
        }
        if asked.uri().path() != "/metrics" {
            let text = "there is /metrics\n";
            return plain(StatusCode::NOT_FOUND, text.to_owned());
        }
        if asked.method() != Method::GET {
            let text = "use GET\n".to_owned();
            let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, text);
            let get = HeaderValue::from_static("GET");
            answer.headers_mut().insert(ALLOW, get);
            return answer;
        }
        let text = exposition::text(&self.posted.borrow(), (self.now)());
        plain(StatusCode::OK, text)
    }
}

/// Whether `host`, with or without a port, names this machine to itself.
fn is_here(host: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| {
        let Some((start, rest)) = host.split_at_checked(name.len()) else {
            return false;
        };
        start.eq_ignore_ascii_case(name)
            && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
    })
}

fn plain(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    let kind = HeaderValue::from_static(exposition::CONTENT);
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_here() {
        for host in [
            "localhost",
            "LocalHost:9187",
            "127.0.0.1:80",
            "[::1]:1",
            "[::1]",
        ] {
            assert!(is_here(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.nip.io:80",
            "127.0.0.1:",
            "127.0.0.1:80:80",
            "localhost@evil.example",
            "::1",
            "äöü",
        ] {
            assert!(!is_here(host), "{host}");
        }
    }
}
