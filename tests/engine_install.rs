//! Installing the engine's library, against a package index on loopback that behaves and misbehaves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use backstay::vision::engine::install::pip::PipSettings;
use backstay::vision::engine::install::{InstallError, Origin, Outcome, Progress, install};
use backstay::vision::engine::pins::Pin;
use backstay::vision::model::sha256;
use zip::write::SimpleFileOptions;

const WHEEL: &str = "onnxruntime-9.9.9-cp311-cp311-any.whl";
const LIBRARY: &str = "onnxruntime/capi/libonnxruntime.so.9.9.9";
const LIBRARY_BYTES: &[u8] = b"the library's bytes, which no engine will ever load";
const JSON: &str = "application/vnd.pypi.simple.v1+json";
const HTML: &str = "text/html; charset=utf-8";

/// What a server does with one request.
#[derive(Clone)]
enum Reply {
    Page(&'static str, String),
    Bytes(Vec<u8>),
    /// These bytes, under a promise of more.
    Truncated(Vec<u8>),
    /// These bytes, of no stated length, and the end.
    Unmeasured(Vec<u8>),
    /// A promise of this many bytes, and nothing.
    Promise(u64),
    Redirect(String),
    NotFound,
    HangUp,
}

/// A package index on loopback.
struct Server {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each path with its reply, others with 404.
    fn new(replies: impl Fn(&str) -> Option<Reply> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up is no fault of the server's.
                let _ = serve(stream, &replies, &seen);
            }
        });
        Self { url, requests }
    }

    /// An index whose JSON page lists the wheel, with this reply to the wheel's address.
    fn json(reply: Reply) -> Self {
        Self::new(move |path| match path {
            "/simple/onnxruntime/" => Some(Reply::Page(JSON, json_page("/files/"))),
            path if path == format!("/files/{WHEEL}") => Some(reply.clone()),
            _ => None,
        })
    }

    fn settings(&self) -> PipSettings {
        PipSettings {
            index_url: format!("{}/simple", self.url),
            certificates: None,
        }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    replies: &impl Fn(&str) -> Option<Reply>,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    while reader.read_line(&mut request)? > 2 {}
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(request);
    let (head, body) = match replies(&path).unwrap_or(Reply::NotFound) {
        Reply::Page(kind, page) => (
            format!(
                "200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}",
                page.len()
            ),
            page.into_bytes(),
        ),
        Reply::Bytes(bytes) => (format!("200 OK\r\nContent-Length: {}", bytes.len()), bytes),
        Reply::Truncated(bytes) => (
            format!("200 OK\r\nContent-Length: {}", bytes.len() + 1000),
            bytes,
        ),
        Reply::Unmeasured(bytes) => ("200 OK".to_owned(), bytes),
        Reply::Promise(length) => (format!("200 OK\r\nContent-Length: {length}"), Vec::new()),
        Reply::Redirect(to) => (
            format!("302 Found\r\nLocation: {to}\r\nContent-Length: 0"),
            Vec::new(),
        ),
        Reply::NotFound => ("404 Not Found\r\nContent-Length: 0".to_owned(), Vec::new()),
        Reply::HangUp => return Ok(()),
    };
    write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(&body)
}

fn json_page(folder: &str) -> String {
    format!(
        r#"{{"meta":{{"api-version":"1.0"}},"name":"onnxruntime","files":[
        {{"filename":"onnxruntime-9.9.8-cp311-cp311-any.whl","url":"/no","hashes":{{}}}},
        {{"filename":"{WHEEL}","url":"{folder}{WHEEL}","hashes":{{"sha256":"not looked at"}}}}]}}"#
    )
}

fn html_page(link: &str) -> String {
    format!("<!DOCTYPE html><html><body><a href=\"{link}#sha256=00\">{WHEEL}</a></body></html>")
}

/// A wheel with these files in it.
fn wheel(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn genuine() -> Vec<u8> {
    wheel(&[
        ("onnxruntime/__init__.py", b"import this\n"),
        (LIBRARY, LIBRARY_BYTES),
    ])
}

/// A data folder, and the pin that these wheel bytes satisfy.
struct Rig {
    folder: tempfile::TempDir,
    wheel_sha256: String,
    library_sha256: String,
}

impl Rig {
    fn new(wheel: &[u8]) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            wheel_sha256: sha256(wheel),
            library_sha256: sha256(LIBRARY_BYTES),
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("backstay")
    }

    fn pin(&self) -> Pin<'_> {
        Pin {
            version: "9.9.9",
            wheel_name: WHEEL,
            wheel_sha256: &self.wheel_sha256,
            library_path: LIBRARY,
            library_sha256: &self.library_sha256,
        }
    }

    fn library(&self) -> PathBuf {
        self.pin().library_file(&self.data())
    }

    fn install(&self, origin: Origin<'_>) -> Result<Outcome, InstallError> {
        install(&self.pin(), &self.data(), origin, &mut |_| {})
    }

    fn install_from(&self, server: &Server) -> Result<Outcome, InstallError> {
        self.install(Origin::Index(&server.settings()))
    }

    /// All files under the data folder.
    fn files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.folder.path(), &mut found);
        found
    }

    fn assert_installed(&self, outcome: Result<Outcome, InstallError>) {
        assert_eq!(outcome.unwrap(), Outcome::Installed(self.library()));
        assert_eq!(fs::read(self.library()).unwrap(), LIBRARY_BYTES);
        assert_eq!(self.files(), [self.library()]);
    }

    /// The whole chain of the error, once it is sure that nothing was left behind.
    #[track_caller]
    fn assert_failed(&self, outcome: Result<Outcome, InstallError>, expected: &str) {
        let text = format!("{:#}", anyhow::Error::new(outcome.unwrap_err()));
        assert!(text.contains(expected), "{text}\nlacks: {expected}");
        assert_eq!(self.files(), [] as [PathBuf; 0], "{text}");
    }
}

