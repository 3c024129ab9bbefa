//! Files: how they open, how long they are, what they are called, and words that must not be in them.

use crate::check_none;
use vitrum_tests::{File, files};

/// The most lines of a file of code.
const LINES: usize = 400;

/// Names that say nothing of what is in a file.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "manager", "common", "misc", "shared"];

/// What is not finished, or is switched off. Written in two parts, so that this file may be read too.
const UNFINISHED: [[&str; 2]; 11] = [
    ["TO", "DO"],
    ["FIX", "ME"],
    ["HA", "CK:"],
    ["unimplemented", "!("],
    ["todo", "!("],
    ["dbg", "!("],
    ["#[ig", "nore"],
    [".on", "ly("],
    ["test.sk", "ip"],
    ["it.sk", "ip"],
    ["{ sk", "ip: true"],
];

/// Written by programs.
const LOCKS: [&str; 2] = ["Cargo.lock", "package-lock.json"];

fn code(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let all = files().into_iter();
    let found: Vec<_> =
        all.filter(|file| endings.contains(&file.ending()) && folders.iter().any(|folder| file.is_in(folder))).collect();
    assert!(found.len() > 10, "found only {} files", found.len());
    found
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let rust = code(&["src", "tests"], &["rs"]).into_iter().map(|file| (file, &["//! "][..]));
    let scripts = code(&["js", "www", "tests"], &["ts", "mjs", "js"]).into_iter().map(|file| (file, &["// ", "/*", "#!"][..]));
    let wrong: Vec<_> = rust
        .chain(scripts)
        .filter(|(file, openings)| !openings.iter().any(|opening| file.text.starts_with(opening)))
        .map(|(file, _)| file.path)
        .collect();
    check_none("These files do not open with a line that says what they are for", &wrong);
}

#[test]
fn no_file_is_too_long() {
    let all = code(&["src", "tests", "js", "www"], &["rs", "ts", "mjs", "js"]).into_iter();
    let wrong: Vec<_> = all
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LINES)
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect();
    check_none("These files have more than one subject, by their length", &wrong);
}

#[test]
fn names_say_what_is_in_a_file() {
    let all = files().into_iter().filter(|file| ["src", "tests", "js", "www"].iter().any(|folder| file.is_in(folder)));
    let is_empty = |part: &str| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default());
    let wrong: Vec<_> = all.filter(|file| file.path.split('/').any(is_empty)).map(|file| file.path).collect();
    check_none("These names say nothing", &wrong);
}

#[test]
fn nothing_is_called_get() {
    let word = ["fn g", "et_"].concat();
    let mut wrong = Vec::new();
    for file in code(&["src", "tests"], &["rs"]) {
        wrong.extend(file.text.lines().filter(|line| line.contains(&word)).map(|line| format!("{}: {}", file.path, line.trim())));
    }
    check_none("A function is named for what it gives", &wrong);
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| !LOCKS.contains(&file.name())) {
        for word in UNFINISHED.map(|parts| parts.concat()) {
            let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(&word));
            wrong.extend(lines.map(|(number, _)| format!("{}:{}: {word}", file.path, number + 1)));
        }
    }
    check_none("Unfinished, or switched off", &wrong);
}
