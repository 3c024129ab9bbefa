//! WIRE.md and the code of the wire: both were read by whoever changed one, and every name that travels is in the text.

use crate::check_none;
use sha2::{Digest, Sha256};
use vitrum_tests::{files, read, root, shipped};
use vitrum_wire::{Key, Name};

const DOCUMENT: &str = "src/wire/WIRE.md";
const MARK: &str = "code-hash: ";

/// The first 16 digits of the SHA-256 of all code of the room, without its tests.
fn code_hash() -> String {
    let mut hash = Sha256::new();
    let mut count = 0;
    for file in files().iter().filter(|file| file.ending() == "rs" && file.is_in("src/wire")) {
        hash.update(file.path.as_bytes());
        hash.update([0]);
        hash.update(shipped(&file.text).trim_end().as_bytes());
        hash.update([0]);
        count += 1;
    }
    assert!(count > 5, "found only {count} files");
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_document_was_read_with_the_code() {
    let text = read(DOCUMENT);
    let (body, written) = text.trim_end().rsplit_once(MARK).expect("WIRE.md ends with the hash of the code");
    let hash = code_hash();
    if std::env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") {
        std::fs::write(root().join(DOCUMENT), format!("{body}{MARK}{hash}\n")).expect("WIRE.md can be written");
        return;
    }
    assert_eq!(
        written, hash,
        "src/wire has changed since someone read it together with WIRE.md. Read both; when they say the same, renew the \
         hash with UPDATE_GOLDEN=1 cargo test -p vitrum-tests --test tidy."
    );
}

/// The names that a line of the document stands for. `.suffix` takes the place of what follows the last dot of the full
/// name before it, and `*` stands for any ending.
fn patterns(line: &str) -> Vec<String> {
    let mut full = "";
    let mut found = Vec::new();
    for quoted in line.split('`').skip(1).step_by(2) {
        if quoted.starts_with('.') {
            let prefix = full.rsplit_once('.').map_or(full, |(prefix, _)| prefix);
            found.push([prefix, quoted].concat());
        } else if quoted.contains('.') {
            full = quoted;
            found.push(quoted.to_owned());
        } else {
            found.push(quoted.to_owned());
        }
    }
    found
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

fn travelling() -> Vec<&'static str> {
    Name::ALL.iter().map(|name| name.text()).chain(Key::ALL.iter().map(|key| key.text())).collect()
}

#[test]
fn every_name_that_travels_is_in_the_document() {
    let text = read(DOCUMENT);
    let documented: Vec<String> = text.lines().flat_map(patterns).collect();
    let missing = travelling().into_iter().filter(|name| !documented.iter().any(|pattern| matches(pattern, name)));
    check_none("WIRE.md does not say", &missing.map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn every_event_has_a_row_of_its_own() {
    let text = read(DOCUMENT);
    for name in Name::ALL {
        let row = format!("| `{}` |", name.text());
        assert_eq!(text.lines().filter(|line| line.starts_with(&row)).count(), 1, "{}", name.text());
    }
}

#[test]
fn the_document_names_nothing_that_does_not_travel() {
    let text = read(DOCUMENT);
    let rows = text.lines().filter(|line| line.starts_with('|')).flat_map(patterns).filter(|pattern| pattern.contains('.'));
    let stale: Vec<_> = rows.filter(|pattern| !travelling().iter().any(|name| matches(pattern, name))).collect();
    check_none("In the tables of WIRE.md, but not in names.rs", &stale);
}