#[test]
fn a_json_index_is_followed_and_the_library_kept_private() {
    let rig = Rig::new(&genuine());
    let server = Server::json(Reply::Bytes(genuine()));
    let mut seen = Vec::new();
    let settings = server.settings();
    let outcome = install(
        &rig.pin(),
        &rig.data(),
        Origin::Index(&settings),
        &mut |p| {
            seen.push(p);
        },
    );
    rig.assert_installed(outcome);

    let length = genuine().len() as u64;
    assert_eq!(
        seen.first(),
        Some(&Progress::Started {
            url: format!("{}/files/{WHEEL}", server.url),
            bytes: Some(length),
        })
    );
    assert_eq!(
        seen.last(),
        Some(&Progress::Received {
            bytes: length,
            of: Some(length),
        })
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(
        requests[0]
            .to_lowercase()
            .contains(&format!("accept: {JSON}")),
        "{}",
        requests[0]
    );

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&rig.library()), 0o600);
        for folder in rig.library().ancestors().skip(1).take(3) {
            assert_eq!(mode(folder), 0o700, "{}", folder.display());
        }
    }

    // Once installed, nothing is asked of anybody.
    let again = rig.install_from(&server);
    assert_eq!(again.unwrap(), Outcome::Already(rig.library()));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_html_index_is_followed_through_redirects_and_relative_links() {
    let rig = Rig::new(&genuine());
    let server = Server::new(|path| match path {
        "/simple/onnxruntime/" => Some(Reply::Redirect("/mirror/pages/onnxruntime/".to_owned())),
        "/mirror/pages/onnxruntime/" => Some(Reply::Page(
            HTML,
            html_page(&format!("../../files/{WHEEL}")),
        )),
        path if path == format!("/mirror/files/{WHEEL}") => Some(Reply::Bytes(genuine())),
        _ => None,
    });
    rig.assert_installed(rig.install_from(&server));
}

#[test]
fn credentials_go_to_the_index_and_nowhere_else() {
    let rig = Rig::new(&genuine());
    let elsewhere = Server::json(Reply::Bytes(genuine()));
    let folder = format!("{}/files/", elsewhere.url);
    let index = Server::new(move |path| {
        (path == "/simple/onnxruntime/").then(|| Reply::Page(JSON, json_page(&folder)))
    });
    let mut settings = index.settings();
    settings.index_url = settings.index_url.replace("http://", "http://me:p%40ss@");
    rig.assert_installed(rig.install(Origin::Index(&settings)));
    // base64 of me:p@ss
    assert!(
        index.requests()[0].contains("Basic bWU6cEBzcw=="),
        "{:?}",
        index.requests()
    );
    let requests = elsewhere.requests();
    assert_eq!(requests.len(), 1);
    assert!(
        !requests[0].to_lowercase().contains("authorization"),
        "{}",
        requests[0]
    );

    // To files on its own host they do go: private indexes ask for them there too.
    let rig = Rig::new(&genuine());
    let index = Server::json(Reply::Bytes(genuine()));
    let mut settings = index.settings();
    settings.index_url = settings.index_url.replace("http://", "http://me:p%40ss@");
    rig.assert_installed(rig.install(Origin::Index(&settings)));
    assert!(
        index.requests()[1].contains("Basic bWU6cEBzcw=="),
        "{:?}",
        index.requests()
    );
}

