//! Every bound of the agent, with its unit and its reason.

use crate::time::Span;

/// Records wait at most so long for company before they leave, while the page is visible. Half of what the peers
/// take (5 to 30 s for most, as measured in November 2026), because the dashboard is live.
pub(crate) const BATCH_DELAY: Span = Span(3000.0);

/// Encoded, uncompressed bytes at which a batch leaves without waiting. It deflates to some 3 KB, in about 0.1 ms.
pub(crate) const BATCH_BYTES: usize = 16 * 1024;

/// Encoded bytes that are held while nothing may leave (consent pending). Newer records are dropped and counted: the
/// page load is what the first view cannot do without.
pub(crate) const HELD_BYTES: usize = 64 * 1024;

/// Batches on their way or waiting for another try. With [`BATCH_BYTES`] this bounds what a dead collector can cost.
pub(crate) const BATCHES: usize = 8;

/// Batches that an unsampled session keeps of what happened last, in case of an error: some 6 KB, and what is gathered.
pub(crate) const RING: usize = 2;

/// How often a batch is tried before it is counted as lost.
pub(crate) const ATTEMPTS: i32 = 6;

/// Wait before the second try; doubled for each further one.
pub(crate) const RETRY_DELAY: Span = Span(2000.0);

/// Errors, changes of the URL, and long tasks with long frames, each reported so often per view. A page that fails in a loop says nothing new.
pub(crate) const REPEATS: u32 = 50;

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
