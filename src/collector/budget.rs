//! How much of each service may arrive, and what share of the sessions its pages are asked to report when it is more.

use crate::limits;
use crate::weight::Terms;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// What the operator allows to each service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Records a minute; 0 is no bound.
    pub records: u64,
    /// The least and the greatest share of sessions that is asked for, from 0 to 1.
    pub floor: f64,
    /// The greatest share that is asked for.
    pub ceiling: f64,
    /// In how many seconds a wish that is not renewed fades by half.
    pub fade_s: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { records: 0, floor: limits::RATE_FLOOR, ceiling: 1.0, fade_s: limits::RATE_FADE_S }
    }
}

/// What a page is asked for, as it travels: `RATE FLOOR CEILING FADE`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wish {
    pub(crate) rate: f64,
    budget: Budget,
}

impl fmt::Display for Wish {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal = |number: f64| format!("{number:.6}").trim_end_matches('0').trim_end_matches('.').to_owned();
        // None at all is nothing to ask for: of a service that says nothing nobody would know that it may speak again.
        let rate = decimal(self.rate.max(0.000_001));
        write!(formatter, "{rate} {} {} {}", decimal(self.budget.floor), decimal(self.budget.ceiling), self.budget.fade_s)
    }
}

/// What has arrived of each service in the last minute.
#[derive(Debug, Default)]
pub(crate) struct Meters(Mutex<HashMap<String, Meter>>);

impl Meters {
    /// Counts the records of a batch, and says what to ask its sender for, if anything.
    ///
    /// A session that is kept though it is not sampled is told for its error, or by a rule: it is counted, but never asked.
    pub(crate) fn take(&self, budget: Budget, service: &str, terms: Terms, records: u64, now_ms: i64) -> Option<Wish> {
        if budget.records == 0 {
            return None;
        }
        let mut meters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if meters.len() >= limits::METERED_SERVICES && !meters.contains_key(service) {
            let silent = meters.iter().min_by_key(|(_, meter)| meter.heard_s).map(|(name, _)| name.clone());
            silent.and_then(|name| meters.remove(&name));
        }
        let meter = meters.entry(service.to_owned()).or_default();
        meter.add(terms, records as f64, now_ms / 1000);
        let rate = meter.wanted(budget, now_ms / 1000);
        rate.filter(|_| terms != Terms::Kept).map(|rate| Wish { rate, budget })
    }
}

/// The minute of one service, second by second, and whether its pages are asked for less.
#[derive(Clone, Debug)]
struct Meter {
    seconds: [Second; MINUTE_S as usize],
    heard_s: i64,
    /// Since when the volume has been over the budget.
    asking: Option<Asking>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Second {
    at_s: i64,
    /// Records of sampled sessions that arrived, and what they stand for: what would arrive if all were sampled.
    sampled: f64,
    inflated: f64,
    kept: f64,
}

#[derive(Clone, Copy, Debug)]
struct Asking {
    /// What the share is multiplied by, as pages do not do at once and in full what they are asked for: each visitor's first
    /// batch leaves before anyone could ask.
    trim: f64,
    trimmed_s: i64,
}

const MINUTE_S: i64 = 60;

impl Default for Meter {
    fn default() -> Self {
        Self { seconds: [Second::default(); MINUTE_S as usize], heard_s: 0, asking: None }
    }
}

impl Meter {
    fn add(&mut self, terms: Terms, records: f64, now_s: i64) {
        self.heard_s = now_s;
        let second = &mut self.seconds[now_s.rem_euclid(MINUTE_S) as usize];
        if second.at_s != now_s {
            *second = Second { at_s: now_s, ..Second::default() };
        }
        match terms.share() {
            Some(share) => {
                second.sampled += records;
                second.inflated += records / share;
            }
            None => second.kept += records,
        }
    }

