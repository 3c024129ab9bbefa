//! What a page costs whose collector is dead or whose user never decides: bounded, and the rest counted.

use super::chance::Chance;
use super::{Consent, Done, Start, Visit};
use crate::limits::{BATCH_BYTES, BATCHES, HELD_BYTES};
use vitrum_wire::limits::STACK_BYTES;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A batch may be over its bound by its last record, which has three texts of the longest kind.
const LAST_RECORD: usize = 3 * STACK_BYTES + 1024;

/// Two hours of a page that fails all the time, with texts that do not compress. Says how many errors there were.
fn fail(mut visit: Visit, seed: u64) -> (Visit, usize) {
    let (minutes, each) = (120, 30);
    let mut chance = Chance(seed);
    for minute in 0..minutes {
        // Each route is a view, and each view has bounds of its own.
        visit = visit.route("push", &["https://shop.example/", &minute.to_string()].concat());
        for _ in 0..each {
            let message: String = (0..60).map(|_| char::from(b'!' + chance.below(90) as u8)).collect();
            visit = visit.failure(&message.replace(['=', ':'], ".")).after(60_000.0 / each as f64);
        }
    }
    (visit, minutes * each)
}

/// The size of everything that the agent can hold in sealed batches.
fn sealed(visit: &Visit) -> Vec<usize> {
    let mut sizes: Vec<(u32, usize)> = visit.sends().iter().map(|(_, batch, _, body)| (*batch, body.len())).collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes.into_iter().map(|(_, size)| size).collect()
}

#[test]
fn a_dead_collector_costs_a_bounded_amount() {
    let (visit, errors) = fail(Visit::new().fetches_get(None), 1);
    let sizes = sealed(&visit);
    assert_eq!(sizes.len(), BATCHES);
    assert!(sizes.iter().all(|size| *size < BATCH_BYTES + LAST_RECORD), "{sizes:?}");

    // The collector comes back: each batch is answered, and what was held leaves.
    let mut visit = visit.fetches_get(Some(204.0));
    for batch in 0..BATCHES {
        visit = visit.tell(crate::Kind::Delivered, &[batch as f64, 204.0, 0.0, 1.0, 0.0, 1.0, 0.0], &[]);
    }
    let visit = visit.after(10_000.0).failure("after").after(10_000.0).hide();
    let sizes = sealed(&visit);
    assert!(sizes.iter().all(|size| *size < HELD_BYTES + LAST_RECORD), "{sizes:?}");
    let lost_navigations = 121 - visit.named("browser.navigation").len() + 121 - visit.named("view").len();
    let told = visit.named("exception").len();
    assert!(told < errors / 2, "most did not fit");
    assert_eq!(visit.lost("dropped_records") + visit.repeats(None), (errors + 1 - told + lost_navigations) as f64);
}

#[test]
fn a_collector_that_is_ill_for_long_costs_no_more_and_what_it_does_not_take_is_stored() {
    let (visit, _) = fail(Visit::new().fetches_get(Some(500.0)), 2);
    let stored = |visit: &Visit| visit.done.iter().filter(|done| matches!(done, Done::Store { .. })).count();
    assert!(stored(&visit) > 0);
    let visit = visit.fetches_get(Some(204.0)).after(900_000.0).failure("after").after(10_000.0);
    assert!(visit.done.contains(&Done::Recall));
    assert_eq!(visit.lost("lost_batches"), 0.0);
}

#[test]
fn a_user_who_never_decides_costs_a_bounded_amount() {
    let (visit, errors) = fail(Visit::start(&Start { consent: Consent::Pending, ..Start::default() }), 3);
    assert!(visit.sends().is_empty());
    let visit = visit.consent(Consent::Granted).after(10_000.0).failure("after").after(10_000.0);
    let sizes = sealed(&visit);
    assert!(sizes[0] < HELD_BYTES + LAST_RECORD, "{sizes:?}");
    // The first view is what is kept, and whatever is missing is counted.
    assert_eq!(visit.names()[..2], ["session.start", "browser.navigation"]);
    let missing = errors + 1 - visit.named("exception").len() + 121 - visit.named("browser.navigation").len() + 120 - visit.named("view").len();
    assert!(missing > 0);
    assert_eq!(visit.lost("dropped_records") + visit.repeats(None), missing as f64);
}
