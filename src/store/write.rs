//! What is added to the history, and what is taken from it.

use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{Store, StoreError};
use crate::domain::breaks::TakenBreak;
use crate::domain::exercise::outcome::ExerciseResult;
use crate::domain::intervals::Interval;
use crate::domain::time::{DAY_MS, WallTime};

/// What came of a break that the person was led through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakRecord {
    /// When it began.
    pub from: WallTime,
    /// What it was.
    pub taken: TakenBreak,
    /// The routine's id; `None` for exercises by name.
    pub routine: Option<String>,
    /// Whether an exercise of strength was done.
    pub strength: bool,
    /// What came of each exercise, in order.
    pub exercises: Vec<ExerciseResult>,
}

impl Store {
    /// Begins a run: what an earlier one that was killed has left open is over, and what is older than
    /// `days` days at `now` is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin(&mut self, now: WallTime, days: u32) -> Result<(), StoreError> {
        let oldest = now.unix_ms - i64::from(days) * DAY_MS;
        self.change(|change| {
            change.execute("UPDATE stretch SET open = 0 WHERE open = 1", [])?;
            change.execute("DELETE FROM stretch WHERE from_ms < ?1", [oldest])?;
            change.execute("DELETE FROM break WHERE from_ms < ?1", [oldest])?;
            Ok(())
        })
    }

    /// Adds a stretch that is over. Those that were open are, as of now, not known any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_stretch(&mut self, stretch: &Interval) -> Result<(), StoreError> {
        self.change(|change| {
            forget_open(change)?;
            insert(change, stretch, false)
        })
    }

    /// Takes the stretches that go on as they are now, in place of those before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_open(&mut self, stretches: &[Interval]) -> Result<(), StoreError> {
        self.change(|change| {
            forget_open(change)?;
            stretches.iter().try_for_each(|it| insert(change, it, true))
        })
    }

    /// Adds a break with its exercises.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_break(&mut self, record: &BreakRecord) -> Result<(), StoreError> {
        self.change(|change| {
            let taken = &record.taken;
            change.execute(
                "INSERT INTO break (kind, from_ms, utc_offset_s, lasted_ms, routine, planned, done, \
                 verified, walked_ms, strength) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    taken.kind.name(),
                    record.from.unix_ms,
                    record.from.utc_offset_s,
                    ms(taken.lasted),
                    record.routine,
                    taken.planned,
                    taken.done,
                    taken.verified,
                    ms(taken.walked),
                    record.strength,
                ],
            )?;
            let id = change.last_insert_rowid();
            for (number, result) in (1_i64..).zip(&record.exercises) {
                change.execute(
                    "INSERT INTO exercise (break, number, exercise, wanted, verified, timed, \
                     held_ms, took_ms, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    params![
                        id,
                        number,
                        result.id,
                        result.wanted,
                        result.verified,
                        result.timed,
                        ms(result.held),
                        ms(result.took),
                        result.end.name(),
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// One transaction.
    fn change(
        &mut self,
        what: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let result = change(&mut self.connection, what);
        self.tell(result)
    }
}

fn change(
    connection: &mut Connection,
    what: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    // Begun as a writer: one that reads first and then wants to write is refused instead of waiting.
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    what(&change)?;
    change.commit()
}

fn forget_open(change: &Transaction<'_>) -> rusqlite::Result<()> {
    change.execute("DELETE FROM stretch WHERE open = 1", [])?;
    Ok(())
}

fn insert(change: &Transaction<'_>, stretch: &Interval, open: bool) -> rusqlite::Result<()> {
    change.execute(
        "INSERT INTO stretch (kind, from_ms, utc_offset_s, lasted_ms, asleep_ms, locked, open) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            stretch.kind.name(),
            stretch.from.wall.unix_ms,
            stretch.from.wall.utc_offset_s,
            ms(stretch.lasted()),
            ms(stretch.asleep),
            stretch.locked,
            open,
        ],
    )?;
    Ok(())
}

fn ms(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use tempfile::TempDir;

    use super::*;
    use crate::domain::breaks::BreakKind;
    use crate::domain::exercise::outcome::End;
    use crate::domain::intervals::IntervalKind;
    use crate::domain::time::Moment;
    use crate::store::FILE;

    struct Place {
        _home: TempDir,
        path: PathBuf,
    }

    fn place() -> Place {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data/backstay").join(FILE);
        Place { _home: home, path }
    }

    /// 2026-11-27 at 08:00 in a zone an hour east.
    const START: WallTime = WallTime {
        unix_ms: 1_795_762_800_000,
        utc_offset_s: 3600,
    };

    /// A stretch between these seconds after the start.
    fn interval(kind: IntervalKind, from: u64, to: u64) -> Interval {
        Interval {
            kind,
            from: Moment::after(START, Duration::from_secs(from)),
            to: Moment::after(START, Duration::from_secs(to)),
            asleep: Duration::ZERO,
            locked: false,
        }
    }

    fn record(from: WallTime, strength: bool) -> BreakRecord {
        let result = |id: &str, verified| ExerciseResult {
            id: id.to_owned(),
            wanted: 8,
            verified,
            timed: 8 - verified,
            held: Duration::from_secs(48),
            took: Duration::from_millis(61_500),
            end: End::Done,
        };
        BreakRecord {
            from,
            taken: TakenBreak {
                kind: BreakKind::Stretched,
                lasted: Duration::from_millis(130_250),
                planned: 3,
                done: 2,
                verified: 1,
                walked: Duration::ZERO,
            },
            routine: Some("upper_back_strength".to_owned()),
            strength,
            exercises: vec![result("goal_post_squeeze", 8), result("chin_tuck", 0)],
        }
    }

    fn told(store: &Store) -> Vec<(IntervalKind, u64)> {
        let all = store.stretches(0).unwrap();
        all.iter()
            .map(|it| (it.kind, it.lasted.as_secs()))
            .collect()
    }

    fn count(store: &Store, table: &str) -> i64 {
        let query = format!("SELECT count(*) FROM {table}");
        let count = store.connection.query_row(&query, [], |row| row.get(0));
        count.unwrap()
    }

    #[test]
    fn what_goes_on_is_over_with_the_run_and_never_counted_twice() {
        use IntervalKind::{MicroBreak, Sitting};
        let place = place();
        let mut store = Store::open(&place.path).unwrap();
        store.set_open(&[interval(Sitting, 0, 60)]).unwrap();
        store.set_open(&[interval(Sitting, 0, 120)]).unwrap();
        assert_eq!(told(&store), [(Sitting, 120)]);
        store.add_stretch(&interval(Sitting, 0, 130)).unwrap();
        assert_eq!(told(&store), [(Sitting, 130)]);
        let open = [interval(MicroBreak, 130, 170), interval(Sitting, 170, 200)];
        store.set_open(&open).unwrap();
        drop(store);
        // The run was killed; what it wrote last holds.
        let mut store = Store::open(&place.path).unwrap();
        store.begin(START, 30).unwrap();
        store.set_open(&[interval(Sitting, 500, 560)]).unwrap();
        store.add_stretch(&interval(Sitting, 500, 570)).unwrap();
        let expected = [
            (Sitting, 130),
            (MicroBreak, 40),
            (Sitting, 30),
            (Sitting, 70),
        ];
        assert_eq!(told(&store), expected);
    }

    #[test]
    fn a_break_is_kept_with_its_exercises_and_forgotten_with_them() {
        let place = place();
        let mut store = Store::open(&place.path).unwrap();
        let kept = record(START, true);
        store.add_break(&kept).unwrap();
        store.add_break(&record(START, false)).unwrap();
        let breaks = store.breaks(0).unwrap();
        assert_eq!((breaks[0].from, breaks[0].taken), (START, kept.taken));
        assert_eq!([breaks[0].strength, breaks[1].strength], [true, false]);
        assert_eq!(count(&store, "exercise"), 4);
        let later = |days: i64| WallTime {
            unix_ms: START.unix_ms + days * DAY_MS,
            ..START
        };
        store.begin(later(30), 30).unwrap();
        assert_eq!(store.breaks(0).unwrap().len(), 2);
        store.begin(later(31), 30).unwrap();
        assert_eq!((count(&store, "break"), count(&store, "exercise")), (0, 0));
    }

    #[test]
    fn two_programs_write_at_once() {
        let place = place();
        // One of them makes the file.
        let writers: Vec<_> = (0..4)
            .map(|_| {
                let path = place.path.clone();
                std::thread::spawn(move || {
                    let mut store = Store::open(&path).unwrap();
                    for _ in 0..20 {
                        store.add_break(&record(START, true)).unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        let store = Store::open(&place.path).unwrap();
        assert_eq!(
            (count(&store, "break"), count(&store, "exercise")),
            (80, 160)
        );
    }

    #[cfg(unix)]
    #[test]
    fn all_its_files_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let place = place();
        let mut store = Store::open(&place.path).unwrap();
        store.add_break(&record(START, true)).unwrap();
        let folder = place.path.parent().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder), 0o700);
        let files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|it| it.unwrap().path())
            .collect();
        assert!(
            files.len() > 1,
            "the log of changes is beside it: {files:?}"
        );
        for file in files {
            assert_eq!(mode(&file), 0o600, "{file:?}");
        }
        drop(store);
        std::fs::set_permissions(&place.path, std::fs::Permissions::from_mode(0o644)).unwrap();
        drop(Store::open(&place.path).unwrap());
        assert_eq!(mode(&place.path), 0o600);
    }

    #[test]
    fn what_is_no_history_is_told_and_left_alone() {
        let place = place();
        crate::private::write(
            &place.path,
            b"This is a shopping list, and no database at all.\n",
        )
        .unwrap();
        let error = Store::open(&place.path).unwrap_err().to_string();
        assert!(error.contains("move it away"), "{error}");
        let text = std::fs::read(&place.path).unwrap();
        assert!(text.starts_with(b"This is a shopping list"));
    }

    #[test]
    fn a_newer_history_is_told_and_left_alone() {
        let place = place();
        let store = Store::open(&place.path).unwrap();
        store
            .connection
            .pragma_update(None, "user_version", 7)
            .unwrap();
        drop(store);
        let error = Store::open(&place.path).unwrap_err().to_string();
        assert!(error.contains("version 7, this one knows 1"), "{error}");
    }

    #[test]
    fn without_a_history_none_is_made_to_be_read() {
        let place = place();
        assert!(Store::open_if_there(&place.path).unwrap().is_none());
        assert!(!place.path.exists());
    }
}
