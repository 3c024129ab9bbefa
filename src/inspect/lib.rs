//! What an agent sent, as JavaScript objects: for tests, the testing kit and tools in the browser.
//!
//! It reads with the official OpenTelemetry schema, like the collector. It is a wasm of its own, because what makes it
//! convenient (serde, serde-wasm-bindgen) is larger than the whole agent, which never loads it.
#![allow(unsafe_code, reason = "wasm-bindgen's exports expand to it; there is none of our own")]

mod attribute;
mod fault;
mod record;
#[cfg(test)]
mod sample;

pub use attribute::{Attributes, Value};
pub use fault::Fault;
pub use record::{Batch, Link, Log, Span};

use js_sys::{ArrayBuffer, Uint8Array};
use prost::Message;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use vitrum_wire::beacon;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};

/// Bytes that a beacon may hold once decompressed: what the collector takes by default.
const DECOMPRESSED_BYTES: usize = 1024 * 1024;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Attributes = { [key: string]: Value };
export interface Log {
  name: string; timeUnixNano: string; severity: number; traceId: string; spanId: string; attributes: Attributes;
}
export interface Link { traceId: string; spanId: string }
export interface Span {
  name: string; traceId: string; spanId: string; parentSpanId: string; kind: string;
  startUnixNano: string; endUnixNano: string; status: string; links: Link[]; attributes: Attributes;
}
export interface Batch { batchId: string; resource: Attributes; logs: Log[]; spans: Span[] }
"#;

/// The batch in the body of a request, given as an `ArrayBuffer` or a `Uint8Array`.
///
/// # Errors
/// A JavaScript `Error` whose message says what is wrong with the body.
#[wasm_bindgen(unchecked_return_type = "Batch")]
pub fn decode(#[wasm_bindgen(unchecked_param_type = "ArrayBuffer | Uint8Array")] body: &JsValue) -> Result<JsValue, JsError> {
    // `Uint8Array::new` takes anything, and makes a number that many zeros.
    if !body.is_instance_of::<ArrayBuffer>() && !body.is_instance_of::<Uint8Array>() {
        return Err(Fault::NotBytes.into());
    }
    let batch = read(&Uint8Array::new(body).to_vec())?;
    Ok(batch.serialize(&Serializer::json_compatible())?)
}

/// The message `Beacon` (WIRE.md) that a body stands for, with the records that its tables stand for.
///
/// # Errors
/// A JavaScript `Error` whose message says what is wrong with the body.
#[wasm_bindgen]
pub fn message(body: &[u8]) -> Result<Vec<u8>, JsError> {
    Ok(beacon::open(body, DECOMPRESSED_BYTES).map_err(Fault::from)?.encode_to_vec())
}

/// A body as an agent packs it, before it is compressed, without the events of this name and the spans of this kind: to tell
/// what they cost.
///
/// # Errors
/// A JavaScript `Error` whose message says what is wrong with the body.
#[wasm_bindgen]
pub fn packed(body: &[u8], without: &str) -> Result<Vec<u8>, JsError> {
    let mut beacon = beacon::read(body, DECOMPRESSED_BYTES).map_err(Fault::from)?;
    for logs in beacon.logs.iter_mut().flat_map(|request| &mut request.resource_logs).flat_map(|resource| &mut resource.scope_logs) {
        logs.log_records.retain(|record| record.event_name != without);
    }
    for spans in beacon.traces.iter_mut().flat_map(|request| &mut request.resource_spans).flat_map(|resource| &mut resource.scope_spans) {
        spans.spans.retain(|span| span.kind().as_str_name() != without);
    }
    Ok(beacon.packed())
}

/// The batch in the body of a request.
///
/// # Errors
/// [`Fault`] says what is wrong with the body.
pub fn read(body: &[u8]) -> Result<Batch, Fault> {
    Batch::read(beacon::open(body, DECOMPRESSED_BYTES)?)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use js_sys::{JSON, Reflect};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn json(value: &JsValue) -> String {
        JSON::stringify(value).unwrap().into()
    }

    #[wasm_bindgen_test]
    fn a_beacon_is_a_plain_object() {
        let body = Uint8Array::from(&sample::body()[..]);
        let batch = decode(&body).ok().unwrap();
        let part = |name: &str| json(&Reflect::get(&batch, &name.into()).unwrap());
        assert_eq!(part("batchId"), r#""0123456789abcdef.b7""#);
        assert_eq!(part("resource"), r#"{"service.name":"shop","vitrum.schema.version":1}"#);
        assert_eq!(
            part("logs"),
            concat!(
                r#"[{"name":"browser.web_vital","timeUnixNano":"1700000000123456789","severity":9,"#,
                r#""traceId":"abababababababababababababababab","spanId":"0202020202020202","attributes":"#,
                r#"{"browser.navigation.same_document":false,"browser.web_vital.value":0.25,"log.record.uid":"0123456789abcdef.0"}}]"#
            )
        );
        assert_eq!(
            part("spans"),
            concat!(
                r#"[{"name":"GET","traceId":"abababababababababababababababab","spanId":"0101010101010101","parentSpanId":"","#,
                r#""kind":"SPAN_KIND_CLIENT","startUnixNano":"1700000000000000000","endUnixNano":"1700000000250000000","#,
                r#""status":"STATUS_CODE_ERROR","links":[{"traceId":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","spanId":"0303030303030303"}],"#,
                r#""attributes":{"http.response.status_code":503}}]"#
            )
        );
    }

    #[wasm_bindgen_test]
    fn a_buffer_is_as_good_as_an_array() {
        let body = Uint8Array::from(&sample::body()[..]);
        assert_eq!(json(&decode(&body.buffer()).ok().unwrap()), json(&decode(&body).ok().unwrap()));
    }

    #[wasm_bindgen_test]
    fn what_cannot_be_read_is_an_error_with_a_sentence() {
        for (body, sentence) in [
            (JsValue::from(3), "Vitrum: a body is given as an ArrayBuffer or a Uint8Array."),
            (JsValue::from("V"), "Vitrum: a body is given as an ArrayBuffer or a Uint8Array."),
            (Uint8Array::from(&b"{}"[..]).into(), "Vitrum: this is not a beacon: its first byte is not 0x56, or it ends there."),
        ] {
            let error = JsValue::from(decode(&body).err().unwrap());
            assert_eq!(String::from(js_sys::Error::from(error).message()), sentence);
        }
    }
}
