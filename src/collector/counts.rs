//! What was refused, counted by reason.

use crate::admission::Rejected;
use crate::refusal::Refusal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The counts since the collector started.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<Counted>);

/// The counts at one moment, by the words of [`Refusal::reason`] and of `Fault::reason`.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Counted {
    /// Requests.
    pub(crate) refused: BTreeMap<&'static str, u64>,
    /// Records of requests that were taken otherwise.
    pub(crate) rejected_records: BTreeMap<&'static str, u64>,
}

impl Counts {
    pub(crate) fn refused(&self, refusal: &Refusal) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counted.refused.entry(refusal.reason()).or_default() += 1;
    }

    pub(crate) fn rejected(&self, rejected: &Rejected) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (fault, count) in rejected.by_fault() {
            *counted.rejected_records.entry(fault.reason()).or_default() += count;
        }
    }

    pub(crate) fn now(&self) -> Counted {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_is_one_number() {
        let counts = Counts::default();
        counts.refused(&Refusal::QueueFull);
        counts.refused(&Refusal::QueueFull);
        counts.refused(&Refusal::Stopping);
        assert_eq!(counts.now().refused, BTreeMap::from([("queue_full", 2), ("stopping", 1)]));
    }
}
