//! Policies, URLs and rules. What each scanner finds is in `found.rs`, what must come through in `real.rs`, and what must
//! hold for any text in `planted.rs`.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod found;
mod planted;
mod real;

fn of(scrubber: &mut Scrubber, policy: Policy, text: &str, is_bare: bool) -> String {
    let mut out = Vec::new();
    scrubber.scrub(&mut out, policy, text.as_bytes(), is_bare);
    String::from_utf8(out).unwrap()
}

fn check(policy: Policy, text: &str, expected: &str) {
    assert_eq!(of(&mut Scrubber::default(), policy, text, false), expected, "{text}");
}

#[test]
fn of_a_url_the_names_stay() {
    check(Policy::Url, "https://a.example/p", "https://a.example/p");
    check(
        Policy::Url,
        "https://a.example/p?email=x@y.z&page=2#access_token=abc",
        "https://a.example/p?email&page#access_token",
    );
    check(Policy::Url, "https://a.example/?a=1;b=2", "https://a.example/?a&b");
    check(Policy::Url, "https://user:secret@a.example:8080/p@1", "https://a.example:8080/:id");
    check(Policy::Url, "https://user:se@cret@a.example/", "https://a.example/");
    check(Policy::Url, "//user@a.example/p?x=1", "//a.example/p?x");
    check(Policy::Url, "/p?x=1", "/p?x");
    check(Policy::Url, "", "");
}

#[test]
fn what_may_be_a_value_goes() {
    check(Policy::Url, "https://a.example/?someone@example.com", "https://a.example/");
    check(Policy::Url, "https://a.example/#eyJhbGciOi", "https://a.example/");
    check(Policy::Url, "https://a.example/?someone@example.com=1&ok=2", "https://a.example/?ok");
    check(Policy::Url, "https://a.example/#/route?token=1", "https://a.example/?token");
    check(Policy::Url, "data:text/plain,secret", "data:");
    check(Policy::Url, "blob:https://a.example/0b1c", "blob:");
    check(Policy::Url, "javascript:alert(1)", "javascript:");
    check(Policy::Url, "mailto:someone@example.com", "mailto:");
    check(Policy::Url, "https://a.example/?dXNlckBleGFtcGxlLmNvbQ==", "https://a.example/");
    check(Policy::Url, "https://a.example/cart;jsessionid=ABC?x=1", "https://a.example/cart?jsessionid?x");
}

#[test]
fn of_a_selector_the_plain_names_stay() {
    for plain in ["", "#pay", "main>img.hero", "html>body>div.row.col-12>h1", "x-row_2", "#h2>a.b9.c08", ">", "#", "div.#a>"] {
        check(Policy::Selector, plain, plain);
    }
    check(Policy::Selector, "tr#order-12345>td.name", "tr#?>td.name");
    check(Policy::Selector, "#a12.b123>p", "#?>p");
    check(Policy::Selector, "div.css-1x2y3z.md:w-1/2>a", "div.?>a");
    check(Policy::Selector, "#someone@example.com", "#?");
    check(Policy::Selector, "a.some.one@example.com>b", "a.?>b");
    check(Policy::Selector, "#fCwcyeQbBAVSEQGJomhLKkVt", "#?");
    check(Policy::Selector, "#größe>p", "#?>p");
    check(Policy::Selector, &["div.", &"a".repeat(40), ".", &"b".repeat(41)].concat(), "div.?");
}

#[test]
fn urls_in_text_are_cut_and_positions_kept() {
    check(Policy::Text, "TypeError: x is undefined", "TypeError: x is undefined");
    check(
        Policy::Text,
        "at f (https://a.example/app.js?v=secret:10:5)\n    at https://u:p@a.example/b.js:1:2",
        "at f (https://a.example/app.js?v:10:5)\n    at https://a.example/b.js:1:2",
    );
    check(Policy::Text, "GET \"/api?email=x@y.z\" failed, why?", "GET \"/api?email\" failed, why?");
    check(Policy::Text, "data:text/plain,secret", "data:");
    check(Policy::Text, "GET //user:planted@a.example/p failed", "GET //a.example/p failed");
    check(
        Policy::Text,
        "https://a.example/x?ids=1,2&email=a@b.c&token=t: 500, see (https://b.example/p?f=(a)&ssn=1).",
        "https://a.example/x?ids&email&token: 500, see (https://b.example/p?f&ssn).",
    );
    check(Policy::Text, "/reset?someone@example.com /app#eyJhbGciOi", "/reset /app");
    check(
        Policy::Text,
        "at eval (eval at f (https://a.example/x.js?v=1:2:3), <anonymous>:4:5)",
        "at eval (eval at f (https://a.example/x.js?v:2:3), <anonymous>:4:5)",
    );
    check(Policy::Text, "f@https://a.example/b.js:1:2", "f@https://a.example/b.js:1:2");
    check(Policy::Text, "12:30 is a time? größer", "12:30 is a time? größer");
}

