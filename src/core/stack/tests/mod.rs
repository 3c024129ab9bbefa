//! Stacks as they are read and told. What browsers write is in `collected.rs`, whose code it is in `origins.rs`, what falls
//! together and what does not in `groups.rs` and `builds.rs`, and what holds for any bytes in `bounds.rs`.

mod bounds;
mod builds;
mod collected;
mod groups;
mod origins;

const PAGE: &[u8] = b"https://shop.example/page/12345?customer=7";

use super::read;
use crate::scrub::Scrubber;
use core::str::from_utf8;
use vitrum_wire::{Key, Policy};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn text(chain: &[(&str, &str, &str)]) -> String {
    let chain: Vec<_> = chain.iter().map(|(name, message, stack)| (name.as_bytes(), message.as_bytes(), stack.as_bytes())).collect();
    String::from_utf8(read(&chain, PAGE).text).unwrap()
}

#[test]
fn all_browsers_are_told_in_one_form() {
    let v8 = "TypeError: x\n    at Cart.pay [as onclick] (https://shop.example/a.js:1:2)\n    at async Promise.all (index 0)\n    at Array.map (<anonymous>)\n    at https://shop.example/a.js:3:4";
    assert_eq!(
        text(&[("TypeError", "x", v8)]),
        "TypeError: x\n    at Cart.pay (https://shop.example/a.js:1:2)\n    at Promise.all (<anonymous>)\n    at Array.map (<anonymous>)\n    at https://shop.example/a.js:3:4"
    );
    let spidermonkey = "pay/<@https://shop.example/a.js line 12 > eval:1:2\nasync*pay@https://shop.example/a.js:5:6\n@https://shop.example/a.js:3:4\n";
    assert_eq!(
        text(&[("TypeError", "x", spidermonkey)]),
        "TypeError: x\n    at pay/< (https://shop.example/a.js:12)\n    at pay (https://shop.example/a.js:5:6)\n    at https://shop.example/a.js:3:4"
    );
    let core = "pay@https://shop.example/a.js:1:2\nmap@[native code]\n@\nglobal code@https://shop.example/a.js:3:4";
    assert_eq!(
        text(&[("TypeError", "x", core)]),
        "TypeError: x\n    at pay (https://shop.example/a.js:1:2)\n    at map (<anonymous>)\n    at https://shop.example/a.js:3:4"
    );
}

#[test]
fn causes_follow() {
    let stack = "f@https://shop.example/a.js:1:2";
    assert_eq!(
        text(&[("Error", "outer", stack), ("", "inner", stack), ("TypeError", "", "")]),
        "Error: outer\n    at f (https://shop.example/a.js:1:2)\nCaused by: Error: inner\n    at f (https://shop.example/a.js:1:2)\nCaused by: TypeError"
    );
    assert_eq!(text(&[("", "", "")]), "Error");
}

#[test]
fn what_a_message_says_is_no_frame() {
    let message = "remote said:\n    at Object.remote (https://api.example/x.js:1:2)\nf@https://api.example/y.js:3:4";
    for name in ["Error: ", "PaymentError: ", ""] {
        let stack = [name, message, "\n    at f (https://shop.example/a.js:1:2)"].concat();
        assert_eq!(text(&[("Error", message, &stack)]), ["Error: ", message, "\n    at f (https://shop.example/a.js:1:2)"].concat());
    }
    // A name of a function that is the message as well.
    assert_eq!(text(&[("Error", "f", "f@https://shop.example/a.js:1:2")]), "Error: f\n    at f (https://shop.example/a.js:1:2)");
    // What is no frame at all.
    assert_eq!(text(&[("Error", "m", "one two\nsomeone@example.com wrote\nhttps://shop.example/")]), "Error: m");
}

/// Where a source is found by what is left of a frame.
#[test]
fn a_frame_is_found_after_it_was_scrubbed() {
    let stack = "f@https://u:p@shop.example/assets/app-3f2a9c1b.js?token=secret#x:1:23456\ng@data:text/javascript,let%20a=1:1:2\nh@https://shop.example/page/12345?customer=7:3:4";
    let told = read(&[(b"Error", b"for someone@example.com", stack.as_bytes())], PAGE).text;
    let mut out = Vec::new();
    assert_eq!(Key::ExceptionStack.policy(), Policy::Text);
    Scrubber::default().scrub(&mut out, Policy::Text, &told, false);
    assert_eq!(
        from_utf8(&out),
        Ok("Error: for :email\n    at f (https://shop.example/assets/app-3f2a9c1b.js?token:1:23456)\n    at g (data::1:2)\n    at h (https://shop.example/page/:id?customer:3:4)")
    );
}
