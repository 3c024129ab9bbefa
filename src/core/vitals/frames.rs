//! The frames around the slowest interactions: which events were presented together, and which long animation frames
//! they had to wait for. Sources: W3C Long Animation Frames; web-vitals 6.2, `onINP` with attribution.

use super::report::{Report, Sink};
use crate::limits::SCRIPTS;

/// So many of the last groups and frames are kept whatever they belong to, because events and long frames come in no
/// certain order. Source: web-vitals, `MAX_PENDING_FRAMES`.
pub(super) const RECENT: usize = 10;
/// Events whose presentation is no further apart belong to one frame: durations are rounded to 8 ms.
const SAME_FRAME_MS: f64 = 8.0;
/// So many scripts of a frame are known by name.
const NAMED: usize = 3;
/// The lists of a group's events have numbers from here on, and those of long frames from there.
const GROUPS: u32 = 1 << 29;
const LISTS: u32 = 1 << 30;

/// Events that were presented in one frame.
pub(super) struct Group {
    /// The first start, the first beginning and last end of their handlers.
    pub(super) at: f64,
    pub(super) start: f64,
    pub(super) end: f64,
    /// When the first of them was presented.
    pub(super) render: f64,
}

/// A long animation frame.
pub(super) struct Frame {
    at: f64,
    duration: f64,
    layout_start: f64,
    list: u32,
    /// Start, duration, and how much of that was layout that the script forced.
    scripts: Vec<[f64; 3]>,
    /// Number of a script, its duration, and its invoker, URL and function: for the longest, and, as an interaction may
    /// begin in its midst or after it, for the longest of those that come after it, and so on.
    longest: Vec<(usize, f64, Vec<u8>)>,
}

pub(super) struct Frames {
    /// The last groups, oldest first, and the number of the newest; that of the one before it is one less.
    groups: Vec<Group>,
    newest: u32,
    frames: Vec<Frame>,
    list: u32,
    /// When the last handler ended, of all events so far.
    last_end: f64,
}

/// Adds to a list that stays short, and takes no more room than it needs.
pub(super) fn push<T>(list: &mut Vec<T>, item: T) {
    list.reserve_exact(1);
    list.push(item);
}

impl Frames {
    pub(super) fn new() -> Self {
        Self { groups: Vec::new(), newest: GROUPS, frames: Vec::new(), list: LISTS, last_end: 0.0 }
    }

    /// Adds an event to the group of its frame, if that is one of the last: its number, and its handlers' beginning and end.
    pub(super) fn join(&mut self, event: &Group) -> Option<(u32, f64, f64)> {
        self.last_end = self.last_end.max(event.end);
        let (age, group) = self.groups.iter_mut().rev().enumerate().find(|(_, group)| event.is_with(group.render))?;
        group.at = group.at.min(event.at);
        group.start = group.start.min(event.start);
        group.end = group.end.max(event.end);
        Some((self.newest - age as u32, group.start, group.end))
    }

    /// Begins a group with this event; its number.
    pub(super) fn begin(&mut self, event: Group) -> u32 {
        if self.groups.len() >= RECENT {
            self.groups.remove(0);
        }
        push(&mut self.groups, event);
        self.newest += 1;
        self.newest
    }

    pub(super) fn is_recent(&self, group: u32) -> bool {
        group > self.newest - self.groups.len() as u32
    }

    pub(super) fn frame(&mut self, at: f64, duration: f64, layout_start: f64, sink: &mut Sink<'_>) {
        self.list += 1;
        sink.keep(self.list);
        push(&mut self.frames, Frame { at, duration, layout_start, list: self.list, scripts: Vec::new(), longest: Vec::new() });
    }

    /// A script of the frame that was told last.
    pub(super) fn script(&mut self, script: [f64; 3], told: [&[u8]; 3]) {
        let Some(Frame { scripts, longest, .. }) = self.frames.last_mut() else { return };
        if scripts.len() >= SCRIPTS {
            return;
        }
        let [_, duration, _] = script;
        while longest.pop_if(|(_, known, _)| *known < duration).is_some() {}
        if longest.len() < NAMED {
            push(longest, (scripts.len(), duration, told.join(&0)));
        }
        push(scripts, script);
    }

    /// Forgets all long frames but those that one of the last groups or an interaction has to do with, and those that are
    /// newer than all events.
    pub(super) fn tidy(&mut self, is_needed: impl Fn(&Frame) -> bool, sink: &mut Sink<'_>) {
        let Self { groups, frames, last_end, .. } = self;
        let mut older = frames.len().saturating_sub(RECENT);
        frames.retain(|frame| {
            let is_recent = older == 0 && frame.at > *last_end;
            older = older.saturating_sub(1);
            let is_kept = is_recent || is_needed(frame) || groups.iter().any(|group| frame.meets(group.at, group.end));
            if !is_kept {
                sink.drop(frame.list);
            }
            is_kept
        });
    }

    /// Adds to a report what the long frames between an interaction's start and the end of its handlers were made of:
    /// script, style and layout, painting, and the rest; which script was the longest (subpart, share, frame, number in
    /// it); then the list of the events and those of the long frames.
    pub(super) fn describe(&self, [at, start, end, paint]: [f64; 4], events: f64, report: &mut Report) {
        let (mut scripting, mut layout, mut painting) = (0.0, 0.0, 0.0);
        let mut longest = [-1.0, 0.0, 0.0, 0.0];
        let mut text: &[u8] = b"";
        let met = || self.frames.iter().filter(|frame| frame.meets(at, end));
        for (number, frame) in met().enumerate() {
            layout += frame.at + frame.duration - frame.layout_start;
            for (index, [script, duration, forced]) in frame.scripts.iter().enumerate() {
                let script_end = script + duration;
                if script_end < at {
                    continue;
                }
                let share = script_end - script.max(at);
                // It is not told when layout was forced: so it is taken to be spread evenly.
                let forced = if *duration > 0.0 { share / duration * forced } else { 0.0 };
                scripting += share - forced;
                layout += forced;
                let [_, most, ..] = longest;
                if share > most {
                    let subpart = u8::from(*script >= start) + u8::from(*script >= end);
                    longest = [f64::from(subpart), share, number as f64, index as f64];
                    text = frame.longest.iter().find(|(number, ..)| *number == index).map_or(b"", |(.., text)| text);
                }
            }
        }
        if let Some(last) = met().next_back() {
            let frames_end = last.at + last.duration;
            if frames_end >= end {
                painting = paint - frames_end;
            }
        }
        let rest = paint - at - scripting - layout - painting;
        report.numbers.extend_from_slice(&[scripting, layout, painting, rest]);
        report.numbers.extend_from_slice(&longest);
        report.numbers.push(events);
        for frame in met() {
            report.numbers.push(f64::from(frame.list));
        }
        report.text(text);
    }
}

impl Group {
    /// Whether it is of the frame that was presented then.
    pub(super) fn is_with(&self, render: f64) -> bool {
        (self.render - render).abs() <= SAME_FRAME_MS
    }
}

impl Frame {
    /// Whether it has to do with what went on between these times.
    pub(super) fn meets(&self, start: f64, end: f64) -> bool {
        self.at + self.duration >= start && self.at <= end
    }
}
