//! Interaction to Next Paint: the slowest interaction, but for one outlier in fifty. Sources: W3C Event Timing;
//! web.dev/articles/inp; web-vitals 6.2, `onINP` with attribution.

use super::flags::EVENTS;
use super::frames::{Frames, Group, RECENT, push};
use super::report::{Metric, Navigation, Sink, Type, Vital};
use std::rc::Rc;

/// So many of the slowest are kept: enough for the 98th percentile of 500 interactions.
const KEPT: usize = 10;
/// One outlier is forgiven for so many interactions.
const INTERACTIONS_PER_OUTLIER: f64 = 50.0;
/// What is told of interactions that were all too short for an entry: the shortest duration there is, as durations are
/// multiples of 8 ms.
const SHORTEST_MS: f64 = 8.0;

/// The lists of interactions have numbers from here on. A listener hears of one vital, so that any would do.
const LISTS: u8 = 3;
/// The number of an interaction's target while none was seen.
const NO_TARGET: u8 = u8::MAX;

/// One of the slowest interactions, in 40 bytes: a page has ten for as long as it lives.
#[derive(Clone, Copy)]
struct Interaction {
    /// Start of its longest event, which is the first of its entries.
    at: f64,
    /// The first beginning and last end of the handlers in the frame that followed that event.
    start: f64,
    end: f64,
    /// Exact, as durations are multiples of 8 ms.
    latency: f32,
    /// Browsers begin at a number below 10,000, and go on in steps of 7.
    id: u32,
    /// Number of that frame.
    group: u32,
    /// The numbers of the list of its entries, and of its target in `Inp::targets`. Few are in use at once, so that a byte
    /// holds the lowest that is free.
    list: u8,
    target: u8,
    is_key: bool,
}

pub(crate) struct Inp {
    metric: Metric,
    /// Slowest first; of equals the older first.
    slowest: Vec<Interaction>,
    /// The one behind the value. It may have left the slowest since.
    shown: Option<Interaction>,
    /// What the slowest and the one that is shown were aimed at, each once: often it is the same button.
    targets: Vec<Box<[u8]>>,
    pub(super) frames: Frames,
    count: f64,
    /// Interactions before this instance, which are not its own.
    earlier: f64,
    /// A route that interactions from its start on belong to.
    next: Option<Rc<Navigation>>,
}

impl Inp {
    pub(super) fn new(navigation: &Rc<Navigation>) -> Self {
        Self {
            metric: Metric::new(navigation, -1.0),
            slowest: Vec::new(),
            shown: None,
            targets: Vec::new(),
            frames: Frames::new(),
            count: 0.0,
            earlier: 0.0,
            next: None,
        }
    }

    /// An event: `interactionId` (0 if it belongs to none), start and duration, when its handlers began and ended. So
    /// many interactions there were so far on the page.
    pub(super) fn event(&mut self, (id, at, duration): (f64, f64, f64), processing: &[f64], is_key: bool, count: f64, target: &[u8], sink: &mut Sink<'_>) {
        if self.next.as_ref().is_some_and(|route| at >= route.start)
            && let Some(route) = self.next.take()
        {
            self.restart(&route, (count - 1.0).max(self.count), sink);
        }
        self.count = count;
        let &[start, end] = processing else { return };
        let (group, start, end) = self.group(Group { at, start, end, render: at + duration }, sink);
        if id == 0.0 {
            return;
        }
        let (id, latency, list) = (id as u32, duration as f32, self.free(LISTS, |kept| kept.list));
        let mut interaction = Interaction { at, start, end, latency, id, group, list, target: NO_TARGET, is_key };
        let known = self.slowest.iter().position(|kept| kept.id == id);
        // Where there is no room, the shortest makes some for one that is longer.
        let mut place = known.unwrap_or_else(|| self.slowest.len().min(KEPT - 1));
        match self.slowest.get_mut(place) {
            None => push(&mut self.slowest, interaction),
            Some(kept) if latency > kept.latency => {
                // The longer event stands for the interaction from now on. What is shown may still refer to the other.
                if kept.id == id {
                    interaction.target = kept.target;
                }
                let before = core::mem::replace(kept, interaction);
                self.let_go(&before, sink);
            }
            Some(kept) if kept.id == id && latency == kept.latency && at == kept.at => interaction = *kept,
            Some(_) => return,
        }
        sink.keep(interaction.list.into());
        self.see(&interaction, target);
        while let Some([before, kept]) = self.slowest.get_mut(place.wrapping_sub(1)..=place)
            && before.latency < kept.latency
        {
            core::mem::swap(before, kept);
            place -= 1;
        }
    }

