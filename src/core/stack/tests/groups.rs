//! What falls together, and what does not.

use super::super::read;
use super::PAGE;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const STACK: &str = "save@https://shop.example/assets/app-3f2a9c1b.js:1:200\nsubmit@https://shop.example/assets/app-3f2a9c1b.js:1:100";

fn of(kind: &str, message: &str, stack: &str) -> u64 {
    read(&[(kind.as_bytes(), message.as_bytes(), stack.as_bytes())], PAGE).fingerprint
}

/// Messages that fall together, those in one row; no two rows do.
#[test]
fn what_may_be_data_splits_no_group() {
    let rows = [
        &["order 4711 is gone", "order 12 is gone", "order A-17-b is gone", "order 0b1c9f2e is gone"][..],
        &["user f47ac10b-58cc-4372-a567-0e02b2c3d479 left", "user 1 left", "user KqZjWmXtPlVbnRhSgDfYcKqZ left", "user anna@example.com left"],
        &["cannot load https://a.example/x?y=1: down", "cannot load https://b.example/: down", "cannot load /api/z: down"],
        &["no product \"red shoes\" here", "no product \"a \\\"b\\\" c\" here", "no product \"\" here"],
        &["no client 'anna' here", "no client 'it's me' here"],
        &["no seller `x` here"],
        &["t is not a function", "n is not a function", "e.t is not a function"],
        &["t.checkout is not a function", "n.checkout is not a function"],
        &["Cannot read properties of undefined (reading 'price')"],
        &["Cannot read properties of undefined (reading 'name')"],
        &["Cannot read properties of null (reading 'name')"],
        &["can't access property \"price\", t is undefined", "can't access property \"price\", n is undefined"],
        &["can't access property \"name\", t is undefined"],
        &["undefined is not an object (evaluating 't.price')", "undefined is not an object (evaluating 'n.price')"],
        &["took 1.5 s", "took 20 s", "took 1,000.25 s"],
        &["größe fehlt"],
        &["farbe fehlt"],
        &[""],
    ];
    for (number, row) in rows.iter().enumerate() {
        for message in *row {
            for (other_number, other_row) in rows.iter().enumerate() {
                for other in *other_row {
                    let is_one = of("Error", message, STACK) == of("Error", other, STACK);
                    assert_eq!(is_one, number == other_number, "{message} | {other}");
                }
            }
        }
    }
}

#[test]
fn a_build_splits_no_group() {
    let stack = |file: &str, shift: u32| {
        let url = ["https://shop.example/", file].concat();
        ["save@", &url, ":1:", &(200 + shift).to_string(), "\nt@", &url, ":1:", &(100 + shift).to_string(), "\n@", &url, ":1:", &(50 + shift).to_string()].concat()
    };
    let rows = [
        &["assets/app-3f2a9c1b.js", "assets/app-BX2kd93a.js", "assets/app-BX_k-93a.js", "assets/app-DiwrgTda.js", "assets/app.js?v=123", "2026-11-30/app.js", "assets/app-ABCDEFGH.js"][..],
        &["main.9f8e7d.chunk.js", "main.abc123.chunk.js", "static/main.3f2a9c1b4d5e6f70.chunk.js", "main.chunk.js#x"],
        &["jquery-3.7.1.min.js", "jquery-3.8.0.min.js", "npm/jquery@3.8.0/jquery.min.js"],
        &["_nuxt/BX2kd93a.js", "_nuxt/Cd93aBX2.js", "_nuxt/BxYzKqWm.js", "4711.3f2a9c1b.js", "42.js"],
        &["page/12345", "page/blue-shirt?x=1", "", "index.html"],
        &["app-settings.js"],
    ];
    for (number, row) in rows.iter().enumerate() {
        for file in *row {
            for (other_number, other_row) in rows.iter().enumerate() {
                for other in *other_row {
                    let is_one = of("Error", "m", &stack(file, 0)) == of("Error", "m", &stack(other, 4321));
                    assert_eq!(is_one, number == other_number, "{file} | {other}");
                }
            }
        }
    }
}

#[test]
fn different_causes_differ() {
    let url = "https://shop.example/app.js";
    let at = |names: &[(&str, &str)]| names.iter().map(|(name, position)| [name, "@", url, ":", position].concat()).collect::<Vec<_>>().join("\n");
    let rows = [
        of("Error", "m", &at(&[("save", "1:2"), ("submit", "3:4")])),
        of("TypeError", "m", &at(&[("save", "1:2"), ("submit", "3:4")])),
        of("Error", "m", &at(&[("load", "1:2"), ("submit", "3:4")])),
        of("Error", "m", &at(&[("save", "1:2"), ("start", "3:4")])),
        of("Error", "m", &at(&[("submit", "3:4"), ("save", "1:2")])),
        // A minifier has called all of them alike.
        of("Error", "m", &at(&[("t", "1:900"), ("n", "1:500"), ("t", "1:150")])),
        of("Error", "m", &at(&[("t", "1:900"), ("n", "1:700"), ("t", "1:150")])),
        of("Error", "m", &at(&[("t", "1:200"), ("n", "1:500"), ("t", "1:100")])),
        of("Error", "m", &at(&[("t", "1:900"), ("n", "1:500")])),
        of("Error", "mild", ""),
        of("Error", "odd", ""),
    ];
    for (number, one) in rows.iter().enumerate() {
        assert!(!rows[..number].contains(one), "{number}");
    }
}

#[test]
fn recursion_and_what_is_far_outside_split_no_group() {
    let deep = |times: usize, outside: &str| {
        let own = "deeper@https://shop.example/app.js:1:2\n".repeat(times);
        let way = "a1b@https://shop.example/app.js:2:1\nb2c@https://shop.example/app.js:3:1\nc3d@https://shop.example/app.js:4:1\nd4e@https://shop.example/app.js:5:1\n";
        of("RangeError", "m", &[&own, way, outside, "@https://shop.example/app.js:9:9"].concat())
    };
    assert_eq!(deep(2, "fromMenu"), deep(30, "fromCart"));
}

#[test]
fn frames_of_the_page_come_first() {
    let own = "save@https://shop.example/app.js:1:2";
    let others = |version: &str| ["helper@https://cdn.other.test/", version, ".js:1:2\n", own, "\nwrapped@chrome-extension://x/y.js:1:2"].concat();
    assert_eq!(of("Error", "m", &others("react")), of("Error", "m", &others("vue")));
    assert_eq!(of("Error", "m", own), of("Error", "m", &["map@[native code]\n", own].concat()));
    // With none of the page's own all count.
    assert_ne!(of("Error", "m", "f@https://cdn.other.test/one.js:1:2"), of("Error", "m", "f@https://cdn.other.test/two.js:1:2"));
}

#[test]
fn causes_count() {
    let stack = STACK.as_bytes();
    let of = |chain: &[(&[u8], &[u8], &[u8])]| read(chain, PAGE).fingerprint;
    let outer: (&[u8], &[u8], &[u8]) = (b"Error", b"saving failed", stack);
    assert_ne!(of(&[outer]), of(&[outer, (b"TypeError", b"down", stack)]));
    assert_ne!(of(&[outer, (b"SyntaxError", b"down", stack)]), of(&[outer, (b"TypeError", b"down", stack)]));
    assert_eq!(of(&[outer, (b"TypeError", b"down 1", stack)]), of(&[outer, (b"TypeError", b"down 2", stack)]));
}
