//! From an index's address to the wheel, checked.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, ResponseExt, http};

use super::pip::PipSettings;
use super::{InstallError, Progress, index, url};
use crate::vision::engine::pins::Pin;
use crate::vision::model::hex;

/// The project's name on a package index.
const PROJECT: &str = "onnxruntime";

/// The page of a project with thousands of files is a few megabytes.
const MAX_PAGE_BYTES: u64 = 32 << 20;

/// Three times the largest wheel (19 MB).
const MAX_WHEEL_BYTES: u64 = 64 << 20;

/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// How long it may keep silent. There is no limit on the whole: lines may be slow.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(60);

/// Fetches the wheel of `pin` into a file without a name in `folder`, and checks its sha256.
pub(super) fn wheel(
    pin: &Pin<'_>,
    settings: &PipSettings,
    folder: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<File, InstallError> {
    let client = Client::new(settings)?;
    let link = client.find(pin.wheel_name)?;
    let (mut response, shown) = client.get(&link, "*/*")?;

    let of = response.body().content_length();
    let too_long = || InstallError::TooLong {
        url: shown.clone(),
        limit: MAX_WHEEL_BYTES,
    };
    if of.is_some_and(|bytes| bytes > MAX_WHEEL_BYTES) {
        return Err(too_long());
    }
    progress(Progress::Started {
        url: shown.clone(),
        bytes: of,
    });
    let unwritable = |source| InstallError::File {
        what: "write",
        path: folder.to_owned(),
        source,
    };
    let mut file = tempfile::tempfile_in(folder).map_err(unwritable)?;
    let mut hasher = Sha256::new();
    let mut reader = response.body_mut().with_config().limit(u64::MAX).reader();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(InstallError::Fetch {
                    url: shown.clone(),
                    reason: error.into(),
                });
            }
        };
        bytes += read as u64;
        if bytes > MAX_WHEEL_BYTES {
            return Err(too_long());
        }
        hasher.update(&buffer[..read]);
        file.write_all(&buffer[..read]).map_err(unwritable)?;
        progress(Progress::Received { bytes, of });
    }
    let found = hex(&hasher.finalize());
    if found != pin.wheel_sha256 {
        return Err(InstallError::WrongWheel {
            name: shown,
            found,
            wanted: pin.wheel_sha256.to_owned(),
        });
    }
    file.rewind().map_err(unwritable)?;
    Ok(file)
}

/// An HTTP client for one index. Proxies come from the environment (`HTTPS_PROXY`, `ALL_PROXY`, …).
struct Client {
    agent: Agent,
    /// The project's page, without credentials.
    page_url: String,
    /// `Authorization` for the index's own host.
    authorization: Option<String>,
}

impl Client {
    fn new(settings: &PipSettings) -> Result<Self, InstallError> {
        let (index_url, credentials) = url::split_credentials(&settings.index_url);
        let https_only = match url::scheme(&index_url).as_str() {
            "https" => true,
            // Said so by the person's own configuration; the wheel's sha256 is checked all the same.
            "http" => false,
            _ => {
                return Err(InstallError::Url {
                    url: url::shown(&settings.index_url),
                    reason: "it is neither https nor http; set PIP_INDEX_URL, \
                             or give the file with \"backstay engine install --from FILE\"",
                });
            }
        };
        let mut tls = TlsConfig::builder();
        tls = tls.root_certs(match &settings.certificates {
            Some(path) if path.is_file() => certificates(path)?,
            _ => RootCerts::PlatformVerifier,
        });
        let agent = Agent::config_builder()
            .https_only(https_only)
            .tls_config(tls.build())
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_per_read(Some(SILENCE_TIMEOUT))
            .user_agent(concat!("backstay/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            page_url: format!("{}/{PROJECT}/", index_url.trim_end_matches('/')),
            authorization: credentials.map(|bytes| format!("Basic {}", base64(&bytes))),
        })
    }

    /// The address of the file called `name`.
    fn find(&self, name: &str) -> Result<String, InstallError> {
        let (mut response, shown) = self.get(&self.page_url, index::ACCEPT)?;
        // After redirects: links are relative to where the page was found.
        let page_url = response.get_uri().to_string();
        let content_type = response
            .headers()
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let is_json = index::is_json(content_type);
        let mut page = Vec::new();
        response
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .reader()
            .take(MAX_PAGE_BYTES + 1)
            .read_to_end(&mut page)
            .map_err(|error| InstallError::Fetch {
                url: shown.clone(),
                reason: error.into(),
            })?;
        if page.len() as u64 > MAX_PAGE_BYTES {
            return Err(InstallError::TooLong {
                url: shown,
                limit: MAX_PAGE_BYTES,
            });
        }
        let page = String::from_utf8_lossy(&page);
        match index::find(&page, is_json, &page_url, name) {
            Ok(Some(link)) => Ok(link),
            Ok(None) => Err(InstallError::NotListed {
                url: shown,
                wheel: name.to_owned(),
            }),
            Err(reason) => Err(InstallError::Page { url: shown, reason }),
        }
    }

    /// One request; gives the answer, and its URL as it may be shown.
    fn get(&self, url: &str, accept: &str) -> Result<(http::Response<Body>, String), InstallError> {
        let mut request = self
            .agent
            .get(url)
            .header("Accept", accept)
            // Lengths then are those of the files; wheels are compressed already.
            .header("Accept-Encoding", "identity");
        if let Some(authorization) = &self.authorization
            && url::origin(url) == url::origin(&self.page_url)
        {
            request = request.header("Authorization", authorization);
        }
        let shown = url::shown(url);
        match request.call() {
            Ok(response) => Ok((response, shown)),
            Err(reason) => Err(InstallError::Fetch {
                url: shown,
                reason: reason.into(),
            }),
        }
    }
}

/// The certificates in a PEM file.
fn certificates(path: &Path) -> Result<RootCerts, InstallError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| InstallError::Certificates {
        path: path.to_owned(),
        source,
    };
    let text = fs::read(path).map_err(|error| failed(error.into()))?;
    let certificates = parse_pem(&text)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
            Ok(_) => None,
            Err(error) => Some(Err(failed(error.into()))),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() {
        return Err(failed("there are none in it".into()));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

/// Base64 (RFC 4648, 4), as `Authorization: Basic` wants it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |group, at| {
            group << 8 | usize::from(chunk.get(at).copied().unwrap_or(0))
        });
        for digit in 0..4 {
            text.push(if digit <= chunk.len() {
                char::from(DIGITS[group >> (18 - 6 * digit) & 63])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn an_index_that_is_not_on_the_web_is_refused_without_showing_its_credentials() {
        let settings = PipSettings {
            index_url: "ftp://me:secret@host/simple".to_owned(),
            certificates: None,
        };
        let error = Client::new(&settings).err().unwrap().to_string();
        assert!(
            error.starts_with("cannot use index url \"ftp://host/simple\""),
            "{error}"
        );
    }
}
