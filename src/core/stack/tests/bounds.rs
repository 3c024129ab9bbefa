//! What holds for any bytes.

use super::super::{FRAMES, STACK_BYTES, read};
use super::PAGE;
use super::collected::cases;
use crate::ids::Ids;
use core::str::from_utf8;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn draw(ids: &mut Ids, count: usize) -> usize {
    (u64::from_le_bytes(ids.next_id()) >> 32) as usize % count
}

/// A text made of the parts of stacks in no order.
fn made(ids: &mut Ids) -> String {
    let parts = [
        "at ", "    at ", "async ", " (", ")", "eval at ", "), ", "<anonymous>", "https://", "shop.example", "/a.js", "?x=1", ":1", ":23", "@", "\n", "\r\n",
        " line 5", " > eval", "[native code]", ":wasm-function[", "3]:0x2f", "ö", "漢", "🙂", "*", "*/", "'", "\"", "`", "\\", "data:", "blob:", "Error", ": ",
        "#", "-3f2a9c1b", ".js", "[as ", "]", "<", "%", "0", "\0", "Caused by: ", "file:///", "",
    ];
    (0..draw(ids, 60)).map(|_| parts[draw(ids, parts.len())]).collect()
}

#[test]
fn any_text_is_read_and_stays_text() {
    let mut ids = Ids::new(&[3; 16]);
    for _ in 0..4_000 {
        let texts: Vec<_> = (0..3 * draw(&mut ids, 8)).map(|_| made(&mut ids)).collect();
        let chain: Vec<_> = texts.chunks(3).map(|three| (three[0].as_bytes(), three[1].as_bytes(), three[2].as_bytes())).collect();
        let told = read(&chain, made(&mut ids).as_bytes());
        assert!(from_utf8(&told.text).is_ok(), "{texts:?}");
        assert!(told.text.len() < STACK_BYTES);
    }
}

#[test]
fn any_bytes_are_read() {
    let mut ids = Ids::new(&[5; 16]);
    for _ in 0..2_000 {
        let words = draw(&mut ids, 100);
        let bytes = ids.draw(8 * words);
        let (head, tail) = bytes.split_at(bytes.len() / 3);
        assert!(read(&[(head, tail, &bytes), (tail, head, &bytes)], tail).text.len() < STACK_BYTES);
    }
    assert_eq!(read(&[], b"").text, b"");
}

#[test]
fn of_many_frames_the_innermost_are_told() {
    let stack: String = (0..500).map(|number| ["f", &number.to_string(), "@https://shop.example/app.js:1:2\n"].concat()).collect();
    let told = read(&[(b"Error", b"m", stack.as_bytes())], PAGE).text;
    let told = from_utf8(&told).unwrap();
    assert_eq!(told.matches("\n    at ").count(), FRAMES);
    assert!(told.starts_with("Error: m\n    at f0 (") && told.ends_with("f49 (https://shop.example/app.js:1:2)"), "{told}");
    let each = read(&[(&b"Error"[..], &b"m"[..], stack.as_bytes()); 9], PAGE).text;
    let each = from_utf8(&each).unwrap();
    assert_eq!((each.matches("\n    at ").count(), each.matches("Caused by: ").count(), each.matches("at f9 (").count()), (50, 4, 5));
}

#[test]
fn long_lines_leave_room_for_the_others() {
    let long = "ä".repeat(2_000);
    let stack = [&long, "@https://shop.example/", &long, ".js:1:2\n"].concat().repeat(30);
    for count in 1..8 {
        let told = read(&vec![(long.as_bytes(), long.as_bytes(), stack.as_bytes()); count], PAGE).text;
        let told = from_utf8(&told).unwrap();
        assert!(told.len() < STACK_BYTES && told.matches("\nCaused by: ").count() == count.min(5) - 1, "{count}");
        assert!(told.lines().filter(|line| line.starts_with("    at ")).all(|line| line.trim_end_matches(')').ends_with(":1:2")), "{count}");
    }
}

/// What was told is read again as the same: a stack may come from a worker that has read it, too.
#[test]
fn what_was_told_is_told_the_same_again() {
    for case in cases() {
        let first = read(&[(case.kind.as_bytes(), case.message.as_bytes(), case.stack.as_bytes())], case.page.as_bytes());
        let again = read(&[(case.kind.as_bytes(), case.message.as_bytes(), &first.text)], case.page.as_bytes());
        assert_eq!(from_utf8(&again.text), from_utf8(&first.text), "{}", case.name);
        assert_eq!((again.fingerprint, again.origin), (first.fingerprint, first.origin), "{}", case.name);
    }
}
