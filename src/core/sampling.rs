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

    /// A million sessions: the share is the rate within 0.2 %, and in each of 16 cohorts, told apart by the other end of the
    /// identifier, within 0.5 %.
    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn no_cohort_is_told_more_often_than_another() {
        let mut ids = Ids::new(b"a million of ids");
        for rate in [0.5, 0.1] {
            let mut cohorts = [[0.0_f64; 2]; 16];
            for _ in 0..1_000_000 {
                let id = ids.hex(16);
                let [all, sampled] = &mut cohorts[read_hex(&id[31..]) as usize];
                *all += 1.0;
                *sampled += f64::from(u8::from(is_sampled(&id, rate)));
            }
            let [all, sampled] = cohorts.iter().fold([0.0; 2], |[all, sampled], [a, s]| [all + a, sampled + s]);
            assert!((sampled / all - rate).abs() < 0.002, "{sampled} of {all}");
            for (cohort, [all, sampled]) in cohorts.iter().enumerate() {
                assert!((sampled / all - rate).abs() < 0.005, "cohort {cohort}: {sampled} of {all}");
            }
        }
    }
}
