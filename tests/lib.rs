//! The repository as the tests of this room read it: the files that are or will be committed, and their texts.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders that hold what was built or fetched.
const BUILT: [&str; 4] = ["target", "node_modules", "dist", ".git"];

/// A file of text.
pub struct File {
    /// Where it is, from the root, with `/` between.
    pub path: String,
    /// What is in it, with line ends as on Unix.
    pub text: String,
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of one file.
///
/// # Panics
/// If it cannot be read.
#[must_use]
pub fn read(path: &str) -> String {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.replace("\r\n", "\n")
}

/// Every file of text, in the order of their paths: those that git knows or would take, or where there is no git, all.
#[must_use]
pub fn files() -> Vec<File> {
    let mut paths = from_git().unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(&root(), "", &mut found);
        found
    });
    paths.sort();
    let file = |path: String| {
        // What was removed and not yet committed is not there, and what is not UTF-8 is no text.
        let text = std::fs::read_to_string(root().join(&path)).ok()?;
        Some(File { path, text: text.replace("\r\n", "\n") })
    };
    paths.into_iter().filter_map(file).collect()
}

fn from_git() -> Option<Vec<String>> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let output = Command::new("git").args(list).current_dir(root()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walk(folder: &Path, path: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if path.is_empty() { name.clone() } else { [path, &name].join("/") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !BUILT.contains(&name.as_str()) => walk(&entry.path(), &path, found),
            Ok(kind) if kind.is_file() => found.push(path),
            _ => {}
        }
    }
}

impl File {
    /// The ending of its name, without the dot.
    #[must_use]
    pub fn ending(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    /// Its name without the folders.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is somewhere in this folder.
    #[must_use]
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// The part of a Rust file before its tests.
#[must_use]
pub fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}
