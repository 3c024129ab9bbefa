//! Long tasks and long frames, as they are told.

use crate::draft::Draft;
use vitrum_wire::Key;

pub(crate) fn long_task(draft: &mut Draft, duration: f64, name: &[u8]) {
    draft.text(Key::LongTaskName, name);
    draft.phases(Key::LongTaskDuration, &[duration]);
}

pub(crate) fn long_frame(draft: &mut Draft, numbers: &[f64]) {
    draft.phases(Key::FrameStart, numbers);
}
