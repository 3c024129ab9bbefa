//! Which events and long frames belong to an interaction, and what its time was made of.

use super::super::flags::{ALL_CHANGES, EVENTS};
use super::inp::listener;
use super::*;
use crate::limits::SCRIPTS;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Start, duration, and how much of it was forced layout.
type Script = [f64; 3];

impl Bench {
    /// A long frame that began its layout then.
    fn frame(self, at: f64, duration: f64, layout: f64) -> Self {
        self.tell(Kind::LongFrame, &[at, duration, duration - 50.0, layout, layout, 0.0], &[])
    }

    /// Its scripts: of each the invoker is its number.
    fn scripts(self, scripts: &[Script]) -> Self {
        let numbers: Vec<String> = (0..scripts.len()).map(|number| number.to_string()).collect();
        let texts: Vec<&str> = numbers.iter().flat_map(|number| [number.as_str(), "https://shop.example/a.js", "f"]).collect();
        self.tell(Kind::Script, &scripts.concat(), &texts)
    }

    /// An interaction at 1000 ms: 20 ms of delay, 80 of processing, 100 of presentation.
    fn slow(self) -> Self {
        self.event([1.0, 1000.0, 200.0, 1020.0, 1100.0, 0.0, 1.0], "#it")
    }
}

impl Heard {
    /// Script, layout, painting and the rest.
    fn made_of(&self) -> [f64; 4] {
        let made_of = [self.parts[7], self.parts[8], self.parts[9], self.parts[10]];
        assert_eq!(made_of.iter().sum::<f64>(), self.value, "they add up to it");
        made_of
    }

    /// Subpart (0 delay, 1 processing, 2 presentation; negative if there is none), share, frame and number of the longest
    /// script.
    fn longest(&self) -> [f64; 4] {
        [self.parts[11], self.parts[12], self.parts[13], self.parts[14]]
    }

    /// Start times of the long frames.
    fn frames(&self) -> Vec<f64> {
        self.parts[16..].iter().flat_map(|list| self.list(*list)).collect()
    }
}

/// What the interaction at 1000 ms was made of, with these frames (start, duration, start of layout, scripts).
fn check_made_of(frames: &[(f64, f64, f64, &[Script])], made_of: [f64; 4], longest: [f64; 4]) {
    let tell = |bench: Bench| frames.iter().fold(bench, |bench, (at, duration, layout, scripts)| bench.frame(*at, *duration, *layout).scripts(scripts));
    // Entries come in no certain order: the frames before the events, or after them.
    for bench in [tell(listener(0)).slow(), tell(listener(0).slow())] {
        let bench = bench.hide(1.0);
        assert_eq!((bench.last().made_of(), bench.last().longest()), (made_of, longest), "{frames:?}");
    }
}

const NO_SCRIPT: [f64; 4] = [-1.0, 0.0, 0.0, 0.0];

#[test]
fn its_time_is_made_of_script_layout_painting_and_the_rest() {
    check_made_of(&[], [0.0, 0.0, 0.0, 200.0], NO_SCRIPT);
    // The frame's last 30 ms are layout, and 20 ms after it the user sees it.
    check_made_of(&[(990.0, 190.0, 1150.0, &[])], [0.0, 30.0, 20.0, 150.0], NO_SCRIPT);
    // The first script ran for 5 ms before the interaction: 15 of 20 ms count, and 6 of 8 ms of forced layout. Of the
    // second 60 ms are script and 20 layout, of the third 15 and 5.
    let scripts = [[995.0, 20.0, 8.0], [1020.0, 80.0, 20.0], [1120.0, 20.0, 5.0]];
    check_made_of(&[(990.0, 190.0, 1150.0, &scripts)], [84.0, 61.0, 20.0, 35.0], [1.0, 80.0, 0.0, 1.0]);
}

