//! A terminal window of its own in which a break is taken, for who clicks a button.
//!
//! The window is not the run's: it goes on when the run ends, and has none of its streams. A run that
//! systemd started lies under the limits of its unit (memory, system calls, its end), which are not
//! for a terminal; there the window is a unit of its own.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use super::aloud::find;
use super::{cause, notice};
use crate::wording::Language;

/// Terminals and what stands between them and the program that they run, in the order in which they
/// are tried: what the desktop or the distribution has chosen, those of desktops, and others.
const TERMINALS: [(&str, &[&str]); 11] = [
    ("xdg-terminal-exec", &[]),
    ("x-terminal-emulator", &["-e"]),
    ("gnome-terminal", &["--"]),
    ("konsole", &["-e"]),
    ("kgx", &["--"]),
    ("xfce4-terminal", &["-x"]),
    ("alacritty", &["-e"]),
    ("kitty", &[]),
    ("foot", &[]),
    ("wezterm", &["start", "--"]),
    ("xterm", &["-e"]),
];

/// Clicks within this time after a window was opened are taken for the same click.
const REST: Duration = Duration::from_secs(2);

/// A terminal that ends with a failure within this time has shown no window: a break is longer, and
/// its window waits to be closed.
const TOO_SOON: Duration = Duration::from_secs(3);

/// How the window is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// The command to which the program and its arguments are appended; empty: one that is found.
    pub terminal: String,
    /// The language of who reads that it could not be opened.
    pub language: Language,
}

/// What runs in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The file of this program.
    pub file: PathBuf,
    /// The configuration file, where it is not the usual one; an absolute path.
    pub config: Option<PathBuf>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("no terminal is found; name one as \"terminal\" under \"[break]\"")]
    NoTerminal,
    #[error("{terminal:?} cannot be started")]
    NotStarted {
        terminal: OsString,
        #[source]
        source: io::Error,
    },
    #[error("{terminal:?} ended with {status}")]
    Ended {
        terminal: OsString,
        status: ExitStatus,
    },
}

/// Opens a window with `program` for each of the `wishes`, until nobody can wish any more. Where that
/// fails the person is told what to type.
pub async fn follow(
    mut wishes: mpsc::Receiver<()>,
    manner: watch::Receiver<Manner>,
    program: Program,
) {
    while wishes.recv().await.is_some() {
        let Manner { terminal, language } = manner.borrow().clone();
        let (program, around) = (program.clone(), Around::from_env());
        // Of its own, since it lasts as long as the window.
        tokio::spawn(async move {
            if let Err(trouble) = show(&terminal, &around, &program).await {
                tell(&trouble, language, &program);
            }
        });
        sleep(REST).await;
        while wishes.try_recv().is_ok() {}
    }
}

async fn show(terminal: &str, around: &Around, program: &Program) -> Result<(), Trouble> {
    let words = around.words(terminal, find, program);
    let Some((terminal, arguments)) = words.as_deref().and_then(<[_]>::split_first) else {
        return Err(Trouble::NoTerminal);
    };
    tracing::debug!("a window for a break: {words:?}");
    let mut window = start(terminal, arguments).map_err(|source| Trouble::NotStarted {
        terminal: terminal.clone(),
        source,
    })?;
    match timeout(TOO_SOON, window.wait()).await {
        Ok(Ok(status)) if !status.success() => Err(Trouble::Ended {
            terminal: terminal.clone(),
            status,
        }),
        Ok(_) => Ok(()),
        Err(_) => {
            // Waited for, or it would stay behind as a zombie.
            let _ = window.wait().await;
            Ok(())
        }
    }
}

