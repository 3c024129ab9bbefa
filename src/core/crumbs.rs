//! What happened before an error: the last things, one a line, as they may leave.

use crate::ids::push_decimal;
use crate::limits::{CRUMB_BYTES, CRUMBS, CRUMBS_BYTES};
use crate::scrub::cut;
use crate::url::before;

/// The last things, oldest first. Each line ends with a line feed.
#[derive(Default)]
pub(crate) struct Crumbs(Vec<u8>);

impl Crumbs {
    /// Adds one, scrubbed; the oldest go when there are too many.
    pub(crate) fn add(&mut self, at: f64, kind: &[u8], text: &[u8]) {
        push_decimal(&mut self.0, at as u32);
        self.0.push(b' ');
        self.0.extend_from_slice(kind);
        self.0.push(b' ');
        self.0.extend(cut(text, CRUMB_BYTES).iter().map(|byte| if *byte < b' ' { b' ' } else { *byte }));
        self.0.push(b'\n');
        while self.0.len() > CRUMBS_BYTES || self.0.iter().filter(|byte| **byte == b'\n').count() > CRUMBS {
            let first = before(&self.0, b"\n").len() + 1;
            self.0 = self.0.get(first..).unwrap_or_default().into();
        }
    }

    /// All of them.
    pub(crate) fn text(&self) -> &[u8] {
        self.0.strip_suffix(b"\n").unwrap_or_default()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_last_are_kept_one_a_line() {
        let mut crumbs = Crumbs::default();
        assert_eq!(crumbs.text(), b"");
        crumbs.add(12.9, b"custom", b"two\nlines\tand");
        assert_eq!(crumbs.text(), b"12 custom two lines and");
        for at in 0..100 {
            crumbs.add(f64::from(at), b"action", b"click #pay");
        }
        let lines: Vec<_> = crumbs.text().split(|byte| *byte == b'\n').collect();
        assert_eq!((lines.len(), lines[0], lines[29]), (CRUMBS, &b"70 action click #pay"[..], &b"99 action click #pay"[..]));
        crumbs.clear();
        assert_eq!(crumbs.text(), b"");
    }

    #[test]
    fn none_is_longer_than_its_bound_and_all_together_than_theirs() {
        let mut crumbs = Crumbs::default();
        for at in [f64::NAN, -1.0, 1e300, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0] {
            crumbs.add(at, b"console", "ä".repeat(500).as_bytes());
            assert!(crumbs.text().len() < CRUMBS_BYTES);
            assert!(core::str::from_utf8(crumbs.text()).is_ok());
        }
        let lines = crumbs.text().split(|byte| *byte == b'\n').count();
        assert!((8..14).contains(&lines), "{lines}");
    }
}
