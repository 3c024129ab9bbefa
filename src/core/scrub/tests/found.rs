//! What each scanner finds, and what it leaves alone.

use super::{Policy, Scrubber, check, of};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Each text with what is left of it, in sentences and alone.
fn found(name: &str, texts: &[&str]) {
    for text in texts {
        let places = [("", ""), ("x: ", " x"), ("(", ")"), ("größer ", ", größer"), ("\"", "\"."), ("\n[", "]\n"), ("at ", ": no")];
        for (before, after) in places {
            check(Policy::Text, &[before, text, after].concat(), &[before, ":", name, after].concat());
        }
    }
}

fn left(texts: &[&str]) {
    for text in texts {
        check(Policy::Text, text, text);
        check(Policy::Text, &["(", text, ") größer"].concat(), &["(", text, ") größer"].concat());
    }
}

#[test]
fn addresses_of_mail() {
    found(
        "email",
        &[
            "someone@example.com",
            "some.one+tag@mail.example.co.uk",
            "1234567@163.com",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479@example.com",
            "ann%40example.com",
            "a%40b.c",
            "ann%252540example.com",
            "größe@übung.example",
            "4111111111111112@example.com",
        ],
    );
    check(Policy::Text, "Mail to a@b.example. Or x_y@b.example:25, <c@d.example>", "Mail to :email. Or :email:25, <:email>");
    left(&[
        "@someone", "react@18.2.0", "@media screen", "f@[native code]", "a @ b.c", "x%40", "100%",
        "f@debugger eval code:1:2", "root@localhost", "a@b..c", "@b.c",
    ]);
}

#[test]
fn phones() {
    found(
        "phone",
        &[
            "+49 171 2345678",
            "+49123456",
            "+1 (555) 123-4567",
            "+1-555-123-4567",
            "030 1234 5678",
            "0171-2345678",
            "555-123-45678",
            "01.23.45.67.89",
            "1-800-555-1234",
            "347 1234567",
        ],
    );
    check(Policy::Text, "Call (555) 123-4567.", "Call (:phone.");
    check(Policy::Text, "tel555-123-4567", "tel:phone");
    left(&[
        "12345678", "a123456789", "+1234567", "UTC+01:00", "123-4567", "2026-11-21 10:00:00",
        "0 0 1920 1080", "10.25 20.50 30.75",
    ]);
}

#[test]
fn addresses_of_the_internet() {
    found(
        "ip",
        &[
            "192.0.2.1", "255.255.255.255", "::1", "2001:db8::8a2e:370:7334", "fe80::1",
            "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "::ffff:192.0.2.128",
        ],
    );
    check(Policy::Text, "to 192.0.2.1:8080 and [2001:db8::1]:80 ip:fe80::1. fe80::1%eth0", "to :ip:8080 and [:ip]:80 ip::ip. :ip%eth0");
    left(&[
        "1.2.3", "126.0.6478.127", "Chrome/126.0.0.0", "256.1.1.1", "1.2.3.4.5", "v1.2.3.4", "10:00:00",
        "std::fmt::Display", "dead::beef", "f64::consts::PI", "::before",
        "a::b", ":::", "::", "00:1a:2b:3c:4d:5e", "1::2::3", "12345::1", "x::f32::abc",
    ]);
}

#[test]
fn cards() {
    found(
        "card",
        &[
            "4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "3782 822463 10005",
            "6011000990139424", "4222222222222", "2223003122003222",
        ],
    );
    check(Policy::Text, "12 7 4111 1111 1111 1111", "12 :phone");
    check(Policy::Text, "4111 1111 1111 1111 5 items", ":card 5 items");
    left(&[
        "0.4111111111111111", "41111111px",
    ]);
    // With another check digit it is none, but a long number still.
    found("number", &["4111111111111112", "1234567890128", "9007199254740991", "9223372036854775807", "18446744073709551615"]);
    check(Policy::Text, "of_123456789 there", "of_:number there");
}

#[test]
fn accounts() {
    found(
        "iban",
        &[
            "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19", "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S", "FR14 2004 1010 0505 0001 3M02 606",
        ],
    );
    check(Policy::Text, "DE89370400440532013000 is wrong", ":iban is wrong");
    left(&["ES2015", "AB12 CDEF", "UTF8", "NO938601111794"]);
    // With another check digit it is none, but nothing that is known to be harmless either.
    check(Policy::Text, "DE88370400440532013000 DE88 3704 0044 0532 0130 00", ":key DE:phone");
}

#[test]
fn social_security_numbers() {
    found("ssn", &["123-45-6789", "078-05-1120"]);
    left(&["123-45-678", "12-45-6789", "2026-11-21"]);
    check(Policy::Text, "123 45 6789", ":phone");
}

#[test]
fn web_tokens() {
    found("jwt", &["eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl", "eyJhbGciOiJIUzI1NiJ9.eyJz.a-b_c", "eyJhbGciOiJub25lIn0"]);
    left(&["eyJ", "eyJhbGci", "xeyJhbGciOiJub"]);
}

