//! What a meter costs the page's memory, however much the page does: the core's heap, counted, and the entries that the
//! page holds for it.

mod heap;
mod meter;

use meter::Meter;

/// The bits of `flags` in src/core/vitals/mod.rs.
const LCP: u32 = 1;
const INP: u32 = 1 << 1;
const CLS: u32 = 1 << 2;
const FCP: u32 = 1 << 3;
const TTFB: u32 = 1 << 4;
const SOFT: u32 = 1 << 5;
const ALL_CHANGES: u32 = 1 << 6;
const ENTRIES: u32 = 1 << 7;
const EVENTS: u32 = 1 << 8;

const VITALS: u32 = LCP | INP | CLS | FCP | TTFB;

/// More than a page has interactions: each is with an element of its own.
const ELEMENTS: usize = 10_000;

/// A busy page: 5,000 shifts, 5,000 events and 500 long frames of four scripts, so many of them in a packet. A meter is
/// told of what it observes.
fn busy(meter: &mut Meter, packet: usize) {
    meter.paint();
    for _ in 0..5000_usize.div_ceil(packet) {
        meter.shifts(packet);
        meter.events(packet, ELEMENTS);
        meter.long_frames(packet / 10);
    }
}

/// What a meter may cost the core, in bytes, where a packet has as many rows as browsers buffer entries (150 events, for
/// one), or more than any page makes at once.
const USUAL_BYTES: isize = 16 * 1024;
const MOST_BYTES: isize = 22 * 1024;
/// With entries, what the page is to do with them waits in a list until the packet is told, and the list keeps its room: so
/// much for each row of the largest packet (some 100 bytes, and a list that grows doubles).
const ROW_BYTES: isize = 208;

/// Whether a meter with these flags, when the page has been busy, costs the core's heap no more than this, and the page no
/// more lists of entries and entries in them; and whether being busy for as long again costs nothing more.
fn check(meter: fn(u32) -> Meter, flags: u32, packet: usize, most_held: (usize, usize)) {
    let mut meter = meter(flags);
    busy(&mut meter, packet);
    let first = meter.bytes();
    busy(&mut meter, packet);
    let (bytes, (lists, entries)) = (meter.bytes(), meter.held());
    let cost = format!("flags {flags:#b}, packets of {packet}: {bytes} bytes, {lists} lists of {entries} entries");
    let most = if packet <= 150 { USUAL_BYTES } else { MOST_BYTES };
    let waiting = if flags & ENTRIES == 0 { 0 } else { ROW_BYTES * packet as isize };
    assert!(bytes <= most + waiting, "{cost}");
    assert!(lists <= most_held.0 && entries <= most_held.1, "{cost}");
    assert_eq!(bytes, first, "{cost}");
}

#[test]
fn a_busy_page_costs_a_meter_a_few_kilobytes_and_no_more_however_long_it_lasts() {
    for packet in [10, 50, 100, 150, 500, 5000] {
        check(Meter::own, VITALS, packet, (0, 0));
        check(Meter::own, VITALS | SOFT, packet, (0, 0));
        check(Meter::listener, INP | ALL_CHANGES, packet, (0, 0));
        check(Meter::listener, CLS | ALL_CHANGES, packet, (0, 0));
        // Eleven interactions, twenty frames with their events, and long frames at these times.
        check(Meter::listener, INP | ALL_CHANGES | ENTRIES | EVENTS, packet, (60, 90));
        // The open window and the worst.
        check(Meter::listener, CLS | ALL_CHANGES | ENTRIES, packet, (2, 14));
    }
}

/// What a meter costs more than before it was told of 5,000 shifts and 5,000 events with so many elements, and of so many
/// long frames after each ten events.
fn cost(meter: fn(u32) -> Meter, flags: u32, elements: usize, long_frames: usize) -> isize {
    let mut meter = meter(flags);
    let before = meter.bytes();
    meter.paint();
    for _ in 0..500 {
        meter.shifts(10);
        meter.events(10, elements);
        meter.long_frames(long_frames);
    }
    meter.bytes() - before
}

#[test]
fn a_vital_costs_some_hundred_bytes_more_than_its_meter() {
    for (name, flags, most) in [("lcp", LCP, 100), ("cls", CLS, 100), ("fcp", FCP, 200), ("ttfb", TTFB, 100), ("inp", INP, 800)] {
        let bytes = cost(Meter::listener, flags, 1, 0);
        assert!(bytes <= most, "{name}: {bytes} bytes");
    }
    let bytes = cost(Meter::own, VITALS, 1, 0);
    assert!(bytes <= 1000, "all five: {bytes} bytes");
}

/// The 800 bytes of INP are ten interactions of 40 bytes, the last ten frames of events with 32, and the selector of an
/// element. At worst each interaction was with another element.
#[test]
fn each_further_element_costs_inp_its_selector() {
    let bytes = [1, 2, 5, 10, ELEMENTS].map(|elements| cost(Meter::listener, INP, elements, 0));
    let [one, .., worst] = bytes;
    assert!(bytes.is_sorted() && worst - one <= 9 * (16 + meter::SELECTOR_BYTES), "{bytes:?}");
}

/// Only those are kept that have to do with one of the slowest interactions or with one of the last frames of events, with
/// the times of their scripts and the names of three.
#[test]
fn long_frames_cost_inp_some_hundred_bytes_each_and_few_are_kept() {
    let bytes = [0, 1].map(|long_frames| cost(Meter::listener, INP, 1, long_frames));
    let [without, with] = bytes;
    assert!(with - without <= 8 * 1024, "{bytes:?}");
}

/// The core has room for 64 meters, of which one is the agent's own. Before a listener's meter is told anything it has the
/// fields of all five vitals, and what it knows of its navigation.
#[test]
fn a_meter_that_knows_nothing_costs_less_than_a_kilobyte() {
    let bytes = Meter::listeners(VITALS, 63).bytes() / 63;
    assert!((200..=1000).contains(&bytes), "{bytes} bytes");
}
