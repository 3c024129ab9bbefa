//! The database: one connection that writes, a few that read.

use crate::insert::Batch;
use crate::readers::Readers;
use crate::refusal::Refusal;
use crate::writer::{self, Task};
use crate::{limits, schema};
use rusqlite::Connection;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot, watch};

/// Name of the file within the folder of data.
pub const FILE: &str = "vitrum.sqlite";

/// Where records are kept. Clones are the same store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    tasks: mpsc::Sender<Task>,
    stored: watch::Sender<u64>,
    thread: Mutex<Option<JoinHandle<()>>>,
    readers: Arc<Readers>,
}

/// Why a store cannot be opened.
#[derive(Debug)]
pub struct OpenError {
    file: PathBuf,
    cause: String,
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot open {}: {}", self.file.display(), self.cause)
    }
}

impl std::error::Error for OpenError {}

impl Store {
    /// Opens the store in a folder, or makes both.
    ///
    /// # Errors
    /// When the folder cannot be made, or the file is no database or that of a newer collector.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        Self::with_queue(folder, limits::QUEUED_WRITES)
    }

    pub(crate) fn with_queue(folder: &Path, queued_writes: usize) -> Result<Self, OpenError> {
        let file = folder.join(FILE);
        let because = |cause: String| OpenError { file: file.clone(), cause };
        std::fs::create_dir_all(folder).map_err(|error| because(error.to_string()))?;
        let (connection, records) = open_writer(&file).map_err(|error| because(error.to_string()))?;

        let (tasks, queue) = mpsc::channel(queued_writes);
        let stored = watch::Sender::new(records);
        let count = stored.clone();
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer::run(connection, queue, &count))
            .map_err(|error| because(error.to_string()))?;
        Ok(Self(Arc::new(Inner {
            tasks,
            stored,
            thread: Mutex::new(Some(thread)),
            readers: Arc::new(Readers::new(file)),
        })))
    }

    /// Stores a batch and returns, once that is committed, how many of its records are new.
    pub(crate) async fn write(&self, batch: Batch) -> Result<u64, Refusal> {
        let (answer, answered) = oneshot::channel();
        self.0.tasks.try_send(Task::Store(batch, answer)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refusal::QueueFull,
            mpsc::error::TrySendError::Closed(_) => Refusal::Stopping,
        })?;
        answered.await.unwrap_or(Err(Refusal::Stopping))
    }

    /// Does this in a transaction of its own, and returns what it gave once that is committed.
    pub(crate) async fn change<T, A>(&self, act: A) -> Result<T, Refusal>
    where
        T: Send + 'static,
        A: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let change = writer::change(act, answer);
        self.0.tasks.try_send(Task::Change(change)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refusal::QueueFull,
            mpsc::error::TrySendError::Closed(_) => Refusal::Stopping,
        })?;
        answered.await.unwrap_or(Err(Refusal::Stopping))
    }

    /// The result of a query, all of which sees the database at one moment.
    ///
    /// # Errors
    /// Those of the query, and of the database.
    pub async fn read<T, Q>(&self, query: Q) -> rusqlite::Result<T>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.0.readers.read(query).await
    }

    /// How many records there are.
    #[must_use]
    pub fn records(&self) -> u64 {
        *self.0.stored.borrow()
    }

    /// How many requests wait for the writer.
    #[must_use]
    pub fn queue_length(&self) -> usize {
        self.0.tasks.max_capacity() - self.0.tasks.capacity()
    }

    /// Tells of each commit by the number of records there are then.
    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.0.stored.subscribe()
    }

    /// Takes nothing more, stores what waits, ends the queries that run, and closes the file.
    pub async fn close(&self) {
        // The last to close the file must be the writer, which alone can put the write-ahead log away.
        self.0.readers.close();
        // An error means that it is closed already.
        self.0.tasks.send(Task::Close).await.ok();
        let thread = self.0.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the writer ended with a panic");
            }
        }
    }
}

