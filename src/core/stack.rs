//! Reads an error and its causes: the stack in the one form that travels, whose fault it may be, and by what errors of one
//! cause are known.
//!
//! The three engines write stacks as text of their own, which no standard describes: V8 as `at f (url:1:2)` below a head
//! with the message, SpiderMonkey and JavaScriptCore as `f@url:1:2`. `tests/stacks` has what they write, collected in the
//! browsers themselves.

mod fingerprint;
mod frame;
mod origin;

use crate::limits::{CAUSES, FRAMES, READ_BYTES};
use crate::scrub::{cut, cut_words};
pub(crate) use fingerprint::about;
use frame::Frame;
use vitrum_wire::limits::{STACK_BYTES, VALUE_BYTES};

/// An error as it is told and grouped.
pub(crate) struct Read {
    /// The same for errors of one cause.
    pub(crate) fingerprint: u64,
    pub(crate) origin: Origin,
    /// WIRE.md, Errors. Not scrubbed yet.
    pub(crate) text: Vec<u8>,
}

/// Whose code it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names, reason = "WIRE.md calls it so, after the origin of a URL")]
#[repr(u8)]
pub(crate) enum Origin {
    Page,
    ThirdParty,
    /// A browser's extension, or a script that something injected.
    Extension,
    /// The browser hides what it was.
    CrossOrigin,
}

/// One of a chain, taken apart.
struct Link<'a> {
    name: &'a [u8],
    message: &'a [u8],
    frames: Vec<Frame<'a>>,
}

/// Reads the error and its causes, outermost first: name, message and stack of each. `page` is the document's URL.
pub(crate) fn read(chain: &[(&[u8], &[u8], &[u8])], page: &[u8]) -> Read {
    let count = chain.len().clamp(1, CAUSES);
    let mut links = Vec::new();
    for &(name, message, stack) in chain.iter().take(count) {
        let name = if name.is_empty() { b"Error" } else { name };
        let frames = frame::frames(cut(stack, READ_BYTES), message, FRAMES / count);
        links.push(Link { name, message: cut(message, VALUE_BYTES), frames });
    }
    Read { fingerprint: fingerprint::of(&links, page), origin: origin::of(&links, page), text: text(&links) }
}

/// Each has an equal share of the text, and what those before it have left.
fn text(links: &[Link<'_>]) -> Vec<u8> {
    /// Longest name of an error or a function in bytes. Those of templates and closures are long, and say all at their start.
    const NAME_BYTES: usize = 128;
    /// Longest message in bytes: it is told in full besides. Five of these with their names leave room for frames.
    const MESSAGE_BYTES: usize = 512;
    /// Longest URL in bytes; the path of a script is shorter.
    const URL_BYTES: usize = 1024;
    let mut text = Vec::new();
    for (number, link) in links.iter().enumerate() {
        let limit = (STACK_BYTES - 1) * (number + 1) / links.len();
        if number > 0 {
            text.extend_from_slice(b"\nCaused by: ");
        }
        text.extend_from_slice(cut(link.name, NAME_BYTES));
        if !link.message.is_empty() {
            text.extend_from_slice(b": ");
            text.extend_from_slice(cut_words(link.message, MESSAGE_BYTES));
        }
        for Frame { name, url, position } in &link.frames {
            let start = text.len();
            let closing: &[u8] = if name.is_empty() { b"" } else { b")" };
            text.extend_from_slice(b"\n    at ");
            if !name.is_empty() {
                text.extend_from_slice(cut(name, NAME_BYTES));
                text.extend_from_slice(b" (");
            }
            text.extend_from_slice(if url.is_empty() { b"<anonymous>" } else { cut(url, URL_BYTES) });
            if !position.is_empty() {
                text.push(b':');
                text.extend_from_slice(position);
            }
            text.extend_from_slice(closing);
            if text.len() > limit {
                text.truncate(start);
                break;
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
