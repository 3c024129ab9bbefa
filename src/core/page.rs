//! Page views: the document's load, and the routes within it. Each is a trace, of which the view itself is the root.

use crate::draft::Draft;
use crate::ids::{Ids, push_hex, read_bytes};
use crate::template::template;
use crate::url::path;
use vitrum_wire::Key;

/// One page view.
#[derive(Clone)]
pub(crate) struct View {
    /// 16 hexadecimal digits.
    pub(crate) id: Vec<u8>,
    /// The path of its URL, and what stands for all such paths.
    pub(crate) path: Vec<u8>,
    pub(crate) template: Vec<u8>,
    /// All requests of the view are in this trace: 16 bytes.
    pub(crate) trace_id: Vec<u8>,
    /// The span that the view is: 8 bytes.
    pub(crate) root: Vec<u8>,
    /// The span of the server that it goes on from, if any: 8 bytes.
    pub(crate) parent: Vec<u8>,
}

impl View {
    /// The view of this URL, which is told as `shown`, in a trace that has begun before (trace, root and parent in hexadecimal
    /// digits, with a dash between) or in one of its own.
    pub(crate) fn new((url, shown): (&[u8], &[u8]), rules: &[u8], trace: &[u8], ids: &mut Ids) -> Self {
        let part = |start: usize, bytes: usize| read_bytes(trace.get(start..start + 2 * bytes).unwrap_or_default(), bytes);
        let (mut trace_id, mut root) = (part(0, 16), part(33, 8));
        if trace_id.is_empty() || root.is_empty() {
            (trace_id, root) = (ids.draw(16), ids.draw(8));
        }
        let mut pattern = Vec::new();
        template(&mut pattern, path(shown), rules);
        Self { id: ids.hex(8), path: path(url).into(), template: pattern, trace_id, root, parent: part(50, 8) }
    }

    /// Trace and root in hexadecimal digits, with a dash between.
    pub(crate) fn trace(&self) -> Vec<u8> {
        let mut text = Vec::new();
        push_hex(&mut text, &self.trace_id);
        text.push(b'-');
        push_hex(&mut text, &self.root);
        text
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

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_view_goes_on_in_the_trace_that_was_begun() {
        let view = |trace: &str| View::new((b"https://shop.example/a", b""), b"", trace.as_bytes(), &mut Ids::new(&[7; 16]));
        let begun = "00112233445566778899aabbccddeeff-0102030405060708";
        assert_eq!(view(&[begun, "-"].concat()).trace(), begun.as_bytes());
        assert_eq!(view(&[begun, "-a1a2a3a4a5a6a7a8"].concat()).parent, [0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8]);
        for bad in ["", "-", &begun[1..], &begun.replace('f', "g")] {
            let view = view(bad);
            assert_eq!((view.trace_id.len(), view.root.len(), view.parent.len()), (16, 8, 0), "{bad}");
            assert_eq!(view.trace().len(), begun.len());
        }
    }
}
