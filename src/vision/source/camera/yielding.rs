//! When the camera is given to another program, and when it is taken back.
//!
//! A program that wants the camera while it streams opens its node, is told that it is busy, and
//! mostly gives up at once. So whoever is seen with the node open is given the camera, however short
//! that was: a look around costs the monitor a few seconds, a call that finds no camera costs the
//! person more.
//!
//! Who opened the node is not always seen: it may be closed before the processes are looked at, or
//! be another user's. An opening that lasts is believed; of short ones the second, for people try
//! again, and media servers look around in one burst.

use std::time::Duration;

use super::holders::{Holder, Holders};

/// The camera is taken back when nobody has had it for this long: programs close it for seconds
/// when a call changes its picture size or its device.
const FREE_FOR: Duration = Duration::from_secs(10);

/// An opening that nobody is seen to have made and that lasts longer than this is no look around:
/// asking a camera for its formats takes milliseconds, and setting it up is still below a second.
const LOOK_AROUND: Duration = Duration::from_millis(300);

/// Short openings within this time are one attempt: a media server that looks around opens each
/// camera several times within a second or two.
const ONE_ATTEMPT: Duration = Duration::from_secs(2);

/// A second attempt within this time is somebody who tries again.
const TRY_AGAIN: Duration = Duration::from_secs(60);

/// Openings by nobody that is seen do not count for this long after the camera was given up for one
/// and nobody took it, lest a program that looks around every few seconds keeps the camera free.
const DISBELIEF: Duration = Duration::from_secs(10 * 60);

/// What was seen of a camera's node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sighting {
    /// When.
    pub(super) at: Duration,
    /// Somebody has opened the node since the last sighting.
    pub(super) opened: bool,
    /// Somebody has closed it since the last sighting.
    pub(super) closed: bool,
    /// Who has it open now.
    pub(super) holders: Holders,
}

/// What to do with the camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Release it at once; to whom, if that is known.
    Give(Option<Holder>),
    /// Open it again.
    TakeBack,
}

/// Decides who has the camera, from what is seen of its node. Times are from one clock.
#[derive(Debug, Default)]
pub(super) struct Yielding {
    /// Whether the camera is given to others; if so, whether nobody was seen to take it.
    given: Option<Given>,
    /// Who is to have it.
    wanted: Option<Option<Holder>>,
    /// Whether somebody else has it open, and if not, since when.
    held: bool,
    free_since: Duration,
    /// Whether a media server has it open.
    served: bool,
    /// An opening by nobody that is seen, not closed yet.
    unseen: Option<Duration>,
    /// The first short opening by nobody that is seen.
    attempt: Option<Duration>,
    disbelief_until: Option<Duration>,
}

#[derive(Debug)]
struct Given {
    in_vain: bool,
}

impl Yielding {
    /// Takes in what was seen.
    pub(super) fn see(&mut self, sighting: &Sighting) {
        let Sighting { at, holders, .. } = sighting;
        // A server that has it open may well open it once more.
        let serves = !holders.servers.is_empty();
        let by_server = serves || self.served;
        self.served = serves;
        let user = holders.users.first();
        if user.is_none() && self.held {
            self.free_since = *at;
        }
        self.held = user.is_some();
        match (&mut self.given, user) {
            (Some(given), user) => given.in_vain &= user.is_none(),
            (None, Some(user)) => self.wanted = Some(Some(user.clone())),
            (None, None) => self.see_nobody(sighting, by_server),
        }
    }

    /// What to do at `now`, told once.
    pub(super) fn step(&mut self, now: Duration) -> Option<Change> {
        if let Some(given) = &self.given {
            if self.held || now < self.free_since + FREE_FOR {
                return None;
            }
            self.disbelief_until = given.in_vain.then_some(now + DISBELIEF);
            self.given = None;
            return Some(Change::TakeBack);
        }
        if self.unseen.is_some_and(|at| at + LOOK_AROUND <= now) {
            self.wanted.get_or_insert(None);
        }
        let to = self.wanted.take()?;
        self.given = Some(Given {
            in_vain: to.is_none(),
        });
        self.free_since = now;
        self.unseen = None;
        self.attempt = None;
        Some(Change::Give(to))
    }

