//! A real MQTT broker, mosquitto, on a port of its own, and who listens and speaks to it.

#![allow(dead_code, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backstay::runtime::clock;
use tempfile::TempDir;

/// The user that a broker with a password knows, and the password.
pub(crate) const LOGIN: (&str, &str) = ("desk", "top secret");

/// The longest to wait for a message.
const LIMIT: Duration = Duration::from_secs(30);

/// What is wanted of a broker.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted {
    /// Only [`LOGIN`] is let in.
    pub(crate) login: bool,
    /// It speaks TLS, as `localhost`.
    pub(crate) tls: bool,
}

/// A broker; it is ended with the value.
pub(crate) struct Broker {
    folder: TempDir,
    child: Child,
    wanted: Wanted,
    pub(crate) port: u16,
}

/// Whether mosquitto, its clients and openssl are installed.
pub(crate) fn is_there() -> Option<()> {
    let found = |name: &str, argument: &str| {
        let mut command = Command::new(program(name));
        command.arg(argument);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok()
    };
    let all =
        found("mosquitto", "-h") && found("mosquitto_sub", "--help") && found("openssl", "version");
    all.then_some(())
}

impl Broker {
    pub(crate) fn start(wanted: Wanted) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let path = |name: &str| folder.path().join(name).display().to_string();
        // Started by root it would become a user who cannot read the folder.
        let mut config = format!("user root\nlistener {port} 127.0.0.1\n");
        if wanted.login {
            let file = path("passwords");
            run(Command::new(program("mosquitto_passwd"))
                .args(["-b", "-c", &file, LOGIN.0, LOGIN.1]));
            config += &format!("allow_anonymous false\npassword_file {file}\n");
        } else {
            config += "allow_anonymous true\n";
        }
        if wanted.tls {
            make_certificates(folder.path());
            config += &format!(
                "certfile {}\nkeyfile {}\n",
                path("own.pem"),
                path("own.key")
            );
        }
        fs::write(folder.path().join("mosquitto.conf"), config).unwrap();
        let child = launch(folder.path(), port);
        Self {
            folder,
            child,
            wanted,
            port,
        }
    }

    /// The certificate of the authority that vouches for it.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Ends it; retained messages are lost.
    pub(crate) fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it anew at the same port.
    pub(crate) fn start_anew(&mut self) {
        self.end();
        self.child = launch(self.folder.path(), self.port);
    }

    /// Publishes `text` on `topic`.
    pub(crate) fn publish(&self, topic: &str, text: &str, retain: bool) {
        let mut command = self.client("mosquitto_pub");
        command.args(["-q", "1", "-t", topic, "-m", text]);
        if retain {
            command.arg("-r");
        }
        run(&mut command);
    }

    /// Publishes each of the `lines` on `topic`, as fast as it goes.
    pub(crate) fn flood(&self, topic: &str, lines: &str) {
        let file = self.folder.path().join("lines");
        fs::write(&file, lines).unwrap();
        let mut command = self.client("mosquitto_pub");
        command.args(["-q", "1", "-t", topic, "-l"]);
        run(command.stdin(fs::File::open(file).unwrap()));
    }

    /// Listens to all that is said, from what is retained on.
    pub(crate) fn listen(&self) -> Listener {
        let mut child = self
            .client("mosquitto_sub")
            .args(["-q", "1", "-t", "#", "-F", "%r %t %p"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (out, sink) = (child.stdout.take().unwrap(), Arc::clone(&heard));
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let mut parts = line.splitn(3, ' ');
                let mut part = || parts.next().unwrap_or("").to_owned();
                let (retained, topic, text) = (part() == "1", part(), part());
                sink.lock().unwrap().push(Message {
                    retained,
                    topic,
                    text,
                });
            }
        });
        Listener { child, heard }
    }

    fn client(&self, name: &str) -> Command {
        let mut command = Command::new(program(name));
        command.args(["-h", "localhost", "-p", &self.port.to_string()]);
        if self.wanted.login {
            command.args(["-u", LOGIN.0, "-P", LOGIN.1]);
        }
        if self.wanted.tls {
            command.arg("--cafile").arg(self.authority());
        }
        command
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.end();
    }
}

/// A message that was heard.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// Whether the broker had kept it.
    pub(crate) retained: bool,
    pub(crate) topic: String,
    pub(crate) text: String,
}

/// Who listens; ended with the value.
pub(crate) struct Listener {
    child: Child,
    heard: Arc<Mutex<Vec<Message>>>,
}

impl Listener {
    /// All that was said on `topic` so far.
    pub(crate) fn on(&self, topic: &str) -> Vec<Message> {
        let heard = self.heard.lock().unwrap().clone();
        heard.into_iter().filter(|m| m.topic == topic).collect()
    }

    /// Waits until the last word on `topic` is accepted.
    #[track_caller]
    pub(crate) fn until(&self, topic: &str, what: &str, is_it: impl Fn(&str) -> bool) -> Message {
        until(&format!("{topic} is {what}"), || {
            self.on(topic).pop().filter(|last| is_it(&last.text))
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until there is what is looked for.
#[track_caller]
pub(crate) fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let end = clock::elapsed_since_start() + LIMIT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            clock::elapsed_since_start() < end,
            "it never comes that {what}"
        );
        clock::sleep(Duration::from_millis(50));
    }
}

/// A port of 127.0.0.1 that nobody has.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Debian has it where only root looks.
fn program(name: &str) -> PathBuf {
    let path = Path::new("/usr/sbin").join(name);
    if path.exists() { path } else { name.into() }
}

fn launch(folder: &Path, port: u16) -> Child {
    let child = Command::new(program("mosquitto"))
        .arg("-c")
        .arg(folder.join("mosquitto.conf"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("mosquitto listens", || {
        TcpStream::connect(("127.0.0.1", port)).ok()
    });
    child
}

#[track_caller]
fn run(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {done:?}");
}

/// An authority of its own and a certificate for `localhost` that it vouches for.
fn make_certificates(folder: &Path) {
    let openssl = |arguments: &str| {
        run(Command::new("openssl")
            .current_dir(folder)
            .args(arguments.split(' ')));
    };
    fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
    );
    openssl("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout own.key -out own.csr");
    openssl(
        "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names \
         -out own.pem",
    );
}
