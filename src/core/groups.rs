//! How a view with thousands of resources is told in few bytes: their totals by origin and kind, and which of them are told
//! in full besides.

use crate::entry::{ENCODED, RESPONSE_START, STATUS, TRANSFER};
use crate::scrub::cut;
use crate::url::{after_last, before};

/// Groups of a view, with the one of all that found no room: resources of some thirty origins with two kinds each. They
/// take some 9 KB.
const GROUPS: usize = 64;

/// Longest host with its port in bytes: a name in DNS has up to 253. A script may give itself a longer one.
const HOST_BYTES: usize = 259;

/// Longest kind in bytes; those of browsers have up to 14 (`xmlhttprequest`).
const KIND_BYTES: usize = 32;

/// The totals of a view's resources.
#[derive(Default)]
pub(crate) struct Groups {
    /// The first is of all that found no room, and has no name.
    groups: Vec<Group>,
}

/// The totals of one origin and kind since the view began.
#[derive(Default)]
pub(crate) struct Group {
    /// Scheme, host and port, without credentials; empty for what is not of HTTP, such as data and extensions.
    pub(crate) origin: Vec<u8>,
    /// As `PerformanceResourceTiming.initiatorType` has it.
    pub(crate) kind: Vec<u8>,
    /// Resources, those that failed, those from a cache, those that blocked rendering; bytes that travelled, bytes of the
    /// encoded bodies; milliseconds of all resources together, milliseconds for which scripts kept the main thread,
    /// milliseconds of the longest resource.
    pub(crate) totals: [f64; 9],
    /// Whether what is told for itself does not add up to it.
    is_more: bool,
    is_changed: bool,
}

/// What a resource adds to its group.
pub(crate) struct Sample {
    pub(crate) duration_ms: f64,
    pub(crate) transfer_bytes: f64,
    pub(crate) encoded_bytes: f64,
    pub(crate) decoded_bytes: f64,
    pub(crate) is_failed: bool,
    pub(crate) is_blocking: bool,
}

impl Sample {
    /// Of an entry: its numbers after the start, its last text, and whether it is of the page's own origin.
    pub(crate) fn of(numbers: &[f64], blocking: &[u8], is_own: bool) -> Self {
        let number = |place: usize| numbers.get(place).copied().unwrap_or_default();
        let [duration_ms, response_start, status] = [number(0), number(RESPONSE_START), number(STATUS)];
        let [transfer_bytes, encoded_bytes, decoded_bytes] = [number(TRANSFER), number(ENCODED), number(ENCODED + 1)];
        // What another origin hides looks the same as what failed. WebKit tells no status.
        let is_failed = status >= 400.0 || is_own && status + response_start == 0.0;
        Self { duration_ms, transfer_bytes, encoded_bytes, decoded_bytes, is_failed, is_blocking: !blocking.is_empty() }
    }
}

impl Groups {
    /// Adds a resource, told for itself or not. Of its URL the origin is enough.
    pub(crate) fn add(&mut self, url: &[u8], kind: &[u8], sample: &Sample, is_told: bool) {
        // What another origin does not let be known is 0 throughout.
        let is_cached = sample.transfer_bytes == 0.0 && sample.decoded_bytes > 0.0;
        let [failed, cached, blocking] = [sample.is_failed, is_cached, sample.is_blocking].map(f64::from);
        let (transfer, encoded, duration) = (sample.transfer_bytes, sample.encoded_bytes, sample.duration_ms);
        self.sum(url, kind, &[1.0, failed, cached, blocking, transfer, encoded, duration, 0.0, duration], !is_told || sample.is_failed);
    }

