//! Raw DEFLATE (RFC 1951) at once: what a page has to say must be ready in the event in which it goes.

use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output};

/// How many places the compressor looks at for each match. Of 109 batches of real visits (9 KB on average, 2026-11-30) 16 to
/// 1500 gave sizes within one percent, with the dictionary and without, and from 64 on nothing was gained; up to there it
/// cost no time that could be told, and beyond it a text that repeats itself would. As small as zlib at its usual level,
/// and five times faster than what is there in JavaScript. The flags are the number alone, for raw DEFLATE.
const PROBES: u32 = 64;

/// Appends the text, compressed. With a dictionary the reader must have the same before the first byte (see
/// [`vitrum_wire::dictionary`]).
pub fn deflate(out: &mut Vec<u8>, dictionary: Option<&[u8]>, text: &[u8]) {
    let mut compressor = CompressorOxide::new(PROBES);
    // It has no call for a dictionary: one is a text that came before and was thrown away. The flush ends it at the border
    // of a byte and leaves all of it in the window.
    for (text, flush) in [(dictionary.unwrap_or_default(), TDEFLFlush::Sync), (text, TDEFLFlush::Finish)] {
        // It always is. Asked in the one place of the call, it lets the compiler leave out the ways to compress that other
        // flags ask for: 0.8 KB brotli.
        if compressor.flags() == PROBES as i32 {
            compress_to_output(&mut compressor, text, flush, |part| {
                if flush == TDEFLFlush::Finish {
                    out.extend_from_slice(part);
                }
                true
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn inflated(payload: &[u8], dictionary: &[u8], len: usize) -> Vec<u8> {
        let mut text = dictionary.to_vec();
        text.resize(dictionary.len() + len, 0);
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (_, read, written) = decompress(&mut DecompressorOxide::new(), payload, &mut text, dictionary.len(), flags);
        assert_eq!((read, written), (payload.len(), len));
        text.split_off(dictionary.len())
    }

    #[test]
    fn whatever_the_length_it_comes_back() {
        let dictionary = vitrum_wire::dictionary::of(vitrum_wire::dictionary::CURRENT).unwrap();
        for len in [0, 1, 2, 3, 10, 100, 1000, 8191, 8192, 30_000, 65_536] {
            let alike: Vec<u8> = dictionary.iter().copied().cycle().skip(len / 3).take(len).collect();
            let strange: Vec<u8> = (0..len as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            for text in [alike, strange] {
                for before in [None, Some(dictionary), Some(b"")] {
                    let mut out = b"before".to_vec();
                    deflate(&mut out, before, &text);
                    assert_eq!(&out[..6], b"before");
                    assert_eq!(inflated(&out[6..], before.unwrap_or_default(), len), text, "{len}");
                }
            }
        }
    }

    #[test]
    fn what_the_dictionary_says_is_not_said_again() {
        let said = b"browser.web_vital.navigation_type, vitrum.web_vital.attribution.element_render_delay";
        let (mut with, mut without) = (Vec::new(), Vec::new());
        deflate(&mut with, Some(said), said);
        deflate(&mut without, None, said);
        assert!(with.len() < 20 && without.len() > 60, "{} {}", with.len(), without.len());
    }
}
