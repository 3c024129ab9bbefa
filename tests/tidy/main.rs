//! What holds the house together and no compiler checks: arrows, names, words, and texts that must say the same in two
//! places.

mod arrows;
mod dictionary;
mod files;
mod inside_core;
mod tasks;
mod twins;
mod wire;

/// Fails with a line for each thing that is wrong.
fn check_none(sentence: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{sentence}:\n  {}", wrong.join("\n  "));
}
