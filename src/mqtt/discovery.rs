//! How the device is announced to Home Assistant: device discovery, which it has had since 2024.11
//! (<https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload>).

use serde_json::{Value, json};

use super::topics::Topics;
use super::view::{OFFLINE, ONLINE, STATES};

/// The announcement.
pub(super) fn payload(topics: &Topics) -> Value {
    let id = &topics.id;
    let name = match id.as_str() {
        "backstay" => "backstay".to_owned(),
        id => format!("backstay ({id})"),
    };
    json!({
        "device": {
            "identifiers": [id],
            "name": name,
            "manufacturer": "backstay",
            "model": "posture monitor",
            "sw_version": env!("CARGO_PKG_VERSION"),
        },
        "origin": {"name": "backstay", "sw_version": env!("CARGO_PKG_VERSION")},
        "availability_topic": topics.availability,
        "payload_available": ONLINE,
        "payload_not_available": OFFLINE,
        "components": {
            "state": {
                "platform": "sensor",
                "unique_id": format!("{id}_state"),
                "name": "Posture",
                "device_class": "enum",
                "options": STATES,
                "state_topic": topics.state,
                "icon": "mdi:seat-recline-normal",
            },
            "score": {
                "platform": "sensor",
                "unique_id": format!("{id}_score"),
                "name": "Score",
                "unit_of_measurement": "%",
                "state_class": "measurement",
                "state_topic": topics.score,
                "icon": "mdi:angle-acute",
            },
            "sitting": {
                "platform": "sensor",
                "unique_id": format!("{id}_sitting"),
                "name": "Sitting time",
                "device_class": "duration",
                "unit_of_measurement": "min",
                "state_class": "measurement",
                "state_topic": topics.sitting,
            },
            "snooze": {
                "platform": "switch",
                "unique_id": format!("{id}_snooze"),
                "name": "Snooze",
                "state_topic": topics.snooze,
                "command_topic": topics.snooze_set,
                "icon": "mdi:sleep",
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entity_has_an_id_of_its_own_and_a_topic() {
        let config = payload(&Topics::new("office/desk", "ha"));
        assert_eq!(config["device"]["identifiers"], json!(["office_desk"]));
        assert_eq!(config["device"]["name"], "backstay (office_desk)");
        assert_eq!(config["availability_topic"], "office/desk/availability");
        let entities = config["components"].as_object().unwrap();
        assert_eq!(entities.len(), 4);
        for (key, entity) in entities {
            assert_eq!(entity["unique_id"], format!("office_desk_{key}"));
            assert_eq!(entity["state_topic"], format!("office/desk/{key}"));
        }
        assert_eq!(
            entities["snooze"]["command_topic"],
            "office/desk/snooze/set"
        );
    }

    /// A broker may have a limit, and [`super::super::link`] has one.
    #[test]
    fn it_is_short_even_with_the_longest_topic() {
        let longest = "a".repeat(100);
        let config = payload(&Topics::new(&longest, &longest)).to_string();
        assert!(config.len() < 4096, "{}", config.len());
    }
}