    /// Adds for how long a script of this URL, or origin, kept the main thread.
    pub(crate) fn add_script(&mut self, url: &[u8], duration_ms: f64) {
        self.sum(url, b"script", &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, duration_ms, 0.0], true);
    }

    /// The groups that have changed since they were given here the last time, each with all of its totals, but for those that
    /// whoever reads the resources can add up. Of a group that is told more than once the latest counts.
    pub(crate) fn changed(&mut self) -> impl Iterator<Item = &Group> {
        self.groups.iter_mut().filter(|group| group.is_more).filter_map(|group| core::mem::take(&mut group.is_changed).then_some(&*group))
    }

    fn sum(&mut self, url: &[u8], kind: &[u8], more: &[f64; 9], is_more: bool) {
        let ((scheme, host), kind) = (place(url), cut(kind, KIND_BYTES));
        let is_it = |group: &Group| group.kind == kind && group.origin.strip_prefix(scheme) == Some(host);
        if self.groups.is_empty() {
            self.groups.push(Group::default());
        }
        let found = self.groups.iter().position(is_it).unwrap_or_else(|| {
            if self.groups.len() >= GROUPS {
                return 0;
            }
            let mut origin = scheme.to_vec();
            origin.extend_from_slice(host);
            self.groups.push(Group { origin, kind: kind.into(), ..Group::default() });
            self.groups.len() - 1
        });
        if let Some(Group { totals, is_changed, is_more: was_more, .. }) = self.groups.get_mut(found) {
            *was_more |= is_more;
            let longest = if more[8] > totals[8] { more[8] } else { totals[8] };
            for (total, more) in totals.iter_mut().zip(more) {
                *total += more;
            }
            totals[8] = longest;
            *is_changed = true;
        }
    }
}

/// The scheme of a URL with the signs after it, and the host with its port. Nothing if it is not of HTTP: what follows the
/// scheme is data then, or an extension's identifier, which may be of one visitor alone.
fn place(url: &[u8]) -> (&[u8], &[u8]) {
    for scheme in [b"https://".as_slice(), b"http://"] {
        if let Some(place) = url.strip_prefix(scheme) {
            let host = after_last(before(place, b"/?#"), b'@');
            return (scheme, cut(host, HOST_BYTES));
        }
    }
    (b"", b"")
}

/// Resources told in full from a view's beginning.
const FIRST: u32 = 100;

/// More of those that failed.
const FAILED: u32 = 50;

/// More of those that are slow: longer than the shortest of the [`SLOWEST`] so far. Of 5,000 in no order 39 are that after
/// the first hundred.
const SLOW: u32 = 50;

/// How many are the slowest.
const SLOWEST: usize = 10;

/// How many of [`SLOW`] are kept for one that takes twice as long as any before it. There cannot be many of these: six lie
/// between one second and a minute.
const KEPT: u32 = 5;

