//! The network between the page and the collector, with all its faults, and what it knows of each batch.

use crate::chance::Chance;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use std::collections::BTreeMap;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use vitrum_collector::{Settings, Store, StoredRecord, app};
use vitrum_wire::beacon;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Weather {
    /// Everything arrives.
    Fair,
    /// Anything may happen.
    Foul,
    /// Nothing arrives.
    Dead,
}

/// So long a `fetch` of ours waits for its answer.
const PATIENCE_MS: f64 = 30_000.0;

/// What became of a batch, as far as someone could hear of it.
#[derive(Default)]
pub(crate) struct Fate {
    pub(crate) given_up: bool,
    pub(crate) is_stored: bool,
    /// The browser had taken it, so the page will never know.
    pub(crate) lost_unheard: bool,
}

/// A request or an answer on its way.
enum Travel {
    Request { body: Vec<u8>, answer_after: Option<f64>, batch: u32 },
    Answer { batch: u32, status: f64 },
}

pub(crate) struct Network {
    pub(crate) collector: Collector,
    pub(crate) weather: Weather,
    /// Every batch that was ever sent, by its id.
    pub(crate) sent: BTreeMap<String, Fate>,
    /// The records of every batch that the collector took.
    pub(crate) arrived: BTreeMap<String, Vec<String>>,
    /// What pages have stored, with the time when it was made; and what the browser holds for the end of this page.
    pub(crate) stored: Vec<(f64, Vec<u8>)>,
    held: BTreeMap<u32, Vec<u8>>,
    /// Answers that have come, for the page to hear: batch and status.
    pub(crate) heard: Vec<(u32, f64)>,
    chance: Chance,
    travelling: Vec<(f64, Travel)>,
}

impl Network {
    pub(crate) fn new(collector: Collector, seed: u64) -> Self {
        Self {
            collector,
            weather: Weather::Fair,
            sent: BTreeMap::new(),
            arrived: BTreeMap::new(),
            stored: Vec::new(),
            held: BTreeMap::new(),
            heard: Vec::new(),
            chance: Chance(seed),
            travelling: Vec::new(),
        }
    }

    /// A `fetch`: its answer is heard later, or never.
    pub(crate) fn fetch(&mut self, now: f64, batch: u32, id: &str, body: &[u8]) {
        self.sent.entry(id.to_owned()).or_default();
        let delay = 5.0 + self.chance.below(400) as f64;
        let late = delay + self.chance.below(60_000) as f64;
        let fault = match self.weather {
            Weather::Fair => 8,
            Weather::Foul => self.chance.below(10),
            Weather::Dead => 0,
        };
        match fault {
            // The request is lost,
            0 => self.answer(now + delay, batch, 0.0),
            // or its answer,
            1 => {
                self.request(now + delay, batch, body, None);
                self.answer(now + delay * 2.0, batch, 0.0);
            }
            // or both are on their way when the page has lost patience,
            2 => {
                self.request(now + late, batch, body, None);
                self.answer(now + delay, batch, 0.0);
            }
            // or someone before the collector answers,
            3 => self.answer(now + delay, batch, 503.0),
            4 => self.answer(now + delay, batch, 429.0),
            5 => self.answer(now + delay, batch, 403.0),
            // or the request comes twice,
            6 => {
                self.request(now + delay, batch, body, Some(delay));
                self.request(now + late, batch, body, None);
            }
            // or nobody answers in time,
            7 => {
                self.request(now + late, batch, body, None);
                self.answer(now + PATIENCE_MS, batch, 0.0);
            }
            // or all is well.
            _ => self.request(now + delay, batch, body, Some(delay)),
        }
    }

    /// `sendBeacon`: gives the status that stands for the browser's answer. What it took arrives, page or no page.
    pub(crate) fn beacon(&mut self, now: f64, batch: u32, id: &str, body: &[u8]) -> f64 {
        let fate = self.sent.entry(id.to_owned()).or_default();
        let delay = 5.0 + self.chance.below(5000) as f64;
        let fault = match self.weather {
            Weather::Fair => 3,
            Weather::Foul => self.chance.below(8),
            Weather::Dead => self.chance.below(2),
        };
        match fault {
            0 => return -1.0,
            1 => {
                fate.lost_unheard = true;
                return 1.0;
            }
            2 => self.request(now + delay * 3.0, batch, body, None),
            _ => {}
        }
        self.request(now + delay, batch, body, None);
        1.0
    }

    /// `fetchLater`: the browser holds this for the page's end, or nothing any more.
    pub(crate) fn hold(&mut self, batch: u32, body: &[u8]) {
        if body.is_empty() {
            self.held.remove(&batch);
        } else {
            self.held.insert(batch, body.into());
        }
    }

