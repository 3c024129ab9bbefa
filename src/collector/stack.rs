//! A stack as text, taken apart: what was thrown, its frames, and the causes behind it. The form is the one of WIRE.md; what
//! other senders have from their browsers (V8's own, and that of Firefox and Safari) is read as well.

use serde::Serialize;

/// What was thrown, or what caused it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Type and message.
    pub(crate) title: String,
    pub(crate) is_cause: bool,
    /// The innermost first.
    pub(crate) frames: Vec<Frame>,
}

/// One line of the stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// As the sender called it, without `async` and `[as …]`; with `new` for a constructor.
    pub(crate) function: Option<String>,
    /// Nothing where the browser itself was at work.
    pub(crate) place: Option<Place>,
}

/// Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// How a cause begins.
const CAUSE: &str = "Caused by: ";

/// The parts of a stack, at least one; a message of several lines is one title.
pub(crate) fn parse(text: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    for line in text.lines() {
        if let Some(title) = line.strip_prefix(CAUSE) {
            parts.push(Part { title: title.to_owned(), is_cause: true, frames: Vec::new() });
            continue;
        }
        let Some(part) = parts.last_mut() else { break };
        if let Some(frame) = Frame::parse(line) {
            part.frames.push(frame);
        } else if part.frames.is_empty() {
            if !part.title.is_empty() {
                part.title.push('\n');
            }
            part.title.push_str(line);
        }
    }
    parts
}

impl Frame {
    fn parse(line: &str) -> Option<Self> {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("at ") {
            let rest = rest.strip_prefix("async ").unwrap_or(rest);
            let named = rest.strip_suffix(')').and_then(|rest| rest.split_once(" ("));
            return Some(match named {
                Some((function, place)) => Self { function: named_as(function), place: Place::parse(place) },
                None => match Place::parse(rest) {
                    Some(place) => Self { function: None, place: Some(place) },
                    None => Self { function: named_as(rest), place: None },
                },
            });
        }
        let (function, place) = line.split_once('@')?;
        let is_native = place == "[native code]";
        let place = Place::parse(place);
        (place.is_some() || is_native).then(|| Self { function: named_as(function), place })
    }
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let (rest, column) = text.rsplit_once(':')?;
        let (url, line) = rest.rsplit_once(':')?;
        // `<anonymous>`, and what was evaluated, is in no file.
        // A page without consent tells no more of a URL than the file's name.
        let is_file = url.contains(['/', '.']) && !url.starts_with(['<', '(']) && !url.contains("), ");
        is_file.then(|| Some(Self { url: url.to_owned(), line: line.parse().ok()?, column: column.parse().ok()? }))?
    }

    /// Origin and path of the URL, without query and fragment; the origin is empty where it has none, and of a bare name the
    /// path is the name.
    pub(crate) fn file(&self) -> (&str, &str) {
        let end = self.url.find(['?', '#']).unwrap_or(self.url.len());
        let url = self.url.get(..end).unwrap_or_default();
        let host = url.find("://").map_or(0, |at| at + 3);
        if host == 0 && !url.contains('/') {
            return ("", url);
        }
        let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| at + host);
        url.split_at(path)
    }
}

fn named_as(function: &str) -> Option<String> {
    let name = function.split(" [as ").next().unwrap_or_default().trim();
    // Firefox marks what is within a function, and puts before its name what it was called by: `promise callback*pay`.
    let name = name.trim_end_matches(['/', '<', '*']);
    let name = name.rsplit(['*', '/']).next().unwrap_or_default();
    (!name.is_empty() && name != "<anonymous>" && name != "?").then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(line: &str) -> Option<(String, String)> {
        let Frame { function, place } = Frame::parse(line)?;
        let place = place.map(|Place { url, line, column }| format!("{url}|{line}|{column}"));
        Some((function.unwrap_or_default(), place.unwrap_or_default()))
    }

    #[test]
    fn a_frame_is_read_in_each_form() {
        for (line, function, place) in [
            ("    at pay (https://shop.example/a.js:1:20)", "pay", "https://shop.example/a.js|1|20"),
            ("    at https://shop.example/a.js?v=2:1:20", "", "https://shop.example/a.js?v=2|1|20"),
            ("    at async t.total (http://[::1]:80/a.js:3:4)", "t.total", "http://[::1]:80/a.js|3|4"),
            ("    at new t (/a(1).js:3:4)", "new t", "/a(1).js|3|4"),
            ("    at Object.f [as g] (https://shop.example/a.js:3:4)", "Object.f", "https://shop.example/a.js|3|4"),
            ("    at pay (page.js:2:3)", "pay", "page.js|2|3"),
            ("    at Array.map (<anonymous>)", "Array.map", ""),
            ("    at async Promise.all (index 0)", "Promise.all", ""),
            ("    at eval (eval at f (https://shop.example/a.js:1:2), <anonymous>:1:1)", "eval", ""),
            ("pay@https://shop.example/@fs/a.js:1:20", "pay", "https://shop.example/@fs/a.js|1|20"),
            ("async*pay@https://shop.example/a.js:1:20", "pay", "https://shop.example/a.js|1|20"),
            ("promise callback*e/pay</<@https://shop.example/a.js:1:20", "pay", "https://shop.example/a.js|1|20"),
            ("e/<@https://shop.example/a.js:1:20", "e", "https://shop.example/a.js|1|20"),
            ("@https://shop.example/a.js:1:20", "", "https://shop.example/a.js|1|20"),
            ("map@[native code]", "map", ""),
        ] {
            assert_eq!(frame(line), Some((function.to_owned(), place.to_owned())), "{line}");
        }
        for line in ["", "TypeError: no", "Mail to a@b.example", "at"] {
            assert_eq!(frame(line), None, "{line}");
        }
    }

    #[test]
    fn causes_follow_and_a_message_may_have_lines() {
        let text = "Error: cart\nis empty\n    at pay (https://a.example/a.js:1:2)\nCaused by: TypeError: x\n    at https://a.example/b.js:3:4\nCaused by: gone";
        let parts = parse(text);
        let told: Vec<_> = parts.iter().map(|part| (part.title.as_str(), part.is_cause, part.frames.len())).collect();
        assert_eq!(told, [("Error: cart\nis empty", false, 1), ("TypeError: x", true, 1), ("gone", true, 0)]);
        assert_eq!(parse(""), [Part::default()]);
    }

    #[test]
    fn a_file_is_an_origin_and_a_path() {
        for (url, origin, path) in [
            ("https://shop.example/assets/a.js?v=1#x", "https://shop.example", "/assets/a.js"),
            ("http://127.0.0.1:80/a.js", "http://127.0.0.1:80", "/a.js"),
            ("/assets/a.js", "", "/assets/a.js"),
            ("a.js?v", "", "a.js"),
            ("webpack:///src/a.js", "webpack://", "/src/a.js"),
            ("https://shop.example", "https://shop.example", ""),
        ] {
            let place = Place { url: url.to_owned(), line: 1, column: 1 };
            assert_eq!(place.file(), (origin, path));
        }
    }
}
