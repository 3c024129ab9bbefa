//! The source maps that were uploaded: kept compressed in the database, and given out by no route. What people see of them is
//! where a frame of a stack was in the sources, with the lines around it.

use crate::limits;
use crate::refusal::Refusal;
use crate::source_map_names;
use crate::stack::Place;
use flate2::Compression;
use flate2::read::{ZlibDecoder, ZlibEncoder};
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use sourcemap::{DecodedMap, SourceMap};
use std::io::Read;

/// One map and the script it is of, as it travels.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upload {
    /// The `service.version` of the records whose stacks it is for.
    pub(crate) release: String,
    /// Of that service only; any where it is empty.
    #[serde(default)]
    pub(crate) service: String,
    /// Where the script is on the site: a URL, a path from the root (`/assets/a.js`), or the end of a path (`assets/a.js`).
    pub(crate) file: String,
    pub(crate) map: String,
    /// By which the names of functions are found; without it fewer are.
    #[serde(default)]
    pub(crate) script: Option<String>,
}

/// An upload that can be stored.
#[derive(Debug)]
pub(crate) struct Packed {
    release: String,
    service: String,
    file: String,
    map: Vec<u8>,
    script: Option<Vec<u8>>,
}

/// A map and its script, to look places up in.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) map: SourceMap,
    pub(crate) script: Option<String>,
}

/// What an upload did.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Stored {
    stored_bytes: usize,
    /// Releases whose maps had to go for it.
    dropped_releases: Vec<String>,
}

impl Upload {
    /// Opens the map as those who look into it will, so that one which is none is refused now.
    pub(crate) fn pack(self) -> Result<Packed, Refusal> {
        for (name, text) in [("release", &self.release), ("file", &self.file)] {
            if text.is_empty() {
                return Err(Refusal::UploadUnreadable { cause: format!("its field {name} is empty") });
            }
        }
        let too_long = [&self.release, &self.service, &self.file].into_iter().any(|text| text.len() > limits::MAP_NAME_BYTES);
        if too_long {
            let cause = format!("release, service and file may have {} bytes each", limits::MAP_NAME_BYTES);
            return Err(Refusal::UploadUnreadable { cause });
        }
        open(self.map.as_bytes()).map_err(|cause| Refusal::NoSourceMap { file: self.file.clone(), cause })?;
        Ok(Packed {
            release: self.release,
            service: self.service,
            map: deflate(self.map.as_bytes()),
            script: self.script.map(|script| deflate(script.as_bytes())),
            // A query is no part of a file, and a root is a root however it is written.
            file: self.file.split(['?', '#']).next().unwrap_or_default().trim_start_matches("./").trim_start_matches('~').to_owned(),
        })
    }
}

impl Packed {
    fn bytes(&self) -> usize {
        self.map.len() + self.script.as_ref().map_or(0, Vec::len)
    }

    /// Stores it in place of one for the same file. Where all together are too much, releases that were uploaded the longest ago
    /// go first.
    pub(crate) fn store(&self, connection: &Connection, now_ms: i64, most_bytes: u64) -> rusqlite::Result<Stored> {
        connection
            .prepare_cached(
                "INSERT INTO source_map (release, service, file, map, script, uploaded_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT (release, service, file) DO UPDATE SET map = excluded.map, script = excluded.script, \
                 uploaded_ms = excluded.uploaded_ms",
            )?
            .execute((&self.release, &self.service, &self.file, &self.map, &self.script, now_ms))?;
        let sql = "SELECT release, max(uploaded_ms), total(length(map) + coalesce(length(script), 0)) FROM source_map \
                   GROUP BY release ORDER BY 2 DESC, 1";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let (mut total, mut dropped_releases) = (0.0, Vec::new());
        while let Some(row) = rows.next()? {
            let release: String = row.get(0)?;
            total += row.get::<_, f64>(2)?;
            // The one that is just coming is the youngest.
            if total > most_bytes as f64 && release != self.release {
                dropped_releases.push(release);
            }
        }
        drop(rows);
        // One that never changes its name grows with each build: of its own files the oldest go.
        let sql = "DELETE FROM source_map WHERE release = ?1 AND (service, file) IN (SELECT service, file FROM (SELECT service, file, \
                   sum(length(map) + coalesce(length(script), 0)) OVER (ORDER BY uploaded_ms DESC, file = ?2 DESC, service, file) AS bytes \
                   FROM source_map WHERE release = ?1) WHERE bytes > ?3 AND file <> ?2)";
        connection.prepare_cached(sql)?.execute((&self.release, &self.file, i64::try_from(most_bytes).unwrap_or(i64::MAX)))?;
        for release in &dropped_releases {
            connection.prepare_cached("DELETE FROM source_map WHERE release = ?1")?.execute([release])?;
        }
        Ok(Stored { stored_bytes: self.bytes(), dropped_releases })
    }
}

