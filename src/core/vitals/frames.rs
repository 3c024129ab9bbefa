//! The frames around the slowest interactions: which events were presented together, and which long animation frames
//! they had to wait for. Sources: W3C Long Animation Frames; web-vitals 6.2, `onINP` with attribution.

use super::flags::EVENTS;
use super::report::{Report, Sink};
use crate::limits::SCRIPTS;

/// So many of the last groups and frames are kept whatever they belong to, because events and long frames come in no
/// certain order. Source: web-vitals, `MAX_PENDING_FRAMES`.
const RECENT: usize = 10;
/// Events whose presentation is no further apart belong to one frame: durations are rounded to 8 ms.
const SAME_FRAME_MS: f64 = 8.0;
/// The lists of long frames have numbers from here on.
const LISTS: u32 = 1 << 30;

/// Events that were presented in one frame.
pub(super) struct Group {
    pub(super) number: u32,
    /// The first start, the first beginning and last end of their handlers.
    pub(super) at: f64,
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) render: f64,
    pub(super) list: u32,
}

/// A long animation frame.
struct Frame {
    at: f64,
    duration: f64,
    layout_start: f64,
    list: u32,
    /// Start, duration, and how much of that was layout that the script forced.
    scripts: Vec<[f64; 3]>,
    /// Number of a script, its duration, and its invoker, URL and function, for the longest of them: as an interaction
    /// may begin in the midst of the longest, there are two.
    longest: Vec<(usize, f64, Vec<u8>)>,
}

pub(super) struct Frames {
    pub(super) groups: Vec<Group>,
    frames: Vec<Frame>,
    list: u32,
    /// When the last handler ended, of all events so far.
    last_end: f64,
}

impl Frames {
    pub(super) fn new() -> Self {
        Self { groups: Vec::new(), frames: Vec::new(), list: LISTS, last_end: 0.0 }
    }

    /// Adds an event to the group of its frame; the number of the group.
    pub(super) fn group(&mut self, event: Group, _sink: &mut Sink<'_>) -> u32 {
        self.last_end = self.last_end.max(event.end);
        let found = self.groups.iter_mut().rev().find(|group| (event.render - group.render).abs() <= SAME_FRAME_MS);
        if let Some(group) = found {
            group.at = group.at.min(event.at);
            group.start = group.start.min(event.start);
            group.end = group.end.max(event.end);
            return group.number;
        }
        let number = event.number;
        self.groups.push(event);
        number
    }

    pub(super) fn frame(&mut self, at: f64, duration: f64, layout_start: f64, sink: &mut Sink<'_>) {
        self.list += 1;
        sink.keep(self.list);
        self.frames.push(Frame { at, duration, layout_start, list: self.list, scripts: Vec::new(), longest: Vec::new() });
    }

    /// A script of the frame that was told last.
    pub(super) fn script(&mut self, script: [f64; 3], told: [&[u8]; 3]) {
        let Some(Frame { scripts, longest, .. }) = self.frames.last_mut() else { return };
        if scripts.len() >= SCRIPTS {
            return;
        }
        let [_, duration, _] = script;
        if longest.len() > 1 {
            let shorter = longest.iter().position(|(_, known, _)| *known < duration && longest.iter().all(|(_, other, _)| known <= other));
            let Some(shorter) = shorter else { return scripts.push(script) };
            longest.swap_remove(shorter);
        }
        longest.push((scripts.len(), duration, told.join(&0)));
        scripts.push(script);
    }

    /// Forgets all but the last groups and those that are needed, and all long frames but those that any group that is
    /// left has to do with and those that are newer than all events.
    pub(super) fn tidy(&mut self, is_needed: impl Fn(u32) -> bool, sink: &mut Sink<'_>) {
        let Self { groups, frames, last_end, .. } = self;
        let mut older = groups.len().saturating_sub(RECENT);
        groups.retain(|group| {
            let is_recent = older == 0;
            older = older.saturating_sub(1);
            let is_kept = is_recent || is_needed(group.number);
            if !is_kept && sink.is(EVENTS) {
                sink.drop(group.list);
            }
            is_kept
        });
        let mut older = frames.len().saturating_sub(RECENT);
        frames.retain(|frame| {
            let is_recent = older == 0 && frame.at > *last_end;
            older = older.saturating_sub(1);
            let is_kept = is_recent || groups.iter().any(|group| frame.meets(group.at, group.end));
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
        let mut lists: Vec<f64> = met().map(|frame| f64::from(frame.list)).collect();
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
        report.numbers.append(&mut lists);
        report.text(text);
    }
}

impl Frame {
    /// Whether it has to do with what went on between these times.
    fn meets(&self, start: f64, end: f64) -> bool {
        self.at + self.duration >= start && self.at <= end
    }
}
