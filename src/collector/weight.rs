//! How many of its kind a record stands for, where only some sessions are told.
//!
//! A record weighs one over the chance that it was told: sums of weights are then right on average, whatever the rates were.

use crate::attributes::{self, Attributes};
use crate::limits;
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};
use serde::{Serialize, Serializer};
use vitrum_wire::Key;

/// On what terms the records of one resource were told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Terms {
    /// Of this share of the sessions everything is told, and of the others what goes wrong (see [`Terms::weight`]).
    Share(f64),
    /// This share of the visits is told, and nothing of the others: they were over before the agent was there.
    Short(f64),
    /// The session is not among the sampled. It is told because of an error, or because a rule asks for it.
    Kept,
}

/// Marks the resource of a visit that the loader told of by itself.
pub(crate) const SHORT: &str = "vitrum.short";

impl Terms {
    /// By the attributes of the resource. A share that cannot be is taken for 1: the records are there, and count once.
    pub(crate) fn of(resource: &Attributes) -> Self {
        if attributes::text(resource, Key::Kept).is_some() {
            return Self::Kept;
        }
        let stated = attributes::number(resource, Key::SampleRate);
        let share = stated.filter(|rate| (limits::SAMPLE_RATE..=1.0).contains(rate)).unwrap_or(1.0);
        if resource.contains_key(SHORT) { Self::Short(share) } else { Self::Share(share) }
    }

    /// What a record weighs, if it tells of an error or a failed request, and if not.
    ///
    /// An error makes the agent tell also of a session that is not sampled, so every error and failed request is told,
    /// at whatever rate: each stands for itself. To count those of the sampled sessions 1/rate times and the kept ones
    /// besides would make nearly two of each.
    ///
    /// The rest of a kept session weighs nothing. It is told because something went wrong, and such sessions are other
    /// than most (slower, longer, on other pages): the sampled ones already stand for all, those with errors among them,
    /// so counting these too would count them twice and pull every percentile towards what goes wrong.
    pub(crate) fn weight(self, is_fault: bool) -> f64 {
        match self {
            Self::Short(share) => 1.0 / share,
            Self::Kept | Self::Share(_) if is_fault => 1.0,
            Self::Kept => 0.0,
            Self::Share(share) => 1.0 / share,
        }
    }

    /// The share that its sender samples at present; of a kept session it is not known.
    pub(crate) fn share(self) -> Option<f64> {
        match self {
            Self::Share(share) | Self::Short(share) => Some(share),
            Self::Kept => None,
        }
    }
}

/// In SQL, what a view, a session or a vital weighs that several records tell of. Its rate may change while it lasts; that it
/// was told at all had the chance of the highest of them. Records that weigh nothing say nothing of that.
pub(crate) const LEAST: &str = "coalesce(min(weight) FILTER (WHERE weight > 0.0), 0.0)";

/// A sum of weights. One that is whole is written without a fraction, as what is counted without sampling always is; the
/// others are not rounded, or sixty buckets would be wrong by the sum of their errors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Count(pub(crate) f64);

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Up to here whole numbers are exact in JSON. Source: RFC 8259, section 6.
        const EXACT: f64 = 9_007_199_254_740_991.0;
        // A sum of ten times 0.1 is not 1 by a little.
        let whole = self.0.round();
        if (self.0 - whole).abs() < 1e-6 && (0.0..=EXACT).contains(&whole) {
            serializer.serialize_u64(whole as u64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl FromSql for Count {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        f64::column_result(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::attribute;

    fn terms(resource: Vec<opentelemetry_proto::tonic::common::v1::KeyValue>) -> Terms {
        Terms::of(&attributes::to_json(resource).unwrap())
    }

    #[test]
    fn a_rate_is_taken_where_it_can_be_one() {
        for (rate, share) in [(0.25, 0.25), (1.0, 1.0), (0.0, 1.0), (-1.0, 1.0), (7.0, 1.0), (1e-12, 1.0), (f64::NAN, 1.0)] {
            assert_eq!(terms(vec![attribute("vitrum.sample.rate", rate)]), Terms::Share(share), "{rate}");
        }
        assert_eq!(terms(vec![attribute("vitrum.sample.rate", 1i64)]), Terms::Share(1.0));
        assert_eq!(terms(vec![attribute("vitrum.sample.rate", "0.5")]), Terms::Share(1.0));
        assert_eq!(terms(vec![]), Terms::Share(1.0));
        for reason in ["error", "rule"] {
            let kept = vec![attribute("vitrum.sample.kept", reason), attribute("vitrum.sample.rate", 0.5)];
            assert_eq!(terms(kept), Terms::Kept);
        }
        let short = vec![attribute("vitrum.short", true), attribute("vitrum.sample.rate", 0.5)];
        assert_eq!(terms(short), Terms::Short(0.5));
    }

    #[test]
    fn a_weight_is_one_over_the_chance_to_be_told() {
        for (terms, fault, rest) in
            [(Terms::Share(0.25), 1.0, 4.0), (Terms::Short(0.25), 4.0, 4.0), (Terms::Kept, 1.0, 0.0), (Terms::Share(1.0), 1.0, 1.0)]
        {
            assert_eq!((terms.weight(true), terms.weight(false)), (fault, rest), "{terms:?}");
        }
    }

    #[test]
    fn a_whole_count_is_written_whole() {
        for (count, written) in [(3.0, "3"), (0.0, "0"), (0.1 * 3.0 * 10.0, "3"), (3.5, "3.5"), (-2.0, "-2.0"), (1e300, "1e+300")] {
            assert_eq!(serde_json::to_string(&Count(count)).unwrap(), written);
        }
    }
}