#[test]
fn a_script_before_the_interaction_is_none_of_it() {
    check_made_of(&[(900.0, 280.0, 1180.0, &[[900.0, 99.5, 10.0]])], [0.0, 0.0, 20.0, 180.0], NO_SCRIPT);
    check_made_of(&[(900.0, 280.0, 1180.0, &[[900.0, 100.0, 10.0]])], [0.0, 0.0, 20.0, 180.0], NO_SCRIPT);
    check_made_of(&[(900.0, 280.0, 1180.0, &[[900.0, 101.0, 0.0]])], [1.0, 0.0, 20.0, 179.0], [0.0, 1.0, 0.0, 0.0]);
    // One of no length forces nothing.
    check_made_of(&[(900.0, 280.0, 1180.0, &[[1050.0, 0.0, 10.0]])], [0.0, 0.0, 20.0, 180.0], NO_SCRIPT);
}

/// The subpart of a script that began then.
fn check_subpart(at: f64, subpart: f64) {
    check_made_of(&[(900.0, 280.0, 1180.0, &[[at, 150.0, 0.0]])], [150.0 - (1000.0 - at).max(0.0), 0.0, 20.0, 30.0 + (1000.0 - at).max(0.0)], [
        subpart,
        150.0 - (1000.0 - at).max(0.0),
        0.0,
        0.0,
    ]);
}

#[test]
fn a_script_belongs_to_the_part_in_which_it_began() {
    for (at, subpart) in [(950.0, 0.0), (1000.0, 0.0), (1019.5, 0.0), (1020.0, 1.0), (1099.5, 1.0), (1100.0, 2.0), (1150.0, 2.0)] {
        check_subpart(at, subpart);
    }
}

#[test]
fn the_longest_script_is_the_first_of_equals_in_whatever_frame() {
    let (short, long): (&[Script], &[Script]) = (&[[1005.0, 5.0, 0.0], [1010.0, 8.0, 0.0]], &[[1060.0, 30.0, 0.0], [1095.0, 30.0, 0.0]]);
    check_made_of(&[(1000.0, 50.0, 1050.0, short), (1055.0, 85.0, 1140.0, long)], [73.0, 0.0, 60.0, 67.0], [1.0, 30.0, 1.0, 0.0]);
    check_made_of(&[(1000.0, 50.0, 1050.0, short), (1055.0, 85.0, 1140.0, &[])], [13.0, 0.0, 60.0, 127.0], [0.0, 8.0, 0.0, 1.0]);
}

#[test]
fn the_longest_script_is_told_by_name() {
    let bench = listener(0).slow().frame(1000.0, 180.0, 1180.0).scripts(&[[1005.0, 5.0, 0.0], [1030.0, 60.0, 0.0], [1095.0, 60.0, 0.0]]).hide(1.0);
    assert_eq!(bench.last().texts, ["#it", "1", "https://shop.example/a.js", "f"]);
    // It comes after a longer one that the interaction did not have to wait for, and after others that are shorter than that.
    let scripts = [[900.0, 20.0, 0.0], [920.0, 30.0, 0.0], [950.0, 45.0, 0.0], [1005.0, 30.0, 0.0], [1040.0, 9.0, 0.0], [1060.0, 8.0, 0.0]];
    let bench = listener(0).slow().frame(900.0, 280.0, 1180.0).scripts(&scripts).hide(1.0);
    assert_eq!((bench.last().longest(), bench.last().texts[1].as_str()), ([0.0, 30.0, 0.0, 3.0], "3"));
    // A frame without one: nothing.
    let bench = listener(0).slow().frame(1000.0, 180.0, 1180.0).hide(1.0);
    assert_eq!(bench.last().texts, ["#it", ""]);
}

#[test]
fn of_a_frame_so_many_scripts_are_remembered() {
    let scripts: Vec<Script> = (0..SCRIPTS + 6).map(|number| [1000.0 + number as f64, if number < SCRIPTS { 1.0 } else { 9.0 }, 0.0]).collect();
    check_made_of(&[(1000.0, 180.0, 1180.0, &scripts)], [SCRIPTS as f64, 0.0, 20.0, 180.0 - SCRIPTS as f64], [0.0, 1.0, 0.0, 0.0]);
    // Without a frame there is nothing that they could belong to.
    let bench = listener(0).scripts(&scripts).slow().hide(1.0);
    assert_eq!(bench.last().longest(), NO_SCRIPT);
}

/// Whether the interaction, from its start at 1000 to the end of its handlers at 1100 ms, has to do with this frame.
fn check_meets(at: f64, duration: f64, meets: bool) {
    let bench = listener(0).slow().frame(at, duration, at + duration).hide(1.0);
    assert_eq!(bench.last().frames(), if meets { vec![at] } else { vec![] }, "{at} {duration}");
}

