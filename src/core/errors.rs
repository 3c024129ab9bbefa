//! Uncaught errors and unhandled rejections.

use crate::draft::Draft;
use crate::observation::Texts;
use vitrum_wire::Key;

/// Whether it is the name of a kind of errors, and not made of data.
fn is_name(name: &[u8]) -> bool {
    const NAME_BYTES: usize = 40;
    let digits = name.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits < 3 && name.len() <= NAME_BYTES && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
}

/// Source: OpenTelemetry semantic conventions, "Exceptions in logs".
pub(crate) fn describe(draft: &mut Draft, texts: &mut Texts<'_>) {
    let name = texts.next();
    draft.text(Key::ExceptionType, if is_name(name) && !name.is_empty() { name } else { b"Error" });
    draft.text(Key::ExceptionMessage, texts.next());
    draft.text(Key::ExceptionStack, texts.next());
    draft.flag(Key::Handled, false);
}