    /// The frame that an event belongs to: its number, and the first beginning and last end of the handlers in it.
    fn group(&mut self, event: Group, sink: &mut Sink<'_>) -> (u32, f64, f64) {
        let Group { start, end, .. } = event;
        // A press that is held is told when it ends, long after its frame: the slowest still know theirs.
        let joined = self.frames.join(&event).or_else(|| {
            let is_its = |kept: &&Interaction| event.is_with(kept.at + f64::from(kept.latency)) && !self.frames.is_recent(kept.group);
            self.slowest.iter().find(is_its).map(|kept| (kept.group, start.min(kept.start), end.max(kept.end)))
        });
        let (number, start, end) = joined.unwrap_or_else(|| {
            let number = self.frames.begin(event);
            // The one that has made room for it.
            self.release(number - RECENT as u32, sink);
            (number, start, end)
        });
        for kept in self.slowest.iter_mut().chain(&mut self.shown).filter(|kept| kept.group == number) {
            (kept.start, kept.end) = (start, end);
        }
        if sink.is(EVENTS) {
            sink.keep(number);
        }
        (number, start, end)
    }

    /// The first element that is seen is the interaction's.
    fn see(&mut self, interaction: &Interaction, target: &[u8]) {
        let mut number = interaction.target;
        if number == NO_TARGET && !target.is_empty() {
            let known = self.targets.iter().position(|known| **known == *target);
            number = known.map_or_else(|| self.free(0, |kept| kept.target), |place| place as u8);
            match self.targets.get_mut(usize::from(number)) {
                Some(known) => *known = target.into(),
                None => push(&mut self.targets, target.into()),
            }
        }
        for kept in self.slowest.iter_mut().chain(&mut self.shown).filter(|kept| kept.id == interaction.id) {
            kept.target = number;
        }
    }

    /// The slowest, and the one that is shown, which may be among them.
    fn kept(&self) -> impl Iterator<Item = &Interaction> {
        self.slowest.iter().chain(&self.shown)
    }

    /// The lowest number from this one on that none has.
    fn free(&self, first: u8, number: impl Fn(&Interaction) -> u8) -> u8 {
        (first..).find(|free| self.kept().all(|kept| number(kept) != *free)).unwrap_or_default()
    }

    /// One that was kept: its entries are needed no longer, unless they are shown.
    fn let_go(&self, before: &Interaction, sink: &mut Sink<'_>) {
        if self.kept().all(|kept| kept.list != before.list) {
            sink.drop(before.list.into());
        }
        self.release(before.group, sink);
    }

    /// The events of a frame are needed no longer, unless it is one of the last, or one that the slowest had to wait for.
    fn release(&self, group: u32, sink: &mut Sink<'_>) {
        if sink.is(EVENTS) && !self.frames.is_recent(group) && self.kept().all(|kept| kept.group != group) {
            sink.drop(group);
        }
    }

