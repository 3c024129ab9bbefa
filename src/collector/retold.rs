//! A short visit as the records that the agent would have sent of it.

use crate::arrival::Arrival;
use crate::short::Short;
use crate::thresholds;
use crate::weight::SHORT;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value::Value as Otlp};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs, SeverityNumber};
use opentelemetry_proto::tonic::resource::v1::Resource;
use vitrum_wire::limits::SCHEMA_VERSION;
use vitrum_wire::{Key, Name};

impl Short {
    /// The navigation, the vitals, the errors, and what there was no room for, numbered in this order.
    ///
    /// That a session begins is not told: the loader does not know whether one is remembered.
    pub(crate) fn logs(&self) -> ExportLogsServiceRequest {
        let mut log_records = vec![self.log(Name::Navigation, 0.0, self.navigation())];
        for (name, value) in &self.vitals {
            log_records.push(self.log(Name::WebVital, 0.0, self.vital(name, *value)));
        }
        for error in &self.errors {
            let texts = [
                text(Key::ExceptionType, &error.kind),
                text(Key::ExceptionMessage, &error.message),
                text(Key::ExceptionStack, &error.stack),
            ];
            let attributes = texts.into_iter().flatten().chain([flag(Key::Handled, false)]).collect();
            log_records.push(self.log(Name::Exception, error.at_ms, attributes));
        }
        if self.lost > 0.0 {
            log_records.push(self.log(Name::Health, 0.0, vec![number(Key::DroppedRecords, self.lost)]));
        }
        for (place, log) in log_records.iter_mut().enumerate() {
            log.attributes.extend(text(Key::RecordId, &format!("{}.{place}", self.page)));
        }
        let scope = Some(InstrumentationScope { name: "vitrum".to_owned(), ..InstrumentationScope::default() });
        let scope_logs = vec![ScopeLogs { scope, log_records, ..ScopeLogs::default() }];
        let resource = Some(Resource { attributes: self.resource(), ..Resource::default() });
        ExportLogsServiceRequest { resource_logs: vec![ResourceLogs { resource, scope_logs, ..ResourceLogs::default() }] }
    }

    /// Its records are the first of their page; there is no batch that they were in.
    pub(crate) fn arrival(&self, logs: &ExportLogsServiceRequest, received_ms: i64) -> Arrival {
        let records = logs.resource_logs.iter().flat_map(|logs| &logs.scope_logs).flat_map(|scope| &scope.log_records);
        Arrival {
            page: self.page.clone(),
            service: self.service.clone(),
            batch: None,
            records: (0..).zip(records).map(|(number, _)| number).collect(),
            is_kept: false,
            received_ms,
        }
    }

    fn resource(&self) -> Vec<KeyValue> {
        let texts = [
            (Key::ServiceName, self.service.as_str()),
            (Key::ServiceVersion, &self.version),
            (Key::Environment, &self.environment),
            (Key::SdkName, "vitrum"),
            (Key::SdkLanguage, "webjs"),
        ];
        let mut attributes: Vec<_> = texts.into_iter().filter_map(|(key, value)| text(key, value)).collect();
        if self.is_synthetic {
            attributes.extend(text(Key::Synthetic, "test"));
        }
        attributes.push(number(Key::SchemaVersion, f64::from(SCHEMA_VERSION)));
        if self.rate < 1.0 {
            attributes.push(number(Key::SampleRate, self.rate));
        }
        attributes.push(entry(SHORT, Otlp::BoolValue(true)));
        attributes
    }

    fn log(&self, name: Name, at_ms: f64, mut attributes: Vec<KeyValue>) -> LogRecord {
        let context = [(Key::SessionId, &self.session), (Key::ViewId, &self.view), (Key::Template, &self.template)];
        attributes.extend(context.into_iter().filter_map(|(key, value)| text(key, value)));
        let severity = if name == Name::Exception { SeverityNumber::Error } else { SeverityNumber::Info };
        LogRecord {
            event_name: name.text().to_owned(),
            time_unix_nano: nanos(self.at_ms + at_ms),
            severity_number: severity.into(),
            trace_id: self.trace.clone(),
            span_id: self.root.clone(),
            attributes,
            ..LogRecord::default()
        }
    }