/// Whether there are any for the release.
pub(crate) fn are_there(connection: &Connection, release: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM source_map WHERE release = ?1 LIMIT 1")?.exists([release])
}

/// The map for the script that a frame is in: by its whole URL, by its path, or by the end of its path, the longest first; of
/// that service rather than of any.
pub(crate) fn find(connection: &Connection, release: &str, service: &str, place: &Place) -> rusqlite::Result<Option<Opened>> {
    let sql = "SELECT map, script FROM source_map WHERE release = ?1 AND service IN (?2, '') AND file = ?3 \
               ORDER BY service DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let masked = if source_map_names::is_masked(place) { masked_name(connection, release, service, place)? } else { None };
    for name in names(place).into_iter().chain(masked) {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?));
        let Some((map, script)) = statement.query_row((release, service, name), read).optional()? else { continue };
        // It was opened when it came; where it cannot be any more, the stack is shown as it was told.
        let opened = inflate(&map).and_then(|map| open(&map).ok());
        let script = script.and_then(|script| String::from_utf8(inflate(&script)?).ok());
        return Ok(opened.map(|map| Opened { map, script }));
    }
    Ok(None)
}

/// The one file that a name may stand for of which the agent has told a part only; where several fit, nobody knows which.
fn masked_name(connection: &Connection, release: &str, service: &str, place: &Place) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT DISTINCT file FROM source_map WHERE release = ?1 AND service IN (?2, '')";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((release, service))?;
    let mut found = None;
    while let Some(row) = rows.next()? {
        let file: String = row.get(0)?;
        if source_map_names::fits(&file, place) {
            if found.is_some() {
                return Ok(None);
            }
            found = Some(file);
        }
    }
    Ok(found)
}

/// What a file may have been uploaded as.
fn names(place: &Place) -> Vec<String> {
    /// Folders of a path of which its ends are tried.
    const DEEPEST: usize = 16;
    let (origin, path) = place.file();
    let ends = path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..)).take(DEEPEST);
    let whole = [format!("{origin}{path}"), path.to_owned()];
    whole.into_iter().chain(ends.map(str::to_owned)).filter(|name| !name.is_empty()).collect()
}

/// One of a bundle of bundles is laid flat.
fn open(text: &[u8]) -> Result<SourceMap, String> {
    let decoded = sourcemap::decode_slice(text).map_err(|error| error.to_string())?;
    let map = match decoded {
        DecodedMap::Regular(map) => map,
        DecodedMap::Index(index) => index.flatten().map_err(|error| error.to_string())?,
        DecodedMap::Hermes(_) => return Err("it is for Hermes, which no browser runs".to_owned()),
    };
    if map.get_token_count() == 0 { Err("it maps nothing".to_owned()) } else { Ok(map) }
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // What is read is in memory, and memory does not fail.
    ZlibEncoder::new(bytes, Compression::default()).read_to_end(&mut out).ok();
    out
}

fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    ZlibDecoder::new(bytes).take(limits::MAP_BYTES as u64).read_to_end(&mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    const MAP: &str = r#"{"version":3,"sources":["src/a.js"],"names":[],"mappings":"AAAA"}"#;

    fn upload(release: &str, service: &str, file: &str) -> Upload {
        let text = |text: &str| text.to_owned();
        Upload { release: text(release), service: text(service), file: text(file), map: text(MAP), script: Some(text(file)) }
    }

    fn place(url: &str) -> Place {
        Place { url: url.to_owned(), line: 1, column: 1 }
    }

    fn database() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        connection
    }

    #[test]
    fn a_map_is_found_by_the_longest_name_of_its_file() {
        let connection = database();
        for file in ["https://shop.example/assets/a.js", "/assets/a.js", "assets/a.js", "a.js", "./lib/b.js?v=1"] {
            upload("1.0", "", file).pack().unwrap().store(&connection, 1, u64::MAX).unwrap();
        }
        upload("1.0", "blog", "a.js").pack().unwrap().store(&connection, 1, u64::MAX).unwrap();
        let found = |release: &str, service: &str, url: &str| {
            find(&connection, release, service, &place(url)).unwrap().and_then(|opened| opened.script)
        };
        for (url, file) in [
            ("https://shop.example/assets/a.js?v=7#x", Some("https://shop.example/assets/a.js")),
            ("https://cdn.example/assets/a.js", Some("/assets/a.js")),
            ("https://cdn.example/x/assets/a.js", Some("assets/a.js")),
            ("https://cdn.example/x/a.js", Some("a.js")),
            ("https://cdn.example/lib/b.js", Some("./lib/b.js?v=1")),
            ("https://cdn.example/b.js", None),
            ("https://cdn.example/xa.js", None),
        ] {
            assert_eq!(found("1.0", "shop", url).as_deref(), file, "{url}");
        }
        assert_eq!(found("2.0", "shop", "https://cdn.example/x/a.js"), None);
        assert!(are_there(&connection, "1.0").unwrap() && !are_there(&connection, "2.0").unwrap());
    }

    #[test]
    fn a_name_without_its_hash_leads_to_the_only_file_that_it_can_be() {
        let connection = database();
        for file in ["assets/index-DiwrgTda.js", "assets/chunk-AAAAAAAA.js", "assets/chunk-BBBBBBBB.js"] {
            upload("1.0", "", file).pack().unwrap().store(&connection, 1, u64::MAX).unwrap();
        }
        for (url, file) in [
            ("https://a.example/assets/index-:id.js", Some("assets/index-DiwrgTda.js")),
            ("index-:id.js", Some("assets/index-DiwrgTda.js")),
            ("https://a.example/assets/chunk-:id.js", None),
            ("https://a.example/assets/chunk-BBBBBBBB.js", Some("assets/chunk-BBBBBBBB.js")),
        ] {
            let found = find(&connection, "1.0", "shop", &place(url)).unwrap();
            assert_eq!(found.and_then(|opened| opened.script).as_deref(), file, "{url}");
        }
    }

    #[test]
    fn one_of_the_service_comes_before_one_of_any() {
        let connection = database();
        for service in ["", "blog"] {
            let upload = Upload { script: Some(service.to_owned()), ..upload("1.0", service, "a.js") };
            upload.pack().unwrap().store(&connection, 1, u64::MAX).unwrap();
        }
        let of = |service: &str| find(&connection, "1.0", service, &place("https://a.example/a.js")).unwrap().unwrap().script;
        assert_eq!((of("blog").as_deref(), of("shop").as_deref()), (Some("blog"), Some("")));
    }

    #[test]
    fn what_is_too_much_makes_the_oldest_release_go_and_never_the_one_that_comes() {
        let connection = database();
        let stored = |release: &str, now_ms, most| upload(release, "", "a.js").pack().unwrap().store(&connection, now_ms, most).unwrap();
        let one = stored("1.0", 1, u64::MAX).stored_bytes as u64;
        assert_eq!(stored("2.0", 2, 2 * one).dropped_releases, [""; 0]);
        assert_eq!(stored("3.0", 3, 2 * one).dropped_releases, ["1.0"]);
        assert_eq!(stored("4.0", 4, 1).dropped_releases, ["3.0", "2.0"]);
        assert!(are_there(&connection, "4.0").unwrap());
    }

    #[test]
    fn a_release_that_never_changes_its_name_keeps_its_latest_files() {
        let connection = database();
        let store = |file: &str, now_ms, most| upload("main", "", file).pack().unwrap().store(&connection, now_ms, most).unwrap().stored_bytes as u64;
        let one = store("index-aaaaaaaa.js", 1, u64::MAX);
        store("index-bbbbbbbb.js", 2, 2 * one);
        store("index-cccccccc.js", 3, 2 * one + 1);
        let files = || connection.query_row("SELECT group_concat(file, ' ' ORDER BY file) FROM source_map", [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(files(), "index-bbbbbbbb.js index-cccccccc.js");
        store("index-dddddddd.js", 4, 1);
        assert_eq!(files(), "index-dddddddd.js", "the one that comes stays in any case");
    }

    #[test]
    fn what_is_no_map_is_refused_with_the_reason() {
        for (map, cause) in [("", "EOF"), ("{}", "it maps nothing"), ("[1]", "invalid"), (r#"{"version":3,"sources":[],"names":[],"mappings":"!"}"#, "vlq")] {
            let Err(Refusal::NoSourceMap { file, cause: found }) = (Upload { map: map.to_owned(), ..upload("1", "", "a.js") }).pack() else {
                panic!("{map} was taken")
            };
            assert!(file == "a.js" && found.contains(cause), "{map}: {found}");
        }
        assert!(matches!(upload("", "", "a.js").pack(), Err(Refusal::UploadUnreadable { .. })));
        assert!(matches!(upload("1", "", &"x".repeat(2000)).pack(), Err(Refusal::UploadUnreadable { .. })));
    }
}