    /// The share that would fill the budget: it begins to be asked for when more arrives, and is until all would fit.
    ///
    /// The volume is scaled by the rate at which each of its batches was sampled. So it is what the sites do, and does not
    /// change with what is asked: the wish cannot chase its own effect, however long pages take to follow.
    fn wanted(&mut self, budget: Budget, now_s: i64) -> Option<f64> {
        let minute = self.seconds.iter().filter(|second| (now_s - MINUTE_S + 1..=now_s).contains(&second.at_s));
        let (mut sampled, mut inflated, mut kept) = (0.0, 0.0, 0.0);
        for second in minute {
            sampled += second.sampled;
            inflated += second.inflated;
            kept += second.kept;
        }
        // What is kept arrives in any case, and leaves that much less to the others.
        let room = (budget.records as f64 - kept).max(0.0);
        let fitting = room / inflated;
        if sampled > room {
            self.asking.get_or_insert(Asking { trim: 1.0, trimmed_s: now_s + MINUTE_S });
        } else if inflated == 0.0 || fitting >= budget.ceiling {
            self.asking = None;
        }
        let asking = self.asking.as_mut()?;
        // Once a minute, when all that is counted has been sent since the last change. The root keeps it from overshooting.
        if now_s >= asking.trimmed_s + MINUTE_S {
            asking.trim = (asking.trim * (room / sampled.max(1.0)).sqrt()).clamp(0.1, 2.0);
            asking.trimmed_s = now_s;
        }
        Some((fitting * asking.trim).min(budget.ceiling).max(budget.floor))
    }
}

/// A share of sessions on the command line.
pub(crate) fn parse_share(text: &str) -> Result<f64, String> {
    let share = text.trim().parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share of sessions is a number from 0 to 1, such as 0.05".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Bench, Answer, attribute, beacon, framed, log, logs_on_terms};
    use prost::Message;
    use vitrum_wire::beacon::Beacon;

    const BUDGET: Budget = Budget { records: 100, floor: 0.05, ceiling: 0.8, fade_s: 30 };

    fn rate(meters: &Meters, service: &str, share: f64, records: u64, now_s: i64) -> Option<f64> {
        meters.take(BUDGET, service, Terms::Share(share), records, now_s * 1000).map(|wish| wish.rate)
    }

    #[test]
    fn a_service_over_its_budget_is_asked_for_what_fits() {
        let meters = Meters::default();
        assert_eq!(rate(&meters, "shop", 1.0, 100, 10), None);
        assert_eq!(rate(&meters, "shop", 1.0, 100, 20), Some(0.5));
        // 150 that stand for 300: the wish goes by what would arrive if all were told.
        assert_eq!(rate(&meters, "shop", 0.5, 50, 21), Some(100.0 / 300.0));
        assert_eq!(rate(&meters, "blog", 1.0, 1, 22), None);
        assert_eq!(meters.take(BUDGET, "shop", Terms::Kept, 1, 22_000), None);
        // After a minute of less it goes on for as long as not all would fit.
        assert_eq!(rate(&meters, "shop", 0.25, 50, 82), Some(0.5));
        assert_eq!(rate(&meters, "shop", 1.0, 50, 300), None);
    }

    #[test]
    fn a_wish_stays_within_its_bounds() {
        let meters = Meters::default();
        assert_eq!(rate(&meters, "shop", 1.0, 101, 10), Some(BUDGET.ceiling));
        assert_eq!(rate(&meters, "shop", 1.0, 1_000_000, 11), Some(BUDGET.floor));
        let none = Budget { records: 0, ..BUDGET };
        assert_eq!(meters.take(none, "shop", Terms::Share(1.0), 1_000_000, 12_000), None);
    }

    #[test]
    fn what_is_kept_leaves_less_to_the_others() {
        let meters = Meters::default();
        assert_eq!(meters.take(BUDGET, "shop", Terms::Kept, 60, 10_000), None);
        assert_eq!(rate(&meters, "shop", 1.0, 80, 11), Some(0.5));
    }

    #[test]
    fn the_services_that_are_measured_are_bounded() {
        let meters = Meters::default();
        for number in 0..limits::METERED_SERVICES as i64 + 10 {
            rate(&meters, &format!("service {number}"), 1.0, 150, 1000 + number);
        }
        let known = meters.0.lock().unwrap();
        assert_eq!(known.len(), limits::METERED_SERVICES);
        assert!(!known.contains_key("service 9") && known.contains_key("service 10"));
    }

    #[test]
    fn a_wish_is_four_decimal_numbers() {
        let told = |rate, budget| Wish { rate, budget }.to_string();
        assert_eq!(told(0.5, Budget::default()), "0.5 0.01 1 60");
        assert_eq!(told(1.0 / 3.0, BUDGET), "0.333333 0.05 0.8 30");
        assert_eq!(told(0.0, Budget { floor: 0.0, ..BUDGET }), "0.000001 0 0.8 30");
        for (text, share) in [("0", Some(0.0)), (" 0.05 ", Some(0.05)), ("1", Some(1.0)), ("1.1", None), ("-0.1", None), ("NaN", None), ("5%", None)] {
            assert_eq!(parse_share(text).ok(), share, "{text}");
        }
    }

    #[tokio::test]
    async fn the_answer_to_a_beacon_has_the_wish() {
        let bench = Bench::with(|settings, _| {
            settings.budget = Budget { records: 3, ..Budget::default() };
            settings.allowed_origins = vec!["*".to_owned()];
        });
        let send = async |numbers: std::ops::Range<u32>| -> Answer {
            let logs = numbers.map(|n| log("a", &format!("p.{n}"), 1000)).collect();
            bench.post("/v1/beacon", &[("origin", "https://shop.example")], beacon("b", logs, vec![])).await
        };
        assert_eq!(send(0..3).await.status, 204);
        assert_eq!(send(0..3).await.status, 204, "what was there before is no more than it was");
        let answer = send(3..6).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "0.5 0.01 1 60"));
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));

        let logs = logs_on_terms(&[attribute("vitrum.sample.kept", "rule")], vec![log("a", "q.0", 1000)]);
        let kept = Beacon { batch_id: "b".to_owned(), logs: Some(logs), traces: None };
        let answer = bench.post("/v1/beacon", &[], framed(0, &kept.encode_to_vec())).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (204, ""));
        assert_eq!(bench.store.records(), 7);
    }
}