fn start(terminal: &OsStr, arguments: &[OsString]) -> io::Result<Child> {
    let mut command = Command::new(terminal);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Its own group: Ctrl-C in the run's terminal is not meant for it.
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

fn tell(trouble: &Trouble, language: Language, program: &Program) {
    let cause = cause(trouble);
    let command = program.typed();
    tracing::warn!(
        "no window for the break: {trouble}{cause}; type \"{command}\" in a terminal instead"
    );
    let texts = language.texts();
    notice::show(texts.no_window(), &texts.type_in_a_terminal(&command));
}

impl Program {
    /// The program and its arguments.
    fn words(&self) -> Vec<OsString> {
        let mut words = vec![self.file.clone().into(), "break".into(), "--stay".into()];
        if let Some(config) = &self.config {
            words.extend(["--config".into(), config.clone().into()]);
        }
        words
    }

    /// What a person types for the same.
    fn typed(&self) -> String {
        let mut words = vec!["backstay".to_owned(), "break".to_owned()];
        if let Some(config) = &self.config {
            words.extend(["--config".to_owned(), config.display().to_string()]);
        }
        shell_words::join(words)
    }
}

/// What the environment says of terminals.
#[derive(Debug, Default)]
struct Around {
    /// `TERMINAL`, as many a person sets it.
    terminal: Option<String>,
    /// Whether systemd has started the run as a service (systemd.exec(5), sd_notify(3)).
    is_service: bool,
}

impl Around {
    fn from_env() -> Self {
        let is_set = |name| std::env::var_os(name).is_some();
        Self {
            terminal: std::env::var("TERMINAL").ok(),
            is_service: is_set("INVOCATION_ID") && is_set("NOTIFY_SOCKET"),
        }
    }

    /// The command that opens a window with `program`, by the person's own or else a terminal that
    /// `find` finds; `None` without any.
    fn words(
        &self,
        own: &str,
        find: impl Fn(&str) -> Option<OsString>,
        program: &Program,
    ) -> Option<Vec<OsString>> {
        let terminal = split(own)
            .or_else(|| self.named(&find))
            .or_else(|| first(&find))?;
        let mut words = Vec::new();
        if self.is_service
            && let Some(starter) = find("systemd-run")
        {
            // Of type exec, it answers for a terminal that does not exist.
            let options = [
                "--user",
                "--collect",
                "--quiet",
                "--property=Type=exec",
                "--",
            ];
            words.push(starter);
            words.extend(options.map(OsString::from));
        }
        words.extend(terminal);
        words.extend(program.words());
        Some(words)
    }

    /// The terminal that the environment names, where it is there.
    fn named(&self, find: impl Fn(&str) -> Option<OsString>) -> Option<Vec<OsString>> {
        let mut words = split(self.terminal.as_deref()?)?;
        let name = words[0].to_str()?;
        find(name)?;
        let name = Path::new(name).file_name().and_then(OsStr::to_str);
        let known = TERMINALS.into_iter().find(|(it, _)| Some(*it) == name);
        let before = known.map_or(&["-e"][..], |(_, before)| before);
        words.extend(before.iter().map(OsString::from));
        Some(words)
    }
}

/// The words of a command; `None` for no command.
fn split(command: &str) -> Option<Vec<OsString>> {
    let words = shell_words::split(command).ok()?;
    let words: Vec<_> = words.into_iter().map(OsString::from).collect();
    (!words.is_empty()).then_some(words)
}

/// The first of [`TERMINALS`] that is there.
fn first(find: impl Fn(&str) -> Option<OsString>) -> Option<Vec<OsString>> {
    TERMINALS.into_iter().find_map(|(name, before)| {
        let mut words = vec![find(name)?];
        words.extend(before.iter().map(OsString::from));
        Some(words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command for a window where `there` is installed.
    fn command(around: &Around, own: &str, there: &[&str]) -> Option<String> {
        let program = Program {
            file: "/opt/back stay".into(),
            config: Some("/home/me/my.toml".into()),
        };
        let find = |name: &str| there.contains(&name).then(|| format!("/bin/{name}").into());
        let words = around.words(own, find, &program)?;
        Some(shell_words::join(
            words.iter().map(|it| it.to_str().unwrap()),
        ))
    }

    const RUNS: &str = "'/opt/back stay' break --stay --config /home/me/my.toml";

    fn named(terminal: &str) -> Around {
        Around {
            terminal: Some(terminal.to_owned()),
            ..Around::default()
        }
    }

    #[test]
    fn the_persons_own_command_goes_before_all() {
        let of = command(&named("kitty"), "foot -T 'my break'", &["kitty", "foot"]);
        assert_eq!(of, Some(format!("foot -T 'my break' {RUNS}")));
    }

    #[test]
    fn the_terminal_of_the_environment_is_next_where_it_is_there() {
        let there = ["gnome-terminal", "st", "xterm"];
        for (terminal, expected) in [
            ("st", "st -e"),
            ("gnome-terminal --wait", "gnome-terminal --wait --"),
            ("missing", "/bin/gnome-terminal --"),
            ("", "/bin/gnome-terminal --"),
            ("'", "/bin/gnome-terminal --"),
        ] {
            let of = command(&named(terminal), "", &there);
            assert_eq!(of, Some(format!("{expected} {RUNS}")), "{terminal}");
        }
    }

    #[test]
    fn the_first_that_is_there_is_taken() {
        let around = Around::default();
        for (there, expected) in [
            (
                &["xterm", "xdg-terminal-exec"][..],
                "/bin/xdg-terminal-exec",
            ),
            (&["xterm", "wezterm"], "/bin/wezterm start --"),
            (&["xterm", "kitty"], "/bin/kitty"),
            (
                &["xterm", "x-terminal-emulator"],
                "/bin/x-terminal-emulator -e",
            ),
        ] {
            let of = command(&around, "", there);
            assert_eq!(of, Some(format!("{expected} {RUNS}")));
        }
        assert_eq!(command(&around, "", &["vi"]), None);
    }

    #[test]
    fn a_service_gives_its_limits_to_no_window() {
        let around = Around {
            is_service: true,
            ..Around::default()
        };
        let of = command(&around, "", &["xterm", "systemd-run"]).unwrap();
        let starter = "/bin/systemd-run --user --collect --quiet '--property=Type=exec' --";
        assert_eq!(of, format!("{starter} /bin/xterm -e {RUNS}"));
        let of = command(&around, "", &["xterm"]);
        assert_eq!(of, Some(format!("/bin/xterm -e {RUNS}")));
    }

    #[test]
    fn what_is_typed_names_the_configuration() {
        let mut program = Program {
            file: "/opt/back stay".into(),
            config: None,
        };
        assert_eq!(program.typed(), "backstay break");
        program.config = Some("/home/me/my own.toml".into());
        assert_eq!(
            program.typed(),
            "backstay break --config '/home/me/my own.toml'"
        );
    }
}
