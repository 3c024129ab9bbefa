//! The text that both ends have before the first byte travels: what most batches say, for the compressor to point at.
//!
//! A batch is small, so half of what DEFLATE spends on it is spent on saying each thing once. A preset dictionary (zlib's
//! `deflateSetDictionary`) has said it already: it is a page view as most are, packed as an agent packs it.
//!
//! **A version that was released is never changed.** Pages keep an agent for as long as caches and open tabs do, and DEFLATE
//! cannot tell one dictionary from another: a batch opened with the wrong one is opened wrongly. `dictionary/{version}.bin`
//! has the bytes of each, WIRE.md their hashes, and `tests/tidy` is red when what is written here is not the file of
//! [`CURRENT`]. Then, if that version was released: raise `CURRENT`, add its number to [`VERSIONS`], have [`of`] give the
//! older one too (with feature `decode`: the agent needs only its own), and let the new one be written to a file of its own
//! beside it.

/// All that a reader knows, the newest last.
pub const VERSIONS: &[u8] = &[CURRENT];

/// The one that a sender of this version has, and the only one.
pub const CURRENT: u8 = 1;

/// The bytes of a version, if it is known.
#[must_use]
pub fn of(version: u8) -> Option<&'static [u8]> {
    (version == CURRENT).then_some(include_bytes!("dictionary/1.bin"))
}

#[cfg(feature = "decode")]
pub use crate::typical::written;

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Beyond the window of DEFLATE nothing could be pointed at.
    #[test]
    fn it_fits_into_the_window_with_a_batch_of_usual_size() {
        assert!(of(CURRENT).unwrap().len() < 32_768 - 16_384);
    }

    #[test]
    fn what_is_known_is_given_and_nothing_else() {
        for version in 0..=u8::MAX {
            assert_eq!(of(version).is_some(), VERSIONS.contains(&version), "{version}");
        }
    }
}
