//! The connection: made, kept, made anew.

use std::time::Duration;

use rumqttc::{
    AsyncClient, ClientError, ConnectReturnCode, ConnectionError, Event, EventLoop, LastWill,
    MqttOptions, Packet, Publish, PublishOptions, QoS, TlsConfiguration, Transport,
};
use tokio::sync::{mpsc, oneshot, watch};

use super::topics::Topics;
use super::view::{OFFLINE, ONLINE, View};
use super::{Broker, Trust, discovery};
use crate::domain::io::Command;

/// The score changes with every look, and sitting time is for minutes: they are told this often. A
/// change of the state is told at once.
const CADENCE: Duration = Duration::from_secs(10);

/// Seconds of silence after which broker and client ask each other whether they are still there;
/// one and a half times of it, and the broker gives out the last will.
const KEEP_ALIVE: u16 = 30;

/// Seconds in which a broker must answer.
const CONNECT_TIME: u64 = 5;

/// The first wait after a connection is lost; each further one is twice as long...
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// ...up to this: a broker that has started anew is found within a minute.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The longest packet that is taken, in bytes: what means anything has a thousandth of it. One that is
/// longer costs the connection, as MQTT has no way to pass over it.
const LONGEST_IN: usize = 64 * 1024;

/// The longest packet that is sent, in bytes: the announcement has about a third of it.
const LONGEST_OUT: usize = 8 * 1024;

/// Packets that wait to be sent: all there is to tell, twice.
const QUEUE: usize = 16;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
enum Lost {
    /// The connection failed.
    #[error("{0}")]
    Connection(#[from] Box<ConnectionError>),
    /// The system has no way there.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// What answers is no broker, or speaks TLS where we do not.
    #[error("it does not answer as a broker ({0}); check host, port, and \"mqtt\" or \"mqtts\"")]
    Foreign(Box<ConnectionError>),
    /// The broker does not want us.
    #[error("it refuses the log-in; check \"username\" and \"password_file\" under \"[mqtt]\"")]
    LogIn,
    /// It is not trusted, speaks no TLS, or the system's certificates cannot be had.
    #[error(
        "{0}; see that it speaks TLS, and name the authority that vouches for it by \"ca_file\" \
         under \"[mqtt]\""
    )]
    Tls(#[from] Box<rumqttc::TlsError>),
    /// It does not answer.
    #[error("it does not answer within {CONNECT_TIME} s")]
    Silent,
}

impl From<ConnectionError> for Lost {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::ConnectionRefused(
                ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized,
            ) => Self::LogIn,
            ConnectionError::NetworkTimeout => Self::Silent,
            ConnectionError::Io(error) => Self::Io(error),
            ConnectionError::Tls(error) => Self::Tls(Box::new(error)),
            error => Self::Connection(Box::new(error)),
        }
    }
}

/// How a connection came to its end.
enum End {
    /// The run ends.
    Stopped,
    /// By a failure, after it had lasted or not.
    Lost { lasted: bool, why: Lost },
}

/// Keeps a connection.
pub(super) struct Link {
    broker: Broker,
    topics: Topics,
    views: watch::Receiver<View>,
    commands: mpsc::Sender<Command>,
    snooze: watch::Receiver<Duration>,
    /// Whether it has been said that the broker cannot be reached.
    told_lost: bool,
}

/// Whether `broker` answers and lets us in, within some seconds.
///
/// # Errors
/// Why not, for the person.
pub async fn check(broker: &Broker) -> Result<(), String> {
    let topics = Topics::new(&broker.topic, &broker.discovery_prefix);
    let id = format!("{}_check", topics.id);
    let options = options(broker, id).map_err(|lost| lost.to_string())?;
    let (client, mut events) = client(options);
    greeting(&mut events)
        .await
        .map_err(|lost| lost.to_string())?;
    let _ = client.try_disconnect_now();
    while events.poll().await.is_ok() {}
    Ok(())
}

