//! Whose code an error is of.

use super::super::{Origin, read};
use super::PAGE;
use super::collected::cases;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn of(message: &str, stack: &str) -> Origin {
    read(&[(b"Error", message.as_bytes(), stack.as_bytes())], PAGE).origin
}

#[test]
fn in_browsers_it_is_whose_it_is() {
    for case in cases() {
        let told = read(&[(case.kind.as_bytes(), case.message.as_bytes(), case.stack.as_bytes())], case.page.as_bytes()).origin;
        let expected = match case.name.rsplit(' ').next().unwrap() {
            "thirdParty" => Origin::ThirdParty,
            "muted" => Origin::CrossOrigin,
            "extension" => Origin::Extension,
            _ => Origin::Page,
        };
        assert_eq!(told, expected, "{}", case.name);
    }
}

#[test]
fn extensions_are_known_by_their_urls() {
    for url in [
        "chrome-extension://aflkmfhebedbjioipglgcbcmnbpgliof/injected.js",
        "moz-extension://5a2f7e8c-93d5-4c6e-9f0a-1b2c3d4e5f60/content.js",
        "safari-extension://com.example.blocker-ABCDEF/1a2b3c/injected.js",
        "safari-web-extension://5A2F7E8C-93D5-4C6E-9F0A-1B2C3D4E5F60/content.js",
        "ms-browser-extension://EdgeExtension_x/content.js",
        "extension://aflkmfhebedbjioipglgcbcmnbpgliof/injected.js",
        "webkit-masked-url://hidden/",
        "resource://gre/modules/FormAutofillChild.sys.mjs",
        "chrome://global/content/elements/videocontrols.js",
        "user-script:A%20script.user.js",
        "https://shop.example/userscript.html?name=A%2520script.user.js",
        "https://a.example/x.user.js",
    ] {
        assert_eq!(of("m", &["Error: m\n    at f (", url, ":1:2)\n    at https://shop.example/app.js:3:4"].concat()), Origin::Extension, "{url}");
        assert_eq!(of("m", &["f@", url, ":1:2\n@https://shop.example/app.js:3:4"].concat()), Origin::Extension, "{url}");
        // The page's own, which an extension has called.
        assert_eq!(of("m", &["f@https://shop.example/app.js:3:4\ng@", url, ":1:2"].concat()), Origin::Page, "{url}");
    }
}

#[test]
fn what_was_put_into_the_page_is_known_by_its_messages() {
    for message in [
        "undefined is not an object (evaluating '__gCrWeb.instantSearch.setIOSParameters')",
        "Can't find variable: __firefox__",
        "Can't find variable: instantSearchSDKJSBridgeClearHighlight",
        "undefined is not an object (evaluating 'window.webkit.messageHandlers')",
        "Object Not Found Matching Id:5, MethodName:update, ParamCount:4",
        "Error invoking postMessage: Java object is gone",
        "zaloJSV2 is not defined",
        "Invalid call to runtime.sendMessage(). Tab not found.",
        "Extension context invalidated.",
        "Could not establish connection. Receiving end does not exist.",
        "The message port closed before a response was received.",
        "A listener indicated an asynchronous response by returning true, but the message channel closed before a response was received",
        "Cannot redefine property: ethereum",
    ] {
        assert_eq!(of(message, ""), Origin::Extension, "{message}");
        assert_eq!(of(message, "global code@https://shop.example/page/12345:1:106"), Origin::Extension, "{message}");
    }
    assert_eq!(of("Cannot redefine property: name", ""), Origin::Page);
}

#[test]
fn code_without_a_url_was_put_there() {
    // RabbyHub/Rabby#2046 has one like this.
    assert_eq!(of("m", "Error: m\n    at Function.defineProperty (<anonymous>)\n    at <anonymous>:1:63747\n    at z (<anonymous>:1:63937)"), Origin::Extension);
    assert_eq!(of("m", "@debugger eval code:1:7"), Origin::Extension);
    assert_eq!(of("m", "Error: m\n    at <anonymous>:1:1\n    at f (https://shop.example/app.js:1:2)"), Origin::Page);
    for unknown in ["", "Error: m\n    at JSON.parse (<anonymous>)", "parse@[native code]", "anonymous@\nf@"] {
        assert_eq!(of("m", unknown), Origin::Page, "{unknown}");
    }
}

#[test]
fn what_the_browser_hides_is_cross_origin() {
    assert_eq!(of("Script error.", ""), Origin::CrossOrigin);
    assert_eq!(of("Script error", ""), Origin::CrossOrigin);
    assert_eq!(of("Script error.", "f@https://shop.example/app.js:1:2"), Origin::Page);
}

#[test]
fn a_site_is_what_its_hosts_have_in_common() {
    for (page, script, expected) in [
        ("https://shop.example/", "https://shop.example/", Origin::Page),
        ("https://www.shop.example/", "https://cdn.shop.example:8443/", Origin::Page),
        ("https://shop.example/", "https://shop.test/", Origin::ThirdParty),
        ("https://shop.co.uk/", "https://other.co.uk/", Origin::ThirdParty),
        ("https://www.shop.co.uk/", "https://cdn.shop.co.uk/", Origin::Page),
        ("https://co.uk/", "https://a.co.uk/", Origin::ThirdParty),
        ("https://www.abc.de/", "https://cdn.abc.de/", Origin::Page),
        ("http://192.0.2.1/", "http://192.0.2.2/", Origin::ThirdParty),
        ("http://[::1]:80/", "http://[::2]/", Origin::ThirdParty),
        ("http://localhost:3000/", "http://localhost:5173/", Origin::Page),
        ("https://shop.example/", "file:///home/", Origin::Page),
        ("https://shop.example/", "webpack-internal:///./src/", Origin::Page),
        ("", "https://shop.example/", Origin::ThirdParty),
    ] {
        let stack = ["f@", script, "x.js:1:2"].concat();
        assert_eq!(read(&[(b"", b"", stack.as_bytes())], page.as_bytes()).origin, expected, "{page} {script}");
    }
}

#[test]
fn the_innermost_place_decides() {
    let stack = "through@https://shop.example/trap.wasm:wasm-function[1]:0x3b\nf@https://cdn.other.test/x.js:1:2";
    assert_eq!(of("m", stack), Origin::Page);
    assert_eq!(of("m", "trap@wasm://wasm/9f8e7d:wasm-function[1]:0x3b\nf@https://cdn.other.test/x.js:1:2"), Origin::ThirdParty);
    assert_eq!(of("m", "map@[native code]\nf@https://cdn.other.test/x.js:1:2\ng@https://shop.example/app.js:1:2"), Origin::ThirdParty);
    let causes: [(&[u8], &[u8], &[u8]); 2] = [(b"", b"", b""), (b"", b"", b"f@moz-extension://x/y.js:1:2")];
    assert_eq!(read(&causes, PAGE).origin, Origin::Extension);
}
