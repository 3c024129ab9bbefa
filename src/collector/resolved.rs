//! Stacks as they are shown: each frame where it was in the sources, as far as there are maps. The last of them are kept, for
//! opening a map takes its time, and an open dashboard asks at each commit.

use crate::limits;
use crate::original::{Found, Original, Originals};
use crate::source_maps;
use crate::stack::{self, Part, Place};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A stack, and what would be needed to tell more of it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Stack {
    parts: Vec<Shown>,
    /// Paths of the files that there is no map for; empty where nothing is missing.
    missing: Vec<String>,
    /// Whether there are maps of the release at all.
    has_maps: bool,
}

#[derive(Debug, Serialize)]
struct Shown {
    title: String,
    is_cause: bool,
    frames: Vec<ShownFrame>,
}

#[derive(Debug, Serialize)]
struct ShownFrame {
    function: Option<String>,
    /// As it was told.
    place: Option<Place>,
    original: Option<Original>,
}

/// The last stacks that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Resolved(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By the record that they are of; the one that was asked for last is the last.
    stacks: VecDeque<(String, Arc<Stack>)>,
    /// How often new maps have come.
    uploads: u64,
}

impl Resolved {
    /// The stack of a record of this service and release.
    pub(crate) fn stack(
        &self,
        connection: &Connection,
        record: &str,
        service: &str,
        release: Option<&str>,
        text: &str,
    ) -> rusqlite::Result<Arc<Stack>> {
        let mut kept = self.kept();
        let uploads = kept.uploads;
        if let Some(at) = kept.stacks.iter().position(|(of, _)| of == record)
            && let Some(entry) = kept.stacks.remove(at)
        {
            let stack = entry.1.clone();
            kept.stacks.push_back(entry);
            return Ok(stack);
        }
        drop(kept);
        let stack = Arc::new(resolve(connection, service, release, text)?);
        let mut kept = self.kept();
        // A map that has come meanwhile was not looked into.
        if kept.uploads == uploads {
            if kept.stacks.len() >= limits::RESOLVED_STACKS {
                kept.stacks.pop_front();
            }
            kept.stacks.push_back((record.to_owned(), stack.clone()));
        }
        Ok(stack)
    }

    /// A map has come, by which more can be told.
    pub(crate) fn forget(&self) {
        let mut kept = self.kept();
        kept.uploads += 1;
        kept.stacks.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn resolve(connection: &Connection, service: &str, release: Option<&str>, text: &str) -> rusqlite::Result<Stack> {
    let has_maps = release.map_or(Ok(false), |release| source_maps::are_there(connection, release))?;
    let mut originals = release.filter(|_| has_maps).map(|release| Originals::new(connection, release, service));
    let mut missing = BTreeSet::new();
    let mut parts = Vec::new();
    for Part { title, is_cause, frames } in stack::parse(text) {
        let found = match &mut originals {
            Some(originals) => originals.of(&frames)?,
            None => frames.iter().map(|_| Found::NoMap).collect(),
        };
        let shown = frames.into_iter().zip(found).map(|(frame, found)| {
            if let (Found::NoMap, Some(place)) = (&found, &frame.place)
                && is_script(place.file().1)
            {
                missing.insert(place.file().1.to_owned());
            }
            let original = if let Found::Original(original) = found { Some(original) } else { None };
            ShownFrame { function: frame.function, place: frame.place, original }
        });
        parts.push(Shown { title, is_cause, frames: shown.collect() });
    }
    Ok(Stack { parts, missing: missing.into_iter().collect(), has_maps })
}

/// What a bundler may have written: neither a page, in which scripts may be too, nor what was evaluated.
fn is_script(path: &str) -> bool {
    let is_page = path.ends_with('/') || path.ends_with(".html") || path.is_empty();
    !is_page && !path.contains(" > ")
}