#[test]
fn a_frame_belongs_to_it_that_touches_it_before_its_handlers_have_ended() {
    check_meets(900.0, 99.9, false);
    check_meets(900.0, 100.0, true);
    check_meets(1010.0, 60.0, true);
    check_meets(900.0, 300.0, true);
    check_meets(1100.0, 90.0, true);
    check_meets(1100.1, 90.0, false);
}

#[test]
fn painting_is_what_comes_after_the_last_frame_if_that_outlasted_the_handlers() {
    check_made_of(&[(990.0, 109.0, 1099.0, &[])], [0.0, 0.0, 0.0, 200.0], NO_SCRIPT);
    check_made_of(&[(990.0, 110.0, 1100.0, &[])], [0.0, 0.0, 100.0, 100.0], NO_SCRIPT);
    check_made_of(&[(990.0, 60.0, 1050.0, &[]), (1051.0, 129.0, 1170.0, &[])], [0.0, 10.0, 20.0, 170.0], NO_SCRIPT);
    // Durations are rounded: a frame may end after the paint.
    check_made_of(&[(990.0, 213.0, 1203.0, &[])], [0.0, 0.0, -3.0, 203.0], NO_SCRIPT);
}

/// Whether an event without an interaction, presented so long after the one at 1000 ms, counts as its frame's.
fn check_same_frame(later: f64, is_same: bool) {
    let other = [0.0, 1010.0, 190.0 + later, 1015.0, 1110.0, 0.0, 1.0];
    let bench = listener(EVENTS).slow().event(other, "").hide(1.0);
    let (parts, events) = if is_same { ([15.0, 95.0, 90.0], vec![1000.0, 1010.0]) } else { ([20.0, 80.0, 100.0], vec![1000.0]) };
    assert_eq!((&bench.last().parts[..3], bench.last().list(bench.last().parts[15])), (&parts[..], events), "{later}");
}

#[test]
fn events_presented_within_8_ms_are_of_one_frame() {
    for (later, is_same) in [(0.0, true), (8.0, true), (8.5, false), (-8.0, true), (-8.5, false)] {
        check_same_frame(later, is_same);
    }
}

#[test]
fn of_two_frames_that_an_event_may_belong_to_the_later_is_its_own() {
    let event = |bench: Bench, id: f64, paint: f64, end: f64| bench.event([id, 1000.0, paint - 1000.0, 1010.0, end, 0.0, 2.0], "");
    let bench = event(event(event(listener(EVENTS), 1.0, 1100.0, 1050.0), 2.0, 1110.0, 1051.0), 0.0, 1105.0, 1080.0).hide(2.0);
    assert_eq!((bench.last().value, bench.last().parts[1]), (110.0, 70.0), "the handlers of the second frame ended last");
    assert_eq!(bench.last().list(bench.last().parts[15]), [1000.0, 1000.0]);
}

#[test]
fn a_frame_is_presented_when_its_first_event_was() {
    let event = |bench: Bench, id: f64, paint: f64, end: f64| bench.event([id, 1000.0, paint - 1000.0, 1010.0, end, 0.0, 1.0], "");
    let bench = event(event(event(listener(EVENTS), 0.0, 1100.0, 1050.0), 1.0, 1108.0, 1060.0), 0.0, 1116.0, 1090.0).hide(1.0);
    assert_eq!((bench.last().value, bench.last().parts[1]), (108.0, 50.0));
    assert_eq!(bench.last().list(bench.last().parts[15]).len(), 2, "16 ms after the first is another frame, if not after the second");
}

/// Delay and processing of an interaction that is told after so many other frames, although the rest of its own was told
/// before them: with another interaction, or without.
fn check_held(other: f64, frames: u32, parts: [f64; 2]) {
    let mut bench = listener(EVENTS).event([other, 1000.0, 200.0, 1010.0, 1110.0, 0.0, 1.0], "#other");
    for number in 0..frames {
        let at = 2000.0 + 100.0 * f64::from(number);
        bench = bench.event([0.0, at, 40.0, at, at, 0.0, 1.0], "");
    }
    let bench = bench.event([2.0, 996.0, 208.0, 1020.0, 1100.0, 0.0, 2.0], "#held").hide(2.0);
    assert_eq!((&bench.last().parts[..2], bench.last().texts[0].as_str()), (&parts[..], "#held"), "{other} {frames}");
}

