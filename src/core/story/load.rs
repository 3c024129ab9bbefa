//! What one page load tells, from its start to its end.

use super::page::Input;
use super::told::resource;
use super::{Kind, STARTED_AT, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_view_begins_with_its_session_and_its_navigation() {
    let visit = Visit::start(&Start { referrer: "https://search.example/?q=secret".to_owned(), ..Start::default() }).after(5000.0);
    assert_eq!(visit.names(), ["session.start", "browser.navigation"]);
    let events = visit.events();
    let [session, navigation] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((session.at_ms, session.severity), (STARTED_AT, 9));
    assert_eq!((navigation.at_ms, navigation.severity), (0.0, 9));
    for event in [session, navigation] {
        assert_eq!(event.of("session.id").len(), 32);
        assert_eq!(event.of("vitrum.view.id").len(), 16);
        assert_eq!(event.of("url.template"), "/cart");
    }
    let expected = [
        ("url.full", "https://shop.example/cart?user"),
        ("browser.navigation.same_document", "false"),
        ("browser.navigation.hash_change", "false"),
        ("browser.navigation.type", ""),
        ("vitrum.referrer", "https://search.example/?q"),
    ];
    for (key, value) in expected {
        assert_eq!(navigation.of(key), value, "{key}");
    }
    assert!(!session.has("session.previous_id"));
}

#[test]
fn every_batch_says_who_sends_it() {
    let visit = Visit::new().after(5000.0);
    let mut attributes = resource(&visit.beacons()[0]);
    attributes.retain(|(key, value)| key != "telemetry.sdk.version" || value != env!("CARGO_PKG_VERSION"));
    let expected = [
        ("service.name", "shop"),
        ("service.version", "1.2.3"),
        ("deployment.environment.name", "test"),
        ("telemetry.sdk.name", "vitrum"),
        ("telemetry.sdk.language", "webjs"),
        ("vitrum.schema.version", "1"),
        // Those of the page's query and fragment.
        ("vitrum.scrubbed", "value 2"),
    ];
    assert_eq!(attributes, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn the_documents_timing_is_whole_and_zero_is_absent() {
    let visit = Visit::new().at(400.0).navigation("navigate", 120.6, 0.0, false).after(5000.0);
    let [timing] = visit.named("browser.navigation_timing").try_into().unwrap();
    assert_eq!(timing.at_ms, 0.0);
    let numbers: Vec<_> = timing.attributes.iter().filter(|(_, value)| value.parse::<f64>().is_ok()).collect();
    assert!(numbers.iter().all(|(_, value)| value.parse::<i64>().is_ok_and(|number| number != 0)), "{numbers:?}");
    for (key, value) in [
        ("url.full", "https://shop.example/cart?user"),
        ("browser.navigation_timing.type", "navigate"),
        ("browser.resource_timing.next_hop_protocol", "h2"),
        ("browser.resource_timing.duration", "1500"),
        ("browser.resource_timing.response_start", "121"),
    ] {
        assert_eq!(timing.of(key), value, "{key}");
    }
    for key in ["browser.resource_timing.render_blocking_status", "browser.resource_timing.redirect_start"] {
        assert!(!timing.has(key), "{key}");
    }
}

/// Whoever needs to know is told of it before; the record is of what is known then.
#[test]
fn the_documents_timing_is_told_once_when_the_load_is_over() {
    let visit = Visit::new().at(400.0).loading(120.0).at(900.0).loading(120.0).after(5000.0);
    assert!(visit.named("browser.navigation_timing").is_empty());
    let visit = visit.navigation("navigate", 120.0, 0.0, false).navigation("reload", 130.0, 0.0, false).hide();
    let [timing] = visit.named("browser.navigation_timing").try_into().unwrap();
    assert_eq!(timing.of("browser.resource_timing.response_start"), "120");
    assert_eq!(timing.of("browser.navigation_timing.type"), "navigate");
}

#[test]
fn each_number_of_the_documents_timing_has_its_name() {
    let numbers: [f64; 30] = core::array::from_fn(|place| 50.0 + place as f64);
    let visit = Visit::new().at(400.0).tell(Kind::Navigation, &numbers, &["https://shop.example/", "navigate", "h2", "blocking"]).hide();
    let [timing] = visit.named("browser.navigation_timing").try_into().unwrap();
    let resource = [
        "duration",
        "fetch_start",
        "worker_start",
        "redirect_start",
        "redirect_end",
        "domain_lookup_start",
        "domain_lookup_end",
        "connect_start",
        "secure_connection_start",
        "connect_end",
        "request_start",
        "response_start",
        "response_end",
        "transfer_size",
        "encoded_body_size",
        "decoded_body_size",
    ];
    let document = [
        "dom_interactive",
        "dom_content_loaded_event_start",
        "dom_content_loaded_event_end",
        "dom_complete",
        "load_event_start",
        "load_event_end",
        "unload_event_start",
        "unload_event_end",
        "redirect_count",
    ];
    let names = resource.iter().map(|name| ["browser.resource_timing.", name].concat());
    let names = names.chain(["http.response.status_code".to_owned()]);
    let names: Vec<_> = names.chain(document.iter().map(|name| ["browser.navigation_timing.", name].concat())).collect();
    let told: Vec<_> = timing.attributes.iter().filter(|(_, value)| value.parse::<f64>().is_ok()).cloned().collect();
    let expected: Vec<_> = names.into_iter().enumerate().map(|(place, name)| (name, (50 + place).to_string())).collect();
    assert_eq!(told[told.len() - 26..], expected);
}

#[test]
fn long_tasks_and_frames_are_told() {
    let visit = Visit::new()
        .tell(Kind::LongTask, &[1000.0, 80.4, 2000.0, 60.0], &["self", "same-origin"])
        .tell(Kind::LongFrame, &[3000.0, 120.0, 70.0, 3050.0, 3060.0, 0.0], &[])
        .after(5000.0);
    let tasks: Vec<_> = visit.named("browser.long_task").iter().map(|task| (task.at_ms, task.attributes.clone())).collect();
    let told = |n: usize| (tasks[n].0, &tasks[n].1[tasks[n].1.len() - 2..]);
    let pair = |name: &str, duration: &str| {
        [("browser.long_task.name".to_owned(), name.to_owned()), ("browser.long_task.duration".to_owned(), duration.to_owned())]
    };
    assert_eq!(told(0), (1000.0, &pair("self", "80")[..]));
    assert_eq!(told(1), (2000.0, &pair("same-origin", "60")[..]));
    let [frame] = visit.named("browser.long_animation_frame").try_into().unwrap();
    for (key, value) in [("start_time", "3000"), ("duration", "120"), ("blocking_duration", "70"), ("first_ui_event_timestamp", "")] {
        assert_eq!(frame.of(&["browser.long_animation_frame.", key].concat()), value, "{key}");
    }
}

#[test]
fn an_error_is_an_exception_with_its_urls_cut() {
    let visit = Visit::new().at(700.0).failure("GET https://u:p@api.example/x?token=abc failed").after(5000.0);
    let [error] = visit.named("exception").try_into().unwrap();
    assert_eq!((error.at_ms, error.severity), (700.0, 17));
    for (key, value) in [
        ("exception.type", "TypeError"),
        ("exception.message", "GET https://api.example/x?token failed"),
        ("exception.stacktrace", "TypeError: GET https://api.example/x?token failed\n    at f (https://shop.example/app.js?v:2:3)"),
        ("vitrum.error.handled", "false"),
    ] {
        assert_eq!(error.of(key), value, "{key}");
    }
}

#[test]
fn no_url_leaves_with_its_values() {
    let secret = "https://me:secret@shop.example/cart?user=secret&x#token=secret";
    let start = Start { url: secret.to_owned(), referrer: secret.to_owned(), ..Start::default() };
    let visit = Visit::start(&start)
        .tell(Kind::Navigation, &[1.0; 30], &[secret, "navigate", "h2", ""])
        .first_paint()
        .largest_picture("img#hero", secret, [90.0, 100.0])
        .long_frame(100.0, 80.0, &[([110.0, 60.0, 0.0], [secret, secret, "submit"])])
        .input(Input { id: 1.0, at: 105.0, duration: 80.0, processing: [110.0, 170.0], is_key: false, target: "#pay" })
        .resource(secret)
        .failure(secret)
        .fetch(secret)
        .answered(500.0, "")
        .route("push", &secret.replace("cart", "pay"))
        .hide()
        .restore()
        .hide();
    let mut urls = 0;
    for event in visit.events() {
        for (key, value) in &event.attributes {
            assert!(!value.contains("secret"), "{} {key}: {value}", event.name);
            urls += usize::from(value.contains("shop.example"));
        }
    }
    // Navigations (3), referrer, timing, resource, request (and its host), error (message, stack and what was before), the largest
    // paint, the longest script (invoker and source), what scripts blocked.
    assert_eq!(urls, 15);
}

#[test]
fn wrong_options_are_counted() {
    let visit = Visit::start(&Start { bad_options: 2.0, ..Start::default() }).after(5000.0);
    assert_eq!(visit.lost("bad_options"), 2.0);
    assert_eq!(visit.lost("dropped_records"), 0.0);
    let well = Visit::new().after(5000.0);
    assert!(well.named("vitrum.health").is_empty());
}

#[test]
fn what_the_page_could_not_tell_is_counted_once() {
    let visit = Visit::new().tell(Kind::Lost, &[0.0, 3.0, 3.0, 1.0, 99.0, 5.0], &[]).after(5000.0).failure("x").after(5000.0);
    assert_eq!((visit.lost("dropped_records"), visit.lost("callback_faults")), (3.0, 1.0));
    assert_eq!(visit.named("vitrum.health").len(), 1);
}
