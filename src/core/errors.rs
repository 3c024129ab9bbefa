//! Uncaught errors and unhandled rejections.

use crate::draft::Draft;
use crate::observation::Texts;
use vitrum_wire::Key;

/// Source: OpenTelemetry semantic conventions, "Exceptions in logs".
pub(crate) fn describe(draft: &mut Draft, texts: &mut Texts<'_>) {
    draft.text(Key::ExceptionType, texts.next());
    draft.text(Key::ExceptionMessage, texts.next());
    draft.text(Key::ExceptionStack, texts.next());
    draft.flag(Key::Handled, false);
}