    fn navigation(&self) -> Vec<KeyValue> {
        let texts = [text(Key::Url, &self.url), text(Key::Referrer, &self.referrer)];
        texts.into_iter().flatten().chain([flag(Key::SameDocument, false), flag(Key::HashChange, false)]).collect()
    }

    fn vital(&self, name: &str, value: f64) -> Vec<KeyValue> {
        let texts = [
            text(Key::VitalName, name),
            text(Key::VitalId, &format!("{}-{name}", self.page)),
            text(Key::VitalRating, thresholds::rating(name, value)),
            text(Key::VitalNavigationType, &self.navigation),
        ];
        let numbers = [number(Key::VitalValue, value), number(Key::VitalDelta, value)];
        texts.into_iter().flatten().chain(numbers).collect()
    }
}

/// To the microsecond, as the agent does: nanoseconds since 1970 are too many for the digits of a float.
fn nanos(ms: f64) -> u64 {
    ((ms * 1000.0) as u64).saturating_mul(1000)
}

/// Nothing where the text is empty, as the agent does.
fn text(key: Key, text: &str) -> Option<KeyValue> {
    (!text.is_empty()).then(|| entry(key.text(), Otlp::StringValue(text.to_owned())))
}

/// A whole number is one of OTLP's whole numbers (WIRE.md, "Numbers").
fn number(key: Key, number: f64) -> KeyValue {
    let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
    entry(key.text(), if is_whole { Otlp::IntValue(number as i64) } else { Otlp::DoubleValue(number) })
}

fn flag(key: Key, value: bool) -> KeyValue {
    entry(key.text(), Otlp::BoolValue(value))
}

fn entry(key: &str, value: Otlp) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

#[cfg(test)]
mod tests {
    use crate::clock;
    use crate::limits;
    use crate::short::tests::visit;
    use crate::testing::Bench;
    use serde_json::{Value, json};

    fn now_visit() -> Value {
        let mut body = visit();
        body["at"] = json!(clock::now_ms() - 5000);
        body
    }

    async fn send(bench: &Bench, body: &Value) -> (u16, String) {
        let headers = [("user-agent", "Browser/1"), ("content-type", "text/plain;charset=UTF-8")];
        let answer = bench.post("/v1/beacon", &headers, body.to_string().into_bytes()).await;
        (answer.status.as_u16(), answer.text().to_owned())
    }

    #[tokio::test]
    async fn a_short_visit_is_stored_once_as_the_agents_records() {
        let bench = Bench::new();
        let body = now_visit();
        for _ in 0..3 {
            assert_eq!(send(&bench, &body).await, (204, String::new()));
        }
        assert_eq!(bench.store.records(), 6);
        let listed = bench.get("/api/records").await.json()["records"].clone();
        let of = |uid: &str| {
            let uid = format!("00000000000000aa.{uid}");
            listed.as_array().unwrap().iter().find(|record| record["attributes"]["log.record.uid"] == uid).unwrap().clone()
        };
        let navigation = of("0");
        assert_eq!(
            (&navigation["kind"], &navigation["time_ms"], &navigation["path"]),
            (&json!("browser.navigation"), &body["at"], &json!("/x/:id"))
        );
        let expected = json!({"url.full": "https://shop.example/x/:id", "browser.navigation.same_document": false,
            "browser.navigation.hash_change": false, "vitrum.referrer": "https://search.example",
            "session.id": "00112233445566778899aabbccddeeff", "vitrum.view.id": "00000000000000bb", "url.template": "/x/:id",
            "log.record.uid": "00000000000000aa.0", "trace_id": "0102030405060708090a0b0c0d0e0f10", "span_id": "1112131415161718"});
        assert_eq!(navigation["attributes"], expected);
        let resource = json!({"service.name": "shop", "service.version": "1.2", "deployment.environment.name": "test",
            "telemetry.sdk.name": "vitrum", "telemetry.sdk.language": "webjs", "vitrum.schema.version": 1,
            "vitrum.sample.rate": 0.5, "vitrum.short": true, "user_agent.original": "Browser/1"});
        assert_eq!(navigation["resource"], resource);
        let lcp = of("2")["attributes"].clone();
        for (key, value) in [("name", json!("lcp")), ("value", json!(3000)), ("delta", json!(3000)), ("id", json!("00000000000000aa-lcp")),
            ("rating", json!("needs-improvement")), ("navigation_type", json!("back-forward"))]
        {
            assert_eq!(lcp[format!("browser.web_vital.{key}")], value, "{key}");
        }
        let error = of("4");
        assert_eq!((&error["kind"], &error["time_ms"]), (&json!("exception"), &json!(body["at"].as_i64().unwrap() + 15)));
        assert_eq!(error["attributes"]["exception.stacktrace"], "at a.js:1:2");
        assert_eq!(of("5")["attributes"]["vitrum.health.dropped_records"], 2);
    }

