//! The folders of stories, read.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{read_dir, read_to_string};
use std::path::Path;
use vitrum_core::Kind;

/// A visit of one page or several.
pub(crate) struct Story {
    /// The name of its folder.
    pub(crate) name: String,
    /// The options that listeners had, as JSON.
    pub(crate) sets: Vec<String>,
    /// The set that the agent's own meter is to be compared with, where it measures.
    pub(crate) own: Option<usize>,
    pub(crate) pages: Vec<Page>,
}

/// A document, from its load to its end.
pub(crate) struct Page {
    pub(crate) packets: Vec<Packet>,
    pub(crate) meters: Vec<Meter>,
    pub(crate) reports: Vec<Report>,
}

/// A packet as the core was told it.
pub(crate) struct Packet {
    pub(crate) kind: Kind,
    pub(crate) meter: u32,
    pub(crate) now: f64,
    pub(crate) numbers: Vec<f64>,
    pub(crate) text: String,
}

/// A listener: what it listens to, and its set of options.
pub(crate) struct Meter {
    pub(crate) number: u32,
    pub(crate) metric: String,
    pub(crate) set: usize,
}

/// What web-vitals told.
pub(crate) struct Report {
    pub(crate) metric: String,
    pub(crate) set: usize,
    /// All that is told of it, by name; attribution by `attribution.` and name.
    pub(crate) fields: BTreeMap<String, Value>,
}

impl Report {
    pub(crate) fn value(&self) -> f64 {
        number(&self.fields["value"])
    }
}

impl Story {
    /// All of them, by name.
    pub(crate) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("replay/stories");
        let mut folders: Vec<_> = read_dir(folder).expect("stories").map(|entry| entry.expect("a folder").path()).collect();
        folders.sort();
        folders.iter().map(|folder| Self::read(folder)).collect()
    }

    fn read(folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = |file: &str| read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{name}/{file}: {error}"));
        let expected: Value = serde_json::from_str(&text("expected.json")).unwrap_or_else(|error| panic!("{name}/expected.json: {error}"));
        let mut pages: Vec<Page> = list(&expected["documents"]).iter().map(Page::read).collect();
        for (at, line) in text("trace.jsonl").lines().enumerate() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}/trace.jsonl, line {}: {error}", at + 1));
            pages[index(&line["page"])].packets.push(Packet::read(&line));
        }
        assert!(!text("origin.txt").trim().is_empty(), "{name} does not say where it comes from");
        let sets = list(&expected["sets"]).iter().map(Value::to_string).collect();
        Self { name, sets, own: expected["own"].as_u64().map(|set| set as usize), pages }
    }
}

impl Page {
    fn read(value: &Value) -> Self {
        let meter = |value: &Value| Meter { number: index(&value["meter"]) as u32, metric: word(&value["metric"]), set: index(&value["set"]) };
        Self {
            packets: Vec::new(),
            meters: list(&value["meters"]).iter().map(meter).collect(),
            reports: list(&value["reports"]).iter().map(Report::read).collect(),
        }
    }
}

impl Report {
    fn read(value: &Value) -> Self {
        let mut fields = BTreeMap::new();
        for (key, value) in value.as_object().expect("a report") {
            match (key.as_str(), value) {
                ("metric" | "set", _) => {}
                ("attribution", Value::Object(parts)) => {
                    fields.extend(parts.iter().map(|(part, value)| (format!("attribution.{part}"), value.clone())));
                }
                _ => {
                    fields.insert(key.clone(), value.clone());
                }
            }
        }
        Self { metric: word(&value["metric"]), set: index(&value["set"]), fields }
    }
}

impl Packet {
    fn read(value: &Value) -> Self {
        let name = word(&value["kind"]);
        let kind = Kind::ALL.into_iter().find(|kind| format!("{kind:?}") == name);
        let texts: Vec<String> = list(&value["texts"]).iter().map(word).collect();
        Self {
            kind: kind.unwrap_or_else(|| panic!("there is no kind {name}: record the stories again")),
            // The page says -1 for nobody, as the wasm takes it.
            meter: value["meter"].as_i64().expect("a meter") as u32,
            now: number(&value["now"]),
            numbers: list(&value["numbers"]).iter().map(number).collect(),
            text: texts.join("\0"),
        }
    }
}

/// A number; what JSON has none for is written as a text.
pub(crate) fn number(value: &Value) -> f64 {
    let named = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is no number"));
    value.as_f64().unwrap_or_else(|| named(value.as_str().unwrap_or_default()))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn index(value: &Value) -> usize {
    value.as_u64().expect("a number") as usize
}
