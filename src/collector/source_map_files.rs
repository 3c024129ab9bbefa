//! The scripts of a folder and their source maps: beside them, named by them, or within them.

use crate::limits;
use sourcemap::{SourceMapRef, locate_sourcemap_reference_slice};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A script and its map.
#[derive(Debug, PartialEq)]
pub(crate) struct Pair {
    /// The script's path within the folder, with `/` between.
    pub(crate) file: String,
    pub(crate) map: String,
    pub(crate) script: Option<String>,
}

/// Folders in folders: a guard against links that lead back.
const DEEPEST: usize = 32;

const SCRIPTS: [&str; 3] = ["js", "mjs", "cjs"];

/// In the order of their names.
///
/// # Errors
/// A sentence on what cannot be read, or on there being none.
pub(crate) fn find(folder: &Path) -> Result<Vec<Pair>, String> {
    let mut files = Vec::new();
    walk(folder, 0, &mut files)?;
    files.sort();
    let (mut pairs, mut taken) = (Vec::new(), BTreeSet::new());
    for path in files.iter().filter(|path| SCRIPTS.contains(&ending(path))) {
        let script = read(path)?;
        let beside = PathBuf::from(format!("{}.map", path.display()));
        let named = locate_sourcemap_reference_slice(&script).ok().flatten();
        let url = named.as_ref().map(SourceMapRef::get_url).unwrap_or_default();
        let map = if url.starts_with("data:") {
            inline(url)
        } else {
            // A name that leads nowhere, or to a server, does not matter where there is one beside the script.
            let by_name = path.parent().map(|parent| parent.join(url)).filter(|_| !url.is_empty() && !url.contains("://"));
            let found = by_name.into_iter().chain([beside]).find(|map| map.is_file());
            taken.extend(found.clone());
            found.map(|map| read(&map)).transpose()?
        };
        if let Some(map) = map {
            pairs.push(Pair { file: within(folder, path), map: text(map, path)?, script: String::from_utf8(script).ok() });
        }
    }
    // What is served elsewhere may have left its map alone here.
    for path in files.iter().filter(|path| ending(path) == "map" && !taken.contains(*path)) {
        let file = within(folder, &path.with_extension(""));
        if SCRIPTS.iter().any(|script| file.ends_with(&format!(".{script}"))) {
            pairs.push(Pair { file, map: text(read(path)?, path)?, script: None });
        }
    }
    if pairs.is_empty() {
        return Err(format!(
            "there are no source maps in {}; have your bundler write some (Vite: build.sourcemap, webpack: devtool, esbuild: \
             --sourcemap), and name the folder that it writes to",
            folder.display()
        ));
    }
    Ok(pairs)
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("cannot read {}: {error}", folder.display()))?.path();
        let is_modules = path.file_name().is_some_and(|name| name == "node_modules");
        if path.is_dir() && depth < DEEPEST && !is_modules {
            walk(&path, depth + 1, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let because = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let bytes = fs::metadata(path).map_err(because)?.len();
    if bytes > limits::MAP_BYTES as u64 {
        return Err(format!("{} has {bytes} bytes, and the collector takes {} at most", path.display(), limits::MAP_BYTES));
    }
    fs::read(path).map_err(because)
}

fn text(bytes: Vec<u8>, path: &Path) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| format!("the source map of {} is not UTF-8, so it is none", path.display()))
}

/// The map that a script has within itself.
fn inline(url: &str) -> Option<Vec<u8>> {
    let map = sourcemap::decode_data_url(url).ok()?;
    let mut out = Vec::new();
    map.to_writer(&mut out).ok()?;
    Some(out)
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}

fn within(folder: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}"#;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn a_map_is_found_beside_its_script_by_its_name_or_within_it() {
        // The same map, written as a data URL.
        let inline = "c()\n//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImEudHMiXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6IkFBQUEifQ==";
        let folder = folder(&[
            ("assets/a.js", "a()\n//# sourceMappingURL=a.js.map"),
            ("assets/a.js.map", MAP),
            ("b.mjs", "b()\n//# sourceMappingURL=maps/b.map"),
            ("maps/b.map", MAP),
            ("c.js", inline),
            ("hidden.js", "h()"),
            ("hidden.js.map", MAP),
            ("elsewhere.js", "e()\n//# sourceMappingURL=https://maps.example/e.js.map"),
            ("elsewhere.js.map", MAP),
            ("alone.js.map", MAP),
            ("style.css", "/*# sourceMappingURL=style.css.map */"),
            ("style.css.map", MAP),
            ("none.js", "n()"),
            ("node_modules/x/x.js", "x()"),
            ("node_modules/x/x.js.map", MAP),
        ]);
        let pairs = find(folder.path()).unwrap();
        let found: Vec<_> = pairs.iter().map(|pair| (pair.file.as_str(), pair.script.is_some())).collect();
        let expected =
            [("assets/a.js", true), ("b.mjs", true), ("c.js", true), ("elsewhere.js", true), ("hidden.js", true), ("alone.js", false)];
        assert_eq!(found, expected);
        assert!(pairs.iter().all(|pair| pair.map.contains("\"AAAA\"")));
    }

    #[test]
    fn what_cannot_be_sent_says_why() {
        let said = find(folder(&[("a.js", "a()"), ("b.css.map", MAP)]).path()).unwrap_err();
        assert!(said.starts_with("there are no source maps in ") && said.contains("--sourcemap"), "{said}");
        let large = folder(&[("a.js", "a()"), ("a.js.map", MAP)]);
        // A file of nothing but a hole takes no room on the disk.
        fs::File::create(large.path().join("a.js.map")).unwrap().set_len(limits::MAP_BYTES as u64 + 1).unwrap();
        let said = find(large.path()).unwrap_err();
        assert!(said.contains("a.js.map has 134217729 bytes, and the collector takes 134217728 at most"), "{said}");
        let said = find(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(said.starts_with("cannot read /nowhere/at/all"), "{said}");
    }
}