    #[tokio::test]
    async fn what_an_automated_browser_does_is_marked() {
        let bench = Bench::new();
        let mut body = now_visit();
        body["synthetic"] = json!(true);
        send(&bench, &body).await;
        let listed = bench.get("/api/records").await.json()["records"].clone();
        assert_eq!(listed[0]["resource"]["user_agent.synthetic.type"], "test");
    }

    #[tokio::test]
    async fn the_dashboard_has_it_with_its_weight_and_misses_nothing() {
        let bench = Bench::new();
        send(&bench, &now_visit()).await;
        let overview = bench.get("/api/overview").await.json();
        assert_eq!((&overview["routes"][0]["views"], &overview["routes"][0]["lcp_p75"]), (&json!(2), &json!(3000.0)));
        // Of a visit that is too short for the agent, none is kept for its error: the share is that of all else.
        assert_eq!(overview["errors"][0]["count"], 2);
        let gaps = bench.get("/api/gaps").await.json();
        assert_eq!((&gaps["records"], &gaps["batches"]), (&json!({"sent": 6, "missing": 0}), &json!({"sent": 0, "missing": 0})));
        assert_eq!(bench.get("/api/views/00000000000000bb").await.status, 200);
    }

    #[tokio::test]
    async fn its_records_go_through_the_same_admission() {
        let bench = Bench::new();
        let mut body = now_visit();
        body["errors"][0][2] = json!("x".repeat(limits::VALUE_BYTES + 1));
        body["at"] = json!(1000);
        assert_eq!(send(&bench, &body).await.0, 204);
        let mut latest = now_visit();
        (latest["at"], latest["page"]) = (json!(1e14), json!("00000000000000cc"));
        assert_eq!(send(&bench, &latest).await.0, 204);
        assert_eq!(bench.get("/healthz").await.json()["rejected_records"], json!({"value_too_long": 1}));
        let records = bench.get("/api/records?kind=browser.navigation").await.json();
        let mut stated = [0, 1].map(|at| records["records"][at]["attributes"]["vitrum.stated_time_ms"].as_i64().unwrap());
        stated.sort_unstable();
        // Nanoseconds end in the year 2262, as those of OTLP may go on until 2554.
        assert_eq!(stated, [1000, i64::MAX / 1_000_000]);
    }

    #[tokio::test]
    async fn what_is_wrong_with_one_is_told() {
        let bench = Bench::new();
        let with = |field: &str, value: Value| {
            let mut body = visit();
            body[field] = value;
            body
        };
        for (body, status, sentence) in [
            (with("page", json!("x")), 400, "The short visit's field page is not 16 hexadecimal digits in lower case; "),
            (with("vitals", json!([["lcp", null]])), 400, "The short visit's field vitals is not at most 16 pairs of a vital's name"),
            (with("v", json!(2)), 400, "The short visit's version is not 1, the only one that this collector knows; update"),
            (json!({"v": 1, "page": "00000000000000aa"}), 400, "The short visit has no field at; see WIRE.md"),
            (with("url", json!("x".repeat(limits::SHORT_BYTES))), 413, "The short visit is larger than the 65536 bytes"),
        ] {
            let (answered, text) = send(&bench, &body).await;
            assert_eq!(answered, status, "{text}");
            assert!(text.starts_with(sentence), "{text}");
        }
        let cut = bench.post("/v1/beacon", &[], b"{\"v\":1,".to_vec()).await;
        assert!(cut.text().starts_with("The body begins as a short visit, but is not a JSON object (EOF while parsing"), "{}", cut.text());
        let refused = json!({"short_field_wrong": 2, "short_field_absent": 1, "short_version_unknown": 1, "short_too_large": 1, "short_corrupt": 1});
        let health = bench.get("/healthz").await.json();
        assert_eq!((&health["refused"], &health["records"]), (&refused, &json!(0)));
    }
}
