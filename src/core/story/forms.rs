//! The forms in which batches travel: beacons with a dictionary or without, requests of OTLP, and several where one would be
//! too large.

use super::{Consent, Done, Rung, Start, Visit};
use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
use prost::Message;
use vitrum_wire::frame::Encoding;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Path, way and bytes of everything sent.
fn sent(visit: &Visit) -> Vec<(u8, Rung, Vec<u8>)> {
    let part = |done: &Done| match done {
        Done::Send { path, rung, body, .. } => Some((*path, *rung, body.clone())),
        _ => None,
    };
    visit.done.iter().filter_map(part).collect()
}

fn otlp(form: u8) -> Visit {
    Visit::start(&Start { form, ..Start::default() }).fetch("https://shop.example/api").answered(0.0, "TypeError")
}

fn unpacked(form: u8, body: &[u8]) -> Vec<u8> {
    if form == 2 {
        return body.into();
    }
    assert_eq!(body[..3], [0x1f, 0x8b, 8], "gzip");
    miniz_oxide::inflate::decompress_to_vec(&body[10..body.len() - 8]).expect("deflate")
}

#[test]
fn a_receiver_of_otlp_gets_logs_and_spans_apart() {
    for form in [1, 2] {
        let visit = otlp(form).after(5000.0);
        let sent = sent(&visit);
        let [(1, Rung::Fetch, logs), (2, Rung::Fetch, spans)] = sent.as_slice() else { panic!("{form}: {} were sent", sent.len()) };
        let logs = ExportLogsServiceRequest::decode(unpacked(form, logs).as_slice()).unwrap();
        let names: Vec<_> = logs.resource_logs[0].scope_logs[0].log_records.iter().map(|log| log.event_name.as_str()).collect();
        assert_eq!(names, ["session.start", "browser.navigation"], "{form}");
        let spans = ExportTraceServiceRequest::decode(unpacked(form, spans).as_slice()).unwrap();
        assert_eq!(spans.resource_spans[0].scope_spans[0].spans[0].kind, 3, "{form}");
        for resource in [&logs.resource_logs[0].resource, &spans.resource_spans[0].resource] {
            assert_eq!(resource.as_ref().unwrap().attributes[0].key, "service.name");
        }
    }
}

/// A beacon has no headers, and these need some.
#[test]
fn they_leave_by_fetch_with_keepalive_when_the_page_hides() {
    let visit = otlp(1).hide();
    assert_eq!(sent(&visit).iter().map(|send| (send.0, send.1)).collect::<Vec<_>>(), [(1, Rung::Keepalive), (2, Rung::Keepalive)]);
}

/// Such a receiver may store what comes twice twice: nothing does, though the page ends in two events and the browser held both.
#[test]
fn each_leaves_once_when_the_page_goes() {
    let start = Start { form: 1, ways: 1, ..Start::default() };
    let visit = Visit::start(&start).fetch("https://shop.example/api").answered(0.0, "TypeError").at(2500.0).hide().hide();
    assert_eq!(sent(&visit).iter().map(|send| (send.0, send.1)).collect::<Vec<_>>(), [(1, Rung::Keepalive), (2, Rung::Keepalive)]);
    let mut held = std::collections::BTreeSet::new();
    for done in &visit.done {
        match done {
            Done::Later { batch, body, .. } if body.is_empty() => assert!(held.remove(batch)),
            Done::Later { batch, .. } => _ = held.insert(*batch),
            _ => {}
        }
    }
    assert!(held.is_empty(), "{held:?}");
}

#[test]
fn both_are_held_for_the_pages_end() {
    let visit = Visit::start(&Start { form: 1, ways: 1, ..Start::default() }).fetch("https://shop.example/api").answered(0.0, "TypeError").at(2500.0);
    let mut held: Vec<u32> = visit.done.iter().filter_map(|done| if let Done::Later { batch, .. } = done { Some(*batch) } else { None }).collect();
    held.sort_unstable();
    held.dedup();
    assert_eq!(held, [0, 1]);
    let visit = visit.at(5000.0);
    let released = visit.done.iter().filter(|done| matches!(done, Done::Later { body, .. } if body.is_empty())).count();
    assert_eq!(released, 2);
}

