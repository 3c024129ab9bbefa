//! Uncaught errors and unhandled rejections.

use crate::draft::Draft;
use crate::observation::Texts;
use vitrum_wire::Key;

/// Source: OpenTelemetry semantic conventions, "Exceptions in logs".
pub(crate) fn describe(draft: &mut Draft, texts: &mut Texts<'_>) {
    for key in [Key::ExceptionType, Key::ExceptionMessage, Key::ExceptionStack] {
        draft.text(key, texts.next());
    }
    draft.flag(Key::Handled, false);
}
