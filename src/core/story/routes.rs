//! Views within one document: routes, and the return from the back/forward cache.

use super::Visit;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Of each navigation: which view it is (counted from 0), path, URL, whether within the document, whether of the
/// fragment only, and its type.
fn navigations(visit: &Visit) -> Vec<String> {
    let mut views: Vec<String> = Vec::new();
    let events = visit.named("browser.navigation");
    let line = |event: &super::Event| {
        let view = event.of("vitrum.view.id").to_owned();
        let number = views.iter().position(|other| *other == view).unwrap_or_else(|| {
            views.push(view);
            views.len() - 1
        });
        let keys = ["url.path", "url.full", "browser.navigation.same_document", "browser.navigation.hash_change", "browser.navigation.type"];
        [number.to_string(), keys.map(|key| event.of(key).to_owned()).join(" ")].join(" ")
    };
    events.iter().map(line).collect()
}

#[test]
fn a_new_path_is_a_new_view_and_a_new_query_or_fragment_is_not() {
    let visit = Visit::new()
        .at(1000.0)
        .route("push", "https://shop.example/cart?user=7#details=1")
        .route("replace", "https://shop.example/cart?user=8")
        .route("push", "https://shop.example/pay")
        .route("push", "https://shop.example/pay")
        .route("traverse", "https://shop.example/cart?user=8")
        .hide();
    assert_eq!(
        navigations(&visit),
        [
            "0 /cart https://shop.example/cart?user false false ",
            "0 /cart https://shop.example/cart?user#details true true push",
            "0 /cart https://shop.example/cart?user true false replace",
            "1 /pay https://shop.example/pay true false push",
            "2 /cart https://shop.example/cart?user true false traverse",
        ]
    );
}

#[test]
fn what_follows_a_route_is_of_its_view() {
    let visit = Visit::new().failure("a").at(1000.0).route("push", "https://shop.example/pay").failure("b").hide();
    let paths: Vec<_> = visit.named("exception").iter().map(|event| event.of("url.path").to_owned()).collect();
    assert_eq!(paths, ["/cart", "/pay"]);
}

#[test]
fn a_page_that_returns_is_a_new_view_of_the_same_session() {
    let visit = Visit::new().route("push", "https://shop.example/pay").hide().at(90_000.0).restore().failure("x").hide();
    assert_eq!(
        navigations(&visit)[1..],
        ["1 /pay https://shop.example/pay true false push", "2 /pay https://shop.example/pay false false "]
    );
    let navigations = visit.named("browser.navigation");
    let returned = &navigations[2];
    assert_eq!(returned.at_ms, 90_000.0);
    let sessions: Vec<_> = visit.events().iter().map(|event| event.of("session.id").to_owned()).collect();
    assert!(sessions.iter().all(|session| *session == sessions[0]));
    assert_eq!(visit.named("exception")[0].of("vitrum.view.id"), returned.of("vitrum.view.id"));
    assert_eq!(visit.named("session.start").len(), 1);
}

#[test]
fn a_page_that_rewrites_its_fragment_with_every_scroll_is_bounded() {
    let mut visit = Visit::new();
    for place in 0..200 {
        visit = visit.route("replace", &format!("https://shop.example/a#p{place}"));
    }
    let visit = visit.after(60_000.0).hide();
    let told = navigations(&visit).len();
    assert!((2..=51).contains(&told), "{told}");
}
