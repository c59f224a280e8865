//! What the topics are called.

/// The topics below one beginning.
#[derive(Clone, Debug)]
pub(super) struct Topics {
    /// `online` or `offline`, retained; also the last will.
    pub(super) availability: String,
    /// The state, in one word.
    pub(super) state: String,
    /// How near the worst fault is to its limit, in per cent.
    pub(super) score: String,
    /// Minutes of sitting without a break.
    pub(super) sitting: String,
    /// Whether backstay is snoozed: `ON` or `OFF`.
    pub(super) snooze: String,
    /// Where `ON` and `OFF` are taken as commands.
    pub(super) snooze_set: String,
    /// Where the device is announced.
    pub(super) discovery: String,
    /// Where Home Assistant says that it has started.
    pub(super) birth: String,
    /// What the device is known by: a word that is the broker's client and Home Assistant's device.
    pub(super) id: String,
}

impl Topics {
    pub(super) fn new(topic: &str, discovery_prefix: &str) -> Self {
        let id = topic.replace('/', "_");
        Self {
            availability: format!("{topic}/availability"),
            state: format!("{topic}/state"),
            score: format!("{topic}/score"),
            sitting: format!("{topic}/sitting"),
            snooze: format!("{topic}/snooze"),
            snooze_set: format!("{topic}/snooze/set"),
            discovery: format!("{discovery_prefix}/device/{id}/config"),
            birth: format!("{discovery_prefix}/status"),
            id,
        }
    }
}
