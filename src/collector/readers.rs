//! The connections that read: a few, each with one query at a time, and an end that does not wait for a long one.

use crate::{limits, percentile, site};
use rusqlite::{Connection, InterruptHandle, OpenFlags, ffi};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// Whoever asks waits for one of [`limits::READERS`] permits.
pub(crate) struct Readers {
    file: PathBuf,
    permits: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    /// Those that have a query.
    busy: Vec<Arc<InterruptHandle>>,
    closed: bool,
}

impl Readers {
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { file, permits: Arc::new(Semaphore::new(limits::READERS)), state: Mutex::default() }
    }

    /// The result of a query, all of which sees the database at one moment.
    pub(crate) async fn read<T, Q>(self: &Arc<Self>, query: Q) -> rusqlite::Result<T>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        // The semaphore is never closed, so there is always a permit to wait for.
        let permit = self.permits.clone().acquire_owned().await;
        let readers = self.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let result = readers.query(query);
            // Held here and not by who asks: a client that leaves does not end the query.
            drop(permit);
            result
        });
        reading.await.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
    }

    /// Closes the connections; a query that is still running ends with an error, and so does each that follows.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.idle.clear();
        for busy in &state.busy {
            busy.interrupt();
        }
    }

    fn query<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = self.state().idle.pop();
        let connection = idle.map_or_else(|| self.open(), Ok)?;
        let busy = Busy::new(self, &connection)?;
        let result = connection.unchecked_transaction().and_then(|moment| query(&moment));
        drop(busy);
        let mut state = self.state();
        if !state.closed && state.idle.len() < limits::READERS {
            state.idle.push(connection);
        }
        result
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(limits::LOCK_TIMEOUT)?;
        percentile::register(&connection)?;
        site::register(&connection)?;
        Ok(connection)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place among the busy ones, which it leaves also by a panic.
struct Busy<'a>(&'a Readers, Arc<InterruptHandle>);

impl<'a> Busy<'a> {
    fn new(readers: &'a Readers, connection: &Connection) -> rusqlite::Result<Self> {
        let handle = Arc::new(connection.get_interrupt_handle());
        let mut state = readers.state();
        if state.closed {
            return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None));
        }
        state.busy.push(handle.clone());
        drop(state);
        Ok(Self(readers, handle))
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.state().busy.retain(|busy| !Arc::ptr_eq(busy, &self.1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::sync::mpsc;
    use tempfile::TempDir;

    fn readers() -> (Arc<Readers>, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        Connection::open(&file).unwrap().execute_batch("CREATE TABLE t (n)").unwrap();
        (Arc::new(Readers::new(file)), folder)
    }

    fn count(connection: &Connection) -> rusqlite::Result<u64> {
        connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
    }

    #[tokio::test]
    async fn a_client_that_leaves_does_not_free_the_place_of_its_query() {
        let (readers, _folder) = readers();
        let mut queries = Vec::new();
        for _ in 0..limits::READERS {
            let (end, ended) = mpsc::channel::<()>();
            let mut asked = Box::pin(readers.read(move |_| Ok(ended.recv().ok())));
            assert!(asked.as_mut().now_or_never().is_none());
            drop(asked);
            queries.push(end);
        }
        let mut waiting = Box::pin(readers.read(count));
        assert!(waiting.as_mut().now_or_never().is_none());
        assert_eq!(readers.permits.available_permits(), 0);
        queries.pop();
        assert_eq!(waiting.await, Ok(0));
        drop(queries);
        drop(readers.permits.acquire_many(limits::READERS as u32).await);
        assert!(readers.state().idle.len() <= limits::READERS && readers.state().busy.is_empty());
    }

    #[tokio::test]
    async fn closing_ends_a_query_that_runs() {
        let (readers, _folder) = readers();
        let (started, starting) = tokio::sync::oneshot::channel();
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
        let asked = tokio::spawn({
            let readers = readers.clone();
            async move {
                readers
                    .read(move |connection| {
                        let mut statement = connection.prepare(endless)?;
                        let mut rows = statement.query([])?;
                        rows.next()?;
                        started.send(()).ok();
                        while rows.next()?.is_some() {}
                        Ok(())
                    })
                    .await
            }
        });
        starting.await.unwrap();
        readers.close();
        let interrupted =
            |error: rusqlite::Error| error.sqlite_error_code() == Some(ffi::ErrorCode::OperationInterrupted);
        assert!(asked.await.unwrap().is_err_and(interrupted));
        assert!(readers.read(count).await.is_err_and(interrupted));
    }
}
