//! Whose code an error is of.

use super::{Link, Origin};
use crate::url::{after_last, before, find, host_and_port, is_in};

/// Schemes of what is no page's, but for those that end with `extension`. Safari puts the first in place of the URLs of
/// its extensions; the next two are Firefox's own scripts, the last is that of its user scripts.
const FOREIGN: &[u8] = b"webkit-masked-url chrome resource user-script";

/// What is in the messages of scripts that a browser, an application around it, or an extension puts into pages, one a line.
/// Most come without frames, or with the page's own URL. Sources:
///
/// - `__gCrWeb`, Chrome on iOS: getsentry/sentry#4563, #61469
/// - `__firefox__`, Firefox and Brave on iOS: zulip/zulip#39458
/// - `instantSearchSDKJSBridge`, Edge on iOS: clawfire/covid19-passbook-generator#378
/// - `webkit.messageHandlers`, applications on iOS: getsentry/sentry-javascript#3040, mozilla-mobile/firefox-ios#5818
/// - `Object Not Found Matching Id:`, what looks at links in mail for Outlook: cefsharp/CefSharp#3632, #4860
/// - `Java object is gone`, `zaloJSV2`, applications on Android: onetimesecret/onetimesecret#4287
/// - `runtime.sendMessage(`, `Extension context invalidated`, `Receiving end does not exist`, `message port closed before a
///   response`, `message channel closed before a response`, extensions: brianlovin/briOS#2290; the texts of Chromium,
///   Firefox and Safari for `runtime.sendMessage`
/// - `redefine property: ethereum`, wallets: ethers-io/ethers.js#4855, RabbyHub/Rabby#2046
const MESSAGES: &[u8] = b"__gCrWeb\n__firefox__\ninstantSearchSDKJSBridge\nwebkit.messageHandlers\nObject Not Found Matching Id:\n\
    Java object is gone\nzaloJSV2\nruntime.sendMessage(\nExtension context invalidated\nReceiving end does not exist\n\
    message port closed before a response\nmessage channel closed before a response\nredefine property: ethereum";

/// Second labels that registries of countries sell below: `co.uk`, `com.au`.
const REGISTRIES: &[u8] = b"co com net org gov edu ac or ne go gob";

/// The first frame that has a URL decides, from the innermost of the outermost error: whose code threw.
pub(super) fn of(links: &[Link<'_>], page: &[u8]) -> Origin {
    let message = links.first().map_or(&b""[..], |link| link.message);
    // HTML, "muted errors": all that is told of an error in a script of another origin that is not asked for by CORS.
    if links.iter().all(|link| link.frames.is_empty()) && message.starts_with(b"Script error") {
        return Origin::CrossOrigin;
    }
    if MESSAGES.split(|byte| *byte == b'\n').any(|words| find(message, words).is_some()) {
        return Origin::Extension;
    }
    // Code without a URL was put there; what has no position either is the browser's own.
    let mut is_injected = false;
    for link in links {
        for frame in &link.frames {
            if !frame.url.is_empty() && !frame.url.starts_with(b"wasm:") {
                return of_url(frame.url, page);
            }
            is_injected |= frame.url.is_empty() && frame.position.first().is_some_and(u8::is_ascii_digit);
        }
    }
    if is_injected { Origin::Extension } else { Origin::Page }
}

fn of_url(url: &[u8], page: &[u8]) -> Origin {
    let scheme = before(url, b":");
    if is_extension(url) {
        return Origin::Extension;
    }
    let is_foreign = matches!(scheme, b"http" | b"https") && site(host_and_port(url).0) != site(host_and_port(page).0);
    if is_foreign { Origin::ThirdParty } else { Origin::Page }
}

/// Whether it is the URL of an extension, or of a script of the user's by their managers' names for it.
pub(super) fn is_extension(url: &[u8]) -> bool {
    let scheme = before(url, b":");
    scheme.ends_with(b"extension")
        || is_in(FOREIGN, scheme)
        || find(url, b"userscript.html").is_some()
        || find(url, b".user.js").is_some()
}

/// Whether it is a script of the page's own site.
pub(super) fn is_own(url: &[u8], page: &[u8]) -> bool {
    !url.is_empty() && of_url(url, page) == Origin::Page
}

/// What a site's hosts have in common: the last two labels of a name, or three where the second is a registry's. There is no
/// list of public suffixes here: sites that share one like `github.io` are taken for one.
fn site(host: &[u8]) -> &[u8] {
    let top = after_last(host, b'.');
    if host.starts_with(b"[") || top.iter().all(u8::is_ascii_digit) {
        return host;
    }
    // The label before so many bytes at the end.
    let label = |len: usize| after_last(host.get(..host.len().saturating_sub(len + 1)).unwrap_or_default(), b'.');
    let second = label(top.len());
    let mut len = top.len() + 1 + second.len();
    if top.len() == 2 && is_in(REGISTRIES, second) {
        len += 1 + label(len).len();
    }
    host.get(host.len().saturating_sub(len)..).unwrap_or_default()
}
