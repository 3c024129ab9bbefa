//! Admits the records of a request one by one: what is within the limits goes on to the store, the rest is counted.

use crate::attributes::{self, Attributes};
use crate::fault::Fault;
use crate::identity::Identities;
use crate::limits;
use crate::record::{Record, Source, USER_AGENT};
use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What has been admitted of one request so far.
#[derive(Debug)]
pub(crate) struct Admission {
    received_ms: i64,
    user_agent: Option<String>,
    seen: usize,
    records: Vec<Record>,
    rejected: Rejected,
}

/// Records that were left out, counted by what was wrong with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rejected(BTreeMap<Fault, u64>);

impl Admission {
    /// The user agent is that of the request's header, and becomes the resource's where it has none.
    pub(crate) fn new(received_ms: i64, user_agent: Option<String>) -> Self {
        Self { received_ms, user_agent, seen: 0, records: Vec::new(), rejected: Rejected::default() }
    }

    pub(crate) fn logs(&mut self, request: ExportLogsServiceRequest) {
        let mut identities = Identities::default();
        for part in request.resource_logs {
            let source = self.source(part.resource);
            for scoped in part.scope_logs {
                let scope = scoped.scope.unwrap_or_default().encode_to_vec();
                for log in scoped.log_records {
                    self.admit(&source, |source, received_ms| {
                        let identity = identities.of(&log, &source, &scope);
                        Record::from_log(log, identity, source, received_ms)
                    });
                }
            }
        }
    }

    pub(crate) fn traces(&mut self, request: ExportTraceServiceRequest) {
        for part in request.resource_spans {
            let source = self.source(part.resource);
            for span in part.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                self.admit(&source, |source, received_ms| Record::from_span(span, source, received_ms));
            }
        }
    }

    pub(crate) fn finish(self) -> (Vec<Record>, Rejected) {
        (self.records, self.rejected)
    }

    fn source(&self, resource: Option<Resource>) -> Result<Arc<Source>, Fault> {
        let mut attributes: Attributes = attributes::to_json(resource.unwrap_or_default().attributes)?;
        if let Some(user_agent) = &self.user_agent {
            attributes.entry(USER_AGENT).or_insert_with(|| user_agent.as_str().into());
        }
        Ok(Arc::new(Source::new(attributes)))
    }

    fn admit(
        &mut self,
        source: &Result<Arc<Source>, Fault>,
        record: impl FnOnce(Arc<Source>, i64) -> Result<Record, Fault>,
    ) {
        self.seen += 1;
        let admitted = if self.seen > limits::RECORDS {
            Err(Fault::TooManyRecords)
        } else {
            source.clone().and_then(|source| record(source, self.received_ms))
        };
        match admitted {
            Ok(record) => self.records.push(record),
            Err(fault) => *self.rejected.0.entry(fault).or_default() += 1,
        }
    }
}

impl Rejected {
    pub(crate) fn count(&self) -> u64 {
        self.0.values().sum()
    }

    pub(crate) fn by_fault(&self) -> impl Iterator<Item = (Fault, u64)> {
        self.0.iter().map(|(fault, count)| (*fault, *count))
    }

    /// One sentence on what was left out; empty when nothing was.
    pub(crate) fn sentence(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let clauses: Vec<_> = self.by_fault().map(|(fault, count)| format!("{}: {count}", fault.clause())).collect();
        format!("{} records were not stored ({}); do not send them again.", self.count(), clauses.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attribute, log, logs_of, span, traces_of};
    use opentelemetry_proto::tonic::common::v1::KeyValue;

    fn admitted(request: ExportLogsServiceRequest) -> (Vec<Record>, Rejected) {
        let mut admission = Admission::new(1000, Some("Browser/1".to_owned()));
        admission.logs(request);
        admission.finish()
    }

    #[test]
    fn the_records_over_the_limit_are_left_out_and_said_so() {
        let mut logs: Vec<_> = (0..limits::RECORDS + 2).map(|n| log("a", &format!("p.{n}"), 1000)).collect();
        logs[0].attributes.push(attribute("big", "x".repeat(limits::VALUE_BYTES + 1).as_str()));
        let (records, rejected) = admitted(logs_of("shop", logs));
        assert_eq!(records.len(), limits::RECORDS - 1);
        let faults: Vec<_> = rejected.by_fault().collect();
        assert_eq!(faults, [(Fault::TooManyRecords, 2), (Fault::ValueTooLong, 1)]);
        let sentence = rejected.sentence();
        assert!(sentence.starts_with("3 records were not stored (a request may have 1000 records: 2; "), "{sentence}");
    }

    #[test]
    fn logs_and_spans_share_the_limit() {
        let mut admission = Admission::new(1000, None);
        admission.logs(logs_of("shop", (0..limits::RECORDS).map(|n| log("a", &format!("p.{n}"), 1000)).collect()));
        admission.traces(traces_of("shop", vec![span(1, 1, 1000)]));
        assert_eq!(admission.finish().1.count(), 1);
    }

    #[test]
    fn the_user_agent_of_the_header_fills_the_resource_but_never_overwrites_it() {
        let own = KeyValue { ..attribute("user_agent.original", "Own/2") };
        for (given, expected) in [(None, "Browser/1"), (Some(own), "Own/2")] {
            let mut request = logs_of("shop", vec![log("a", "p.1", 1000)]);
            request.resource_logs[0].resource.as_mut().unwrap().attributes.extend(given);
            let (records, _) = admitted(request);
            assert!(records[0].source.resource.contains(expected), "{}", records[0].source.resource);
        }
    }

    #[test]
    fn a_resource_over_the_limits_takes_its_records_along() {
        let mut request = logs_of("shop", vec![log("a", "p.1", 1000), log("a", "p.2", 1000)]);
        let resource = request.resource_logs[0].resource.as_mut().unwrap();
        resource.attributes.push(attribute(&"k".repeat(limits::KEY_BYTES + 1), "v"));
        let (records, rejected) = admitted(request);
        assert!(records.is_empty());
        assert_eq!(rejected.by_fault().collect::<Vec<_>>(), [(Fault::KeyTooLong, 2)]);
        assert_eq!(Rejected::default().sentence(), "");
    }
}
