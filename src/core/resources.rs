//! Entries of the performance timeline: resources, the document, long tasks and long frames.

use crate::draft::Draft;
use crate::observation::Texts;
use vitrum_wire::Key;

/// The phases of a resource; see [`crate::Kind::Resource`] for the order.
pub(crate) fn resource(draft: &mut Draft, numbers: &[f64], texts: &mut Texts<'_>) {
    timing(draft, numbers, Key::InitiatorType, texts);
}

/// The phases of the document's own load.
pub(crate) fn navigation(draft: &mut Draft, numbers: &[f64], texts: &mut Texts<'_>) {
    timing(draft, numbers, Key::NavigationType, texts);
}

fn timing(draft: &mut Draft, numbers: &[f64], kind: Key, texts: &mut Texts<'_>) {
    for key in [Key::Url, kind, Key::NextHopProtocol, Key::RenderBlocking] {
        draft.text(key, texts.next());
    }
    draft.phases(Key::ResourceDuration, numbers);
}

pub(crate) fn long_task(draft: &mut Draft, duration: f64, texts: &mut Texts<'_>) {
    draft.text(Key::LongTaskName, texts.next());
    draft.phases(Key::LongTaskDuration, &[duration]);
}

pub(crate) fn long_frame(draft: &mut Draft, numbers: &[f64]) {
    draft.phases(Key::FrameStart, numbers);
}
