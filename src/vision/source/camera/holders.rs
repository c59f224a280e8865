//! Who holds a camera: the processes that have its device node open.

use std::fmt;
#[cfg(target_os = "linux")]
use std::path::Path;

/// A process that has a camera open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub pid: u32,
    /// Its name as the system cuts it, without characters that a console would obey.
    pub name: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.pid, self.name)
    }
}

/// The processes that have a camera open, those of this program left out.
///
/// Processes of other users cannot be looked into: a camera in use without a holder here is held by
/// one of those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// Those that want its pictures.
    pub users: Vec<Holder>,
    /// Those that look after devices and may have it open without using it.
    pub servers: Vec<Holder>,
}

impl Holders {
    /// The one to name when the camera is busy: a server too, for it must be in use then.
    #[must_use]
    pub fn first(&self) -> Option<&Holder> {
        self.users.first().or(self.servers.first())
    }

    /// All of them, those that want pictures first.
    pub fn all(&self) -> impl Iterator<Item = &Holder> {
        self.users.iter().chain(&self.servers)
    }
}

/// A process that has the node open, as the process table shows it.
#[cfg(target_os = "linux")]
#[derive(Clone, Debug)]
pub(super) struct Opener {
    pub(super) pid: u32,
    pub(super) parent: u32,
    /// At most 15 bytes of its program's file name, or what it calls itself.
    pub(super) name: String,
    /// Its command line, as far as it can be read.
    pub(super) command: Vec<String>,
}

/// What tells which processes have a file open.
#[cfg(target_os = "linux")]
pub(super) trait ProcessTable {
    /// The processes that have `node` open, as far as they can be looked into.
    fn openers(&self, node: &Path) -> Vec<Opener>;
}

/// Programs that open cameras to see which there are: media servers, portals, device managers.
///
/// They are no reason to step aside, whatever they hold: libcamera before 0.4 keeps every camera of
/// its server open for as long as the server runs, and the others open it for a moment when devices
/// come or are asked for. The price: a call that goes through PipeWire looks just like that, and is
/// not noticed. It then finds the camera busy, and the person has to end or pause the monitor.
///
/// A name that ends in `*` stands for all that begin so.
#[cfg(target_os = "linux")]
const SERVERS: [&str; 17] = [
    "pipewire",
    "pipewire-*",
    "wireplumber",
    "pulseaudio",
    "xdg-desktop-por*",
    "xdg-document-po*",
    "xdg-permission-*",
    "gvfsd*",
    "gvfs-*",
    "udevd",
    "systemd-udevd",
    "(udev-worker)",
    "v4l_id",
    "systemd-logind",
    "colord*",
    "fwupd",
    "upowerd",
];

/// The holders of `node` by `table`; processes of the program with the number `own` are none.
#[cfg(target_os = "linux")]
pub(super) fn holders(table: &impl ProcessTable, node: &Path, own: u32) -> Holders {
    let mut holders = Holders::default();
    for opener in table.openers(node) {
        // The camera process is a child of the monitor.
        if opener.pid == own || opener.parent == own {
            continue;
        }
        let only_looks = is_server(&opener.name) || lists_cameras(&opener.command);
        let holder = Holder {
            pid: opener.pid,
            name: printable(&opener.name),
        };
        if only_looks {
            holders.servers.push(holder);
        } else {
            holders.users.push(holder);
        }
    }
    holders
}

#[cfg(target_os = "linux")]
fn is_server(name: &str) -> bool {
    SERVERS.iter().any(|server| match server.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == *server,
    })
}

/// Whether this is the process of another backstay that only asks which cameras there are.
#[cfg(target_os = "linux")]
fn lists_cameras(command: &[String]) -> bool {
    matches!(command, [_, worker, task, ..]
        if worker == super::process::SUBCOMMAND && task == super::process::LIST)
}

/// A process may call itself anything.
#[cfg(target_os = "linux")]
fn printable(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect()
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;

    const OWN: u32 = 100;

    struct Table(Vec<Opener>);

    impl ProcessTable for Table {
        fn openers(&self, _: &Path) -> Vec<Opener> {
            self.0.clone()
        }
    }

    fn opener(pid: u32, parent: u32, command: &str) -> Opener {
        let command: Vec<_> = command.split(' ').map(str::to_owned).collect();
        // As the kernel cuts it.
        let name = command[0].chars().take(15).collect();
        Opener {
            pid,
            parent,
            name,
            command,
        }
    }

    fn of(openers: &[Opener]) -> Holders {
        holders(&Table(openers.to_vec()), Path::new("/dev/video0"), OWN)
    }

    fn told(holders: &[Holder]) -> Vec<String> {
        holders.iter().map(Holder::to_string).collect()
    }

    #[test]
    fn its_own_processes_hold_nothing_against_it() {
        let own = [
            opener(OWN, 1, "backstay run"),
            opener(101, OWN, "backstay camera-worker --rate=3"),
        ];
        assert_eq!(of(&own), Holders::default());
    }

    #[test]
    fn whoever_wants_pictures_is_a_user() {
        let openers = [
            opener(7, 1, "firefox"),
            opener(8, 1, "zoom"),
            opener(9, 200, "backstay camera-worker --rate=3"),
        ];
        let holders = of(&openers);
        assert_eq!(told(&holders.users), ["7 firefox", "8 zoom", "9 backstay"]);
        assert_eq!(holders.servers, []);
    }

    #[test]
    fn media_servers_and_device_managers_are_no_users() {
        let names = [
            "pipewire",
            "pipewire-pulse",
            "pipewire-media-session",
            "wireplumber",
            "pulseaudio",
            "xdg-desktop-portal",
            "xdg-desktop-portal-gnome",
            "xdg-document-portal",
            "gvfsd",
            "gvfs-gphoto2-volume-monitor",
            "systemd-udevd",
            "(udev-worker)",
            "backstay camera-worker --list",
        ];
        let openers = names.map(|name| opener(5, 1, name));
        let holders = of(&openers);
        assert_eq!(holders.users, []);
        assert_eq!(holders.servers.len(), names.len());
    }

    #[test]
    fn a_name_that_only_resembles_a_server_is_a_user() {
        for name in ["pipewirecam", "wireplumbers", "udev", "xdg-open"] {
            assert_eq!(of(&[opener(5, 1, name)]).users.len(), 1, "{name}");
        }
    }

    #[test]
    fn a_busy_camera_is_told_by_its_user_rather_than_a_server() {
        let server = opener(5, 1, "pipewire");
        let user = opener(6, 1, "zoom");
        assert_eq!(of(&[server.clone(), user]).first().unwrap().pid, 6);
        assert_eq!(of(&[server]).first().unwrap().pid, 5);
        assert_eq!(of(&[]).first(), None);
    }

    #[test]
    fn a_name_cannot_write_to_the_console() {
        let holders = of(&[opener(5, 1, "a\u{1b}[2J\nb")]);
        assert_eq!(holders.users[0].name, "a?[2J?b");
    }
}
