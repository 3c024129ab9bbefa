//! What browsers say, word by word: it is what errors are read for, so nothing of it may be taken for a secret.

use super::{Policy, check};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TEXTS: [&str; 38] = [
    // Chrome.
    "Uncaught TypeError: Cannot read properties of undefined (reading 'map')",
    "Uncaught ReferenceError: fooBar2 is not defined",
    "TypeError: Failed to fetch",
    "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    "SyntaxError: Unexpected token = in JSON at position 1234",
    "SyntaxError: Expected ',' or '}' after property value in JSON at position 20481 (line 512 column 17)",
    "RangeError: Maximum call stack size exceeded",
    "RangeError: Invalid array length",
    "SyntaxError: Invalid regular expression: /(?<a>+*/: Nothing to repeat",
    "TypeError: react__WEBPACK_IMPORTED_MODULE_12__.useState is not a function",
    "ChunkLoadError: Loading chunk 1234 failed.\n(error: https://cdn.example/static/js/vendors.chunk.js)",
    "DOMException: Failed to execute 'setItem' on 'Storage': Setting the value of 'cart' exceeded the quota.",
    "NotAllowedError: play() failed because the user didn't interact with the document first. https://developer.chrome.com/blog/autoplay",
    "Error: <svg> attribute viewBox: Expected number, \"0 0 1920 1080 NaN\".",
    "Error: <path> attribute d: Expected number, \"M 100.25 200.75 L NaN 3.141592653589793\".",
    "Failed to load resource: net::ERR_HTTP2_PROTOCOL_ERROR",
    "Script error.",
    "Minified React error #418; visit https://react.dev/errors for it",
    "RuntimeError: unreachable\n    at wasm://wasm/main.wasm:wasm-function[1234]:0x1a2b3c\n    at core::panicking::panic_fmt (wasm-function[123]:0xabc)",
    "ResizeObserver loop completed with undelivered notifications.",
    "TypeError: Cannot read properties of null (reading 'getBoundingClientRect')\n    at t.componentDidMount (https://shop.example/assets/main.js:2:123456)\n    at Object.useEffect (webpack-internal:///./src/components/Cart.tsx:120:15)\n    at new Promise (<anonymous>)\n    at async Promise.all (index 0)",
    "Error: x\n    at eval (eval at f (https://shop.example/x.js:2:3), <anonymous>:4:5)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "BigInt 90071992n of 2026-11-21T10:00:00.000Z",
    "Unsupported: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Unsupported: Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007) Chrome/126.0.6478.127 Mobile Safari/537.36",
    // Firefox.
    "TypeError: can't access property \"map\", e.items is undefined",
    "NetworkError when attempting to fetch resource.",
    "SyntaxError: JSON.parse: unexpected character at line 1 column 1 of the JSON data",
    "NS_ERROR_FAILURE: Component returned failure code: 0x80004005 (NS_ERROR_FAILURE) [nsIXMLHttpRequest.send]",
    "uncaught exception: Object { code: 10042, status: 500 }",
    "render@https://shop.example/assets/main.js:2:123456\n_callee$@https://shop.example/app.js:10:5\nasync*load@https://shop.example/app.js:1234:56\n@debugger eval code:1:1",
    "f@resource://gre/modules/Timer.sys.mjs:101:13\nwasm_bindgen::convert::closures::invoke@https://shop.example/app.wasm:wasm-function[512]:0x2f3a4",
    // Safari.
    "undefined is not an object (evaluating 'this.state.items[0].price')",
    "Load failed",
    "Can't find variable: gtag2",
    "NotSupportedError: The operation is not supported.",
    "map@[native code]\nglobal code@https://shop.example/app.js:10:5\n<?>.wasm-function[123]@[wasm code]\nmodule code@https://shop.example/app.js:12:34",
    "The string did not match the expected pattern. Version/17.4.1, iOS 17.4, 1.2.3-beta.4",
];

#[test]
fn errors_of_browsers_come_through_unharmed() {
    for text in TEXTS {
        check(Policy::Text, text, text);
    }
    check(Policy::Text, &TEXTS.join("\n"), &TEXTS.join("\n"));
}
