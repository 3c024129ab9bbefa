//! Stacks of Chromium, Firefox and WebKitGTK, collected by `tests/stacks`, whose pages know where each frame has to be.

use super::super::frame::frames;
use core::str::from_utf8;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What was told in a browser, and what of it is known beforehand.
#[derive(Default)]
pub(super) struct Case {
    /// The browser, and what was played in it.
    pub(super) name: String,
    pub(super) page: String,
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) stack: String,
    expected: Vec<Expected>,
}

#[derive(Default)]
struct Expected {
    may_be_absent: bool,
    /// First and last line and column; 0 of what has none.
    from: (u32, u32),
    to: (u32, u32),
    url: String,
    name: String,
}

const BROWSERS: [&str; 3] = [
    include_str!("../../../../tests/stacks/collected/chromium.txt"),
    include_str!("../../../../tests/stacks/collected/firefox.txt"),
    include_str!("../../../../tests/stacks/collected/webkit.txt"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut found = Vec::new();
    for file in BROWSERS {
        let browser = file.lines().next().unwrap();
        for block in file.split("\n\n").skip(1) {
            let mut case = Case::default();
            for line in block.lines() {
                let (word, rest) = line.split_once(' ').unwrap();
                match word {
                    "case" => case.name = [browser, ", ", rest].concat(),
                    "page" => case.page = rest.to_owned(),
                    "type" => case.kind = rest.to_owned(),
                    "message" => case.message = unescaped(rest),
                    "stack" => case.stack = unescaped(rest),
                    "f" => case.expected.push(expected(rest)),
                    _ => panic!("{line}"),
                }
            }
            found.push(case);
        }
    }
    found
}

pub(super) fn unescaped(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut out = parts.next().unwrap().to_owned();
    while let Some(part) = parts.next() {
        let (sign, rest) = if part.is_empty() { ("\\", parts.next().unwrap()) } else { (if part.starts_with('n') { "\n" } else { "\r" }, &part[1..]) };
        out = [&out, sign, rest].concat();
    }
    out
}

fn expected(line: &str) -> Expected {
    let mut words = line.splitn(5, ' ');
    let mut next = || words.next().unwrap_or_default();
    let may_be_absent = next() == "maybe";
    Expected { may_be_absent, from: place(next()), to: place(next()), url: next().to_owned(), name: next().to_owned() }
}

/// Line and column; of what was made by `eval` some browsers tell the line only.
fn place(text: &str) -> (u32, u32) {
    let mut numbers = text.split(':').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap(), numbers.next().unwrap_or(0))
}

impl Expected {
    fn is(&self, name: &str, url: &str, position: &str) -> bool {
        let (line, column) = place(position);
        let is_there = if column == 0 && line > 0 { (self.from.0..=self.to.0).contains(&line) } else { (self.from..=self.to).contains(&(line, column)) };
        // WebKit tells no queries, and Firefox also fragments.
        let url = url.split('#').next().unwrap();
        let is_same = url == self.url || !url.is_empty() && Some(url) == self.url.split('?').next();
        // What a function is of, and what calls it, is put before its name: `Cart.checkout`, `new Cart`, `get total`, `Cart/<`.
        let end = name.rsplit(['.', ' ', '#', '/', '[']).next().unwrap().trim_end_matches(']');
        let is_named = self.name.is_empty() || name == self.name || end == self.name || name.ends_with(&self.name);
        is_there && is_same && is_named
    }
}

#[test]
fn frames_are_where_the_page_knows_them_to_be() {
    let cases = cases();
    assert!(cases.len() >= 200, "{}", cases.len());
    let mut wrong = Vec::new();
    let mut checked = 0;
    for case in &cases {
        let text = |bytes| from_utf8(bytes).unwrap();
        let told = frames(case.stack.as_bytes(), case.message.as_bytes(), 1000);
        let mut told = told.iter().map(|frame| (text(frame.name), text(frame.url), text(frame.position))).filter(|(_, url, _)| !url.is_empty()).peekable();
        for expected in &case.expected {
            let found = told.peek().copied().unwrap_or_default();
            if expected.is(found.0, found.1, found.2) {
                told.next();
                checked += 1;
            } else if !expected.may_be_absent {
                wrong.push([&case.name, ": ", &expected.name, " in ", &expected.url, " is told as ", found.0, " in ", found.1, ":", found.2].concat());
            }
        }
        // What is below is what plays the cases, and recursion.
        if let Some((name, url, position)) = told.next()
            && !url.ends_with("/harness.js")
            && name != "deeper"
        {
            wrong.push([&case.name, ": ", name, " in ", url, ":", position, " is more than expected"].concat());
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(checked > 500, "{checked}");
}
