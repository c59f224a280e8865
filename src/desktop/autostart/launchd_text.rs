//! The text of a launch agent, by launchd.plist(5).

use std::path::Path;

use super::AutostartError;
use super::own_file::MARK;

/// The agent that starts `program` when the person logs in.
pub(super) fn text(program: &Path) -> Result<String, AutostartError> {
    let path = program
        .to_str()
        .filter(|path| !path.contains(char::is_control))
        .ok_or_else(|| AutostartError::Path(program.to_owned()))?;
    let path = path
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    Ok(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- {MARK}; "backstay autostart disable" removes it. -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>backstay</string>
	<key>ProgramArguments</key>
	<array>
		<string>{path}</string>
		<string>run</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>ProcessType</key>
	<string>Background</string>
	<key>Umask</key>
	<integer>63</integer>
</dict>
</plist>
"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_escaped() {
        let text = text(Path::new("/a <b> & \"c\"")).unwrap();
        assert!(text.contains("\t\t<string>/a &lt;b&gt; &amp; \"c\"</string>\n"));
        assert!(super::text(Path::new("/a\nb")).is_err());
    }
}