/// Decides which resources of a view are told in full: the first, and of the rest those that failed and the slowest, up to
/// [`FIRST`] + [`FAILED`] + [`SLOW`].
///
/// What is told has left. So a slower one cannot take the place of another, and what is told is the slowest so far.
pub(crate) struct Budget {
    /// How many may still be told, each of its kind.
    first: u32,
    failed: u32,
    slow: u32,
    /// The longest durations so far, the longest first.
    longest: [f64; SLOWEST],
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self { first: FIRST, failed: FAILED, slow: SLOW, longest: [0.0; SLOWEST] }
    }

    /// Whether this one is told in full; to be asked once for each, in their order.
    pub(crate) fn admits(&mut self, duration_ms: f64, is_failed: bool) -> bool {
        let [longest, .., shortest] = self.longest;
        let mut falling = duration_ms;
        for place in &mut self.longest {
            if falling > *place {
                core::mem::swap(place, &mut falling);
            }
        }
        let kept = if duration_ms > longest * 2.0 { 0 } else { KEPT };
        let room = if self.first > 0 {
            &mut self.first
        } else if is_failed && self.failed > 0 {
            &mut self.failed
        } else if duration_ms > shortest && self.slow > kept {
            &mut self.slow
        } else {
            return false;
        };
        *room -= 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Ids, push_decimal};
    use core::str::from_utf8;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const SAMPLE: Sample = Sample {
        duration_ms: 10.0,
        transfer_bytes: 300.0,
        encoded_bytes: 200.0,
        decoded_bytes: 500.0,
        is_failed: false,
        is_blocking: false,
    };

    /// What is to be told: origin, kind, totals.
    fn told(groups: &mut Groups) -> Vec<(String, String, [f64; 9])> {
        let text = |bytes: &[u8]| from_utf8(bytes).unwrap().to_owned();
        groups.changed().map(|group| (text(&group.origin), text(&group.kind), group.totals)).collect()
    }

    fn numbered(head: &[u8], number: usize) -> Vec<u8> {
        let mut url = head.to_vec();
        push_decimal(&mut url, number as u32);
        url
    }

    /// Of 0 to 1, each as likely.
    fn chance(ids: &mut Ids) -> f64 {
        (u64::from_le_bytes(ids.next_id()) >> 11) as f64 / (1_u64 << 53) as f64
    }

    #[test]
    fn a_group_has_the_totals_of_its_origin_and_kind() {
        let mut groups = Groups::default();
        groups.add(b"https://a.example/x.js?y=1", b"script", &SAMPLE, false);
        groups.add(b"https://a.example", b"script", &Sample { duration_ms: 40.0, is_failed: true, is_blocking: true, ..SAMPLE }, false);
        groups.add(b"https://a.example/", b"script", &Sample { transfer_bytes: 0.0, ..SAMPLE }, false);
        let unknown = Sample { transfer_bytes: 0.0, encoded_bytes: 0.0, decoded_bytes: 0.0, ..SAMPLE };
        groups.add(b"https://a.example/", b"img", &unknown, false);
        groups.add(b"http://a.example/", b"script", &SAMPLE, false);
        groups.add_script(b"https://a.example/x.js", 55.0);
        groups.add_script(b"https://a.example/x.js", 5.5);
        groups.add_script(b"https://b.example/x.js", 7.0);
        let expected = [
            ("https://a.example", "script", [3.0, 1.0, 1.0, 1.0, 600.0, 600.0, 60.0, 60.5, 40.0]),
            ("https://a.example", "img", [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 0.0, 10.0]),
            ("http://a.example", "script", [1.0, 0.0, 0.0, 0.0, 300.0, 200.0, 10.0, 0.0, 10.0]),
            ("https://b.example", "script", [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0, 0.0]),
        ];
        assert_eq!(told(&mut groups), expected.map(|(origin, kind, totals)| (origin.to_owned(), kind.to_owned(), totals)));
    }

    #[test]
    fn of_a_url_no_more_than_a_public_origin_is_kept() {
        let long = ["https://", &"a".repeat(300), ".example/"].concat();
        for (url, origin) in [
            ("https://user:secret@a.example:8443/x", "https://a.example:8443"),
            ("https://user:se@cret@a.example?x", "https://a.example"),
            ("https://a.example#someone@example.com", "https://a.example"),
            ("http://[::1]:81/", "http://[::1]:81"),
            ("data:text/plain,secret", ""),
            ("blob:https://a.example/0b1c", ""),
            ("moz-extension://0b1c-4d5e/x.js", ""),
            ("a text of the page", ""),
            ("", ""),
            (&long, long.get(..8 + HOST_BYTES).unwrap()),
        ] {
            let mut groups = Groups::default();
            groups.add_script(url.as_bytes(), 1.0);
            groups.add_script(url.as_bytes(), 1.0);
            let [(told_origin, _, totals)] = &told(&mut groups)[..] else { panic!("{url}") };
            assert_eq!((told_origin.as_str(), totals[7]), (origin, 2.0), "{url}");
        }
    }

    #[test]
    fn a_group_is_told_when_it_has_changed() {
        let mut groups = Groups::default();
        assert_eq!(told(&mut groups).len(), 0);
        groups.add(b"https://a.example", b"img", &SAMPLE, false);
        groups.add(b"https://b.example", b"img", &SAMPLE, false);
        assert_eq!(told(&mut groups).len(), 2);
        assert_eq!(told(&mut groups).len(), 0);
        groups.add(b"https://b.example", b"img", &SAMPLE, false);
        let again = told(&mut groups);
        assert_eq!((again.len(), again[0].0.as_str(), again[0].2[0]), (1, "https://b.example", 2.0));
    }

    #[test]
    fn what_resources_add_up_to_is_not_told() {
        let mut groups = Groups::default();
        let failed = Sample { is_failed: true, ..SAMPLE };
        groups.add(b"https://told.example", b"img", &SAMPLE, true);
        groups.add(b"https://failed.example", b"img", &failed, true);
        groups.add(b"https://busy.example", b"script", &SAMPLE, true);
        groups.add_script(b"https://busy.example", 80.0);
        for is_told in [true, false, true] {
            groups.add(b"https://many.example", b"img", &SAMPLE, is_told);
        }
        let counts: Vec<_> = told(&mut groups).into_iter().map(|(origin, _, totals)| (origin, totals[0])).collect();
        assert_eq!(counts, [("https://failed.example", 1.0), ("https://busy.example", 1.0), ("https://many.example", 3.0)].map(|(origin, count)| (origin.to_owned(), count)));
        // From then on all of it is, however it goes on.
        groups.add(b"https://told.example", b"img", &SAMPLE, false);
        assert_eq!(told(&mut groups)[0].2[0], 2.0);
    }

    #[test]
    fn what_finds_no_room_is_one_group_without_a_name() {
        let mut groups = Groups::default();
        for round in 0..3 {
            for number in 0..200 {
                groups.add(&numbered(b"https://a.example:", number), b"img", &SAMPLE, false);
            }
            let told = told(&mut groups);
            assert_eq!((told.len(), groups.groups.len()), (GROUPS, GROUPS));
            assert_eq!(told.iter().map(|(.., totals)| totals[0]).sum::<f64>(), 200.0 * f64::from(round + 1));
            let (origin, kind, totals) = &told[0];
            assert_eq!((origin.as_str(), kind.as_str(), totals[0]), ("", "", 137.0 * f64::from(round + 1)));
            assert_eq!((told[1].0.as_str(), told[1].2[0]), ("https://a.example:0", f64::from(round + 1)));
        }
    }

    #[test]
    fn thousands_of_resources_are_few_kilobytes() {
        let mut groups = Groups::default();
        let kinds = [b"script".as_slice(), b"xmlhttprequest"];
        for number in 0..5000 {
            let mut url = numbered(b"https://some-host-of-a-content-delivery-network-", number % 30);
            url.extend_from_slice(&numbered(b".example/a/path/of/its/own/", number));
            groups.add(&url, kinds[number / 30 % 2], &SAMPLE, false);
        }
        let names: usize = groups.groups.iter().map(|group| group.origin.capacity() + group.kind.capacity()).sum();
        let bytes = groups.groups.capacity() * size_of::<Group>() + names;
        assert_eq!((groups.groups.len(), told(&mut groups).len()), (61, 60));
        // A pointer has twice the bytes here that it has in a page.
        assert!(bytes < 14_000, "{bytes}");
    }

    #[test]
    fn the_first_are_told_and_then_what_failed() {
        let mut budget = Budget::new();
        assert_eq!((0..1000).filter(|_| budget.admits(5.0, false)).count(), 100);
        assert_eq!((0..1000).filter(|_| budget.admits(5.0, true)).count(), 50);
        assert!(budget.admits(6.0, false) && !budget.admits(5.0, false));
        assert!(budget.admits(6.0, true), "one that failed and is slow");
    }

    #[test]
    fn one_that_is_far_slower_than_all_finds_room() {
        let mut budget = Budget::new();
        let told = (0..3000).filter(|number| budget.admits(100.0 + f64::from(*number), false)).count();
        assert_eq!(told, 145);
        assert!(budget.admits(10_000.0, false) && !budget.admits(15_000.0, false) && budget.admits(40_000.0, false));
    }

    #[test]
    fn the_slowest_of_thousands_are_told() {
        let mut missed = 0;
        for seed in 0..20 {
            let mut ids = Ids::new(&[seed; 16]);
            let mut budget = Budget::new();
            let mut all: Vec<_> = (0..3000)
                .map(|_| {
                    let duration = 1000.0 * chance(&mut ids) * chance(&mut ids);
                    (duration, budget.admits(duration, chance(&mut ids) < 0.1))
                })
                .collect();
            let told = all.iter().filter(|(_, is_told)| *is_told).count();
            assert!((150..=200).contains(&told), "{told}");
            all.sort_by(|one, other| other.0.total_cmp(&one.0));
            missed += all[..SLOWEST].iter().filter(|(_, is_told)| !is_told).count();
        }
        assert!(missed <= 4, "{missed} of 200");
    }
}
