//! Keeps each accepted body as a file, as it arrived, for `decode` and for tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder of bodies: `000001-beacon.bin`, `000002-logs.bin` and so on, never overwritten.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    folder: PathBuf,
    next: Arc<AtomicU64>,
}

impl Capture {
    /// Numbers go on after those that the folder has.
    pub(crate) fn new(folder: &Path) -> Self {
        let last = std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| {
            let name = entry.file_name();
            name.to_str()?.split('-').next()?.parse::<u64>().ok()
        });
        Self { folder: folder.to_owned(), next: Arc::new(AtomicU64::new(last.max().unwrap_or_default() + 1)) }
    }

    /// Writes a body. A failure is told to the operator only: the body is stored, and its sender has nothing to mend.
    pub(crate) async fn keep(&self, what: &'static str, body: Vec<u8>) {
        let file = self.folder.join(format!("{:06}-{what}.bin", self.next.fetch_add(1, Ordering::Relaxed)));
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(folder)?;
            std::fs::write(&file, body)
        });
        if let Ok(Err(error)) = written.await {
            tracing::warn!(%error, folder = %self.folder.display(), "a body was not captured");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn numbers_go_on_where_the_folder_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("new");
        Capture::new(&inner).keep("beacon", b"one".to_vec()).await;
        let again = Capture::new(&inner);
        again.keep("logs", b"two".to_vec()).await;
        assert_eq!(std::fs::read(inner.join("000001-beacon.bin")).unwrap(), b"one");
        assert_eq!(std::fs::read(inner.join("000002-logs.bin")).unwrap(), b"two");
    }
}
