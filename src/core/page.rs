//! Page views: the document's load, and the routes within it.

use crate::draft::Draft;
use crate::ids::Ids;
use crate::url::path;
use vitrum_wire::Key;

/// One page view.
#[derive(Clone)]
pub(crate) struct View {
    /// 16 hexadecimal digits.
    pub(crate) id: Vec<u8>,
    /// The path of its URL.
    pub(crate) path: Vec<u8>,
    /// All requests of the view are in this trace: 16 bytes.
    pub(crate) trace_id: Vec<u8>,
}

impl View {
    pub(crate) fn new(url: &[u8], ids: &mut Ids) -> Self {
        Self { id: ids.hex(8), path: path(url).into(), trace_id: ids.draw(16) }
    }
}

/// The load of a document, its return, or (with a kind) a change of its route.
pub(crate) fn navigation(draft: &mut Draft, url: &[u8], referrer: &[u8], kind: &[u8], hash_change: bool) {
    draft.text(Key::Url, url);
    draft.flag(Key::SameDocument, !kind.is_empty());
    draft.flag(Key::HashChange, hash_change);
    draft.text(Key::NavigationKind, kind);
    draft.text(Key::Referrer, referrer);
}
