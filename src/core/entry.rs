//! What an entry of a resource says, whether it is told for itself, with its request, or with the document.

use crate::draft::Draft;
use crate::observation::Texts;
use vitrum_wire::Key;

// Places among the numbers of an entry after its start (`Kind::Resource`).
const LOOKUP: usize = 5;
const CONNECTED: usize = 9;
pub(crate) const RESPONSE_START: usize = 11;
pub(crate) const RESPONSE_END: usize = 12;
pub(crate) const TRANSFER: usize = 13;
pub(crate) const ENCODED: usize = 14;
pub(crate) const STATUS: usize = 16;

/// The phases of a resource, or of the document's own load, and its texts after the URL; `kind` is the key of the first.
pub(crate) fn timing(draft: &mut Draft, numbers: &[f64], kind: Key, texts: &mut Texts<'_>) {
    let (protocol, server_timing, _) = in_protocol(&mut Texts(texts.0));
    draft.text(kind, texts.next());
    texts.next();
    draft.text(Key::NextHopProtocol, protocol);
    draft.text(Key::ServerTiming, server_timing);
    draft.text(Key::RenderBlocking, texts.next());
    // On a connection that stood already all of these are one time, and nothing took place.
    let mut numbers = numbers.to_vec();
    if let Some(phases) = numbers.get_mut(LOOKUP..=CONNECTED)
        && phases.first() == phases.last()
    {
        phases.fill(0.0);
    }
    if draft.is_row {
        return draft.table.timing(&numbers);
    }
    draft.text(Key::Cache, cache(&numbers));
    draft.phases(Key::ResourceDuration, &numbers);
}

/// What the text of an entry's protocol holds: that, `Server-Timing`, and a `traceparent`.
pub(crate) fn in_protocol<'a>(texts: &mut Texts<'a>) -> (&'a [u8], &'a [u8], &'a [u8]) {
    texts.next();
    let mut lines = texts.next().split(|byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    (line(), line(), line())
}

/// What the cache did: gave it, or had the server confirm it. Source: Resource Timing, `transferSize` (0 from the cache, and
/// the size of the headers alone, put at 300, if the server confirmed).
fn cache(numbers: &[f64]) -> &'static [u8] {
    match numbers.get(TRANSFER..TRANSFER + 3) {
        Some([transfer, _, decoded]) if *transfer == 0.0 && *decoded > 0.0 => b"hit",
        Some([transfer, encoded, _]) if *transfer > 0.0 && transfer < encoded => b"revalidated",
        _ => b"",
    }
}