    /// When to ask again, should nothing be seen before.
    pub(super) fn next_step(&self) -> Option<Duration> {
        match &self.given {
            Some(_) => (!self.held).then_some(self.free_since + FREE_FOR),
            None => self.unseen.map(|at| at + LOOK_AROUND),
        }
    }

    /// A new stream begins, whose node has not been looked at.
    pub(super) fn begin(&mut self) {
        *self = Self {
            disbelief_until: self.disbelief_until,
            ..Self::default()
        };
    }

    fn see_nobody(&mut self, sighting: &Sighting, by_server: bool) {
        let at = sighting.at;
        if self.disbelief_until.is_some_and(|until| at < until) {
            return;
        }
        if sighting.closed
            && let Some(opened_at) = self.unseen.take()
        {
            self.note_attempt(opened_at);
        }
        if sighting.opened && !by_server {
            if sighting.closed {
                self.note_attempt(at);
            } else {
                self.unseen.get_or_insert(at);
            }
        }
    }

    fn note_attempt(&mut self, at: Duration) {
        match self.attempt.map(|first| at.saturating_sub(first)) {
            Some(since) if since < ONE_ATTEMPT => {}
            Some(since) if since <= TRY_AGAIN => self.wanted = Some(None),
            _ => self.attempt = Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    fn holder(name: &str) -> Holder {
        Holder {
            pid: 7,
            name: name.to_owned(),
        }
    }

    /// What was seen at `at`: `happened` is `o` for an opening, `c` for a closing, or both.
    fn sighting(at: f64, happened: &str, users: &[&str], servers: &[&str]) -> Sighting {
        let all = |names: &[&str]| names.iter().map(|name| holder(name)).collect();
        Sighting {
            at: s(at),
            opened: happened.contains('o'),
            closed: happened.contains('c'),
            holders: Holders {
                users: all(users),
                servers: all(servers),
            },
        }
    }

    impl Yielding {
        /// Takes in a sighting and steps at its time.
        fn at(&mut self, at: f64, happened: &str, users: &[&str]) -> Option<Change> {
            self.see(&sighting(at, happened, users, &[]));
            self.step(s(at))
        }
    }

    fn give(name: &str) -> Option<Change> {
        Some(Change::Give(Some(holder(name))))
    }

    const GIVE_TO_SOMEBODY: Option<Change> = Some(Change::Give(None));

    #[test]
    fn a_user_is_given_the_camera_at_once_and_ten_seconds_of_nobody_take_it_back() {
        let mut it = Yielding::default();
        assert_eq!(it.at(0.0, "", &[]), None);
        assert_eq!(it.next_step(), None, "nothing to wait for");
        assert_eq!(it.at(5.0, "o", &["zoom"]), give("zoom"));
        assert_eq!(it.step(s(3600.0)), None, "a long call");
        assert_eq!(it.next_step(), None);
        assert_eq!(it.at(3601.0, "c", &[]), None);
        assert_eq!(it.next_step(), Some(s(3611.0)));
        assert_eq!(it.step(s(3610.9)), None);
        assert_eq!(it.step(s(3611.0)), Some(Change::TakeBack));
        assert_eq!(it.step(s(3700.0)), None, "told once");
    }

    #[test]
    fn who_comes_back_within_ten_seconds_has_it_still() {
        let mut it = Yielding::default();
        it.at(0.0, "o", &["zoom"]);
        it.at(20.0, "c", &[]);
        assert_eq!(it.at(29.0, "o", &["zoom"]), None);
        assert_eq!(it.step(s(40.0)), None);
        it.at(41.0, "c", &[]);
        assert_eq!(it.step(s(50.9)), None);
        assert_eq!(it.step(s(51.0)), Some(Change::TakeBack));
    }

    #[test]
    fn the_last_of_several_must_have_gone() {
        let mut it = Yielding::default();
        assert_eq!(it.at(0.0, "o", &["zoom", "cheese"]), give("zoom"));
        it.at(1.0, "c", &["cheese"]);
        assert_eq!(it.step(s(100.0)), None);
        it.at(100.0, "c", &[]);
        assert_eq!(it.step(s(110.0)), Some(Change::TakeBack));
    }

    #[test]
    fn a_user_that_has_closed_it_before_anybody_looked_is_given_it_for_ten_seconds() {
        let mut it = Yielding::default();
        it.see(&sighting(0.0, "o", &["firefox"], &[]));
        it.see(&sighting(0.05, "c", &[], &[]));
        assert_eq!(it.step(s(0.1)), give("firefox"));
        assert_eq!(it.step(s(10.0)), None);
        assert_eq!(it.step(s(10.1)), Some(Change::TakeBack));
    }

    #[test]
    fn media_servers_may_hold_open_and_close_it() {
        let mut it = Yielding::default();
        let server: &[&str] = &["pipewire"];
        for (at, happened, servers) in [
            (0.0, "", &[][..]),
            (10.0, "o", server),
            (20.0, "oc", server),
            (30.0, "o", server),
            (40.0, "c", &[]),
            (50.0, "o", server),
            (60.0, "oc", &[]),
        ] {
            it.see(&sighting(at, happened, &[], servers));
            assert_eq!(it.step(s(at + 9.0)), None, "{at}");
        }
    }

    #[test]
    fn an_unseen_opening_that_lasts_is_believed() {
        let mut it = Yielding::default();
        assert_eq!(it.at(0.0, "o", &[]), None);
        assert_eq!(it.next_step(), Some(s(0.3)));
        assert_eq!(it.step(s(0.29)), None);
        assert_eq!(it.step(s(0.3)), GIVE_TO_SOMEBODY);
        assert_eq!(it.step(s(10.3)), Some(Change::TakeBack), "tried again");
    }

    #[test]
    fn of_short_unseen_openings_the_second_attempt_is_believed() {
        let mut it = Yielding::default();
        for at in [0.0, 0.5, 1.9] {
            assert_eq!(it.at(at, "oc", &[]), None, "one burst");
        }
        assert_eq!(it.at(8.0, "o", &[]), None);
        assert_eq!(it.at(8.1, "c", &[]), GIVE_TO_SOMEBODY);

        let mut it = Yielding::default();
        it.at(0.0, "oc", &[]);
        assert_eq!(it.at(60.1, "oc", &[]), None, "too late for a second");
        assert_eq!(it.at(70.0, "oc", &[]), GIVE_TO_SOMEBODY);
    }

    #[test]
    fn unseen_openings_are_disbelieved_after_the_camera_was_given_in_vain() {
        let mut it = Yielding::default();
        it.at(0.0, "oc", &[]);
        assert_eq!(it.at(5.0, "oc", &[]), GIVE_TO_SOMEBODY);
        assert_eq!(it.step(s(15.0)), Some(Change::TakeBack));
        it.begin();
        for n in 0..110 {
            let at = 20.0 + 5.0 * f64::from(n);
            assert_eq!(it.at(at, "oc", &[]), None, "{at}");
        }
        assert_eq!(
            it.at(600.0, "o", &["zoom"]),
            give("zoom"),
            "seen ones count"
        );
    }

    #[test]
    fn unseen_openings_stay_believed_when_somebody_took_the_camera() {
        let mut it = Yielding::default();
        it.at(0.0, "oc", &[]);
        it.at(5.0, "oc", &[]);
        it.at(6.0, "o", &["zoom"]);
        it.at(50.0, "c", &[]);
        assert_eq!(it.step(s(60.0)), Some(Change::TakeBack));
        it.begin();
        it.at(70.0, "oc", &[]);
        assert_eq!(it.at(75.0, "oc", &[]), GIVE_TO_SOMEBODY);
    }
}
