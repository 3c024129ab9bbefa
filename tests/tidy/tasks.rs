//! build.sh: what its help lists is what it can do, and what others call of it is there.

use std::collections::BTreeSet;
use vitrum_tests::read;

/// The name on a line `# task: name - text`.
fn announced(line: &str) -> Option<&str> {
    let (name, text) = line.strip_prefix("# task: ")?.split_once(" - ")?;
    (!text.trim().is_empty()).then_some(name)
}

/// The name of the function that a line begins.
fn defined(line: &str) -> Option<&str> {
    line.strip_prefix("task_")?.strip_suffix("() {")
}

fn tasks() -> BTreeSet<String> {
    let script = read("build.sh");
    script.lines().filter_map(announced).map(str::to_owned).collect()
}

#[test]
fn every_task_of_the_help_is_the_function_below_it() {
    let script = read("build.sh");
    let lines: Vec<&str> = script.lines().collect();
    for pair in lines.windows(2) {
        let (announced, defined) = (announced(pair[0]), defined(pair[1]));
        assert_eq!(announced, defined, "build.sh: {}\n{}", pair[0], pair[1]);
    }
    assert!(tasks().len() > 5, "{:?}", tasks());
}

#[test]
fn the_names_that_others_rely_on_are_tasks() {
    let promised = ["help", "setup", "wasm", "test", "e2e", "size", "bench", "demo", "golden", "check"];
    let tasks = tasks();
    let missing: Vec<_> = promised.into_iter().filter(|name| !tasks.contains(*name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn what_scripts_and_texts_call_is_a_task() {
    let tasks = tasks();
    let mut calls = 0;
    for path in ["package.json", ".ci/run", "README.md", "src/README.md"] {
        for rest in read(path).split("build.sh ").skip(1).chain(read(path).split("build.sh\" ").skip(1)) {
            let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            if !name.is_empty() {
                assert!(tasks.contains(&name), "{path} calls build.sh {name}");
                calls += 1;
            }
        }
    }
    assert!(calls > 2, "{calls}");
}