impl Link {
    pub(super) fn new(
        broker: Broker,
        views: watch::Receiver<View>,
        commands: mpsc::Sender<Command>,
        snooze: watch::Receiver<Duration>,
    ) -> Self {
        Self {
            topics: Topics::new(&broker.topic, &broker.discovery_prefix),
            broker,
            views,
            commands,
            snooze,
            told_lost: false,
        }
    }

    /// Keeps the connection until `stop` comes true or its other end is gone.
    pub(super) async fn keep(mut self, mut stop: oneshot::Receiver<()>) {
        let mut wait = FIRST_WAIT;
        loop {
            // Each connection has a client of its own: nothing that has waited in the last one is
            // told as if it were new.
            match self.connect(&mut stop).await {
                End::Stopped => return,
                End::Lost { lasted, why } => {
                    if !std::mem::replace(&mut self.told_lost, true) {
                        tracing::warn!(
                            "the MQTT broker {} cannot be reached: {why}; it is tried again until \
                             it can",
                            self.broker
                        );
                    } else {
                        tracing::debug!("the MQTT broker: {why}");
                    }
                    if lasted {
                        wait = FIRST_WAIT;
                    }
                }
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = &mut stop => return,
            }
            wait = (2 * wait).min(LONGEST_WAIT);
        }
    }

    /// One connection, from its beginning to its end.
    async fn connect(&mut self, stop: &mut oneshot::Receiver<()>) -> End {
        let lost = |why| End::Lost { lasted: false, why };
        let mut options = match options(&self.broker, self.topics.id.clone()) {
            Ok(options) => options,
            Err(why) => return lost(why),
        };
        let will = self.topics.availability.clone();
        options.set_last_will(LastWill::new(will, OFFLINE, QoS::AtLeastOnce, true));
        let (client, mut events) = client(options);
        tokio::select! {
            greeted = greeting(&mut events) => if let Err(why) = greeted {
                return lost(why);
            },
            _ = &mut *stop => return End::Stopped,
        }
        if std::mem::take(&mut self.told_lost) {
            tracing::info!("the MQTT broker {} is back", self.broker);
        } else {
            tracing::info!("the MQTT broker {} is told how things stand", self.broker);
        }
        let end = self.talk(&client, &mut events, stop).await;
        if let End::Stopped = end {
            farewell(&client, &mut events, &self.topics).await;
        }
        end
    }

    async fn talk(
        &mut self,
        client: &AsyncClient,
        events: &mut EventLoop,
        stop: &mut oneshot::Receiver<()>,
    ) -> End {
        for topic in [&self.topics.snooze_set, &self.topics.birth] {
            // The queue is empty and has room.
            let _ = client.try_subscribe(topic.as_str(), QoS::AtLeastOnce);
        }
        let mut told = Told::default();
        let mut warned = false;
        let mut ticks = tokio::time::interval(CADENCE);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut ticked = 0_u32;
        announce(client, &self.topics);
        loop {
            let all = tokio::select! {
                event = events.poll() => match event {
                    Ok(Event::Incoming(Packet::Publish(message))) => {
                        if self.hear(&message, &mut warned) {
                            announce(client, &self.topics);
                            told = Told::default();
                            true
                        } else {
                            false
                        }
                    }
                    Ok(_) => continue,
                    Err(error) => {
                        let lasted = ticked > 1;
                        return End::Lost { lasted, why: error.into() };
                    }
                },
                _ = ticks.tick() => {
                    ticked = ticked.saturating_add(1);
                    true
                }
                changed = self.views.changed() => match changed {
                    Ok(()) => false,
                    Err(_) => return End::Stopped,
                },
                _ = &mut *stop => return End::Stopped,
            };
            let view = self.views.borrow_and_update().clone();
            told.tell(client, &self.topics, &view, all);
        }
    }

