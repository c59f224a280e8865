//! The text of the systemd user unit.

use std::fmt::Write;
use std::path::Path;

use super::AutostartError;
use super::own_file::MARK;

/// All of the unit but its start.
const REST: &str = include_str!("unit.service");

/// Which sockets the program may have: those of the session bus and the notify socket...
const NO_NETWORK: &str = "\
# The session bus and the notify socket; no network, in place of PrivateNetwork.
RestrictAddressFamilies=AF_UNIX";

/// ...and the network's, where the configuration asks for it.
const NETWORK: &str = "\
# The session bus, the notify socket, and the network for what \"[mqtt]\" or \"[web]\" asks for.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6";

/// The unit that starts `program`, which uses the `network` or not.
pub(super) fn text(program: &Path, network: bool) -> Result<String, AutostartError> {
    Ok(REST
        .replacen("@MARK@", MARK, 1)
        .replacen("@FAMILIES@", if network { NETWORK } else { NO_NETWORK }, 1)
        .replacen("@EXEC@", &exec(program)?, 1))
}

/// The command that a unit starts, as it stands in it.
pub(super) fn exec_of(unit: &str) -> Option<&str> {
    unit.lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
}

/// The command line `program run`, by the rules of systemd.service(5).
fn exec(program: &Path) -> Result<String, AutostartError> {
    let path = program
        .to_str()
        .ok_or_else(|| AutostartError::Path(program.to_owned()))?;
    // systemd takes no program whose path holds one of these, however it is quoted; as an argument
    // of another program it may. The first word is not looked at for variables, the others are.
    if path.contains(['"', '\'', '\\']) || path.contains(char::is_control) {
        let path = quote(path).replace('$', "$$");
        return Ok(format!("/bin/sh -c 'exec \"$$0\" run' {path}"));
    }
    Ok(format!("{} run", quote(path)))
}

/// One word in double quotes, with C escapes, and `%` doubled, which would begin a specifier.
fn quote(word: &str) -> String {
    let mut quoted = String::from('"');
    for c in word.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '%' => quoted.push_str("%%"),
            c if c.is_ascii_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_is_quoted() {
        for (path, expected) in [
            ("/usr/bin/backstay", r#""/usr/bin/backstay" run"#),
            ("/o k/100%/$HOME/ä;#", r#""/o k/100%%/$HOME/ä;#" run"#),
            (
                r#"/a"b/$c/%d"#,
                r#"/bin/sh -c 'exec "$$0" run' "/a\"b/$$c/%%d""#,
            ),
            (r"/a'b", r#"/bin/sh -c 'exec "$$0" run' "/a'b""#),
            (r"/a\b", r#"/bin/sh -c 'exec "$$0" run' "/a\\b""#),
            ("/a\nb", r#"/bin/sh -c 'exec "$$0" run' "/a\x0ab""#),
        ] {
            assert_eq!(exec(Path::new(path)).unwrap(), expected, "{path}");
            let unit = text(Path::new(path), false).unwrap();
            assert_eq!(exec_of(&unit), Some(expected));
        }
        use std::os::unix::ffi::OsStrExt;
        let odd = Path::new(std::ffi::OsStr::from_bytes(b"/a\xff"));
        assert!(matches!(exec(odd), Err(AutostartError::Path(path)) if path == odd));
    }

    #[test]
    fn the_unit_is_this() {
        insta::assert_snapshot!(text(Path::new("/opt/back stay/backstay"), false).unwrap(), @r#"
        # Written by "backstay autostart enable"; "backstay autostart disable" removes it.
        # Changes of your own belong into a drop-in ("systemctl --user edit backstay").

        [Unit]
        Description=backstay, the posture monitor
        PartOf=graphical-session.target
        After=graphical-session.target
        StartLimitIntervalSec=300
        StartLimitBurst=5

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart="/opt/back stay/backstay" run

        # The main loop gives a sign of life every 30 s; without one the program hangs.
        WatchdogSec=60
        Restart=on-failure
        RestartSec=5
        # Wrong usage (2) and no camera (3) do not mend themselves.
        RestartPreventExitStatus=2 3
        # The program ends its camera process itself.
        KillMode=mixed
        TimeoutStopSec=10

        # What holds in a user manager: limits, and filters on system calls.
        NoNewPrivileges=yes
        LockPersonality=yes
        # Nothing here makes code at run time, and neither engine does; libraries are mapped ready-made.
        MemoryDenyWriteExecute=yes
        # The session bus and the notify socket; no network, in place of PrivateNetwork.
        RestrictAddressFamilies=AF_UNIX
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        SystemCallArchitectures=native
        UMask=0077
        # A crash must not leave pictures on the disk.
        LimitCORE=0
        MemoryMax=300M

        # Left out on purpose:
        # - ProtectSystem, ReadWritePaths, PrivateNetwork, PrivateTmp, ProtectKernelTunables,
        #   ProtectControlGroups, ProtectProc and PrivateUsers. Up to systemd 253 a user manager passes over
        #   all but the last without a word; since 254 they put the service into a user namespace. From
        #   there it cannot see which programs have the camera open, and would no longer step aside.
        # - ProtectKernelModules, ProtectKernelLogs, ProtectClock and CapabilityBoundingSet drop
        #   capabilities, which a user manager may not: the service would fail to start (218/CAPABILITIES).
        # - PrivateDevices hides the camera.

        [Install]
        WantedBy=graphical-session.target
        "#);
    }

    #[test]
    fn the_network_is_there_for_what_asks_for_it() {
        let families = |network| {
            let unit = text(Path::new("/opt/backstay"), network).unwrap();
            let line = unit
                .lines()
                .find_map(|line| line.strip_prefix("RestrictAddressFamilies="));
            line.map(str::to_owned)
        };
        assert_eq!(families(false).as_deref(), Some("AF_UNIX"));
        assert_eq!(families(true).as_deref(), Some("AF_UNIX AF_INET AF_INET6"));
    }
}