fn open_writer(file: &Path) -> rusqlite::Result<(Connection, u64)> {
    let mut connection = Connection::open(file)?;
    connection.busy_timeout(limits::LOCK_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // An acknowledged record survives the loss of power, not only that of the process.
    connection.pragma_update(None, "synchronous", "FULL")?;
    schema::migrate(&mut connection)?;
    let records = connection.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?;
    Ok((connection, records))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::Admission;
    use crate::testing::{log, logs_of};
    use futures_util::FutureExt;
    use std::pin::pin;

    fn batch(uid: &str) -> Batch {
        let mut admission = Admission::new(1000, None);
        admission.logs(logs_of("shop", vec![log("a", uid, 1000)]));
        Batch { records: admission.finish().0, arrival: None }
    }

    fn count(connection: &Connection) -> rusqlite::Result<u64> {
        connection.query_row("SELECT count(*) FROM record", [], |row| row.get(0))
    }

    /// A foreign connection that keeps the writer from committing.
    fn lock(folder: &Path) -> Connection {
        let foreign = Connection::open(folder.join(FILE)).unwrap();
        foreign.execute_batch("BEGIN IMMEDIATE").unwrap();
        foreign
    }

    fn stored(folder: &Path) -> u64 {
        count(&Connection::open(folder.join(FILE)).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn the_answer_comes_after_the_commit() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let foreign = lock(folder.path());
        let mut writing = pin!(store.write(batch("p.1")));
        assert_eq!(writing.as_mut().now_or_never(), None);
        while store.queue_length() > 0 {
            tokio::task::yield_now().await;
        }
        // The writer has it now, and only the lock stands between it and its commit.
        assert_eq!(writing.as_mut().now_or_never(), None);
        assert_eq!((stored(folder.path()), store.records()), (0, 0));

        foreign.execute_batch("COMMIT").unwrap();
        assert_eq!(writing.await, Ok(1));
        assert_eq!((stored(folder.path()), store.records()), (1, 1));
        assert_eq!(store.read(count).await, Ok(1));
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::with_queue(folder.path(), 1).unwrap();
        let foreign = lock(folder.path());
        let mut writing = Vec::new();
        let refused = loop {
            let mut write = Box::pin(store.write(batch(&format!("p.{}", writing.len()))));
            match write.as_mut().now_or_never() {
                Some(refused) => break refused,
                None => writing.push(write),
            }
        };
        assert_eq!(refused, Err(Refusal::QueueFull));
        foreign.execute_batch("COMMIT").unwrap();
        for write in &mut writing {
            assert_eq!(write.await, Ok(1));
        }
        assert_eq!(stored(folder.path()), writing.len() as u64);
    }

    #[tokio::test]
    async fn closing_stores_what_waits_and_the_file_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let foreign = lock(folder.path());
        let mut writing: Vec<_> = (0..3)
            .map(|n| {
                Box::pin({
                    let (store, batch) = (store.clone(), batch(&format!("p.{n}")));
                    async move { store.write(batch).await }
                })
            })
            .collect();
        for write in &mut writing {
            assert_eq!(write.now_or_never(), None);
        }
        let mut closing = pin!(store.close());
        assert_eq!(closing.as_mut().now_or_never(), None);
        foreign.execute_batch("COMMIT").unwrap();
        drop(foreign);
        closing.await;
        for write in writing {
            assert_eq!(write.await, Ok(1));
        }
        assert_eq!(store.write(batch("p.9")).await, Err(Refusal::Stopping));

        let reopened = Store::open(folder.path()).unwrap();
        assert_eq!(reopened.records(), 3);
        assert_eq!(reopened.write(batch("p.1")).await, Ok(0));
    }

    #[tokio::test]
    async fn what_the_database_does_not_take_is_refused_and_may_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let foreign = Connection::open(folder.path().join(FILE)).unwrap();
        foreign.execute_batch("ALTER TABLE service RENAME TO elsewhere").unwrap();
        assert_eq!(store.write(batch("p.1")).await, Err(Refusal::StorageFailed));
        assert_eq!((stored(folder.path()), store.records()), (0, 0));
        foreign.execute_batch("ALTER TABLE elsewhere RENAME TO service").unwrap();
        assert_eq!(store.write(batch("p.1")).await, Ok(1));
    }

    #[test]
    fn a_file_that_is_no_database_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), b"no database, and long enough to be seen as none").unwrap();
        let error = Store::open(folder.path()).err().unwrap().to_string();
        assert!(error.contains(FILE) && error.contains("not a database"), "{error}");
    }
}
