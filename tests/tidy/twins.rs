//! Numbers that mean the same in Rust and in TypeScript.

use vitrum_core::{Consent, Kind};
use vitrum_tests::read;

/// The words between two marks, of a list with commas.
fn listed(text: &str, from: &str, to: &str) -> Vec<String> {
    let list = text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).unwrap_or_else(|| panic!("no {from}")).0;
    let words = list.split(',').map(|word| word.trim().trim_matches(['\'', '"']));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_kinds_of_packets_have_the_same_numbers() {
    let scripts = listed(&read("js/kinds.ts"), "const enum Kind {", "}");
    let core: Vec<String> = Kind::ALL.iter().map(|kind| format!("{kind:?}")).collect();
    assert_eq!(scripts, core, "left: js/kinds.ts; right: src/core/observation.rs");
    for (number, kind) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, number, "{kind:?} in Kind::ALL");
    }
}

#[test]
fn the_states_of_consent_have_the_same_numbers() {
    let scripts = listed(&read("js/options.ts"), "CONSENTS = [", "]");
    let core: Vec<String> = (0..4).map(|number| format!("{:?}", Consent::from_number(f64::from(number))).to_lowercase()).collect();
    assert_eq!(scripts, core, "left: js/options.ts; right: src/core/consent.rs");
    for number in 0..4 {
        assert_eq!(Consent::from_number(f64::from(number)) as u8, number);
    }
}

#[test]
fn the_types_of_consent_are_the_states() {
    let text = read("js/options.ts");
    let line = text.lines().find(|line| line.starts_with("export type Consent = ")).expect("the type Consent");
    let types: Vec<&str> = line.split('\'').skip(1).step_by(2).collect();
    assert_eq!(types, listed(&text, "CONSENTS = [", "]"));
}
