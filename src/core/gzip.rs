//! gzip (RFC 1952), for receivers of OTLP: they know `Content-Encoding: gzip`, and no beacon.

use crate::deflate::deflate;

/// Deflate, no flags, no time, nothing said of the effort, and of an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Appends the text as a gzip file.
pub fn gzip(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(&HEADER);
    deflate(out, None, text);
    out.extend_from_slice(&crc_32(text).to_le_bytes());
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
}

/// Bit by bit: a table would be faster, and larger than the rest of this file.
fn crc_32(text: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut crc = !0;
    for byte in text {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ POLYNOMIAL & 0_u32.wrapping_sub(crc & 1);
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Source of the first: the check value that catalogues of CRCs give for this one.
    #[test]
    fn the_checksum_is_that_of_the_standard() {
        for (text, crc) in [(&b"123456789"[..], 0xcbf4_3926), (b"", 0), (b"\0", 0xd202_ef8d), (b"\xff\xff\xff\xff", 0xffff_ffff)] {
            assert_eq!(crc_32(text), crc, "{text:?}");
        }
    }

    #[test]
    fn the_text_stands_between_header_checksum_and_length() {
        let (mut file, mut deflated) = (b"before".to_vec(), Vec::new());
        gzip(&mut file, b"123456789");
        deflate(&mut deflated, None, b"123456789");
        let expected = [&b"before"[..], &HEADER, &deflated, &[0x26, 0x39, 0xf4, 0xcb, 9, 0, 0, 0]].concat();
        assert_eq!(file, expected);
    }
}
