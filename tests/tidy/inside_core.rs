//! The order inside `core`: agent, then the subjects, then page, session and time. Subjects never import one another.

use crate::check_none;
use vitrum_tests::{File, files, read, shipped};

/// What a record can be about, and the terms on which it is.
const SUBJECTS: [&str; 12] = ["actions", "errors", "groups", "network", "resources", "page", "session", "delivery", "pace", "sampling", "consent", "vitals"];
/// The subjects that others may build on.
const FOUNDATIONS: [&str; 2] = ["page", "session"];
/// Modules that know no subject.
const LEAVES: [&str; 15] = ["draft", "entry", "scrub", "stack", "template", "url", "ids", "limits", "time", "observation", "health", "effect", "deflate", "gzip", "crumbs"];
/// Above the subjects.
const ABOVE: [&str; 2] = ["agent", "outbox"];

/// The module that a file of core belongs to.
fn module(file: &File) -> Option<&str> {
    let path = file.path.strip_prefix("src/core/")?;
    path.strip_suffix(".rs").and_then(|path| path.split('/').next())
}

/// The modules of this crate that a text names after `crate::`, alone or in braces.
fn uses(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let word = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => found.extend(list.split('}').next().unwrap_or_default().split(',').map(word)),
            None => found.push(word(rest)),
        }
    }
    // What begins with a capital is not a module but what lib.rs shows of one; that is for other rooms.
    found.retain(|name| !name.is_empty());
    found
}

fn modules() -> Vec<(String, String)> {
    let all = files();
    let found = all.iter().filter_map(|file| Some((module(file)?.to_owned(), shipped(&file.text).to_owned())));
    found.filter(|(module, _)| !["lib", "story"].contains(&module.as_str())).collect()
}

#[test]
fn every_module_has_its_place() {
    let wrong: Vec<_> = modules()
        .into_iter()
        .map(|(module, _)| module)
        .filter(|module| ![&SUBJECTS[..], &LEAVES, &ABOVE].concat().contains(&module.as_str()))
        .collect();
    check_none("Is it a subject, a leaf, or above? Say so in tests/tidy/inside_core.rs", &wrong);
}

#[test]
fn subjects_never_import_one_another() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (module, text) in modules() {
        let allowed = match module.as_str() {
            name if ABOVE.contains(&name) => continue,
            name if FOUNDATIONS.contains(&name) || LEAVES.contains(&name) => LEAVES.to_vec(),
            _ => [&LEAVES[..], &FOUNDATIONS].concat(),
        };
        for used in uses(&text) {
            seen += 1;
            if used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{module} uses {used}"));
            }
        }
    }
    assert!(seen > 20, "found only {seen} imports");
    check_none("Against the order that src/README.md draws", &wrong);
}

#[test]
fn compression_has_one_place_and_so_has_inflation() {
    let library = ["miniz", "_oxide"].concat();
    let users: Vec<String> = files()
        .into_iter()
        .filter(|file| file.ending() == "rs" && ["src/core", "src/wire", "src/browser"].iter().any(|room| file.is_in(room)))
        .filter(|file| file.text.contains(&library))
        .map(|file| file.path)
        .collect();
    assert_eq!(users, ["src/core/deflate.rs", "src/core/story/forms.rs", "src/wire/beacon.rs"]);
}

#[test]
fn every_limit_says_why() {
    for path in ["src/core/limits.rs", "src/wire/limits.rs", "src/collector/limits.rs"] {
        let text = read(path);
        let lines: Vec<&str> = text.lines().collect();
        let limits: Vec<usize> = (0..lines.len()).filter(|&n| lines[n].contains("const ")).collect();
        assert!(limits.len() > 1, "{path}");
        let undocumented = limits.into_iter().filter(|&n| n == 0 || !lines[n - 1].starts_with("/// "));
        check_none(&format!("{path}: without unit and reason"), &undocumented.map(|n| lines[n].to_owned()).collect::<Vec<_>>());
    }
}
