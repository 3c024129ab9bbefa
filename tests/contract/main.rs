//! The contract between the two ends of the wire: whatever the network does, each record is stored once, or counted by
//! who gave it up. One process, a virtual clock, no sockets: pages at random, a network that loses, delays, doubles,
//! reorders and refuses, and the collector as a service.

mod chance;
mod network;
mod page;

use chance::Chance;
use network::{Collector, Fate, Network, Weather};
use page::Page;
use std::collections::{BTreeMap, BTreeSet};
use vitrum_core::Consent;

/// Runs the check for each seed, and names the one that failed. Gives the sums of what was seen.
fn for_seeds<const N: usize>(seeds: std::ops::Range<u64>, check: fn(u64) -> [usize; N]) -> [usize; N] {
    let mut sums = [0; N];
    for seed in seeds {
        let seen = std::panic::catch_unwind(|| check(seed)).unwrap_or_else(|cause| {
            eprintln!("failed with seed {seed}");
            std::panic::resume_unwind(cause)
        });
        sums = std::array::from_fn(|n| sums[n] + seen[n]);
    }
    sums
}

/// One tab: a few pages, one after the other, of which the last stays until the network is well again. Says how many
/// batches were stored, given up and lost unheard, and how many records were dropped.
fn visit(seed: u64) -> [usize; 4] {
    let mut chance = Chance(seed);
    let mut network = Network::new(Collector::new(), chance.next());
    let (mut remembered, mut time, mut dropped) = (String::new(), 0.0, 0);
    let pages = 1 + chance.below(3);
    for number in 0..pages {
        let stays = number + 1 == pages;
        let mut page = Page::load(&mut chance, time, remembered, Consent::Granted, &mut network);
        for _ in 0..chance.pick(&[5, 40, 120]) {
            network.weather = chance.pick(&[network.weather, network.weather, network.weather, Weather::Fair, Weather::Foul, Weather::Dead]);
            page.step(&mut chance, &mut network);
        }
        if stays {
            network.weather = Weather::Fair;
            page.settle(&mut network);
        }
        page.leave(&mut network);
        if stays && !page.is_off {
            check_page(&page);
            dropped = page.counted("vitrum.health.dropped_records");
        }
        remembered = page.remembered.clone();
        time = page.time() + chance.pick(&[500.0, 60_000.0, 3_600_000.0]);
        network.forget_page(time);
    }
    network.settle();
    check_store(&network);
    let count = |is_so: fn(&Fate) -> bool| network.sent.values().filter(|fate| is_so(fate)).count();
    [network.arrived.len(), count(|fate| fate.given_up), count(|fate| fate.lost_unheard), dropped]
}

/// The page had time to send all it held: whatever it was told is in a batch or counted, and every batch was taken or is
/// counted.
fn check_page(page: &Page) {
    let mut told = page.told.clone();
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    for record in page.batches.values().flat_map(|batch| &batch.records) {
        *written.entry(&record.name).or_default() += 1;
    }
    let vitals = written.remove("browser.web_vital").unwrap_or_default();
    let healths = written.remove("vitrum.health").unwrap_or_default();
    // Whether a session begins is the agent's to know.
    let sessions = written.remove("session.start").unwrap_or_default();
    assert!(sessions <= 1);
    // Views and sums of resources are found, not told; and of resources beyond a view's budget only the sums are told.
    for found in ["view", "vitrum.resource_group"] {
        written.remove(found);
    }
    let resources = [written.remove("browser.resource_timing"), told.remove("browser.resource_timing")];
    assert!(resources[0] <= resources[1], "{resources:?}");
    let told: usize = told.values().sum();
    // An error that is not told in full is counted with those that are like it.
    written.remove("vitrum.error_repeats");
    let in_batches = written.values().sum::<usize>() + page.counted("vitrum.error.count");
    let (dropped, lost) = (page.counted("vitrum.health.dropped_records"), page.counted("vitrum.health.lost_batches"));
    // What is found may be dropped too; none is where nothing was dropped.
    if dropped == 0 {
        assert_eq!(in_batches, told, "{written:?} of {:?}", page.told);
    } else {
        // Five vitals, the view and the sums of its one origin, each time; and any resource.
        let found = page.hides * 7 + page.told.get("browser.navigation").unwrap_or(&0) * 2 + resources[1].unwrap_or_default();
        assert!(told - in_batches <= dropped && dropped <= told - in_batches + found, "{told} {in_batches} {dropped}");
    }
    assert_eq!(lost, page.given_up.len(), "batches given up, with {healths} records of health and {vitals} of vitals");

    let mut numbers: Vec<usize> = page.batches.values().flat_map(|batch| batch.records.iter().filter_map(|record| record.number)).collect();
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(0..numbers.len()), "a record was numbered and is in no batch, or in two: {numbers:?}");
}

/// The store has each record of each batch that arrived, once, and nothing else; nothing was refused.
fn check_store(network: &Network) {
    let mut arrived: Vec<String> = network.arrived.values().flatten().cloned().collect();
    arrived.sort();
    let mut stored = network.collector.stored();
    stored.sort();
    assert_eq!(stored, arrived);
    let once: BTreeSet<&String> = stored.iter().collect();
    assert_eq!(once.len(), stored.len(), "a record is stored twice");

    let health = network.collector.health();
    assert_eq!(health["records"], stored.len());
    for counts in ["refused", "rejected_records"] {
        assert_eq!(health[counts], serde_json::json!({}), "{counts}");
    }
    // What did not arrive: heard of as lost, or lost where nobody hears of it. Nothing is lost with its page alone.
    for (batch, fate) in &network.sent {
        let is_known = fate.given_up || fate.is_stored || fate.lost_unheard;
        assert!(network.arrived.contains_key(batch) || is_known, "{batch} is nowhere");
    }
}

#[test]
fn each_record_is_stored_once_or_counted() {
    let seen = for_seeds(0..30, visit);
    assert!(seen.iter().all(|count| *count > 0), "no fault may be missing, or it was not tested: {seen:?}");
}

#[test]
fn before_consent_nothing_reaches_the_network() {
    for_seeds(1000..1020, |seed| {
        let mut chance = Chance(seed);
        let mut network = Network::new(Collector::new(), chance.next());
        let mut page = Page::load(&mut chance, 0.0, String::new(), Consent::Pending, &mut network);
        for _ in 0..chance.pick(&[5, 40]) {
            page.step(&mut chance, &mut network);
        }
        page.hide(&mut network);
        assert_eq!((network.sent.len(), page.remembered.as_str()), (0, ""));
        page.leave(&mut network);
        network.settle();
        assert!(network.sent.is_empty() && network.collector.stored().is_empty());
        []
    });
}

#[test]
fn consent_lets_out_what_waited() {
    for_seeds(2000..2010, |seed| {
        let mut chance = Chance(seed);
        let mut network = Network::new(Collector::new(), chance.next());
        let mut page = Page::load(&mut chance, 0.0, String::new(), Consent::Pending, &mut network);
        for _ in 0..20 {
            page.step(&mut chance, &mut network);
        }
        page.allow(&mut network);
        page.settle(&mut network);
        page.leave(&mut network);
        network.settle();
        check_page(&page);
        check_store(&network);
        assert!(network.collector.stored().len() >= 2, "at least the session and the view");
        []
    });
}
