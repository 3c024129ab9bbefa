//! How much may be told a minute: of each kind of record so many, and what is over that is counted by its kind.

use crate::ids::push_decimal;
use crate::time::PageTime;
use vitrum_wire::Name;

/// Kinds of records: those of events, and spans.
const KINDS: usize = Name::ALL.len() + 1;
const MINUTE_MS: f64 = 60_000.0;

/// The counts of a minute.
pub(crate) struct Pace {
    /// How many of a kind there may be.
    pub(crate) most: f64,
    since: PageTime,
    counts: [f64; KINDS],
    /// How many were too many, since that was told.
    limited: [u32; KINDS],
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { most: f64::INFINITY, since: PageTime(0.0), counts: [0.0; KINDS], limited: [0; KINDS] }
    }

    /// Whether there may be one more now; spans have no name. To be asked once for each.
    pub(crate) fn admits(&mut self, now: PageTime, name: Option<Name>) -> bool {
        if now.0 - self.since.0 >= MINUTE_MS {
            self.since = now;
            self.counts = [0.0; KINDS];
        }
        let kind = name.map_or(KINDS - 1, |name| name as usize);
        let (Some(count), Some(limited)) = (self.counts.get_mut(kind), self.limited.get_mut(kind)) else { return false };
        *count += 1.0;
        let is_admitted = *count <= self.most;
        *limited += u32::from(!is_admitted);
        is_admitted
    }

    /// Whether none was too many.
    pub(crate) fn is_kept(&self) -> bool {
        self.limited == [0; KINDS]
    }

    /// What was too much, once: names and numbers.
    pub(crate) fn told(&mut self) -> Vec<u8> {
        let mut told = Vec::new();
        for (kind, count) in core::mem::replace(&mut self.limited, [0; KINDS]).into_iter().enumerate() {
            if count > 0 {
                if !told.is_empty() {
                    told.push(b' ');
                }
                told.extend_from_slice(Name::ALL.get(kind).map_or(b"span", |name| name.bytes()));
                told.push(b' ');
                push_decimal(&mut told, count);
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn each_kind_has_so_many_a_minute() {
        let mut pace = Pace { most: 3.0, ..Pace::new() };
        let mut admitted = |at: f64, name| (0..5).filter(|_| pace.admits(PageTime(at), name)).count();
        assert_eq!([admitted(0.0, Some(Name::Exception)), admitted(59_999.0, Some(Name::Exception))], [3, 0]);
        assert_eq!([admitted(59_999.0, None), admitted(59_999.0, Some(Name::SessionStart))], [3, 3]);
        assert_eq!(admitted(60_000.0, Some(Name::Exception)), 3);
        assert!(!pace.is_kept());
        assert_eq!(pace.told(), b"session.start 2 exception 9 span 2");
        assert!(pace.is_kept() && pace.told().is_empty());
    }
}
