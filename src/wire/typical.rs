//! A page view as most are, of which the dictionary is made: the agent's own words and the browsers', and how pages begin theirs.

use crate::batch::Batch;
use crate::names::{Key, Name};
use crate::pack::pack;
use crate::record::{Record, Severity, SpanContext, SpanKind, SpanStatus, Value};
use crate::table::Table;

/// A number of one byte, and one of two.
const SHORT: Value<'_> = Value::Number(1.0);
const LONG: Value<'_> = Value::Number(1000.0);

const fn text(text: &str) -> Value<'_> {
    Value::Text(text.as_bytes())
}

/// The bytes of the current version. What happens seldom comes first: a distance is cheaper the nearer it is.
#[must_use]
pub fn written() -> Vec<u8> {
    let mut view = View::default();
    view.event(Name::Navigation, &[(Key::Url, text("https://")), (Key::SameDocument, Value::Bool(true)), (Key::HashChange, Value::Bool(false)), (Key::NavigationKind, text("push"))]);
    view.event(Name::LongTask, &[(Key::LongTaskName, text("self")), (Key::LongTaskDuration, SHORT)]);
    view.event(Name::Blocking, &[(Key::BlockingDuration, SHORT)]);
    view.vital("fcp", "poor", &[(Key::LoadState, text("dom-content-loaded"))]);
    view.vital("cls", "needs-improvement", &[(Key::ClsTime, LONG), (Key::ClsValue, Value::Number(0.25)), (Key::LoadState, text("dom-interactive")), (Key::VitalTarget, text("html>body>div"))]);
    view.groups();
    view.event(Name::SessionStart, &[]);
    view.event(Name::Navigation, &[(Key::Url, text("https://")), (Key::SameDocument, Value::Bool(false)), (Key::HashChange, Value::Bool(false))]);
    view.document();
    view.vital("ttfb", "good", &[(Key::TtfbWaiting, SHORT), (Key::TtfbRequest, SHORT)]);
    view.vital("fcp", "good", &[(Key::FcpRest, LONG), (Key::FirstByte, SHORT), (Key::LoadState, text("loading"))]);
    view.failure();
    view.frame(LONG);
    view.vital("lcp", "good", &[(Key::FirstByte, SHORT), (Key::LcpRenderDelay, LONG), (Key::VitalTarget, text("html>body>"))]);
    view.resources();
    view.vital("cls", "good", &[]);
    view.interaction();
    view.spans();
    view.packed()
}

#[derive(Default)]
struct View {
    logs: Vec<u8>,
    spans: Vec<u8>,
    count: usize,
}

impl View {
    fn packed(&self) -> Vec<u8> {
        let mut resource = Vec::new();
        for (key, value) in [
            (Key::ServiceName, text("")),
            (Key::ServiceVersion, text("")),
            (Key::Environment, text("production")),
            (Key::SdkName, text("vitrum")),
            (Key::SdkLanguage, text("webjs")),
            // Not the agent's: each release would be another dictionary.
            (Key::SdkVersion, text("")),
            (Key::SchemaVersion, SHORT),
            (Key::Scrubbed, text("path 10 value 10")),
        ] {
            Batch::resource_attribute(&mut resource, key, value);
        }
        pack(&Batch { id: b"", resource: &resource, logs: &self.logs, spans: &self.spans })
    }