#[test]
fn where_identifiers_are_not_allowed_a_url_is_its_last_part() {
    let text = "at f (https://a.example/orders/12345/page.js?x=1:2:3) /orders/12345?y=1 data:text/plain,secret";
    assert_eq!(of(&mut Scrubber::default(), Policy::Text, text, true), "at f (page.js:2:3) :id :id");
}

#[test]
fn long_text_is_cut_between_characters() {
    assert_eq!(cut("aé".as_bytes(), 2), b"a");
    assert_eq!(cut("aé".as_bytes(), 3), "aé".as_bytes());
    assert_eq!(cut("aé".as_bytes(), 9), "aé".as_bytes());
    assert_eq!(cut("aé".as_bytes(), 0), b"");
}

#[test]
fn of_a_path_what_may_be_data_goes() {
    for (url, expected) in [
        ("https://a.example/orders/12345/items/7", "https://a.example/orders/:id/items/:id"),
        ("https://a.example/u/someone@example.com/edit", "https://a.example/u/:email/edit"),
        ("https://a.example/u/someone%40example.com", "https://a.example/u/:email"),
        ("https://a.example/u/f47ac10b-58cc-4372-a567-0e02b2c3d479", "https://a.example/u/:id"),
        ("https://a.example/day/2026-11-21", "https://a.example/day/:date"),
        ("https://a.example/s/gr%C3%B6%C3%9Fe", "https://a.example/s/:id"),
        ("https://a.example/static/app.3f9a2b1c.js?v=1", "https://a.example/static/app.:id.js?v"),
        ("https://a.example/assets/index-DiwrgTda.js", "https://a.example/assets/index-:id.js"),
        ("https://a.example/cart/2;jsessionid=ABC", "https://a.example/cart/:id?jsessionid"),
        ("https://a.example:8443", "https://a.example:8443"),
        ("http://192.0.2.1/en-US/docs/v2/", "http://192.0.2.1/en-US/docs/v2/"),
    ] {
        check(Policy::Url, url, expected);
        check(Policy::Text, &["(", url, ") "].concat(), &["(", expected, ") "].concat());
        if !url.contains(".js") {
            check(Policy::Text, &["(", url, ":10:5) "].concat(), &["(", expected, ":10:5) "].concat());
        }
        check(Policy::Url, expected.split('?').next().unwrap(), expected.split('?').next().unwrap());
    }
    check(Policy::Text, "GET /orders/12345: 404, f@https://a.example/x/12345.js:1:2", "GET /orders/:id: 404, f@https://a.example/x/12345.js:1:2");
    check(Policy::Text, "a@b.example:https://a.example/ x?next=https://a.example/&b=c", ":email:https://a.example/ x?next&b");
    check(Policy::Text, "src=data:text/html,secret user.data:5", "src=data: user.data:5");
}