#[test]
fn values_of_secrets() {
    for (text, expected) in [
        ("password=x", "password=:secret"),
        ("Bearer abc123", "Bearer :secret"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic :secret"),
        ("Authorization=Bearer abc.def1, no", "Authorization=Bearer :secret no"),
        ("ApiKey: x1", "ApiKey: :secret"),
        ("X-Api-Key:x", "X-Api-Key::secret"),
        ("{\"password\":\"correct horse, 'x\",\"user\":1}", "{\"password\":\":secret\",\"user\":1}"),
        ("{ \"client_secret\" : 'a b' }", "{ \"client_secret\" : ':secret' }"),
        ("{\\\"token\\\":\\\"hunter2\\\"}", "{\\\"token\\\":\\\":secret\"}"),
        ("passwd = hunter2", "passwd = :secret"),
        ("secret: aaaaaaaaaaaaaaaa", "secret: :secret"),
        ("pwd=größe&sid=5", "pwd=:secret"),
    ] {
        check(Policy::Text, text, expected);
        check(Policy::Text, expected, expected);
    }
    left(&[
        "Unexpected token: <",
        "Unexpected token = in JSON",
        "password: must be long",
        "token",
        "token:",
        "Bearer realm",
        "Basic Authentication is off",
        "bearers 123",
        "x=5",
        "key: abc1",
    ]);
}

#[test]
fn keys() {
    found(
        "key",
        &[
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "pk_test_aaaaaaaaaaaaaaaaaaaaaaa1",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "github_pat_11ABCDEFG0aaaaaaaaaaaaaaaaaaaa",
            "xoxb-263594206564-FGqddMF8t08v8N7Oq4i57vs1",
            "AKIAIOSFODNN7EXAMPLE",
            "AKIAOPBMBPLKSBBYYYHJ",
            "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
            "glpat-aaaaaaaaaaaaaaaaaaa7",
            "npm_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa7",
            "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",
            "3f2a9c1b4d5e6f708192a3b4c5d6e7f8",
            "kqzj7wmxtplvb2nrhsgdfyc",
            "dGhpcyBpcyBhIHNlY3JldCB0aGF0IGlzIGxvbmc9",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ],
    );
    check(Policy::Text, "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA==", ":key==");
    left(&[
        "useIsomorphicLayoutEffect2",
        "react__WEBPACK_IMPORTED_MODULE_0__.default",
        "ERR_HTTP2_PROTOCOL_ERROR",
        "WEBGL_compressed_texture_s3tc_srgb",
        "pk_customer_addresses_id",
        "npm_config_user_agent",
        "0x00007ffd12345678",
        "Nutzungsbedingungen",
        "internationalizationOfEverything",
        "node_modules/h264/mp3/utf8/x",
    ]);
}

#[test]
fn uuids_only_if_they_are_to_go() {
    let uuid = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
    let upper = "F47AC10B-5812-4372-9567-020212131479";
    left(&[uuid, upper, &["user_", uuid].concat(), &[uuid, "-", upper, "_x"].concat(), &["id=", uuid, ":1:2"].concat()]);
    let mut scrubber = Scrubber { masks_uuids: true, ..Scrubber::default() };
    assert_eq!(of(&mut scrubber, Policy::Text, &["user_", uuid, " ", upper].concat(), false), "user_:uuid :uuid");
    check(Policy::Text, &[uuid, "0"].concat(), ":key");
}

#[test]
fn times_and_addresses_of_memory_stay() {
    left(&[
        "2026-11-21T10:00:00Z", "2026-11-21T10:00:00.123+01:00", "2026-11-21 10:00", "0xdeadbeef", "0x4111111111111111",
        "0x0123456789012345", "wasm-function[123]:0xabc", "x:1234:56789",
    ]);
    check(Policy::Text, "1234-56-7890 123", ":phone");
}

#[test]
fn what_a_parser_quotes() {
    for (text, told) in [
        ("Unexpected token 'd', \"dorbrawex@\"... is not valid JSON", "Unexpected token 'd', :quote is not valid JSON"),
        ("SyntaxError: Unexpected token '#', ...\"x\n", "SyntaxError: Unexpected token '#', ...\"x\n"),
        ("Unexpected token 'u', \"undefined\" is not valid JSON\n    at f, g", "Unexpected token 'u', :quote is not valid JSON\n    at f, g"),
        ("Unexpected token 'D', \"Dear Anna,\nno\" is not valid JSON", "Unexpected token 'D', :quote is not valid JSON"),
        ("Expected ',' at position 9, ...\"a b\n c\"... is not valid JSON", "Expected ',' at position 9, :quote is not valid JSON"),
        ("a, b \"c\" is not valid JSON", "a, b \"c\" is not valid JSON"),
        ("Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON"),
    ] {
        check(Policy::Text, text, told);
    }
}

#[test]
fn what_scripts_are_called_by() {
    for (text, told) in [
        ("BUTTON#pay.onclick", "BUTTON#pay.onclick"),
        ("BUTTON#a1436bb2-ca9f-475c-a82b-ad2383f7b5ac.onclick", "BUTTON#?.onclick"),
        ("DIV#row-123456.onhtmx:afterSwap", "DIV#?.onhtmx:afterSwap"),
        ("SL-INPUT#user-12345.onsl-change", "SL-INPUT#?.onsl-change"),
        ("Window.requestAnimationFrame", "Window.requestAnimationFrame"),
        ("Promise.resolve.then", "Promise.resolve.then"),
        ("FrameRequestCallback", "FrameRequestCallback"),
        ("getUserById", "getUserById"),
        ("of_fTgkmPiWgRofDotrZoqcszoI", "of_:id"),
        ("IMG[src=https://a.example/p/123456.png?x=1].onload", "IMG[src=https://a.example/p/:id.png?x"),
        ("https://a.example/app.js?v=1", "https://a.example/app.js?v"),
        ("Object.<anonymous>", "Object.<anonymous>"),
    ] {
        check(Policy::Code, text, told);
    }
}