#[test]
fn a_receiver_that_does_not_know_the_dictionary_gets_the_same_without_it() {
    let visit = Visit::new().fetches_get(Some(409.0)).at(3120.0).fetches_get(Some(204.0)).at(9000.0).failure("x").after(9000.0);
    let sent = sent(&visit);
    let encodings: Vec<u8> = sent.iter().map(|send| send.2[1]).collect();
    assert_eq!(encodings, [Encoding::Packed as u8, Encoding::Deflate as u8, Encoding::Deflate as u8]);
    let opened = |index: usize| vitrum_wire::beacon::open(&sent[index].2, 1 << 20).unwrap();
    assert_eq!(opened(0), opened(1));
    assert_eq!(visit.lost("lost_batches"), 0.0);
    // One that never answers otherwise is not asked for ever.
    let stubborn = Visit::new().fetches_get(Some(409.0)).at(60_000.0);
    assert_eq!(stubborn.sends().len(), 2);
}

#[test]
fn what_waited_for_consent_leaves_in_batches_of_a_size() {
    let mut visit = Visit::start(&Start { consent: Consent::Pending, ..Start::default() });
    for view in 0..4 {
        visit = visit.route("push", ["https://shop.example/", if view % 2 == 0 { "a" } else { "b" }].concat().as_str());
        for count in 0..40 {
            visit = visit.failure(&"word ".repeat(60 + count)).after(1.0);
        }
    }
    let before = visit.now;
    let visit = visit.consent(Consent::Granted).at(before + 10_000.0);
    let opened = visit.beacons();
    assert!(opened.len() >= 2, "{} batches", opened.len());
    let ids: Vec<_> = opened.iter().map(|beacon| beacon.batch_id.rsplit('.').next().unwrap().to_owned()).collect();
    assert_eq!(ids[..2], ["b0", "b1"]);
    for beacon in &opened {
        let len = beacon.logs.as_ref().map_or(0, Message::encoded_len);
        assert!(len < 34 * 1024, "{len} bytes of log records");
    }
    let told = visit.named("exception").len() as f64 + visit.lost("dropped_records");
    assert!((160.0..170.0).contains(&told), "{told}");
}

/// Nobody hears what becomes of a request that outlives the page, and such a receiver may store twice what comes twice.
#[test]
fn what_is_for_a_receiver_that_does_not_answer_is_stored_when_the_page_goes() {
    let visit = Visit::start(&Start { form: 1, ..Start::default() }).fetches_get(Some(0.0)).at(3200.0);
    let (before, done) = (visit.sends().len(), visit.done.len());
    let visit = visit.failure("x").leave();
    assert_eq!((before, visit.sends().len()), (1, 1));
    let stored = visit.done[done..].iter().filter(|done| matches!(done, Done::Store { is_last: true, .. })).count();
    assert_eq!(stored, 3, "what had failed, and of what was open logs and spans");
}

#[test]
fn a_full_outbox_is_no_reason_to_lose_what_is_open() {
    let mut visit = otlp(1).fetches_get(None);
    for n in 0..12 {
        visit = visit.route("push", ["https://shop.example/", &n.to_string()].concat().as_str()).after(4000.0);
    }
    let before = visit.sends().len();
    let visit = visit.failure("at last").leave();
    let last: Vec<_> = visit.sends()[before..].iter().map(|send| send.2).collect();
    assert!(last.iter().all(|rung| *rung == Rung::Keepalive), "{last:?}");
    let has_error = |body: &[u8]| {
        let plain = unpacked(1, body);
        plain.windows(9).any(|part| part == b"exception")
    };
    assert!(visit.sends()[before..].iter().any(|send| has_error(send.3)));
}

/// More than may be under way when the page goes is stored in that very event.
#[test]
fn what_is_too_much_for_a_page_that_goes_is_stored_at_once() {
    let mut visit = Visit::start(&Start { form: 2, ways: 0, ..Start::default() }).fetches_get(None);
    for count in 0..45 {
        visit = visit.failure(&[&super::spelled(count), "word ".repeat(180).as_str()].concat()).after(1.0);
    }
    let done = visit.done.len();
    let visit = visit.leave();
    let stored = visit.done[done..].iter().any(|done| matches!(done, Done::Store { is_last: true, .. }));
    assert!(stored, "{:?}", visit.sends().iter().map(|send| (send.2, send.3.len())).collect::<Vec<_>>());
}
