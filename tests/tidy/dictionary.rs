//! The preset dictionary: what was released stays as it is, and what is written now is in a file for whoever reads.

use sha2::{Digest, Sha256};
use vitrum_tests::{read, root};
use vitrum_wire::{Key, Name, dictionary};

/// The row that WIRE.md has of a version with these bytes.
fn row(version: u8, bytes: &[u8]) -> String {
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("| {version} | {} | `{hash}` |", bytes.len())
}

#[test]
fn no_released_dictionary_is_changed() {
    let document = read("src/wire/WIRE.md");
    for version in dictionary::VERSIONS {
        // The agent has the file of the current one, which is written from what is a page view by now.
        let is_current = *version == dictionary::CURRENT;
        let bytes = if is_current { dictionary::written() } else { dictionary::of(*version).expect("a version that is known is given").to_vec() };
        let row = row(*version, &bytes);
        assert!(
            document.lines().any(|line| line == row),
            "Dictionary {version} is not what WIRE.md says. A released version is never changed but kept besides the new one: \
             src/wire/dictionary.rs says how. Only if no agent with it was ever released: give WIRE.md the row\n{row}\nand write \
             the file with UPDATE_GOLDEN=1 cargo test -p vitrum-tests --test tidy."
        );
        let path = root().join(format!("src/wire/dictionary/{version}.bin"));
        if std::env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") {
            std::fs::write(&path, &bytes).expect("the file can be written");
        }
        assert!(std::fs::read(&path).is_ok_and(|file| file == bytes), "{} is not dictionary {version}", path.display());
    }
    let hashes = document.split('`').filter(|quoted| quoted.len() == 64 && quoted.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(hashes.count(), dictionary::VERSIONS.len(), "a version that is in WIRE.md is no longer known");
}

/// Places stand for names in what is packed, so a name keeps its place: new ones come last, in both lists.
#[test]
fn no_name_has_moved() {
    let names = |all: &[&str]| all.iter().map(|name| [*name, "\n"].concat()).collect::<String>();
    let events: Vec<_> = Name::ALL.iter().map(|name| name.text()).collect();
    let keys: Vec<_> = Key::ALL.iter().map(|key| key.text()).collect();
    let now = [names(&events), names(&keys)].join("\n");
    for version in dictionary::VERSIONS {
        let path = root().join(format!("src/wire/dictionary/{version}.names"));
        if *version == dictionary::CURRENT && std::env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") {
            std::fs::write(&path, &now).expect("the file can be written");
        }
        let then = std::fs::read_to_string(&path).expect("the names of a version are in a file beside its dictionary");
        let (then_events, then_keys) = then.split_once("\n\n").expect("a line without a name divides events and keys");
        for (then, now) in [(format!("{then_events}\n"), names(&events)), (then_keys.to_owned(), names(&keys))] {
            assert!(
                now.starts_with(&then),
                "A name of version {version} is no longer in its place in src/wire/names.rs: put new ones at the end. Only if no \
                 agent with it was ever released: UPDATE_GOLDEN=1 cargo test -p vitrum-tests --test tidy."
            );
        }
    }
}
