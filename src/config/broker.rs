//! The MQTT broker that is told how things stand.

use std::path::{Path, PathBuf};

use super::file::{self, Written};
use super::meaning::refuse;
use super::mistake::Mistake;

/// Port of MQTT without TLS, as registered with the IANA.
const PORT: u16 = 1883;

/// Port of MQTT with TLS, likewise.
const TLS_PORT: u16 = 8883;

/// The longest that a topic may begin with, in bytes: MQTT allows 65535 for the whole.
const LONGEST_TOPIC: usize = 100;

/// A broker, and how to speak with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mqtt {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether it is spoken to by TLS.
    pub tls: bool,
    /// Who to log in as; `None` for nobody.
    pub username: Option<String>,
    /// The file with the password.
    pub password_file: Option<PathBuf>,
    /// The file with the certificate of the authority that vouches for the broker; `None` for those
    /// that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// What the topics begin with.
    pub topic: String,
    /// What the topics of discovery begin with.
    pub discovery_prefix: String,
}

/// What the section means; `None` when no broker is named.
pub(super) fn mqtt(file: &file::Mqtt) -> Result<Option<Mqtt>, Mistake> {
    let address = match &file.broker {
        Some(written) if !written.get_ref().is_empty() => match address(written.get_ref()) {
            Some(address) => Some(address),
            None => {
                let allowed = "\"mqtt://HOST\" or \"mqtts://HOST\", with \":PORT\" or without, \
                               and the user under \"username\"";
                let value = format!("{:?}", written.get_ref());
                return Err(refuse("mqtt.broker", written, value, allowed.to_owned()));
            }
        },
        _ => None,
    };
    let username = file.username.as_ref().map(|name| name.get_ref().clone());
    let username = username.filter(|name| !name.is_empty());
    let password_file = path("mqtt.password_file", &file.password_file)?;
    if let (Some(_), None, Some(written)) = (&password_file, &username, &file.password_file) {
        let allowed = "empty as long as \"username\" is".to_owned();
        let value = format!("{:?}", written.get_ref());
        return Err(refuse("mqtt.password_file", written, value, allowed));
    }
    let ca_file = path("mqtt.ca_file", &file.ca_file)?;
    if let (Some(_), Some((_, _, false)), Some(written)) = (&ca_file, &address, &file.ca_file) {
        let allowed = "empty where the broker is not \"mqtts://\"".to_owned();
        let value = format!("{:?}", written.get_ref());
        return Err(refuse("mqtt.ca_file", written, value, allowed));
    }
    let topic = topic("mqtt.topic", &file.topic, "backstay")?;
    let discovery_prefix = self::topic(
        "mqtt.discovery_prefix",
        &file.discovery_prefix,
        "homeassistant",
    )?;
    Ok(address.map(|(host, port, tls)| Mqtt {
        host,
        port,
        tls,
        username,
        password_file,
        ca_file,
        topic,
        discovery_prefix,
    }))
}

/// Host, port, and whether by TLS.
fn address(url: &str) -> Option<(String, u16, bool)> {
    let (tls, rest) = match url.split_once("://")? {
        ("mqtt", rest) => (false, rest),
        ("mqtts", rest) => (true, rest),
        _ => return None,
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    // An IPv6 address stands in brackets, for its colons.
    let (host, port) = match rest.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            match after {
                "" => (host, None),
                _ => (host, Some(after.strip_prefix(':')?)),
            }
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || !host.chars().all(plain) {
        return None;
    }
    let port = match port {
        Some(port) => port.parse().ok().filter(|port| *port != 0)?,
        None if tls => TLS_PORT,
        None => PORT,
    };
    Some((host.to_owned(), port, tls))
}

fn path(key: &'static str, written: &Written<String>) -> Result<Option<PathBuf>, Mistake> {
    let Some(written) = written.as_ref().filter(|path| !path.get_ref().is_empty()) else {
        return Ok(None);
    };
    let path = Path::new(written.get_ref());
    if path.is_absolute() {
        return Ok(Some(path.to_owned()));
    }
    let value = format!("{:?}", written.get_ref());
    Err(refuse(key, written, value, "an absolute path".to_owned()))
}

/// What topics can begin with: MQTT's wildcards cannot, nor what brokers keep for themselves.
fn topic(key: &'static str, written: &Written<String>, default: &str) -> Result<String, Mistake> {
    let Some(written) = written else {
        return Ok(default.to_owned());
    };
    let topic = written.get_ref();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_level = |level: &str| !level.is_empty() && level.chars().all(plain);
    if topic.len() <= LONGEST_TOPIC && topic.split('/').all(is_level) {
        return Ok(topic.clone());
    }
    let allowed = "letters (a to z), digits, \"-\" and \"_\", with \"/\" between, 100 at most";
    let value = format!("{topic:?}");
    Err(refuse(key, written, value, allowed.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_has_a_host_and_a_port() {
        let of = |host: &str, port, tls| Some((host.to_owned(), port, tls));
        for (url, expected) in [
            ("mqtt://ha.local", of("ha.local", 1883, false)),
            ("mqtts://ha.local/", of("ha.local", 8883, true)),
            ("mqtt://10.0.0.2:1884", of("10.0.0.2", 1884, false)),
            ("mqtts://[fe80::1]:99", of("fe80::1", 99, true)),
            ("mqtt://[::1]", of("::1", 1883, false)),
            ("ha.local", None),
            ("http://ha.local", None),
            ("mqtt://", None),
            ("mqtt://ha.local:0", None),
            ("mqtt://ha.local:70000", None),
            ("mqtt://me:secret@ha.local", None),
            ("mqtt://ha local", None),
            ("mqtt://[ha]", None),
            ("mqtt://ha.local/path", None),
        ] {
            assert_eq!(address(url), expected, "{url}");
        }
    }
}
