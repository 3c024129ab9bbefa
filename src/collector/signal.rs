//! What differs between OTLP's logs and its traces.

use crate::admission::Admission;
use crate::refusal::Refusal;
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;
use serde::de::DeserializeOwned;
use vitrum_wire::tables;

/// One of the two requests.
pub(crate) trait Signal: Message + Default + DeserializeOwned {
    /// Name of the message, for sentences.
    const MESSAGE: &'static str;
    /// What its captures are called.
    const CAPTURE: &'static str;
    /// The field of the answer that counts what was left out.
    const REJECTED: &'static str;
    /// Puts the records that tables stand for in their place.
    fn expand(&mut self, _limit_bytes: usize) -> Result<(), Refusal> {
        Ok(())
    }
    fn admit(self, admission: &mut Admission);
    fn response(rejected: i64, error_message: String) -> Vec<u8>;
}

impl Signal for ExportLogsServiceRequest {
    const MESSAGE: &'static str = "ExportLogsServiceRequest";
    const CAPTURE: &'static str = "logs";
    const REJECTED: &'static str = "rejectedLogRecords";

    fn expand(&mut self, limit_bytes: usize) -> Result<(), Refusal> {
        tables::expand(self, limit_bytes).map_err(|fault| Refusal::Beacon(fault.into(), limit_bytes))
    }

    fn admit(self, admission: &mut Admission) {
        admission.logs(self);
    }

    fn response(rejected_log_records: i64, error_message: String) -> Vec<u8> {
        let partial_success = Some(ExportLogsPartialSuccess { rejected_log_records, error_message });
        ExportLogsServiceResponse { partial_success }.encode_to_vec()
    }
}

impl Signal for ExportTraceServiceRequest {
    const MESSAGE: &'static str = "ExportTraceServiceRequest";
    const CAPTURE: &'static str = "traces";
    const REJECTED: &'static str = "rejectedSpans";

    fn admit(self, admission: &mut Admission) {
        admission.traces(self);
    }

    fn response(rejected_spans: i64, error_message: String) -> Vec<u8> {
        let partial_success = Some(ExportTracePartialSuccess { rejected_spans, error_message });
        ExportTraceServiceResponse { partial_success }.encode_to_vec()
    }
}
