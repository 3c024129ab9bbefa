//! The entries that the page holds for a listener: those that may still be told, whatever comes, and no others.

use super::super::flags::{ALL_CHANGES, ENTRIES, EVENTS, SOFT};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The random steps of one page, of which a meter with these flags is told.
struct Steps {
    ids: Ids,
    flags: u32,
    interactions: f64,
}

impl Steps {
    fn below(&mut self, bound: u64) -> f64 {
        (u64::from_le_bytes(self.ids.next_id()) / 2 % bound) as f64
    }

    /// Something that may happen, some time later.
    fn step(&mut self, bench: Bench) -> Bench {
        let now = bench.now + [1.0, 30.0, 700.0, 1500.0][self.below(4) as usize];
        let bench = bench.at(now);
        let (id, length) = (self.interactions, 8.0 * self.below(60));
        let step = self.below(16) as u32;
        let observers = [CLS, CLS, CLS, CLS, INP, INP, INP, INP, INP, INP, INP, LCP, FCP | CLS, !0, !0, SOFT][step as usize];
        if observers & self.flags == 0 {
            return bench;
        }
        match step {
            0..=3 => {
                let rows: Vec<f64> = (0..1 + self.below(4) as u32).flat_map(|row| [now + f64::from(row), self.below(8) / 64.0, 0.0]).collect();
                bench.tell(Kind::Shift, &rows, &[])
            }
            4..=8 => {
                self.interactions += self.below(3);
                let row = |id: f64, at: f64| [id, at, length, at + 3.0, at + length / 2.0, 0.0, id];
                let rows = [row(id, now), row(id, now), row(0.0, now + 2.0), row(id + 1.0, now + 9.0)];
                bench.tell(Kind::Interaction, &rows.concat(), &[])
            }
            9 | 10 => {
                let bench = bench.tell(Kind::LongFrame, &[now - length, length, 0.0, now - 5.0, now - 5.0, 0.0], &[]);
                bench.tell(Kind::Script, &[now - length, length, 1.0], &["f", "https://shop.example/a.js", "f"])
            }
            11 => bench.tell(Kind::LargestPaint, &[now, now + length, self.below(3) - 1.0, self.below(2), -1.0, 0.0], &["#a", ""]),
            12 => bench.tell(Kind::Paint, &[now], &[]),
            13 => bench.hide(id).tell(Kind::Settled, &[now], &[]),
            14 => bench.restore(id).at(now + 16.0).repaint(),
            _ => {
                let row = |is_deferred: f64| [now, now, id, now + 20.0, is_deferred, id];
                let bench = bench.tell(Kind::SoftNavigation, &row(0.0), &["https://shop.example/pay"]);
                bench.tell(Kind::SoftNavigation, &row(1.0), &["https://shop.example/pay"])
            }
        }
    }
}

/// So many steps of a listener with these flags: the page never holds more lists than this, and of every value that has
/// entries it holds some.
fn check_steps(flags: u32, seed: u8, most: usize) -> Bench {
    let mut steps = Steps { ids: Ids::new(&[seed; 16]), flags, interactions: 1.0 };
    let mut bench = Bench::of(flags | ENTRIES);
    for _ in 0..600 {
        bench = steps.step(bench);
        assert!(bench.lists.len() <= most, "flags {flags} seed {seed}: {:?}", bench.lists);
        assert!(bench.lists.iter().all(|(_, entries)| !entries.is_empty()));
        for heard in bench.told.drain(..) {
            assert_eq!(heard.list >= 0.0, !heard.entries.is_empty(), "flags {flags} seed {seed}: {heard:?}");
            assert!(heard.vital != "inp" || heard.parts.len() < 16 || heard.parts[16..].iter().all(|list| heard.list(*list).len() == 1));
        }
    }
    bench
}

#[test]
fn the_page_holds_so_many_lists_and_no_more() {
    for seed in 1..16 {
        for more in [0, ALL_CHANGES, SOFT, ALL_CHANGES | SOFT] {
            // The candidate; the open window and the worst.
            check_steps(LCP | more, seed, 1);
            check_steps(CLS | more, seed, 2);
            check_steps(FCP | more, seed, 0);
            check_steps(TTFB | more, seed, 0);
            // Ten interactions and the one that was told; their groups and ten more; so many frames.
            check_steps(INP | more, seed, 11 + 20);
            check_steps(INP | EVENTS | more, seed, 11 + 21 + 20);
        }
    }
}

/// What the page holds of interactions after a return, and a while.
#[test]
fn a_return_lets_go_of_what_was_held() {
    for seed in 1..16 {
        let bench = check_steps(INP | EVENTS, seed, 11 + 21 + 20);
        let now = bench.now + 9000.0;
        let bench = bench.at(now).restore(0.0);
        // Eleven frames without an interaction take the place of those that were there.
        let bench = (0..11).fold(bench, |bench, number| {
            let at = now + 100.0 * f64::from(number);
            bench.tell(Kind::Interaction, &[0.0, at, 16.0, at, at, 0.0, 0.0], &[""])
        });
        assert_eq!(bench.lists.len(), 10, "seed {seed}: {:?}", bench.lists);

        let bench = check_steps(CLS, seed, 2);
        let now = bench.now + 9000.0;
        let bench = bench.at(now).restore(0.0).repaint().tell(Kind::Shift, &[now + 20.0, 0.25, 0.0], &[""]);
        assert_eq!(bench.held(), [[now + 20.0]], "seed {seed}");
    }
}

#[test]
fn who_wants_no_entries_has_none_held() {
    for seed in 1..20 {
        let flags = LCP | INP | CLS | FCP | TTFB | ALL_CHANGES | SOFT;
        let mut steps = Steps { ids: Ids::new(&[seed; 16]), flags, interactions: 1.0 };
        let mut bench = Bench::of(flags);
        for _ in 0..600 {
            bench = steps.step(bench);
            // The largest paint's candidate is held for everyone, for the page is asked for its resource.
            assert!(bench.lists.iter().all(|(list, _)| *list == 0), "seed {seed}: {:?}", bench.lists);
        }
        assert!(bench.told.iter().all(|heard| heard.vital == "lcp" || heard.entries.is_empty()));
    }
}