#[test]
fn credentials_are_not_in_errors() {
    let rig = Rig::new(&genuine());
    let server = Server::new(|_| None);
    let mut settings = server.settings();
    settings.index_url = settings.index_url.replace("http://", "http://me:secret@");
    let outcome = rig.install(Origin::Index(&settings));
    let text = format!("{:#}", anyhow::Error::new(outcome.unwrap_err()));
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn downloads_that_go_wrong_leave_nothing() {
    let whole = genuine();
    let half = whole[..whole.len() / 2].to_vec();
    let mut altered = whole.clone();
    altered[40] ^= 1;
    let check = |reply: Reply, expected: &str| {
        let rig = Rig::new(&whole);
        let server = Server::json(reply);
        rig.assert_failed(rig.install_from(&server), expected);
    };
    check(
        Reply::Bytes(altered),
        "is damaged or not genuine: its sha256 is",
    );
    check(
        Reply::Bytes(Vec::new()),
        "is damaged or not genuine: its sha256 is",
    );
    check(
        Reply::Unmeasured(half.clone()),
        "is damaged or not genuine: its sha256 is",
    );
    check(Reply::Truncated(half), "cannot fetch");
    check(Reply::Promise(10 << 30), "is longer than");
    check(Reply::HangUp, "cannot fetch");
    check(Reply::NotFound, "404");
    check(Reply::Redirect(format!("/files/{WHEEL}")), "cannot fetch");
}

#[test]
fn indexes_that_go_wrong_leave_nothing() {
    let check = |reply: Option<Reply>, expected: &str| {
        let rig = Rig::new(&genuine());
        let server = Server::new(move |_| reply.clone());
        rig.assert_failed(rig.install_from(&server), expected);
    };
    check(None, "404");
    check(Some(Reply::HangUp), "cannot fetch");
    check(
        Some(Reply::Page(JSON, "<html>".to_owned())),
        "cannot read index page",
    );
    check(
        Some(Reply::Page(JSON, json_page("/").replace("9.9.9", "9.9.7"))),
        &format!("does not list \"{WHEEL}\""),
    );
    check(
        Some(Reply::Page(HTML, "<html>log in first</html>".to_owned())),
        &format!("does not list \"{WHEEL}\""),
    );
}

#[test]
fn an_index_that_is_not_there_leaves_nothing() {
    let rig = Rig::new(&genuine());
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let settings = PipSettings {
        index_url: format!("http://{gone}/simple/"),
        certificates: None,
    };
    rig.assert_failed(
        rig.install(Origin::Index(&settings)),
        &format!("cannot fetch \"http://{gone}/simple/onnxruntime/\""),
    );
}

#[test]
fn wheels_without_the_right_library_leave_nothing() {
    let check = |wheel: Vec<u8>, expected: &str| {
        let rig = Rig::new(&wheel);
        let server = Server::json(Reply::Bytes(wheel));
        rig.assert_failed(rig.install_from(&server), expected);
    };
    let unpack = format!("cannot take \"{LIBRARY}\" out of \"{WHEEL}\"");
    check(wheel(&[("onnxruntime/__init__.py", b"")]), &unpack);
    check(b"not a zip file".to_vec(), &unpack);
    check(
        wheel(&[(LIBRARY, b"another library")]),
        &format!("library \"{LIBRARY}\" is damaged or not genuine"),
    );
}

#[test]
fn a_wheel_or_a_library_at_hand_will_do() {
    for bytes in [genuine(), LIBRARY_BYTES.to_vec()] {
        let rig = Rig::new(&genuine());
        let at_hand = tempfile::NamedTempFile::new().unwrap();
        fs::write(at_hand.path(), bytes).unwrap();
        rig.assert_installed(rig.install(Origin::File(at_hand.path())));
        assert!(at_hand.path().exists());
    }
}

#[test]
fn another_file_will_not_do() {
    let rig = Rig::new(&genuine());
    let at_hand = tempfile::NamedTempFile::new().unwrap();
    fs::write(at_hand.path(), &LIBRARY_BYTES[1..]).unwrap();
    rig.assert_failed(
        rig.install(Origin::File(at_hand.path())),
        &format!("its sha256 is neither that of \"{WHEEL}\" nor that of the library in it"),
    );
    let missing = rig.folder.path().join("missing.whl");
    rig.assert_failed(
        rig.install(Origin::File(&missing)),
        &format!("cannot read \"{}\"", missing.display()),
    );
}

#[test]
fn a_damaged_library_is_replaced_and_leftovers_go() {
    let rig = Rig::new(&genuine());
    fs::create_dir_all(rig.library().parent().unwrap()).unwrap();
    fs::write(rig.library(), "cut off").unwrap();
    fs::write(rig.data().join("engine/.partial-left"), "by a kill").unwrap();

    // A failed repair takes nothing away.
    let broken = Server::json(Reply::HangUp);
    rig.install_from(&broken).unwrap_err();
    assert_eq!(rig.files(), [rig.library()]);

    let server = Server::json(Reply::Bytes(genuine()));
    rig.assert_installed(rig.install_from(&server));
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let rig = Rig::new(&genuine());
    fs::write(rig.data(), "a file where the folder should be").unwrap();
    let at_hand = tempfile::NamedTempFile::new().unwrap();
    fs::write(at_hand.path(), genuine()).unwrap();
    let error = rig.install(Origin::File(at_hand.path())).unwrap_err();
    let text = error.to_string();
    let folder = rig.data().join("engine");
    assert!(
        text.contains(&format!("\"{}\"", folder.display())),
        "{text}"
    );
}
