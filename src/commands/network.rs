//! What a run tells the network, where the person wants that: a broker, and numbers on this machine.

use std::fs;
use std::net::UdpSocket;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::{mpsc, watch};

use crate::config::broker::Mqtt as Config;
use crate::config::settings::Settings;
use crate::domain::io::Command;
use crate::mqtt::{Broker, Mqtt, Trust};
use crate::private;
use crate::runtime::clock;
use crate::runtime::meter::Meter;
use crate::web::Web;

/// Whether `config` has a run use the network.
pub(super) fn is_wanted(config: &Settings) -> bool {
    config.mqtt.is_some() || config.web_port.is_some()
}

/// The broker that `config` names, if any. A run that cannot use it goes on all the same.
pub(super) fn start_mqtt(
    config: &Settings,
    commands: &mpsc::Sender<Command>,
    snooze: watch::Receiver<Duration>,
) -> Option<Mqtt> {
    let wanted = config.mqtt.as_ref()?;
    match allowed().and_then(|()| broker(wanted)) {
        Ok(broker) => Some(Mqtt::start(broker, commands.clone(), snooze)),
        Err(error) => {
            tracing::warn!("no MQTT broker is told how things stand: {error:#}");
            None
        }
    }
}

/// The numbers that `config` asks for, if any. A run that cannot serve them goes on all the same.
pub(super) fn start_web(config: &Settings) -> Option<Meter> {
    let port = config.web_port?;
    let listen = || {
        Web::listen(port, clock::elapsed_since_start).with_context(|| {
            format!(
                "cannot listen at 127.0.0.1:{port}; end the program that does, or set another \
                 \"port\" under \"[web]\""
            )
        })
    };
    match allowed().and_then(|()| listen()) {
        Ok(web) => {
            tracing::info!("numbers for Prometheus: http://127.0.0.1:{port}/metrics");
            Some(Meter::new(web))
        }
        Err(error) => {
            tracing::warn!("there are no metrics: {error:#}");
            None
        }
    }
}

/// The broker of `config`, with what stands in its files.
///
/// # Errors
/// When a file cannot be read, or others could read the password.
pub(super) fn broker(config: &Config) -> anyhow::Result<Broker> {
    let password = match &config.password_file {
        Some(path) => password(path)?,
        None => Vec::new(),
    };
    let trust = match &config.ca_file {
        Some(path) => Trust::Authority(authority(path)?),
        None => Trust::System,
    };
    Ok(Broker {
        host: config.host.clone(),
        port: config.port,
        tls: config.tls.then_some(trust),
        login: config.username.clone().map(|user| (user, password)),
        topic: config.topic.clone(),
        discovery_prefix: config.discovery_prefix.clone(),
    })
}

/// The certificate in the file `path`, which is looked into when the broker shows its own.
fn authority(path: &Path) -> anyhow::Result<Vec<u8>> {
    let pem = fs::read(path);
    let pem = pem.with_context(|| format!("cannot read {path:?}, the \"mqtt.ca_file\""))?;
    let begin = b"-----BEGIN CERTIFICATE-----";
    anyhow::ensure!(
        pem.windows(begin.len()).any(|window| window == begin),
        "there is no certificate in {path:?}, the \"mqtt.ca_file\"; it must be one in PEM format"
    );
    Ok(pem)
}

/// The password in the file `path`, without the end of its line.
fn password(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut password = private::read(path)
        .with_context(|| format!("cannot use {path:?}, the \"mqtt.password_file\""))?;
    while matches!(password.last(), Some(b'\n' | b'\r')) {
        password.pop();
    }
    Ok(password)
}

/// Whether the system lets this process use the network at all.
///
/// # Errors
/// When it does not, with what to do.
pub(super) fn allowed() -> anyhow::Result<()> {
    match UdpSocket::bind(("127.0.0.1", 0)) {
        Ok(_) => Ok(()),
        Err(error) => Err(error).context(
            "the system keeps this process off the network; where the session starts it, run \
             \"backstay autostart enable\" again, which allows what the configuration asks for",
        ),
    }
}