    fn request(&mut self, at: f64, batch: u32, body: &[u8], answer_after: Option<f64>) {
        self.travelling.push((at, Travel::Request { body: body.into(), answer_after, batch }));
    }

    fn answer(&mut self, at: f64, batch: u32, status: f64) {
        self.travelling.push((at, Travel::Answer { batch, status }));
    }

    /// When the next thing arrives anywhere.
    pub(crate) fn next(&self) -> f64 {
        self.travelling.iter().fold(f64::INFINITY, |first, (at, _)| first.min(*at))
    }

    /// Lets that happen.
    pub(crate) fn arrive(&mut self) {
        let next = self.next();
        let Some(index) = self.travelling.iter().position(|(at, _)| *at == next) else { return };
        match self.travelling.swap_remove(index).1 {
            Travel::Answer { batch, status } => self.heard.push((batch, status)),
            Travel::Request { body, answer_after, batch } => {
                let (id, records) = identities(&body);
                let status = self.collector.post(body);
                assert_eq!(status, 204, "the collector takes whatever the agent sends");
                self.arrived.insert(id, records);
                if let Some(delay) = answer_after {
                    self.answer(next + delay, batch, f64::from(status));
                }
            }
        }
    }

    /// The page is gone: its answers find nobody, and of its requests each may have been in time or not.
    pub(crate) fn forget_page(&mut self, now: f64) {
        self.heard.clear();
        for (batch, body) in std::mem::take(&mut self.held) {
            let (id, _) = identities(&body);
            self.sent.entry(id).or_default();
            self.request(now, batch, &body, None);
        }
        self.travelling.retain(|(_, travel)| matches!(travel, Travel::Request { .. }));
        for (_, travel) in &mut self.travelling {
            if let Travel::Request { answer_after, .. } = travel {
                *answer_after = None;
            }
        }
    }

    /// Waits for all that is on its way.
    pub(crate) fn settle(&mut self) {
        while self.next().is_finite() {
            self.arrive();
        }
    }
}

/// The id of a batch, and what the store knows its records by.
fn identities(body: &[u8]) -> (String, Vec<String>) {
    let opened = beacon::open(body, 1 << 20).expect("what the agent sends can be opened");
    let parts = opened.logs.iter().flat_map(|request| &request.resource_logs).flat_map(|part| &part.scope_logs);
    let logs = parts.flat_map(|part| &part.log_records).map(|log| {
        let uid = log.attributes.iter().find(|attribute| attribute.key == "log.record.uid");
        let value = uid.and_then(|uid| uid.value.clone()).and_then(|value| value.value);
        match value {
            Some(opentelemetry_proto::tonic::common::v1::any_value::Value::StringValue(text)) => text,
            other => panic!("a record's id is {other:?}"),
        }
    });
    let parts = opened.traces.iter().flat_map(|request| &request.resource_spans).flat_map(|part| &part.scope_spans);
    let spans = parts.flat_map(|part| &part.spans).map(|span| hex(&span.span_id));
    (opened.batch_id.clone(), logs.chain(spans).collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The collector as a service, its data in a folder that goes with it.
pub(crate) struct Collector {
    router: Router,
    store: Store,
    runtime: Runtime,
    _folder: TempDir,
}

impl Collector {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the store");
        let store = Store::open(folder.path()).expect("a store");
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        Self { router: app(store.clone(), Settings::default()), store, runtime, _folder: folder }
    }

    fn post(&self, body: Vec<u8>) -> u16 {
        let request = Request::post("/v1/beacon").body(Body::from(body)).expect("a request");
        self.runtime.block_on(self.router.clone().oneshot(request)).expect("an answer").status().as_u16()
    }

    /// What `/healthz` says.
    pub(crate) fn health(&self) -> Value {
        let request = Request::get("/healthz").body(Body::empty()).expect("a request");
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.expect("an answer");
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            serde_json::from_slice(&body).expect("JSON")
        })
    }

    /// The identity of every record that is stored, as often as it is stored.
    pub(crate) fn stored(&self) -> Vec<String> {
        let reading = self.store.read(|connection| StoredRecord::latest(connection, None, u32::MAX));
        let records = self.runtime.block_on(reading).expect("records");
        let identity = |record: StoredRecord| {
            let key = if record.kind == "span" { "span_id" } else { "log.record.uid" };
            record.attributes[key].as_str().expect("an identity").to_owned()
        };
        records.into_iter().map(identity).collect()
    }
}
