//! By what the errors of senders that say no fingerprint are known to have one cause: type, message and the top of the
//! stack, without what changes from one visit or build to the next.

use crate::attributes::{self, Attributes, hex};
use crate::stack::{self, Frame};
use serde_json::Value;
use sha2::{Digest, Sha256};
use vitrum_wire::Key;

/// Bytes of a fingerprint before they are digits: as many as the agent's has.
const BYTES: usize = 8;

/// A name of fewer letters is one that a minifier gave, and may give to another function in the next build.
const NAME_LETTERS: usize = 3;

/// The sender's own, or one made here.
pub(crate) fn of(attributes: &Attributes) -> String {
    let told = attributes::text(attributes, Key::Fingerprint).map(|told| told.to_ascii_lowercase());
    let is_one = |text: &String| text.len() == 2 * BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    told.filter(is_one).unwrap_or_else(|| make(attributes))
}

fn make(attributes: &Attributes) -> String {
    // What is no text, where others sent it, is told apart all the same.
    let text = |key: Key| match attributes.get(key.text()) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let parts = stack::parse(&text(Key::ExceptionStack));
    let top = parts.first().and_then(|part| part.frames.iter().find(|frame| frame.place.is_some())).map(place).unwrap_or_default();
    let message = text(Key::ExceptionMessage);
    let message = general(message.lines().next().unwrap_or_default());
    let mut hash = Sha256::new();
    for part in [text(Key::ExceptionType), message, top] {
        hash.update(part);
        hash.update([0]);
    }
    hex(hash.finalize().get(..BYTES).unwrap_or_default())
}

/// Function and file of a frame, as far as they stay from build to build; lines never do.
fn place(frame: &Frame) -> String {
    let function = frame.function.as_deref().map(|name| name.rsplit('.').next().unwrap_or(name)).unwrap_or_default();
    let function = if function.len() < NAME_LETTERS { "" } else { function };
    let path = frame.place.as_ref().map(|place| place.file().1).unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    // Bundlers put the hash of its content into a file's name: index-B3xk9aQ2.js, main.8f3c1a.js.
    let is_hash = |part: &&str| part.len() >= 5 && part.bytes().any(|byte| byte.is_ascii_digit());
    let kept: Vec<_> = file.split(['-', '.', '_']).filter(|part| !is_hash(part)).collect();
    format!("{function}@{}", kept.join("."))
}

/// A message in which numbers, and words that have digits and look like ids, are one sign.
fn general(message: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let mut out = String::new();
    for word in message.split_inclusive(|letter| !is_part(letter)) {
        let (core, end) = word.split_at(word.trim_end_matches(|letter| !is_part(letter)).len());
        let has_digit = core.bytes().any(|byte| byte.is_ascii_digit());
        if has_digit && (core.len() >= 8 || core.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')) {
            out.push('#');
        } else {
            out.push_str(core);
        }
        out.push_str(end);
    }
    // A list of numbers is as long as it happened to be.
    while out.contains("#, #") {
        out = out.replace("#, #", "#");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::attribute;

    fn told(kind: &str, message: &str, stack: &str) -> String {
        let attributes = vec![
            attribute("exception.type", kind),
            attribute("exception.message", message),
            attribute("exception.stacktrace", stack),
        ];
        of(&attributes::to_json(attributes).unwrap())
    }

    #[test]
    fn the_senders_own_counts_where_it_is_one() {
        let with = |text: &str| of(&attributes::to_json(vec![attribute("vitrum.error.fingerprint", text)]).unwrap());
        assert_eq!(with("0123456789abcdef"), "0123456789abcdef");
        assert_eq!(with("0123456789ABCDEF"), "0123456789abcdef");
        for text in ["", "0123", "0123456789abcdeg", "<script>alert(1)"] {
            assert_eq!(with(text), with(""), "{text}");
        }
    }

    #[test]
    fn one_cause_is_one_in_each_visit_and_build() {
        let stack = "Error: x\n    at pay (https://shop.example/assets/index-B3xk9aQ2.js:1:2042)\n    at go (https://shop.example/a.js:1:1)";
        let first = told("Error", "Order 4711 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed", stack);
        let later = stack.replace("B3xk9aQ2", "Z1qq0bbA").replace(":2042", ":1888").replace(" go ", " run ");
        assert_eq!(told("Error", "Order 12 of 1e2504e0-1f89-41d3-9a0c-0305e82c3302 failed", &later), first);
        assert_eq!(told("Error", "Order 4711 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed", &stack.replace(" pay ", " save ")).len(), 16);
        for (kind, message, stack) in [
            ("TypeError", "Order 1 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed", stack.to_owned()),
            ("Error", "Order 1 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 was refused", stack.to_owned()),
            ("Error", "Order 1 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed", stack.replace(" pay ", " save ")),
            ("Error", "Order 1 of 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed", stack.replace("/index-", "/cart-")),
        ] {
            assert_ne!(told(kind, message, &stack), first, "{kind} {message} {stack}");
        }
    }

    #[test]
    fn what_is_a_number_or_an_id_is_one_sign() {
        for (message, expected) in [
            ("x is undefined", "x is undefined"),
            ("Status 404 of h2", "Status # of h2"),
            ("3f2504e0-4f89-11d3-9a0c-0305e82c3301!", "#!"),
            ("[1, 2, 3] of item8445570132", "[#] of #"),
        ] {
            assert_eq!(general(message), expected);
        }
    }
}
