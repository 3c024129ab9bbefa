//! Views within one document: routes, and the return from the back/forward cache.

use super::{ALL_VITALS, Start, Visit};
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
        let keys = ["url.template", "url.full", "browser.navigation.same_document", "browser.navigation.hash_change", "browser.navigation.type"];
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

/// Where the browser does not tell of soft navigations, the agent measures a route until its paint, and says that this
/// is a guess.
#[test]
fn a_route_is_measured_until_its_paint() {
    let visit = Visit::new().at(1000.0).route("push", "https://shop.example/pay").after(72.5).route_painted(72.5).hide();
    let [transition] = visit.named("vitrum.route_transition").try_into().unwrap();
    assert_eq!(transition.at_ms, 1000.0);
    for (key, value) in [("vitrum.route_transition.duration", "72.5"), ("vitrum.web_vital.heuristic", "true"), ("url.template", "/pay")] {
        assert_eq!(transition.of(key), value, "{key}");
    }
    assert_eq!(transition.of("vitrum.view.id"), visit.named("browser.navigation")[1].of("vitrum.view.id"));
}

#[test]
fn only_the_route_that_opened_the_view_is_measured() {
    let told = |visit: Visit| visit.hide().named("vitrum.route_transition").len();
    // A new query opens no view; of two routes before one paint the later is the view.
    assert_eq!(told(Visit::new().at(1000.0).route("replace", "https://shop.example/cart?user=8").after(16.0).route_painted(16.0)), 0);
    let twice = Visit::new().at(1000.0).route("push", "https://shop.example/a").at(1010.0).route("push", "https://shop.example/b");
    let visit = twice.at(1030.0).route_painted(30.0).route_painted(20.0).hide();
    let transitions = visit.named("vitrum.route_transition");
    let [transition] = transitions.as_slice() else { panic!("{transitions:?}") };
    assert_eq!((transition.at_ms, transition.of("vitrum.route_transition.duration"), transition.of("url.template")), (1010.0, "20", "/b"));
    // Where the browser tells of soft navigations, there is nothing to guess.
    let start = Start { measures: ALL_VITALS | 1 << 5, ..Start::default() };
    assert_eq!(told(Visit::start(&start).at(1000.0).route("push", "https://shop.example/pay").after(16.0).route_painted(16.0)), 0);
}

#[test]
fn what_follows_a_route_is_of_its_view() {
    let visit = Visit::new().failure("a").at(1000.0).route("push", "https://shop.example/pay").failure("b").hide();
    let paths: Vec<_> = visit.named("exception").iter().map(|event| event.of("url.template").to_owned()).collect();
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
