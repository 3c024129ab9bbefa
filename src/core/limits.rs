//! Every bound of the agent, with its unit and its reason.

use crate::time::Span;

/// Records wait at most so long for company before they leave, while the page is visible. Half of what the peers
/// take (5 to 30 s for most, as measured in November 2026), because the dashboard is live.
pub(crate) const BATCH_DELAY: Span = Span(3000.0);

/// The same where the browser cannot hold them for the page's end (Firefox, WebKit): what waits is lost if the page is killed,
/// and of the tabs that Firefox closes some tell nothing any more (a fifth, `./build.sh bench delivery`).
pub(crate) const HASTE_DELAY: Span = Span(1000.0);

/// Encoded, uncompressed bytes at which a batch leaves without waiting. It deflates to some 3 KB, in about 0.1 ms.
pub(crate) const BATCH_BYTES: usize = 16 * 1024;

/// Most bytes of log records in a batch, and of spans, before they are compressed, unless one record alone has more: what waited
/// for consent leaves in several.
pub(crate) const PART_BYTES: usize = 32 * 1024;

/// Encoded bytes that are held while nothing may leave (consent pending). Newer records are dropped and counted: the
/// page load is what the first view cannot do without.
pub(crate) const HELD_BYTES: usize = 64 * 1024;

/// Batches on their way or waiting for another try. With [`BATCH_BYTES`] this bounds what a dead collector can cost.
pub(crate) const BATCHES: usize = 8;

/// Batches that an unsampled session keeps of what happened last, in case of an error: some 6 KB, and what is gathered.
pub(crate) const RING: usize = 2;

/// How often a batch is tried before it is stored for another time or page: some eight minutes.
pub(crate) const ATTEMPTS: u32 = 12;

/// Longest wait before the second try; doubled for each further one, up to the next.
pub(crate) const RETRY_DELAY: Span = Span(2000.0);

/// No wait is longer, unless the receiver asks for it.
pub(crate) const RETRY_MOST: Span = Span(60_000.0);

/// So many failures one after the other, of any batches, have all wait for [`BREAKER`], doubled each time; then one is tried.
pub(crate) const FAILURES: u32 = 5;

/// A receiver that restarts is back by then.
pub(crate) const BREAKER: Span = Span(15_000.0);

/// So often that may come before it is clear that nothing is let through, if nothing ever was answered: twelve minutes.
pub(crate) const BREAKS: u32 = 6;

/// Failures after which the other endpoint is tried.
pub(crate) const SWITCH: u32 = 2;

/// Bytes that may be under way when the page goes: half of what a browser has for a document, 64 KiB for beacons and
/// `keepalive` together (measured in November 2026 in Chromium and WebKitGTK). The other half is the page's.
pub(crate) const FLIGHT_BYTES: usize = 32 * 1024;

/// After that they have arrived, as far as anyone can know.
pub(crate) const FLIGHT: Span = Span(10_000.0);

/// So long what is new may be missing from what the browser holds for the page's end. To replace it takes some 0.3 ms.
pub(crate) const LATER_DELAY: Span = Span(500.0);

/// Changes of the URL, and long tasks with long frames, each reported so often per view; and so many different errors. A page
/// that fails in a loop says nothing new.
pub(crate) const REPEATS: u32 = 50;

/// Full records of one error a minute, whatever views there are meanwhile: a page may fail and change its route in one loop.
pub(crate) const SAME_A_MINUTE: u32 = 10;

/// Errors that the page may count without their texts. It remembers 50 (`KEYS` in `js/catch.ts`).
pub(crate) const KEYS: usize = 64;

/// What the site says of an error, in pairs. More are not taken (`CONTEXTS` in `js/catch.ts`).
pub(crate) const CONTEXTS: usize = 16;

/// Things that happened before an error: as many as anyone reads.
pub(crate) const CRUMBS: usize = 30;

/// The bytes of all of them, so that they are no more than a stack has.
pub(crate) const CRUMBS_BYTES: usize = 2048;

/// The bytes of what each says: what comes after is seldom what tells it from others.
pub(crate) const CRUMB_BYTES: usize = 160;

/// Flags of the site that are set at a time; those of a site that has more are not all of interest to one error.
pub(crate) const FLAGS: usize = 32;

/// Bytes of a flag's name, and of its value.
pub(crate) const FLAG_BYTES: usize = 128;

/// Longest name or hash of a user, in bytes.
pub(crate) const USER_BYTES: usize = 128;

/// Requests that have ended and wait for their entry in the timeline. More than browsers have under way to one host.
pub(crate) const REQUESTS: usize = 32;

/// So long one that was answered waits: its entry comes after its last byte, and a download may take its time.
pub(crate) const ANSWERED_WAIT: Span = Span(60_000.0);

/// So long one that failed waits. Chromium and Firefox tell of most of them at once, WebKit of none (measured in November
/// 2026).
pub(crate) const FAILED_WAIT: Span = Span(1000.0);

/// Longest method of a request in bytes; the longest that is registered with IANA has 17.
pub(crate) const METHOD_BYTES: usize = 32;

/// Longest name of an error that ended a request, in bytes. Those of browsers have under 30; the page's own are shorter
/// than this if they are names.
pub(crate) const ERROR_NAME_BYTES: usize = 128;

/// Listeners of vitals on a page, with the agent's own. Five for each library that uses them; more are counted.
pub(crate) const METERS: usize = 64;

/// Scripts remembered of a long animation frame, of which browsers report those over 5 ms: 64 of them are a frame of at
/// least 320 ms.
pub(crate) const SCRIPTS: usize = 64;

/// An error and its causes, outermost first. Nobody reads further; a longer chain is a loop more often than not.
pub(crate) const CAUSES: usize = 5;

/// Frames told of an error and its causes together, each with an equal share. V8 writes 10 unless a page asks for more,
/// SpiderMonkey and JavaScriptCore up to 100 and more, of which the outer ones are those of the framework.
pub(crate) const FRAMES: usize = 50;

/// Bytes of a stack that are read. A hundred frames with long URLs have some 20 KB; scripts from `data:` may have any number.
pub(crate) const READ_BYTES: usize = 64 * 1024;
