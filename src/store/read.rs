//! What the history holds.

use std::time::Duration;

use rusqlite::Row;
use rusqlite::types::Type;

use super::{Store, StoreError};
use crate::domain::breaks::{BreakKind, TakenBreak};
use crate::domain::history::{PastBreak, Stretch};
use crate::domain::intervals::IntervalKind;
use crate::domain::time::WallTime;

impl Store {
    /// The stretches that began at `from_ms` (milliseconds since 1970) or later, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stretches(&self, from_ms: i64) -> Result<Vec<Stretch>, StoreError> {
        let result = self.select(
            "SELECT kind, from_ms, utc_offset_s, lasted_ms FROM stretch WHERE from_ms >= ?1 \
             ORDER BY from_ms, id",
            from_ms,
            stretch,
        );
        self.tell(result)
    }

    /// The breaks that began at `from_ms` (milliseconds since 1970) or later, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn breaks(&self, from_ms: i64) -> Result<Vec<PastBreak>, StoreError> {
        let result = self.select(
            "SELECT kind, from_ms, utc_offset_s, lasted_ms, planned, done, verified, walked_ms, \
             strength FROM break WHERE from_ms >= ?1 ORDER BY from_ms, id",
            from_ms,
            past_break,
        );
        self.tell(result)
    }

    fn select<T>(
        &self,
        query: &str,
        from_ms: i64,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.connection.prepare(query)?;
        let rows = statement.query_map([from_ms], read)?;
        rows.collect()
    }
}

fn stretch(row: &Row<'_>) -> rusqlite::Result<Stretch> {
    Ok(Stretch {
        kind: word(row, 0, &IntervalKind::ALL, IntervalKind::name)?,
        from: wall(row, 1)?,
        lasted: span(row, 3)?,
    })
}

fn past_break(row: &Row<'_>) -> rusqlite::Result<PastBreak> {
    Ok(PastBreak {
        from: wall(row, 1)?,
        taken: TakenBreak {
            kind: word(row, 0, &BreakKind::ALL, BreakKind::name)?,
            lasted: span(row, 3)?,
            planned: row.get(4)?,
            done: row.get(5)?,
            verified: row.get(6)?,
            walked: span(row, 7)?,
        },
        strength: row.get(8)?,
    })
}

fn wall(row: &Row<'_>, at: usize) -> rusqlite::Result<WallTime> {
    Ok(WallTime {
        unix_ms: row.get(at)?,
        utc_offset_s: row.get(at + 1)?,
    })
}

fn span(row: &Row<'_>, at: usize) -> rusqlite::Result<Duration> {
    let ms: i64 = row.get(at)?;
    u64::try_from(ms)
        .map(Duration::from_millis)
        .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, ms))
}

/// The value of `all` whose name stands there.
fn word<T: Copy>(
    row: &Row<'_>,
    at: usize,
    all: &[T],
    name: fn(T) -> &'static str,
) -> rusqlite::Result<T> {
    let written: String = row.get(at)?;
    let found = all.iter().copied().find(|it| name(*it) == written);
    found.ok_or_else(|| {
        let why = format!("nothing is called {written:?}");
        rusqlite::Error::FromSqlConversionFailure(at, Type::Text, why.into())
    })
}
