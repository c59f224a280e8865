//! From any version of the history to the latest.

use rusqlite::TransactionBehavior;

use super::{Store, StoreError};

/// What leads from each version to the next; the first from nothing. Steps are only added.
const STEPS: [&str; 1] = [include_str!("schema.sql")];

impl Store {
    /// Takes the steps that are missing, all or none.
    pub(super) fn migrate(&mut self) -> Result<(), StoreError> {
        let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
        let result = self.version();
        let version = self.tell(result)?;
        if version == known {
            return Ok(());
        }
        if version < 0 || known < version {
            return Err(StoreError::Newer {
                path: self.path.clone(),
                version,
                known,
            });
        }
        let result = self.take_steps();
        self.tell(result)
    }

    fn version(&self) -> rusqlite::Result<i64> {
        self.connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
    }

    fn take_steps(&mut self) -> rusqlite::Result<()> {
        let change = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another program may have taken them while this one waited.
        let version: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
        for step in STEPS.iter().skip(usize::try_from(version).unwrap_or(0)) {
            change.execute_batch(step)?;
        }
        change.pragma_update(None, "user_version", STEPS.len() as i64)?;
        change.commit()
    }
}
