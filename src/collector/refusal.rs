//! What the collector does not take, with the status and the sentence that say so. No other file has either, but for
//! what is wrong with a beacon.

use crate::form::Form;
use crate::short::Flaw;
use crate::{limits, malformed};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use vitrum_wire::beacon;

/// Why a request got nothing but a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    HostNotAllowed { host: String },
    OriginNotAllowed { origin: String },
    ContentTypeUnknown { found: Option<String> },
    ContentEncodingUnknown { found: String },
    BodyTooLarge { limit_bytes: usize },
    DecompressedTooLarge { limit_bytes: usize },
    BodyBrokenOff,
    BodyTooSlow { limit_s: u64 },
    CompressionCorrupt { encoding: &'static str },
    Beacon(beacon::Refusal, usize),
    DictionaryUnknown { version: u8, known: &'static [u8] },
    Short(Flaw),
    ProtobufCorrupt { message: &'static str, cause: String },
    JsonCorrupt { message: &'static str, cause: String },
    Busy,
    QueueFull,
    Stopping,
    StorageFailed,
    ListenersFull,
    RangeUnknown { found: String },
    QueryUnreadable { cause: String },
    ViewUnknown { id: String },
    ErrorUnknown { fingerprint: String },
    OriginUnknown { found: String },
    ChangeUnreadable { cause: String },
    PageForeign { origin: String },
    NoToken,
    WrongToken,
    UploadUnreadable { cause: String },
    NoSourceMap { file: String, cause: String },
    PathUnknown { path: String },
    MethodUnknown { method: String, path: String },
    DashboardAbsent,
    ReadFailed,
}

impl Refusal {
    /// The word it is counted under in `/healthz`.
    pub(crate) fn reason(&self) -> &'static str {
        self.describe().1
    }

    #[cfg(test)]
    pub(crate) fn status(&self) -> StatusCode {
        self.describe().0
    }

    pub(crate) fn sentence(&self) -> String {
        self.describe().2
    }

    pub(crate) fn answer(&self, form: Form) -> Response {
        let (status, _, sentence) = self.describe();
        let mut response = form.response(status, sentence);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_AFTER_S));
        }
        response
    }

    /// Status, word for the counts, and sentence: what was wrong, what was expected, what to do.
    pub(crate) fn describe(&self) -> (StatusCode, &'static str, String) {
        const BAD: StatusCode = StatusCode::BAD_REQUEST;
        match self {
            Self::HostNotAllowed { host } => (
                StatusCode::MISDIRECTED_REQUEST,
                "host_not_allowed",
                format!(
                    "The host {host} is not one that this collector answers to; open it as localhost, or start it with \
                     --allow-host {host} (or VITRUM_ALLOW_HOST)."
                ),
            ),
            Self::OriginNotAllowed { origin } => (
                StatusCode::FORBIDDEN,
                "origin_not_allowed",
                format!(
                    "The origin {origin} is not on this collector's list; start it with --allow-origin {} \
                     (or VITRUM_ALLOW_ORIGIN) to take what pages there send.",
                    // Sandboxed pages and files have no origin that a list could have.
                    if origin == "null" { "'*'" } else { origin }
                ),
            ),
            Self::ContentTypeUnknown { found } => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "content_type_unknown",
                format!(
                    "{}; send OTLP as application/x-protobuf or application/json, and beacons of the Vitrum agent to /v1/beacon.",
                    match found {
                        Some(found) => format!("The content type {found} is not known here"),
                        None => "The request does not name its content type".to_owned(),
                    }
                ),
            ),
            Self::ContentEncodingUnknown { found } => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "content_encoding_unknown",
                format!("The content encoding {found} is not known here; send the body with gzip, deflate, or none."),
            ),
            Self::BodyTooLarge { limit_bytes } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                format!(
                    "The body is larger than the {limit_bytes} bytes that are taken; compress it, send fewer records at \
                     once, or start the collector with a higher --max-body-bytes."
                ),
            ),
            Self::DecompressedTooLarge { limit_bytes } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "decompressed_too_large",
                format!(
                    "The body is larger than the {limit_bytes} bytes that are taken when decompressed; send fewer records \
                     at once, or start the collector with a higher --max-decompressed-bytes."
                ),
            ),
            // Of the statuses that say so, one that senders answer with another try (WIRE.md).
            Self::BodyBrokenOff => (
                StatusCode::REQUEST_TIMEOUT,
                "body_broken_off",
                "The connection broke off before the body's end; send the request again.".to_owned(),
            ),
            Self::BodyTooSlow { limit_s } => (
                StatusCode::REQUEST_TIMEOUT,
                "body_too_slow",
                format!("The body took longer than the {limit_s} seconds that are allowed; send the request again."),
            ),
            Self::CompressionCorrupt { encoding } => (
                BAD,
                "compression_corrupt",
                format!(
                    "The body cannot be decompressed as {encoding}: it is damaged, cut off, or followed by other bytes; \
                     check that Content-Encoding names what the body was compressed with."
                ),
            ),
            Self::Beacon(refusal, limit_bytes) => malformed::describe(*refusal, *limit_bytes),
            Self::DictionaryUnknown { version, known } => malformed::unknown_dictionary(*version, known),
            Self::Short(flaw) => malformed::short(flaw),
            Self::ProtobufCorrupt { message, cause } => (
                BAD,
                "protobuf_corrupt",
                format!("The body is not the protobuf message {message} ({cause}); check the path and the encoder."),
            ),
            Self::JsonCorrupt { message, cause } => (
                BAD,
                "json_corrupt",
                format!("The body is not {message} in the JSON of OTLP ({cause}); check the path and the encoder."),
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                format!("More arrives than can be worked on; send the same again in {} seconds.", limits::RETRY_AFTER_S),
            ),
            Self::QueueFull => (
                StatusCode::SERVICE_UNAVAILABLE,
                "queue_full",
                format!("More arrives than can be stored; send the same again in {} seconds.", limits::RETRY_AFTER_S),
            ),
            Self::Stopping => (
                StatusCode::SERVICE_UNAVAILABLE,
                "stopping",
                format!("The collector is stopping; send the same again in {} seconds.", limits::RETRY_AFTER_S),
            ),
            Self::StorageFailed => (
                StatusCode::SERVICE_UNAVAILABLE,
                "storage_failed",
                format!(
                    "The database did not take the records (the collector's log says why); send the same again in {} \
                     seconds.",
                    limits::RETRY_AFTER_S
                ),
            ),
            Self::ListenersFull => (
                StatusCode::SERVICE_UNAVAILABLE,
                "listeners_full",
                format!("{} dashboards are listening, which is all that may; close one and load this again.", limits::LISTENERS),
            ),
            Self::RangeUnknown { found } => {
                (BAD, "range_unknown", format!("The range {found} is not known here; ask for 15m, 1h, 24h or 7d."))
            }
            Self::QueryUnreadable { cause } => {
                (BAD, "query_unreadable", format!("The query cannot be read ({cause}); check the parameters of the URL."))
            }
            Self::ViewUnknown { id } => (
                StatusCode::NOT_FOUND,
                "view_unknown",
                format!("No view {id} is stored here; its navigation may not have arrived yet, so ask again later."),
            ),
            Self::ErrorUnknown { fingerprint } => (
                StatusCode::NOT_FOUND,
                "error_unknown",
                format!("No error {fingerprint} is stored here; check the fingerprint, and the service if one is named."),
            ),
            Self::OriginUnknown { found } => (
                BAD,
                "origin_unknown",
                format!("The origin {found} is not known here; ask for own, third-party, extension or cross-origin."),
            ),
            Self::ChangeUnreadable { cause } => (
                BAD,
                "change_unreadable",
                format!(
                    "The change cannot be read ({cause}); send {{\"state\": \"resolved\", \"version\": …}} or {{\"state\": \"open\"}} \
                     as application/json."
                ),
            ),
            Self::PageForeign { origin } => (
                StatusCode::FORBIDDEN,
                "page_foreign",
                format!("A page of {origin} may not change anything here; do it on the collector's own dashboard."),
            ),
            Self::NoToken => (
                StatusCode::FORBIDDEN,
                "no_token",
                "This collector takes no source maps, as it was started without a token; start it with --token (or \
                 VITRUM_TOKEN), and upload with the same."
                    .to_owned(),
            ),
            Self::WrongToken => (
                StatusCode::UNAUTHORIZED,
                "wrong_token",
                "The token is not that of this collector; give the one that it was started with by --token (or VITRUM_TOKEN)."
                    .to_owned(),
            ),
            Self::UploadUnreadable { cause } => (
                BAD,
                "upload_unreadable",
                format!(
                    "The upload cannot be read ({cause}); send a JSON object with release, file and map, and by choice service \
                     and script."
                ),
            ),
            Self::NoSourceMap { file, cause } => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "no_source_map",
                format!("What came for {file} is not a source map ({cause}); send what the bundler wrote beside the script."),
            ),
            Self::PathUnknown { path } => (
                StatusCode::NOT_FOUND,
                "path_unknown",
                format!("There is nothing at {path}; send to /v1/beacon, /v1/logs or /v1/traces, and read at / or /healthz."),
            ),
            Self::MethodUnknown { method, path } => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_unknown",
                format!("{path} does not answer to {method}; use POST for what is under /v1/ and GET for all else."),
            ),
            Self::DashboardAbsent => (
                StatusCode::NOT_FOUND,
                "dashboard_absent",
                "The collector is running, but its dashboard is not built; run ./build.sh demo in the repository of Vitrum."
                    .to_owned(),
            ),
            Self::ReadFailed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "read_failed",
                "The database did not answer the query; the collector's log says why.".to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Refusal> {
        let text = || "x".to_owned();
        let mut all = vec![
            Refusal::HostNotAllowed { host: text() },
            Refusal::OriginNotAllowed { origin: text() },
            Refusal::ContentTypeUnknown { found: Some(text()) },
            Refusal::ContentTypeUnknown { found: None },
            Refusal::ContentEncodingUnknown { found: text() },
            Refusal::BodyTooLarge { limit_bytes: 1 },
            Refusal::DecompressedTooLarge { limit_bytes: 1 },
            Refusal::BodyBrokenOff,
            Refusal::BodyTooSlow { limit_s: 1 },
            Refusal::CompressionCorrupt { encoding: "gzip" },
            Refusal::DictionaryUnknown { version: 7, known: &[1, 2] },
            Refusal::ProtobufCorrupt { message: "M", cause: text() },
            Refusal::JsonCorrupt { message: "M", cause: text() },
            Refusal::Busy,
            Refusal::ListenersFull,
            Refusal::QueueFull,
            Refusal::Stopping,
            Refusal::StorageFailed,
            Refusal::RangeUnknown { found: text() },
            Refusal::QueryUnreadable { cause: text() },
            Refusal::ViewUnknown { id: text() },
            Refusal::ErrorUnknown { fingerprint: text() },
            Refusal::OriginUnknown { found: text() },
            Refusal::ChangeUnreadable { cause: text() },
            Refusal::PageForeign { origin: text() },
            Refusal::NoToken,
            Refusal::WrongToken,
            Refusal::UploadUnreadable { cause: text() },
            Refusal::NoSourceMap { file: text(), cause: text() },
            Refusal::PathUnknown { path: text() },
            Refusal::MethodUnknown { method: text(), path: text() },
            Refusal::DashboardAbsent,
            Refusal::ReadFailed,
        ];
        let flaws = [Flaw::TooLarge, Flaw::NoObject(text()), Flaw::UnknownVersion, Flaw::Absent("x"), Flaw::Wrong("x", "y")];
        all.extend(flaws.map(Refusal::Short));
        all.extend(
            [
                beacon::Refusal::NotABeacon,
                beacon::Refusal::UnknownEncoding(7),
                beacon::Refusal::UnknownDictionary(7),
                beacon::Refusal::CorruptCompression,
                beacon::Refusal::TooLarge,
                beacon::Refusal::CorruptMessage,
                beacon::Refusal::CorruptTable,
                beacon::Refusal::NoBatchId,
            ]
            .map(|refusal| Refusal::Beacon(refusal, 1)),
        );
        all
    }

    #[test]
    fn every_refusal_is_one_sentence_with_an_error_status() {
        for refusal in all() {
            let sentence = refusal.sentence();
            assert!(sentence.ends_with('.') && !sentence.trim_end_matches('.').contains(". "), "{sentence}");
            assert!(
                sentence.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '/' || c == 'x'),
                "{sentence}"
            );
            assert!(refusal.status().is_client_error() || refusal.status().is_server_error(), "{sentence}");
        }
    }

    #[test]
    fn what_may_be_sent_again_says_when() {
        for refusal in all() {
            let retry = refusal.answer(Form::Text).headers().get(header::RETRY_AFTER).is_some();
            assert_eq!(retry, refusal.status() == StatusCode::SERVICE_UNAVAILABLE, "{refusal:?}");
        }
    }
}
