//! The web vitals, measured as web-vitals 6.2 measures them. A meter holds the state of one listener; the first meter is
//! the agent's own. Each vital has a file; what they share is here.

mod cls;
mod fcp;
mod frames;
mod inp;
mod lcp;
mod life;
mod record;
mod report;
mod ttfb;

use crate::limits::METERS;
use crate::observation::{Kind, Texts};
use crate::page::View;
use cls::Cls;
use fcp::Fcp;
use inp::Inp;
use lcp::Lcp;
pub(crate) use life::Life;
pub(crate) use record::describe;
pub(crate) use report::{Hold, Report, Told};
use report::{Navigation, Sink, Type, Vital};
use std::rc::Rc;
use ttfb::Ttfb;

/// What a meter measures and how, as bits. The lowest five are the vitals, in the order of [`Vital`].
pub(crate) mod flags {
    /// Each route gets vitals of its own, by the browser's `soft-navigation` entries.
    pub(crate) const SOFT: u32 = 1 << 5;
    /// Every change of a value is reported, not only what may be the last.
    pub(crate) const ALL_CHANGES: u32 = 1 << 6;
    /// The entries behind a value are kept for the callback.
    pub(crate) const ENTRIES: u32 = 1 << 7;
    /// Also all the events that were processed in the frame of the slowest interaction.
    pub(crate) const EVENTS: u32 = 1 << 8;
}

/// All meters of a page.
pub(crate) struct Vitals {
    pub(crate) life: Life,
    meters: Vec<Meter>,
    /// What our own meter has to report.
    pub(crate) own: Vec<Report>,
    /// What the others have to, and which entries the page is to keep or to let go.
    pub(crate) told: Vec<Told>,
}

/// The vitals of one listener.
struct Meter {
    flags: u32,
    navigation: Rc<Navigation>,
    lcp: Lcp,
    inp: Inp,
    cls: Cls,
    fcp: Fcp,
    ttfb: Ttfb,
}

impl Vitals {
    pub(crate) fn new(life: Life) -> Self {
        Self { life, meters: Vec::new(), own: Vec::new(), told: Vec::new() }
    }

    /// What this meter measures, and how.
    pub(crate) fn flags(&self, meter: u32) -> u32 {
        self.meters.get(meter as usize).map_or(0, |meter| meter.flags)
    }

    /// Takes over the listeners of an agent that was there before, which had nothing to report itself.
    pub(crate) fn adopt(&mut self, before: &mut Self) {
        core::mem::swap(&mut self.meters, &mut before.meters);
        core::mem::swap(&mut self.life, &mut before.life);
        if let (Some(own), Some(old)) = (before.meters.first_mut(), self.meters.first_mut()) {
            core::mem::swap(own, old);
        }
    }

    /// Adds a meter; whether there is room for it. Registered after a return from the back/forward cache, it measures
    /// that return.
    pub(crate) fn listen(&mut self, now: f64, flags: u32, view: &Rc<View>) -> bool {
        if self.meters.len() >= METERS {
            return false;
        }
        let kind = if self.life.restored_at >= 0.0 { Type::Restored } else { Type::Hard };
        let navigation = Navigation::new(kind, self.life.navigation_id, 0.0, b"", view);
        self.meters.push(Meter {
            flags,
            navigation: Rc::clone(&navigation),
            lcp: Lcp::new(now, &navigation),
            inp: Inp::new(&navigation),
            cls: Cls::new(&navigation),
            fcp: Fcp::new(&navigation),
            ttfb: Ttfb::new(&navigation),
        });
        true
    }

