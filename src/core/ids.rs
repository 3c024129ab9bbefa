//! Identifiers, drawn from the random bytes of the start, and the digits they are written in.

/// A stream of identifiers: SplitMix64 (Steele, Lea, Flood 2014) from a cryptographic seed. Unique, not secret.
pub(crate) struct Ids {
    state: u64,
    mask: u64,
}

impl Ids {
    pub(crate) fn new(random: &[u8; 16]) -> Self {
        let random = u128::from_le_bytes(*random);
        Self { state: random as u64, mask: (random >> 64) as u64 }
    }

    pub(crate) fn next_id(&mut self) -> [u8; 8] {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.state;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        // The mask keeps one identifier from giving the next; the last bit keeps it from being zero, which
        // W3C Trace Context forbids.
        ((word ^ self.mask) | 1).to_le_bytes()
    }

    /// An identifier of so many bytes, a multiple of 8.
    pub(crate) fn draw(&mut self, bytes: usize) -> Vec<u8> {
        let mut id = Vec::new();
        while id.len() < bytes {
            id.extend_from_slice(&self.next_id());
        }
        id
    }

    /// The same in hexadecimal digits.
    pub(crate) fn hex(&mut self, bytes: usize) -> Vec<u8> {
        let mut text = Vec::new();
        push_hex(&mut text, &self.draw(bytes));
        text
    }
}

pub(crate) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit });
        }
    }
}

/// The number that hexadecimal digits stand for, exact up to 13 of them.
pub(crate) fn read_hex(digits: &[u8]) -> f64 {
    // Letters have bit 6 set, and their low four bits count from 1.
    digits.iter().fold(0.0, |number, digit| number * 16.0 + f64::from((digit & 15) + (digit >> 6) * 9))
}

/// The bytes that hexadecimal digits stand for, if they are so many.
pub(crate) fn read_bytes(digits: &[u8], count: usize) -> Vec<u8> {
    if digits.len() != 2 * count || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Vec::new();
    }
    digits.chunks_exact(2).map(|digits| read_hex(digits) as u8).collect()
}

pub(crate) fn push_decimal(out: &mut Vec<u8>, number: u32) {
    if number > 9 {
        push_decimal(out, number / 10);
    }
    out.push(b'0' + (number % 10) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn identifiers_differ_and_are_never_zero() {
        let mut ids = Ids::new(&[0; 16]);
        let mut drawn: Vec<_> = (0..1000).map(|_| ids.next_id()).collect();
        assert!(drawn.iter().all(|id| *id != [0; 8]));
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 1000);
    }

    #[test]
    fn digits() {
        let mut out = Vec::new();
        push_hex(&mut out, &[0, 0x9a, 0xff]);
        push_decimal(&mut out, 0);
        push_decimal(&mut out, 4_294_967_295);
        assert_eq!(out, b"009aff04294967295");
        assert_eq!(read_hex(b"0018bcfe5680"), 106_250_000_000.0);
        assert_eq!(read_bytes(b"009aFF", 3), [0, 0x9a, 0xff]);
        for bad in ["", "0", "009a", "009afg", "009aff00"] {
            assert_eq!(read_bytes(bad.as_bytes(), 3), [0_u8; 0], "{bad}");
        }
    }
}
