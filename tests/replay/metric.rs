//! A report of the core, read as `js/metrics.ts` reads it: the fields of a metric as users of web-vitals know them.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The metrics, in the order of their numbers.
pub(crate) const NAMES: [&str; 5] = ["LCP", "INP", "CLS", "FCP", "TTFB"];

const RATINGS: [&str; 3] = ["good", "needs-improvement", "poor"];
const STATES: [&str; 4] = ["loading", "dom-interactive", "dom-content-loaded", "complete"];
const SUBPARTS: [&str; 3] = ["input-delay", "processing-duration", "presentation-delay"];

/// Numbers that every report has: metric, number of the navigation, rating, `navigationId`, `navigationInteractionId`,
/// `navigationStartTime`, value, delta, list of entries.
const COMMON: usize = 9;

/// A report, and what the page had in its lists when it came.
pub(crate) struct Told {
    pub(crate) meter: u32,
    /// The number of the navigation, which tells the instances of a metric apart.
    pub(crate) navigation: f64,
    pub(crate) value: f64,
    name: &'static str,
    common: [f64; COMMON],
    parts: Vec<f64>,
    texts: Vec<String>,
    entries: usize,
    /// Entries in the list with this number.
    lists: BTreeMap<u32, usize>,
}

impl Told {
    pub(crate) fn read(meter: u32, numbers: &[f64], text: &[u8], lists: &BTreeMap<(u32, u32), usize>) -> Self {
        let (common, parts) = numbers.split_first_chunk::<COMMON>().expect("a report has its common numbers");
        let [metric, navigation, _, _, _, _, value, _, list] = *common;
        let name = NAMES.get(metric as usize).expect("a metric");
        let texts: Vec<String> = String::from_utf8_lossy(text).split('\0').map(str::to_owned).collect();
        let lists: BTreeMap<u32, usize> = lists.iter().filter(|((of, _), _)| *of == meter).map(|((_, list), entries)| (*list, *entries)).collect();
        let kept = if list < 0.0 { 0 } else { lists.get(&(list as u32)).copied().unwrap_or_default() };
        // The page adds the document's entry, or the route's.
        let is_first_byte = *name == "TTFB" && texts.first().is_some_and(|kind| kind != "back-forward-cache");
        let entries = kept + usize::from(is_first_byte);
        Self { meter, navigation, value, name, common: *common, parts: parts.into(), texts, entries, lists }
    }

    /// All that a listener is told, by name. `navigations` are those that the listener was told of, in order.
    pub(crate) fn fields(&self, navigations: &[f64]) -> BTreeMap<String, Value> {
        let [_, _, rating, id, interaction, start, value, delta, _] = self.common;
        let mut fields = BTreeMap::new();
        let mut set = |name: &str, value: Value| {
            fields.insert(name.to_owned(), value);
        };
        set("instance", json!(navigations.iter().position(|each| *each == self.navigation)));
        set("value", json!(value));
        set("delta", json!(delta));
        set("rating", json!(word(&RATINGS, rating)));
        set("navigationType", json!(self.text(0)));
        set("navigationId", json!(id));
        if !interaction.is_nan() {
            set("navigationInteractionId", json!(interaction));
        }
        if !self.text(1).is_empty() {
            set("navigationURL", json!(self.text(1)));
        }
        set("navigationStartTime", json!(start));
        set("entries", json!(self.entries));
        for (part, value) in self.attribution() {
            set(&format!("attribution.{part}"), value);
        }
        fields
    }

    fn text(&self, index: usize) -> &str {
        self.texts.get(index).map_or("", String::as_str)
    }

    /// The n-th text of the attribution, if there is one.
    fn target(&self, parts: &mut Map<String, Value>, index: usize, name: &str) {
        if !self.text(2 + index).is_empty() {
            parts.insert(name.to_owned(), json!(self.text(2 + index)));
        }
    }

    fn attribution(&self) -> Map<String, Value> {
        let mut parts = Map::new();
        let mut told = |names: &[&str], numbers: &[f64]| parts.extend(names.iter().zip(numbers).map(|(name, number)| ((*name).to_owned(), json!(number))));
        match (self.name, self.parts.as_slice()) {
            ("LCP", numbers) => {
                told(&["timeToFirstByte", "resourceLoadDelay", "resourceLoadDuration", "elementRenderDelay"], numbers);
                if self.entries > 0 {
                    self.target(&mut parts, 0, "target");
                    self.target(&mut parts, 1, "url");
                }
            }
            ("CLS", [at, value, state, index]) => {
                assert!((*index as usize) < self.entries, "the largest shift is entry {index} of {}", self.entries);
                told(&["largestShiftTime", "largestShiftValue"], &[*at, *value]);
                parts.insert("loadState".to_owned(), json!(word(&STATES, *state)));
                self.target(&mut parts, 0, "largestShiftTarget");
            }
            ("INP", numbers) => {
                told(&["inputDelay", "processingDuration", "presentationDelay"], numbers);
                self.input(&mut parts);
            }
            ("FCP", [first_byte, rest, state]) => {
                told(&["timeToFirstByte", "firstByteToFCP"], &[*first_byte, *rest]);
                parts.insert("loadState".to_owned(), json!(word(&STATES, *state)));
            }
            ("TTFB", numbers) => told(&["waitingDuration", "cacheDuration", "dnsDuration", "connectionDuration", "requestDuration"], numbers),
            _ => {}
        }
        parts
    }

    /// What an interaction is told by besides its three parts.
    fn input(&self, parts: &mut Map<String, Value>) {
        let [_, _, _, is_key, at, paint, state, frames @ ..] = self.parts.as_slice() else { return };
        let mut set = |name: &str, value: Value| {
            parts.insert(name.to_owned(), value);
        };
        set("loadState", json!(word(&STATES, *state)));
        if self.entries == 0 {
            set("processedEventEntries", json!(0));
            set("longAnimationFrameEntries", json!(0));
            return;
        }
        set("interactionType", json!(if *is_key != 0.0 { "keyboard" } else { "pointer" }));
        set("interactionTime", json!(at));
        set("nextPaintTime", json!(paint));
        if let [scripting, layout, painting, rest, subpart, share, _, _, events, lists @ ..] = frames {
            let kept = |list: &f64| self.lists.get(&(*list as u32)).copied().unwrap_or_default();
            set("processedEventEntries", json!(kept(events)));
            set("longAnimationFrameEntries", json!(lists.iter().map(kept).sum::<usize>()));
            if !lists.is_empty() {
                if *subpart >= 0.0 {
                    set("longestScript.subpart", json!(word(&SUBPARTS, *subpart)));
                    set("longestScript.intersectingDuration", json!(share));
                }
                set("totalScriptDuration", json!(scripting));
                set("totalStyleAndLayoutDuration", json!(layout));
                set("totalPaintDuration", json!(painting));
                set("totalUnattributedDuration", json!(rest));
            }
        }
        self.target(parts, 0, "interactionTarget");
    }
}

fn word(words: &[&'static str], number: f64) -> &'static str {
    words.get(number as usize).copied().unwrap_or("unknown")
}