#[test]
fn a_press_that_is_told_when_it_ends_belongs_to_the_frame_in_which_it_began() {
    check_held(0.0, 0, [14.0, 100.0]);
    check_held(0.0, 9, [14.0, 100.0]);
    // Ten frames are remembered, and those of the slowest interactions for as long as they are.
    check_held(0.0, 10, [24.0, 80.0]);
    check_held(1.0, 10, [14.0, 100.0]);
    check_held(1.0, 100, [14.0, 100.0]);
}

#[test]
fn the_frames_of_the_slowest_are_kept_however_many_come_after() {
    let mut bench = listener(EVENTS | ALL_CHANGES).frame(990.0, 190.0, 1150.0).scripts(&[[1020.0, 80.0, 0.0]]).slow();
    for number in 1..200 {
        let at = 2000.0 + 100.0 * f64::from(number);
        bench = bench.frame(at, 60.0, at + 60.0).event([0.0, at, 56.0, at, at + 50.0, 0.0, 1.0], "");
    }
    // Ten groups besides that of the slowest, each with its frame; and its entries.
    assert_eq!(bench.held().len(), 11 + 11 + 1);
    let slowest = bench.told.last().map(|heard| (heard.frames(), heard.made_of()));
    assert_eq!(slowest, Some((vec![990.0], [80.0, 30.0, 20.0, 70.0])));
    // A slower one takes its place, and the frame is let go of with the events.
    let bench = bench.event([2.0, 50_000.0, 600.0, 50_010.0, 50_500.0, 0.0, 2.0], "");
    let bench = (0..10).fold(bench, |bench, number| bench.event([0.0, 60_000.0 + f64::from(number) * 100.0, 40.0, 60_000.0, 60_000.0, 0.0, 2.0], ""));
    assert!(bench.held().contains(&vec![990.0]), "as long as it is among the ten slowest");
    let bench = bench.restore(2.0).event([0.0, 90_000.0, 40.0, 90_000.0, 90_000.0, 0.0, 2.0], "");
    assert!(!bench.held().contains(&vec![990.0]));
}

/// A group begins with the first of its events, whichever was told first.
#[test]
fn a_frame_is_kept_that_any_event_of_a_group_had_to_wait_for() {
    let early = [0.0, 900.0, 300.0, 1010.0, 1020.0, 0.0, 1.0];
    for (at, is_kept) in [(780.0, false), (860.0, true)] {
        let bench = listener(0).frame(at, 60.0, at + 60.0).tell(Kind::Interaction, &[[1.0, 1000.0, 200.0, 1020.0, 1100.0, 0.0, 1.0], early].concat(), &["", ""]);
        assert_eq!(bench.held().contains(&vec![at]), is_kept, "{at}");
    }
}

#[test]
fn frames_newer_than_all_events_are_kept_up_to_ten() {
    let mut bench = listener(0);
    for number in 0..30 {
        let at = 1000.0 + 100.0 * f64::from(number);
        bench = bench.frame(at, 60.0, at + 60.0);
    }
    let expected: Vec<Vec<f64>> = (20..30).map(|number| vec![1000.0 + 100.0 * f64::from(number)]).collect();
    assert_eq!(bench.held(), expected);
    // An event that was late finds the frame that it had to wait for, and settles the fate of the others before it.
    let bench = bench.event([1.0, 3710.0, 64.0, 3760.0, 3770.0, 0.0, 1.0], "").hide(1.0);
    assert_eq!(bench.last().frames(), [3700.0]);
    assert_eq!(bench.held(), [[3700.0], [3800.0], [3900.0], [3710.0]]);
}

#[test]
fn who_does_not_measure_interactions_holds_no_frame() {
    let bench = Bench::of(LCP | super::super::flags::ENTRIES).frame(990.0, 190.0, 1150.0).scripts(&[[1020.0, 80.0, 0.0]]);
    assert!(bench.held().is_empty());
}