    /// Does what a message asks for; whether Home Assistant has started and knows nothing yet.
    fn hear(&self, message: &Publish, warned: &mut bool) -> bool {
        let topic = message.topic.as_ref();
        if topic == self.topics.birth.as_bytes() {
            // A retained one was there before us, and the announcement came after it.
            return !message.retain && message.payload == ONLINE;
        }
        if topic != self.topics.snooze_set.as_bytes() {
            return false;
        }
        let command = match message.payload.as_ref() {
            // Kept by the broker, it would count anew at every connection.
            _ if message.retain => None,
            b"ON" => Some(Command::Snooze(*self.snooze.borrow())),
            b"OFF" => Some(Command::Resume),
            _ => None,
        };
        let sent = command.map(|command| self.commands.try_send(command));
        // Whoever floods the topic must not flood the log.
        if sent.is_none_or(|sent| sent.is_err()) && !std::mem::replace(warned, true) {
            let start = message.payload.len().min(40);
            tracing::warn!(
                "a message on the MQTT topic {:?} is passed over: {:?}; it takes \"ON\" and \"OFF\", \
                 not retained and a few at a time",
                self.topics.snooze_set,
                String::from_utf8_lossy(&message.payload[..start])
            );
        }
        false
    }
}

/// What the broker was told last on each topic.
#[derive(Default)]
struct Told([Option<String>; 4]);

impl Told {
    /// Tells of `view` what is new: state and switch, and the rest when they change or `all` is to
    /// be told.
    fn tell(&mut self, client: &AsyncClient, topics: &Topics, view: &View, all: bool) {
        let all = self.tell_one(0, client, &topics.state, view.state) || all;
        self.tell_one(1, client, &topics.snooze, view.snooze());
        if all {
            self.tell_one(2, client, &topics.score, &view.score());
            self.tell_one(3, client, &topics.sitting, &view.sitting());
        }
    }

    /// Whether it was new. What finds no place in the queue is told with the next.
    fn tell_one(&mut self, index: usize, client: &AsyncClient, topic: &str, text: &str) -> bool {
        let told = &mut self.0[index];
        if told.as_deref() == Some(text) {
            return false;
        }
        if publish(client, topic, text).is_ok() {
            *told = Some(text.to_owned());
        }
        true
    }
}

fn options(broker: &Broker, id: String) -> Result<MqttOptions, Lost> {
    let mut options = MqttOptions::new(id, (broker.host.clone(), broker.port));
    options
        .set_keep_alive(KEEP_ALIVE)
        .set_max_packet_size(LONGEST_IN, LONGEST_OUT);
    if let Some((user, password)) = &broker.login {
        options.set_credentials(user.clone(), password.clone());
    }
    let tls = match &broker.tls {
        None => return Ok(options),
        Some(Trust::System) => {
            TlsConfiguration::try_default_rustls().map_err(|error| Lost::Tls(Box::new(error)))?
        }
        Some(Trust::Authority(ca)) => TlsConfiguration::Simple {
            ca: ca.clone(),
            alpn: None,
            client_auth: None,
        },
    };
    options.set_transport(Transport::tls_with_config(tls));
    Ok(options)
}

fn client(options: MqttOptions) -> (AsyncClient, EventLoop) {
    let (client, mut events) = AsyncClient::builder(options).capacity(QUEUE).build();
    let mut network = events.network_options();
    network.set_connection_timeout(CONNECT_TIME);
    events.set_network_options(network);
    (client, events)
}