    fn event(&mut self, name: Name, attributes: &[(Key, Value<'_>)]) {
        let mut record = Record::default();
        record.begin_log(name, 0, if name == Name::Exception { Severity::Error } else { Severity::Info });
        record.attribute(Key::RecordId, text(&[".", &self.count.to_string()].concat()));
        self.count += 1;
        attributes.iter().for_each(|(key, value)| record.attribute(*key, *value));
        record.append_to(&mut self.logs);
    }

    fn vital(&mut self, name: &str, rating: &str, attribution: &[(Key, Value<'_>)]) {
        let id = ["0000000000000000.", name].concat();
        let said = [
            (Key::VitalName, text(name)),
            (Key::VitalValue, LONG),
            (Key::VitalDelta, LONG),
            (Key::VitalId, text(&id)),
            (Key::VitalRating, text(rating)),
            (Key::VitalNavigationType, text("navigate")),
        ];
        self.event(Name::WebVital, &[&said, attribution].concat());
    }

    fn document(&mut self) {
        self.event(
            Name::NavigationTiming,
            &[
                (Key::Url, text("https://")),
                (Key::NavigationType, text("navigate")),
                (Key::NextHopProtocol, text("h2")),
                (Key::ResourceDuration, LONG),
                (Key::FetchStart, SHORT),
                (Key::RequestStart, SHORT),
                (Key::ResponseStart, SHORT),
                (Key::ResponseEnd, SHORT),
                (Key::TransferSize, LONG),
                (Key::EncodedBodySize, LONG),
                (Key::DecodedBodySize, LONG),
                (Key::StatusCode, Value::Number(200.0)),
                (Key::NavigationDomInteractive, LONG),
                (Key::NavigationDomContentLoadedStart, LONG),
                (Key::NavigationDomContentLoadedEnd, LONG),
                (Key::NavigationDomComplete, LONG),
                (Key::NavigationLoadStart, LONG),
                (Key::NavigationLoadEnd, LONG),
            ],
        );
    }

    fn failure(&mut self) {
        self.event(
            Name::Exception,
            &[
                (Key::ExceptionType, text("TypeError")),
                (Key::ExceptionMessage, text("Cannot read properties of undefined (reading '')")),
                (Key::ExceptionStack, text("TypeError: Cannot read properties of undefined (reading '')\n    at  (https://")),
                (Key::Handled, Value::Bool(false)),
                (Key::ErrorSource, text("error")),
                (Key::Fingerprint, text("0000000000000000")),
                (Key::SinceLoad, LONG),
                (Key::ActionType, text("click")),
                (Key::CssSelector, text("#")),
                (Key::ConnectionType, text("4g")),
                (Key::DeviceMemory, Value::Number(8.0)),
                (Key::HeapUsed, LONG),
                (Key::Breadcrumbs, text("0 navigation https://\n1 request GET 200 https://\n1 action click #")),
            ],
        );
    }

    fn frame(&mut self, number: Value<'_>) {
        let keys = [Key::FrameStart, Key::FrameDuration, Key::FrameRenderStart, Key::FrameLayoutStart, Key::FrameFirstInput];
        self.event(Name::LongAnimationFrame, &keys.map(|key| (key, number)));
    }

    /// On connections that stood already, as most are loaded: what bundlers and sites name so, with what is scrubbed of it.
    fn resources(&mut self) {
        let mut table = Table::default();
        for (at, (url, kind)) in [
            ("https://www.googletagmanager.com/gtag/js?id", "script"),
            ("https://fonts.googleapis.com/css2?family", "css"),
            ("https://cdn./static/js/main.:id.js", "script"),
            ("/_next/static/chunks/:id.js", "beacon"),
            ("/images/:id.webp", "img"),
            ("/fonts/inter-regular.woff2", "xmlhttprequest"),
            ("/favicon.ico", "other"),
            ("https:///api/", "fetch"),
            ("https:///vitrum.js", "script"),
            ("/assets/index-:id.css", "link"),
            ("/assets/vendor-:id.js", "script"),
            ("/img/logo.svg", "img"),
            ("/:id.png", "link"),
            ("/:id.jpg", "fetch"),
            ("/vitrum.wasm", "script"),
            ("/agent.js", "img"),
        ]
        .into_iter()
        .enumerate()
        {
            table.begin(at as u32, 0.0);
            table.text(Key::Url, url.as_bytes());
            table.text(Key::InitiatorType, kind.as_bytes());
            table.text(Key::NextHopProtocol, match at {
                0 => b"h3",
                1 => b"http/1.1",
                _ => b"h2",
            });
            table.text(Key::RenderBlocking, if at == 1 { b"blocking" } else { b"" });
            // Duration, phases, sizes, status; names are looked up and connections made for the first two.
            let connected = f64::from(u8::from(at < 2));
            table.timing(&[0.0, 1.0, 0.0, 0.0, 0.0, connected, connected, connected, 0.0, connected, 1.0, 1.0, 1.0, 300.0, 1.0, 1.0, 200.0]);
        }
        self.event(Name::ResourceTiming, &[(Key::Table, Value::Text(&table.written()))]);
    }

    fn groups(&mut self) {
        let mut table = Table::default();
        for (at, kind) in ["script", "img", "link", "fetch"].into_iter().enumerate() {
            table.begin(at as u32, 0.0);
            table.text(Key::GroupOrigin, b"https://");
            table.text(Key::InitiatorType, kind.as_bytes());
            for key in [Key::GroupCount, Key::GroupBlocking, Key::GroupTransfer, Key::GroupEncoded, Key::GroupDuration, Key::GroupLongest] {
                table.sum(key, 1.0);
            }
        }
        self.event(Name::ResourceGroup, &[(Key::Table, Value::Text(&table.written()))]);
    }

    fn interaction(&mut self) {
        self.vital(
            "inp",
            "good",
            &[
                (Key::InpInputDelay, SHORT),
                (Key::InpProcessing, SHORT),
                (Key::InpPresentation, SHORT),
                (Key::InpTime, LONG),
                (Key::InpPaintTime, LONG),
                (Key::InpType, text("pointer")),
                (Key::LoadState, text("complete")),
                (Key::VitalTarget, text("#")),
                (Key::InpScripting, SHORT),
                (Key::InpPainting, SHORT),
                (Key::InpRest, SHORT),
                (Key::ScriptSubpart, text("processing-duration")),
                (Key::ScriptShare, SHORT),
                (Key::ScriptInvoker, text("BUTTON#.onclick")),
                (Key::ScriptUrl, text("https://")),
                (Key::ScriptFunction, text("")),
            ],
        );
    }

    fn spans(&mut self) {
        let context = SpanContext { trace_id: &[0; 16], span_id: &[1; 8], parent_id: &[0; 8] };
        let mut record = Record::default();
        record.begin_span(SpanKind::Internal, context, b"load /", (0, 0), SpanStatus::Unset);
        record.append_to(&mut self.spans);
        for method in ["POST", "GET"] {
            record.begin_span(SpanKind::Client, context, [method, " /"].concat().as_bytes(), (0, 0), SpanStatus::Unset);
            for (key, value) in [
                (Key::Method, text(method)),
                (Key::Url, text("https://")),
                (Key::ServerAddress, text("")),
                (Key::StatusCode, Value::Number(200.0)),
                (Key::BodySize, LONG),
                (Key::ProtocolVersion, text("2")),
                (Key::InitiatorType, text("fetch")),
                (Key::NextHopProtocol, text("h2")),
                (Key::ResourceDuration, SHORT),
                (Key::FetchStart, LONG),
                (Key::RequestStart, LONG),
                (Key::ResponseStart, LONG),
                (Key::ResponseEnd, LONG),
                (Key::TransferSize, LONG),
                (Key::EncodedBodySize, LONG),
                (Key::DecodedBodySize, LONG),
            ] {
                record.attribute(key, value);
            }
            record.append_to(&mut self.spans);
        }
        record.begin_span(SpanKind::Internal, context, b"click", (0, 0), SpanStatus::Unset);
        record.attribute(Key::ActionType, text("click"));
        record.attribute(Key::CssSelector, text("#"));
        record.append_to(&mut self.spans);
    }
}
