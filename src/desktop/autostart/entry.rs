//! The text of the desktop entry for the autostart folder, by the Desktop Entry and the Desktop
//! Application Autostart Specifications.

use std::path::Path;

use super::AutostartError;
use super::own_file::MARK;

/// The entry that starts `program`.
pub(super) fn text(program: &Path) -> Result<String, AutostartError> {
    let path = program
        .to_str()
        .filter(|path| !path.contains(char::is_control))
        .ok_or_else(|| AutostartError::Path(program.to_owned()))?;
    let (exec, try_exec) = (escape(&exec(path)), escape(path));
    Ok(format!(
        "# {MARK}; \"backstay autostart disable\" removes it.\n\
         [Desktop Entry]\n\
         Type=Application\n\
         Version=1.0\n\
         Name=backstay\n\
         Comment=Tells you when you slouch or sit for too long\n\
         Exec={exec}\n\
         TryExec={try_exec}\n\
         Terminal=false\n\
         NoDisplay=true\n"
    ))
}

/// The command that an entry starts, as it stands in it.
pub(super) fn exec_of(entry: &str) -> Option<&str> {
    entry.lines().find_map(|line| line.strip_prefix("Exec="))
}

/// Whether the person has switched the entry off in the desktop's settings.
pub(super) fn is_off(entry: &str) -> bool {
    let off = ["Hidden=true", "X-GNOME-Autostart-enabled=false"];
    entry.lines().any(|line| off.contains(&line.trim_end()))
}

/// The command line `path run`; a program may not have `=` in its path, an argument may.
fn exec(path: &str) -> String {
    if path.contains('=') {
        return format!("sh -c {} {}", quote("exec \"$0\" run"), quote(path));
    }
    format!("{} run", quote(path))
}

/// An argument in double quotes, and `%` doubled, which would begin a field code.
fn quote(argument: &str) -> String {
    let mut quoted = String::from('"');
    for c in argument.chars() {
        match c {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', c]),
            '%' => quoted.push_str("%%"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A value of type string: read before quotes are, so the backslashes of those double.
fn escape(value: &str) -> String {
    value.replace('\\', r"\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_is_quoted() {
        for (path, expected) in [
            ("/usr/bin/backstay", r#""/usr/bin/backstay" run"#),
            ("/o k/100%/ä;#", r#""/o k/100%%/ä;#" run"#),
            (r#"/a"b`c$d\e'f"#, r#""/a\\"b\\`c\\$d\\\\e'f" run"#),
            ("/a=b", r#"sh -c "exec \\"\\$0\\" run" "/a=b""#),
        ] {
            let entry = text(Path::new(path)).unwrap();
            assert_eq!(exec_of(&entry), Some(expected), "{path}");
        }
        assert!(text(Path::new("/a\nb")).is_err());
    }

    #[test]
    fn the_entry_is_this() {
        let entry = text(Path::new("/opt/back stay/backstay")).unwrap();
        assert!(!is_off(&entry));
        assert!(is_off(&format!("{entry}Hidden=true\n")));
        insta::assert_snapshot!(entry, @r#"
        # Written by "backstay autostart enable"; "backstay autostart disable" removes it.
        [Desktop Entry]
        Type=Application
        Version=1.0
        Name=backstay
        Comment=Tells you when you slouch or sit for too long
        Exec="/opt/back stay/backstay" run
        TryExec=/opt/back stay/backstay
        Terminal=false
        NoDisplay=true
        "#);
    }
}