/// Waits until the broker has let us in, [`CONNECT_TIME`] at most.
async fn greeting(events: &mut EventLoop) -> Result<(), Lost> {
    let let_in = async {
        loop {
            match events.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(_))) => return Ok(()),
                Ok(_) => {}
                Err(error @ (ConnectionError::MqttState(_) | ConnectionError::NotConnAck(_))) => {
                    return Err(Lost::Foreign(Box::new(error)));
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let limit = Duration::from_secs(CONNECT_TIME);
    let done = tokio::time::timeout(limit, let_in).await;
    done.unwrap_or(Err(Lost::Silent))
}

fn announce(client: &AsyncClient, topics: &Topics) {
    let config = discovery::payload(topics).to_string();
    // Should the queue be full, the next start of Home Assistant asks again.
    let _ = publish(client, &topics.discovery, &config);
    let _ = publish(client, &topics.availability, ONLINE);
}

/// Leaves word that we are gone, and goes.
async fn farewell(client: &AsyncClient, events: &mut EventLoop, topics: &Topics) {
    let options = PublishOptions::at_least_once().retain(true);
    let notice = client.try_publish_tracked(topics.availability.as_str(), OFFLINE, options);
    let Ok(notice) = notice else { return };
    let taken = notice.wait_completion_async();
    tokio::pin!(taken);
    loop {
        tokio::select! {
            _ = &mut taken => break,
            event = events.poll() => if event.is_err() {
                return;
            },
        }
    }
    let _ = client.try_disconnect_now();
    while events.poll().await.is_ok() {}
}

fn publish(client: &AsyncClient, topic: &str, text: &str) -> Result<(), ClientError> {
    let options = PublishOptions::at_least_once().retain(true);
    client.try_publish(topic, text.to_owned(), options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    fn broker(port: u16) -> Broker {
        Broker {
            host: "127.0.0.1".to_owned(),
            port,
            tls: None,
            login: None,
            topic: "backstay".to_owned(),
            discovery_prefix: "homeassistant".to_owned(),
        }
    }

    fn link(commands: mpsc::Sender<Command>) -> (Link, watch::Sender<View>) {
        let (view, views) = watch::channel(View::default());
        let (_, snooze) = watch::channel(Duration::from_secs(420));
        (Link::new(broker(1), views, commands, snooze), view)
    }

    fn message(topic: &str, text: &[u8], retain: bool) -> Publish {
        let mut message = Publish::new(topic, QoS::AtLeastOnce, text);
        message.retain = retain;
        message
    }

    #[test]
    fn only_two_words_are_commands_and_too_many_are_passed_over() {
        let (commands, mut sent) = mpsc::channel(2);
        let (link, _view) = link(commands);
        let set = "backstay/snooze/set";
        let mut warned = false;
        assert!(!link.hear(&message(set, b"ON", false), &mut warned));
        assert!(!link.hear(&message(set, b"OFF", false), &mut warned));
        assert!(!warned);
        // There is no room for a third.
        assert!(!link.hear(&message(set, b"ON", false), &mut warned));
        assert!(warned);
        let snooze = Command::Snooze(Duration::from_secs(420));
        assert_eq!(sent.try_recv(), Ok(snooze));
        assert_eq!(sent.try_recv(), Ok(Command::Resume));
        for (topic, text, retain) in [
            (set, &b"ON"[..], true),
            (set, b"on", false),
            (set, b"\xff\xfe", false),
            (set, b"", false),
            ("backstay/snooze", b"ON", false),
            ("homeassistant/status", b"offline", false),
            ("homeassistant/status", b"online", true),
        ] {
            assert!(!link.hear(&message(topic, text, retain), &mut warned));
        }
        assert!(sent.try_recv().is_err());
        let birth = message("homeassistant/status", b"online", false);
        assert!(link.hear(&birth, &mut warned));
    }

    #[tokio::test]
    async fn who_is_no_broker_is_given_up_in_time() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let peers = tokio::spawn(async move {
            let (mut other, _) = listener.accept().await.unwrap();
            other.write_all(b"HTTP/1.1 400 no\r\n\r\n").await.unwrap();
            drop(other);
            // The next one says nothing at all.
            let silent = listener.accept().await.unwrap();
            std::future::pending::<()>().await;
            drop(silent);
        });
        let why = check(&broker(port)).await.unwrap_err();
        assert!(why.starts_with("it does not answer as a broker"), "{why}");
        let why = check(&broker(port)).await.unwrap_err();
        assert_eq!(why, "it does not answer within 5 s");
        peers.abort();
    }
}
