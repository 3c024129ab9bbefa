//! One app, built again after changes that have nothing to do with its errors: whole, in parts, and not minified. Groups stay,
//! and different errors stay apart. `tests/stacks/builds.mjs` has built and played them.

use super::super::read;
use super::collected::unescaped;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BUILDS: &str = include_str!("../../../../tests/stacks/collected/builds.txt");

/// One error: browser and kind of build, what was changed, its number, and its fingerprint.
struct Told<'a> {
    app: String,
    build: &'a str,
    number: usize,
    fingerprint: u64,
}

fn told() -> Vec<Told<'static>> {
    let mut found = Vec::new();
    for block in BUILDS.split("\n\n") {
        let mut lines = block.lines().map(|line| line.split_once(' ').unwrap());
        let mut next = || lines.next().unwrap().1;
        let words: Vec<_> = next().split(' ').collect();
        let (kind, message, stack) = (next(), unescaped(next()), unescaped(next()));
        let [browser, app, build, number] = words[..] else { panic!("{block}") };
        let page = ["https://shop.example/", app, "/", build, "/"].concat();
        let fingerprint = read(&[(kind.as_bytes(), message.as_bytes(), stack.as_bytes())], page.as_bytes()).fingerprint;
        found.push(Told { app: [browser, " ", app].concat(), build, number: number.parse().unwrap(), fingerprint });
    }
    found
}

#[test]
fn groups_stay_from_build_to_build() {
    let told = told();
    let mut wrong = Vec::new();
    for one in told.iter().filter(|one| one.build == "first") {
        for other in &told {
            let is_same = one.app == other.app && one.number == other.number;
            if is_same && one.fingerprint != other.fingerprint {
                wrong.push([&one.app, " ", other.build, " ", &one.number.to_string()].concat());
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} are other errors:\n{}", wrong.len(), told.len(), wrong.join("\n"));
}

/// Functions without a name, of one file, that throw the same words, and that no neighbour has called: nothing of them is
/// left that another build would not change. Where browsers tell less of what waits there are more of these.
const ALIKE: [(usize, usize); 2] = [(6, 8), (7, 9)];

#[test]
fn different_errors_differ() {
    let told = told();
    let mut wrong = Vec::new();
    let mut alike = 0;
    for (at, one) in told.iter().enumerate() {
        for other in &told[at + 1..] {
            if one.app == other.app && one.build == other.build && one.number != other.number && one.fingerprint == other.fingerprint {
                if ALIKE.contains(&(one.number, other.number)) && !one.app.starts_with("Chromium") && one.app != "Firefox plain" {
                    alike += 1;
                    continue;
                }
                wrong.push([&one.app, " ", one.build, ": ", &one.number.to_string(), " = ", &other.number.to_string()].concat());
            }
        }
    }
    assert!(wrong.is_empty(), "{} are taken for one:\n{}", wrong.len(), wrong.join("\n"));
    // Five builds of three kinds in WebKit, of two in Firefox.
    assert_eq!(alike, ALIKE.len() * 5 * 5);
}
