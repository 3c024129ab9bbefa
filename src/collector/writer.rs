//! The one thread that writes: it stores what waits in one transaction, and answers once that is committed.

use crate::insert::Batch;
use crate::limits;
use crate::refusal::Refusal;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot, watch};

/// What the thread is asked to do.
pub(crate) enum Task {
    /// Store the batch, and then say how many of its records are new.
    Store(Batch, oneshot::Sender<Result<u64, Refusal>>),
    /// Do this, which is no record.
    Change(Change),
    /// Take nothing more, store what waits, and end.
    Close,
}

type Batches = Vec<(Batch, oneshot::Sender<Result<u64, Refusal>>)>;

pub(crate) type Change = Box<dyn FnOnce(&mut Connection) + Send>;

#[derive(Default)]
struct Waiting {
    batches: Batches,
    /// Each has a transaction of its own, so that one that fails takes no batch along.
    changes: Vec<Change>,
}

/// What does this in a transaction, and answers once that is committed.
pub(crate) fn change<T: Send + 'static>(
    act: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    answer: oneshot::Sender<Result<T, Refusal>>,
) -> Change {
    Box::new(move |connection| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let done = transaction.and_then(|transaction| {
            let result = act(&transaction)?;
            transaction.commit()?;
            Ok(result)
        });
        let done = done.map_err(|error| {
            tracing::error!(%error, "the database did not take a change");
            Refusal::StorageFailed
        });
        answer.send(done).ok();
    })
}

/// Works until told to close or until nobody is left to ask; `stored` counts the records.
pub(crate) fn run(mut connection: Connection, mut tasks: mpsc::Receiver<Task>, stored: &watch::Sender<u64>) {
    while let Some(first) = tasks.blocking_recv() {
        let Waiting { batches, changes } = gather(first, &mut tasks);
        commit(&mut connection, batches, stored);
        if !changes.is_empty() {
            changes.into_iter().for_each(|change| change(&mut connection));
            // Open dashboards ask again.
            stored.send_modify(|_| ());
        }
    }
    // What the log holds goes into the file, so that the file alone can be copied.
    if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
        tracing::warn!(%error, "the write-ahead log stays beside the database");
    }
}

fn gather(first: Task, tasks: &mut mpsc::Receiver<Task>) -> Waiting {
    let mut waiting = Waiting::default();
    let mut next = Some(first);
    while let Some(task) = next {
        match task {
            Task::Store(batch, answer) => waiting.batches.push((batch, answer)),
            Task::Change(change) => waiting.changes.push(change),
            Task::Close => tasks.close(),
        }
        next = if waiting.batches.len() + waiting.changes.len() < limits::GROUPED_WRITES { tasks.try_recv().ok() } else { None };
    }
    waiting
}

fn commit(connection: &mut Connection, waiting: Batches, stored: &watch::Sender<u64>) {
    if waiting.is_empty() {
        return;
    }
    match insert(connection, &waiting) {
        Ok(counts) => {
            let new: u64 = counts.iter().sum();
            stored.send_if_modified(|total| {
                *total += new;
                new > 0
            });
            for ((_, answer), count) in waiting.into_iter().zip(counts) {
                // Who no longer waits for the answer will send again, and be told that it is stored.
                answer.send(Ok(count)).ok();
            }
        }
        Err(error) => {
            tracing::error!(%error, "the database did not take a transaction");
            for (_, answer) in waiting {
                answer.send(Err(Refusal::StorageFailed)).ok();
            }
        }
    }
}

fn insert(connection: &mut Connection, waiting: &Batches) -> rusqlite::Result<Vec<u64>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let counts = waiting.iter().map(|(batch, _)| batch.insert(&transaction)).collect::<Result<_, _>>()?;
    transaction.commit()?;
    Ok(counts)
}