/// By its path the source of a script is found.
#[test]
fn of_a_script_with_a_position_the_path_stays() {
    for (url, expected) in [
        ("https://a.example/static/app.3f9a2b1c.js?v=1", "https://a.example/static/app.3f9a2b1c.js?v"),
        ("https://u:p@a.example/assets/index-BX2kd93a.js#x", "https://a.example/assets/index-BX2kd93a.js"),
        ("https://a.example/npm/@owner/library@1.2.3/dist/x.mjs", "https://a.example/npm/@owner/library@1.2.3/dist/x.mjs"),
        ("https://a.example/_next/static/chunks/pages/%5Bid%5D-0b1c2d3e.js", "https://a.example/_next/static/chunks/pages/%5Bid%5D-0b1c2d3e.js"),
        ("https://a.example/a%20(1)/4711.js", "https://a.example/a%20(1)/4711.js"),
        ("webpack-internal:///./src/cart2026.tsx", "webpack-internal:///./src/cart2026.tsx"),
        ("https://a.example/u/12345/someone@example.com/x.js", "https://a.example/u/:id/:email/x.js"),
        ("https://a.example/u/someone%40example.com/x%2540y.js", "https://a.example/u/:email/:id"),
        ("https://a.example/u/f47ac10b-58cc-4372-a567-0e02b2c3d479/x.js", "https://a.example/u/:id/x.js"),
        ("https://a.example/orders/12345", "https://a.example/orders/:id"),
        ("https://a.example/orders/app-3f2a9c1b?x.js", "https://a.example/orders/app-:id"),
    ] {
        check(Policy::Text, &["    at f (", url, ":1:23456)\n"].concat(), &["    at f (", expected, ":1:23456)\n"].concat());
        check(Policy::Text, &["f@", url, ":wasm-function[3]:0x2f"].concat(), &["f@", expected, ":wasm-function[3]:0x2f"].concat());
    }
    let long = [&"a1".repeat(64), ".js"].concat();
    check(Policy::Text, &["https://a.example/", &long, ":1:2"].concat(), "https://a.example/:id:1:2");
    let text = "at f (https://a.example/orders/12345/app-3f2a9c1b.js?x=1:2:3)";
    assert_eq!(of(&mut Scrubber::default(), Policy::Text, text, true), "at f (app-3f2a9c1b.js:2:3)");
}

#[test]
fn values_that_the_site_allows_stay_as_the_scanners_leave_them() {
    let mut scrubber = Scrubber { allowed: b"page\nq".to_vec(), ..Scrubber::default() };
    for (url, expected) in [
        ("/p?page=2&pag=3&pages=4", "/p?page=2&pag&pages"),
        ("/p?q=a%40b.c&page=&x=1#page=7", "/p?q=:email&x#page=7"),
        ("/p?q=shoes+for%20men&page=4111+1111%201111+1111", "/p?q=shoes+for+men&page=:card"),
        ("/p?q=https://a.example/u/12345", "/p?q=https://a.example/u/:id"),
        ("/p?q=100%", "/p?q=100%"),
    ] {
        assert_eq!(of(&mut scrubber, Policy::Url, url, false), expected);
    }
}

#[test]
fn rules_come_first() {
    let rules = b"nonsense\nmask:Projekt X\nreplace:Anna Schmidt=>a customer\nreplace:a=\nmask:\nreplace:=>z\ndrop:TOP SECRET\nreplace:gone=>";
    let mut scrubber = Scrubber { rules: rules.to_vec(), ..Scrubber::default() };
    for (text, expected) in [
        ("Projekt X of Anna Schmidt: projekt x, Projekt", "* of a customer: projekt x, Projekt"),
        ("this is TOP SECRET", ""),
        ("gonegone a=", " a="),
        ("größer", "größer"),
        ("", ""),
    ] {
        assert_eq!(of(&mut scrubber, Policy::Text, text, false), expected);
        assert_eq!(of(&mut scrubber, Policy::Plain, text, false), text);
    }
    assert_eq!(of(&mut scrubber, Policy::Url, "https://a.example/gone", false), "https://a.example/");
    assert_eq!(scrubber.acted[Scanner::Rule as usize], 6);
}

#[test]
fn what_acted_is_counted() {
    let mut scrubber = Scrubber::default();
    of(&mut scrubber, Policy::Text, "a@b.example, c@d.example, 123-45-6789 https://a.example/12345?x=1&y=2", false);
    let counts: Vec<_> = scrubber.acted.iter().enumerate().filter(|(_, count)| **count > 0).map(|(at, count)| (at, *count)).collect();
    let wanted = [(Scanner::Email, 2), (Scanner::Ssn, 1), (Scanner::Path, 1), (Scanner::Value, 2)];
    assert_eq!(counts, wanted.map(|(scanner, count)| (scanner as usize, count)));
    assert_eq!((Scanner::Email.name(), Scanner::Rule.name()), (&b"email"[..], &b"rule"[..]));
    assert_eq!(NAMES.split(|byte| *byte == b' ').count(), SCANNERS);
}