    /// Takes in one row of a packet for this meter: number `index` of the packet. `view` is the one the user is in.
    pub(crate) fn row(&mut self, now: f64, meter: usize, kind: Kind, (row, index): (&[f64], usize), texts: &mut Texts<'_>, view: &Rc<View>) {
        let Self { life, meters, own, told, .. } = self;
        match (kind, row) {
            (Kind::Navigation, _) => life.navigation(now, row, texts),
            (Kind::Hidden, [at, is_change, _]) if *is_change != 0.0 => life.hidden(*at),
            (Kind::Restored, [at, _]) => life.restored_at = *at,
            (Kind::Repainted, [_, first_hidden]) => life.first_hidden = *first_hidden,
            _ => {}
        }
        let Some(meter_of) = meters.get_mut(meter) else { return };
        let flags = meter_of.flags;
        let Meter { navigation: current, lcp, inp, cls, fcp, ttfb, .. } = meter_of;
        let is_on = |vital: Vital| flags & 1 << vital as u32 != 0;
        let mut sink = Sink { life, own, told, flags, meter: meter as u32, index: index as u32 };
        let sink = &mut sink;
        match (kind, row) {
            (Kind::Navigation, _) if is_on(Vital::Ttfb) => ttfb.known(sink),
            (Kind::Paint, [at]) => cls.is_started |= fcp.paint(*at, is_on(Vital::Fcp), sink) && is_on(Vital::Cls),
            (Kind::LargestPaint, [at, render, interaction, has_entry, resource @ ..]) if is_on(Vital::Lcp) => {
                lcp.paint((*at, *render), *interaction, *has_entry != 0.0, resource, texts, sink);
            }
            (Kind::LargestResource, resource) => lcp.resource(resource),
            (Kind::Settled, [since]) if is_on(Vital::Lcp) => lcp.settle(*since, sink),
            (Kind::Shift, [at, value, had_input]) => {
                let target = texts.next();
                if *had_input == 0.0 {
                    cls.shift(*at, *value, target, sink);
                }
            }
            (Kind::Interaction, [id, at, duration, processing @ .., is_key, count]) => {
                inp.event((*id, *at, *duration), processing, *is_key != 0.0, *count, texts.next(), sink);
            }
            (Kind::LongFrame, [at, duration, _, _, layout_start, ..]) if is_on(Vital::Inp) => {
                inp.frames.frame(*at, *duration, *layout_start, sink);
            }
            (Kind::Script, [at, duration, forced]) => {
                let told = [texts.next(), texts.next(), texts.next()];
                inp.frames.script([*at, *duration, *forced], told);
            }
            (Kind::SoftNavigation, [at, id, interaction, paint, is_deferred, count]) => {
                let navigation = Navigation::soft(*at, *id, *interaction, texts.next(), view);
                if *is_deferred != 0.0 {
                    inp.soft(&navigation, *count, sink);
                    return;
                }
                *current = Rc::clone(&navigation);
                if is_on(Vital::Lcp) {
                    sink.life.first_hidden = f64::INFINITY;
                    lcp.soft(now, &navigation, sink);
                }
                if cls.is_started {
                    cls.soft(&navigation, sink);
                }
                if is_on(Vital::Fcp) {
                    fcp.soft(&navigation, *paint - *at, sink);
                }
                if is_on(Vital::Ttfb) && *id != 0.0 {
                    ttfb.soft(&navigation, sink);
                }
            }
            (Kind::Hidden, [_, is_change, count]) if meter == 0 || *is_change != 0.0 => {
                cls.hidden(sink);
                if is_on(Vital::Inp) {
                    inp.hidden(*count, sink);
                }
            }
            (Kind::Restored, [at, count]) => {
                let navigation = current.restored(*at, sink.life, view);
                *current = Rc::clone(&navigation);
                lcp.restore(now, &navigation);
                if cls.is_started {
                    cls.restore(&navigation);
                }
                inp.restore(&navigation, *count, sink);
                fcp.restore(&navigation);
                if is_on(Vital::Ttfb) {
                    ttfb.soft(&navigation, sink);
                }
            }
            (Kind::Repainted, [at, _]) => {
                let value = *at - sink.life.restored_at;
                if is_on(Vital::Lcp) {
                    lcp.repainted(value, sink);
                }
                fcp.repainted(value, is_on(Vital::Fcp), sink);
                if is_on(Vital::Cls) && !cls.is_started {
                    cls.start(&Navigation::new(Type::Restored, sink.life.navigation_id, 0.0, b"", view), sink);
                }
            }
            _ => {}
        }
    }

    /// A packet for this meter has been taken in.
    pub(crate) fn packet(&mut self, meter: usize, kind: Kind) {
        let Self { life, meters, own, told, .. } = self;
        let Some(Meter { flags, inp, cls, .. }) = meters.get_mut(meter) else { return };
        let mut sink = Sink { life, own, told, flags: *flags, meter: meter as u32, index: 0 };
        match kind {
            Kind::Shift | Kind::Repainted => cls.changed(&mut sink),
            Kind::Interaction => inp.changed(&mut sink),
            Kind::LongFrame | Kind::Script => inp.tidy(&mut sink),
            _ => {}
        }
    }

    /// The user is on another route, and the browser does not tell of soft navigations: the agent's own CLS and INP
    /// begin anew. An interaction belongs to the route on which it began. False where the browser does.
    pub(crate) fn route(&mut self, at: f64, url: &[u8], view: &Rc<View>) -> bool {
        let Self { life, meters, own, told, .. } = self;
        let Some(Meter { flags, inp, cls, .. }) = meters.first_mut() else { return false };
        if *flags & flags::SOFT != 0 {
            return false;
        }
        let mut sink = Sink { life, own, told, flags: *flags, meter: 0, index: 0 };
        let navigation = Navigation::new(Type::Route, 0.0, at, url, view);
        if cls.is_started {
            cls.soft(&navigation, &mut sink);
        }
        inp.route(navigation, &mut sink);
        true
    }
}

#[cfg(test)]
mod tests;
