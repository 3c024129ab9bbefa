//! What single records of a request may be left out for, with the words that say so.

use crate::limits;

/// Why single records of a request were left out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    TooManyRecords,
    TooManyAttributes,
    KeyTooLong,
    ValueTooLong,
    ValueTooDeep,
    SpanWithoutId,
    TooManyLinks,
}

impl Fault {
    /// The word it is counted under in `/healthz`.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::TooManyRecords => "too_many_records",
            Self::TooManyAttributes => "too_many_attributes",
            Self::KeyTooLong => "key_too_long",
            Self::ValueTooLong => "value_too_long",
            Self::ValueTooDeep => "value_too_deep",
            Self::SpanWithoutId => "span_without_id",
            Self::TooManyLinks => "too_many_links",
        }
    }

    /// What was wrong with the records, to follow "12 records were not stored: ".
    pub(crate) fn clause(self) -> String {
        match self {
            Self::TooManyRecords => format!("a request may have {} records", limits::RECORDS),
            Self::TooManyAttributes => format!("a record or resource may have {} attributes", limits::ATTRIBUTES),
            Self::KeyTooLong => format!("an attribute's key may have {} bytes", limits::KEY_BYTES),
            Self::ValueTooLong => format!(
                "an attribute's text may have {} bytes ({} in a stack)",
                limits::VALUE_BYTES,
                limits::STACK_BYTES
            ),
            Self::ValueTooDeep => format!("an attribute's value may be nested {} deep", limits::VALUE_DEPTH),
            Self::SpanWithoutId => {
                "a span needs a trace id of 16 bytes and a span id of 8, not all of them 0".to_owned()
            }
            Self::TooManyLinks => format!("a span may have {} links", limits::LINKS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_said_with_its_number() {
        assert_eq!(Fault::TooManyRecords.clause(), "a request may have 1000 records");
        assert_eq!(Fault::ValueTooLong.clause(), "an attribute's text may have 8192 bytes (32768 in a stack)");
        assert_eq!(Fault::ValueTooDeep.reason(), "value_too_deep");
    }
}
