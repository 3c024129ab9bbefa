//! Which sessions are reported.

use crate::ids::read_hex;

/// Whether a session is among the sampled. The identifier is random and uniform, so its first 32 bits are a number
/// that every tab, and the back end, finds again.
pub(crate) fn is_sampled(session_id: &[u8], rate: f64) -> bool {
    read_hex(session_id.get(..8).unwrap_or_default()) < rate * 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn all_or_none_at_the_ends() {
        for id in [b"00000000", b"ffffffff", b"7fffffff"] {
            assert!(is_sampled(id, 1.0), "{id:?}");
            assert!(!is_sampled(id, 0.0), "{id:?}");
        }
    }

    #[test]
    fn the_share_is_the_rate() {
        let mut ids = Ids::new(&[7; 16]);
        let sampled = (0..20_000).filter(|_| is_sampled(&ids.hex(16), 0.25)).count();
        assert!((4700..5300).contains(&sampled), "{sampled}");
    }
}