    /// Takes over the value, and reports it if all changes are wanted.
    pub(super) fn changed(&mut self, sink: &mut Sink<'_>) {
        let count = self.count - self.earlier;
        let outliers = (count / INTERACTIONS_PER_OUTLIER) as usize;
        // With fewer kept than outliers forgiven, the shortest that is kept.
        let candidate = self.slowest.get(outliers.min(self.slowest.len().saturating_sub(1)));
        // After the first navigation there is no `first-input` to fall back on.
        let is_later = self.metric.navigation.kind != Type::Hard;
        let (latency, shown) = match candidate {
            Some(interaction) => (f64::from(interaction.latency), Some(*interaction)),
            None if count > 0.0 && is_later => (SHORTEST_MS, None),
            None => return self.tidy(sink),
        };
        if latency != self.metric.value {
            self.metric.value = latency;
            let before = core::mem::replace(&mut self.shown, shown);
            if let Some(before) = before {
                self.let_go(&before, sink);
            }
            self.report(false, sink);
        }
        self.tidy(sink);
    }

    /// Forgets long frames that none of the slowest had to wait for.
    pub(super) fn tidy(&mut self, sink: &mut Sink<'_>) {
        let Self { slowest, shown, frames, .. } = self;
        frames.tidy(|frame| slowest.iter().chain(&*shown).any(|kept| frame.meets(kept.at, kept.end)), sink);
    }

    /// The browser tells of a soft navigation, after so many interactions.
    pub(super) fn soft(&mut self, navigation: &Rc<Navigation>, count: f64, sink: &mut Sink<'_>) {
        self.count = count;
        self.restart(navigation, count, sink);
    }

    /// The page is hidden: what is known now may be the last.
    pub(super) fn hidden(&mut self, count: f64, sink: &mut Sink<'_>) {
        self.count = count;
        self.changed(sink);
        self.report(true, sink);
    }

    /// Ends this instance with what is known, and begins the next, after so many interactions.
    fn restart(&mut self, navigation: &Rc<Navigation>, earlier: f64, sink: &mut Sink<'_>) {
        self.changed(sink);
        self.report(true, sink);
        self.restore(navigation, earlier, sink);
    }

    /// Begins anew, after so many interactions.
    pub(super) fn restore(&mut self, navigation: &Rc<Navigation>, count: f64, sink: &mut Sink<'_>) {
        let shown = self.shown.take();
        for before in core::mem::take(&mut self.slowest).iter().chain(&shown) {
            self.let_go(before, sink);
        }
        (self.earlier, self.count) = (count, count);
        self.next = None;
        self.metric = Metric::new(navigation, -1.0);
    }

    /// The user is on another route: interactions from its start on are its own.
    pub(super) fn route(&mut self, navigation: Rc<Navigation>, sink: &mut Sink<'_>) {
        if let Some(before) = self.next.take() {
            let count = self.count;
            self.restart(&before, count, sink);
        }
        self.next = Some(navigation);
    }

    /// Three parts that add up to the value (input delay, processing, presentation), whether a key was pressed, start of
    /// the interaction, its next paint, how far the document was loaded; then what its long frames were made of.
    fn report(&mut self, is_forced: bool, sink: &mut Sink<'_>) {
        let list = self.shown.as_ref().map_or(-1.0, |shown| f64::from(shown.list));
        let Some(mut report) = self.metric.due(Vital::Inp, list, is_forced, sink) else { return };
        let Some(shown) = &self.shown else {
            let state = sink.life.load_state(self.metric.navigation.start);
            report.numbers.extend_from_slice(&[0.0, 0.0, self.metric.value, 0.0, 0.0, 0.0, state]);
            return sink.report(report);
        };
        // Handlers that were running when the user acted began before; durations are rounded, so that the paint may
        // seem to come before the handlers; and a dialog is no part of the value (web-vitals' issue 492).
        let start = shown.start.max(shown.at);
        let paint = (shown.at + f64::from(shown.latency)).max(start);
        let end = shown.end.min(paint);
        report.text(self.targets.get(usize::from(shown.target)).map_or(b"", |target| target));
        report.numbers.extend_from_slice(&[
            start - shown.at,
            end - start,
            paint - end,
            f64::from(u8::from(shown.is_key)),
            shown.at,
            paint,
            sink.life.load_state(shown.at),
        ]);
        self.frames.describe([shown.at, start, end, paint], f64::from(shown.group), &mut report);
        sink.report(report);
    }
}
