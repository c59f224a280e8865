//! The settings in force as TOML, each with its origin.

use toml::Table;

use super::DEFAULT;

/// The settings that `text` leads to, in the order of the default configuration; each key says
/// whether the file or the default set it. `text` must be free of mistakes; `None` where there is
/// no file.
#[must_use]
pub fn show(text: Option<&str>) -> String {
    let file: Table = text.and_then(|t| t.parse().ok()).unwrap_or_default();
    let mut shown = String::new();
    let mut section = "";
    for line in DEFAULT.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
            shown += line;
        } else if let Some((key, default)) = line.split_once(" = ") {
            let written = file.get(section).and_then(|section| section.get(key));
            let setting = match written {
                Some(value) => format!("{key} = {value}"),
                None => format!("{key} = {default}"),
            };
            let origin = if written.is_some() { "file" } else { "default" };
            // Wide enough for the longest default line, so that the origins stand in a column.
            shown += &format!("{setting:<34} # {origin}");
        } else if shown.is_empty() {
            continue;
        }
        shown.push('\n');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::Settings;

    #[test]
    fn each_setting_has_its_origin() {
        let text = "[posture]\nsensitivity = \"strict\"\n[alerts]\nmax_per_hour = 2\n";
        insta::assert_snapshot!(show(Some(text)), @r#"
        [camera]
        source = "camera"                  # default
        rate_hz = 3.0                      # default
        horizontal_fov_deg = 65.0          # default
        policy = "yield"                   # default
        sample_seconds = 30                # default

        [model]
        name = "lightning"                 # default
        engine = "auto"                    # default

        [posture]
        sensitivity = "strict"             # file
        dwell_seconds = 30                 # default

        [faults]
        slouch = "default"                 # default
        forward_head = "default"           # default
        lean_in = "default"                # default
        side_lean = "default"              # default
        head_tilt = "default"              # default
        head_down = "default"              # default
        raised_shoulders = "default"       # default
        too_close = "default"              # default

        [alerts]
        notify = true                      # default
        cooldown_minutes = 5               # default
        repeat_minutes = 3                 # default
        max_per_hour = 2                   # file
        snooze_minutes = 15                # default
        sound = false                      # default
        bell = false                       # default
        on_alert = ""                      # default

        [sitting]
        prompt_minutes = 30                # default
        firm_minutes = 60                  # default
        break_minutes = 2                  # default
        pattern = ""                       # default
        eyes = false                       # default
        water_minutes = 0                  # default
        still_minutes = 20                 # default

        [break]
        terminal = ""                      # default
        strength_days = 5                  # default

        [pauses]
        locked = true                      # default
        call = true                        # default
        screen_share = true                # default
        battery = "slower"                 # default
        work_hours = ""                    # default
        quiet_hours = ""                   # default

        [desktop]
        tray = true                        # default
        language = "auto"                  # default

        [history]
        keep_days = 400                    # default

        [mqtt]
        broker = ""                        # default
        username = ""                      # default
        password_file = ""                 # default
        ca_file = ""                       # default
        topic = "backstay"                 # default
        discovery_prefix = "homeassistant" # default

        [web]
        port = 0                           # default
        "#);
    }

    #[test]
    fn what_is_shown_means_what_is_in_force() {
        let text = "[camera]\nsource = '/a \"b\"/c'\nrate_hz = 5\n[alerts]\nnotify = false\n";
        assert_eq!(Settings::parse(&show(Some(text))), Settings::parse(text));
        assert_eq!(Settings::parse(&show(None)), Ok(Settings::default()));
    }
}
