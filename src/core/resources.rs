//! Entries of the performance timeline: resources, the document, long tasks and long frames.

use crate::draft::Draft;
use crate::observation::Texts;
use vitrum_wire::Key;

/// The phases of a resource, or of the document's own load; `kind` is the key of its second text.
pub(crate) fn timing(draft: &mut Draft, numbers: &[f64], kind: Key, texts: &mut Texts<'_>) {
    draft.text(Key::Url, texts.next());
    draft.text(kind, texts.next());
    draft.text(Key::NextHopProtocol, texts.next());
    draft.text(Key::RenderBlocking, texts.next());
    draft.phases(Key::ResourceDuration, numbers);
}

pub(crate) fn long_task(draft: &mut Draft, duration: f64, name: &[u8]) {
    draft.text(Key::LongTaskName, name);
    draft.phases(Key::LongTaskDuration, &[duration]);
}

pub(crate) fn long_frame(draft: &mut Draft, numbers: &[f64]) {
    draft.phases(Key::FrameStart, numbers);
}
