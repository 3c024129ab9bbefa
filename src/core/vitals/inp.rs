//! Interaction to Next Paint: the slowest interaction, but for one outlier in fifty. Sources: W3C Event Timing;
//! web.dev/articles/inp; web-vitals 6.2, `onINP` with attribution.

use super::flags::EVENTS;
use super::frames::{Frames, Group};
use super::report::{LISTS, Metric, Navigation, Sink, Type, Vital};
use std::rc::Rc;

/// So many of the slowest are kept: enough for the 98th percentile of 500 interactions.
const KEPT: usize = 10;
/// One outlier is forgiven for so many interactions.
const INTERACTIONS_PER_OUTLIER: f64 = 50.0;
/// What is told of interactions that were all too short for an entry: the shortest duration there is, as durations are
/// multiples of 8 ms.
const SHORTEST_MS: f64 = 8.0;
/// Groups and frames are tidied within a packet when there are more: 5,000 events may come at once.
const UNTIDY: usize = 24;

/// One of the slowest interactions.
#[derive(Clone)]
struct Interaction {
    id: f64,
    latency: f64,
    /// Start of its longest event, which is the first of its entries.
    at: f64,
    is_key: bool,
    /// The frame that followed that event.
    group: u32,
    list: u32,
    target: Vec<u8>,
}

pub(crate) struct Inp {
    metric: Metric,
    /// Slowest first; of equals the older first.
    slowest: Vec<Interaction>,
    /// The one behind the value. It may have left the slowest since.
    shown: Option<Interaction>,
    pub(super) frames: Frames,
    count: f64,
    /// Interactions before this instance, which are not its own.
    earlier: f64,
    list: u32,
    /// A route that interactions from its start on belong to.
    next: Option<Rc<Navigation>>,
}

impl Inp {
    pub(super) fn new(navigation: &Rc<Navigation>) -> Self {
        Self {
            metric: Metric::new(navigation, -1.0),
            slowest: Vec::new(),
            shown: None,
            frames: Frames::new(),
            count: 0.0,
            earlier: 0.0,
            list: LISTS,
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
        if self.frames.groups.len() > UNTIDY {
            self.tidy(sink);
        }
        let list = self.next_list();
        let group = self.frames.group(Group { number: list, at, start, end, render: at + duration, list }, sink);
        if sink.is(EVENTS) {
            sink.keep(group);
        }
        if id == 0.0 {
            return;
        }
        let place = self.slowest.iter().position(|kept| kept.id == id);
        let mut interaction = match place {
            Some(place) => self.slowest.remove(place),
            None => {
                let is_full = self.slowest.len() >= KEPT;
                if is_full && self.slowest.last().is_some_and(|shortest| duration <= shortest.latency) {
                    return;
                }
                Interaction { id, latency: -1.0, at, is_key, group, list: 0, target: Vec::new() }
            }
        };
        if duration > interaction.latency {
            // The longer event stands for the interaction from now on. What is shown may still refer to the other.
            let list = self.next_list();
            self.let_go(&interaction, sink);
            (interaction.latency, interaction.at, interaction.is_key, interaction.group, interaction.list) = (duration, at, is_key, group, list);
            sink.keep(list);
            self.see(&mut interaction, target);
        } else if duration == interaction.latency && at == interaction.at {
            sink.keep(interaction.list);
            self.see(&mut interaction, target);
        }
        let kept = place.filter(|place| self.slowest.get(place.wrapping_sub(1)).is_none_or(|before| before.latency >= interaction.latency));
        let place = kept.unwrap_or_else(|| self.slowest.iter().take_while(|before| before.latency >= interaction.latency).count());
        self.slowest.insert(place, interaction);
        if self.slowest.len() > KEPT
            && let Some(shortest) = self.slowest.pop()
        {
            self.let_go(&shortest, sink);
        }
    }

    /// The first element that is seen is the interaction's.
    fn see(&mut self, interaction: &mut Interaction, target: &[u8]) {
        if interaction.target.is_empty() {
            interaction.target = target.into();
        }
        if let Some(shown) = &mut self.shown
            && shown.id == interaction.id
        {
            shown.target.clone_from(&interaction.target);
        }
    }

    fn next_list(&mut self) -> u32 {
        self.list += 1;
        self.list
    }

    /// Its entries are needed no longer, unless they are shown.
    fn let_go(&self, interaction: &Interaction, sink: &mut Sink<'_>) {
        if interaction.list != 0 && self.shown.as_ref().is_none_or(|shown| shown.list != interaction.list) {
            sink.drop(interaction.list);
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
            Some(interaction) => (interaction.latency, Some(interaction.clone())),
            None if count > 0.0 && is_later => (SHORTEST_MS, None),
            None => return self.tidy(sink),
        };
        if latency != self.metric.value {
            self.metric.value = latency;
            let before = core::mem::replace(&mut self.shown, shown);
            if let Some(before) = before
                && self.slowest.iter().all(|kept| kept.list != before.list)
            {
                self.let_go(&before, sink);
            }
            self.report(false, sink);
        }
        self.tidy(sink);
    }

    /// Forgets groups and frames that belong to none of the slowest.
    pub(super) fn tidy(&mut self, sink: &mut Sink<'_>) {
        let Self { slowest, shown, frames, .. } = self;
        frames.tidy(|group| slowest.iter().chain(shown.as_ref()).any(|kept| kept.group == group), sink);
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
        for interaction in core::mem::take(&mut self.slowest) {
            self.let_go(&interaction, sink);
        }
        if let Some(shown) = self.shown.take() {
            sink.drop(shown.list);
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
        let group = self.frames.groups.iter().find(|group| group.number == shown.group);
        let (start, end, events) = group.map_or((shown.at, shown.at, 0), |group| (group.start, group.end, group.list));
        // Handlers that were running when the user acted began before; durations are rounded, so that the paint may
        // seem to come before the handlers; and a dialog is no part of the value (web-vitals' issue 492).
        let start = start.max(shown.at);
        let paint = (shown.at + shown.latency).max(start);
        let end = end.min(paint);
        report.text(&shown.target);
        report.numbers.extend_from_slice(&[
            start - shown.at,
            end - start,
            paint - end,
            f64::from(u8::from(shown.is_key)),
            shown.at,
            paint,
            sink.life.load_state(shown.at),
        ]);
        self.frames.describe([shown.at, start, end, paint], f64::from(events), &mut report);
        sink.report(report);
    }
}
