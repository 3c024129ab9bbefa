//! Every bound of the collector, with its unit and its reason. Where no other source is named, the figures are those that
//! receivers of the same kind use (OpenTelemetry Collector, Sentry Relay, Elastic APM Server; read 2026-11-21).

use std::time::Duration;

/// Bytes of a body as it arrives, by default. A batch of the agent deflates to some 3 KB; browsers refuse keepalive
/// bodies over 64 KiB, and the exporters of OpenTelemetry SDKs send up to 512 records, some 200 KB.
pub(crate) const BODY_BYTES: usize = 256 * 1024;

/// Bytes of a body once decompressed, by default. Four times [`BODY_BYTES`] at the usual ratios, and what Sentry takes.
pub(crate) const DECOMPRESSED_BYTES: usize = 1024 * 1024;

/// Bytes that `decode` reads or inflates. A file is chosen by its reader, so this guards against mistakes only.
pub(crate) const DECODE_BYTES: usize = 64 * 1024 * 1024;

/// Records of one request; the rest of it is refused. Twice what SDKs send at once.
pub(crate) const RECORDS: usize = 1000;

/// Attributes of one record or resource: the default limit of OpenTelemetry SDKs.
pub(crate) const ATTRIBUTES: usize = 128;

/// Links of one span: the default limit of OpenTelemetry SDKs.
pub(crate) const LINKS: usize = 128;

/// Bytes of an attribute's key. The longest of the semantic conventions has 60.
pub(crate) const KEY_BYTES: usize = 256;

/// Bytes of the text in an attribute's value.
pub(crate) const VALUE_BYTES: usize = 8 * 1024;

/// Bytes of `exception.stacktrace`, which alone may be longer: some 200 frames.
pub(crate) const STACK_BYTES: usize = 32 * 1024;

/// Levels of arrays and maps in a value. The conventions have one.
pub(crate) const VALUE_DEPTH: usize = 4;

/// The least share of sessions that a sender may say it samples. Each record of such a one stands for a million, and one
/// that says less would outweigh all others.
pub(crate) const SAMPLE_RATE: f64 = 0.000_001;

/// Records, and batches, of one page that are counted. The agent bounds what a view tells, and a page that is open for a day
/// has some ten thousand; who says a higher number would make all below it missing.
pub(crate) const PAGE_NUMBERS: u32 = 100_000;

/// Runs of numbers that are kept of one page: a batch that is lost makes one more, and few pages lose two.
pub(crate) const PAGE_RUNS: usize = 32;

/// How long a number may be overtaken by a higher one before it counts as missing, in milliseconds: longer than the agent's
/// tries take together.
pub(crate) const SETTLED_MS: i64 = 60_000;

/// The least share of sessions that pages are asked for, by default: a hundredth of a large site still tells how it does.
pub(crate) const RATE_FLOOR: f64 = 0.01;

/// Seconds in which what pages are asked for fades by half, by default. What volume is measured over is as long.
pub(crate) const RATE_FADE_S: u32 = 60;

/// Services whose volume is measured. Further ones take the place of the one that has been silent for the longest.
pub(crate) const METERED_SERVICES: usize = 256;

/// Bytes of a short visit. It leaves by `sendBeacon`, and browsers refuse those over 64 KiB.
pub(crate) const SHORT_BYTES: usize = 64 * 1024;

/// Bytes kept of a `User-Agent` header. Those of browsers have under 300.
pub(crate) const USER_AGENT_BYTES: usize = 512;

/// A record's time may lie so far back, in milliseconds: a batch kept by a sleeping laptop. Older ones get the time of receipt.
pub(crate) const PAST_MS: i64 = 24 * 3_600_000;

/// A record's time may lie so far ahead, in milliseconds: a clock that is a little fast.
pub(crate) const FUTURE_MS: i64 = 10 * 60_000;

/// Requests that wait for the writer. At 280 synced commits a second (measured 2026-11-21) this is under a second of work.
pub(crate) const QUEUED_WRITES: usize = 1024;

/// Requests stored in one transaction: enough to spread the cost of the sync, few enough to answer soon.
pub(crate) const GROUPED_WRITES: usize = 256;

/// Queries of the dashboard at once, each with its own connection.
pub(crate) const READERS: usize = 4;

/// Requests to the intake worked on at once, from the end of their body to their answer; others are told to come back.
/// With [`DECOMPRESSED_BYTES`] this bounds the memory that they take; that of bodies on their way, [`CONNECTIONS`] does.
pub(crate) const CONCURRENT_REQUESTS: usize = 256;

/// Connections open at once; further ones wait to be accepted.
pub(crate) const CONNECTIONS: usize = 1024;

/// What a client told to come back should wait, in seconds. The agent's own second try comes after 2.
pub(crate) const RETRY_AFTER_S: u32 = 5;

/// How long a browser may remember the answer to a preflight, in seconds: what Chromium allows at most.
pub(crate) const PREFLIGHT_S: u32 = 7200;

/// From the first byte of a connection, or the end of its last answer, to the end of the next request's headers. It ends
/// idle connections too.
pub(crate) const HEADER_TIMEOUT: Duration = Duration::from_secs(15);

/// From the headers to the end of the body. 256 KiB take as long over a line of 200 kbit/s.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// What requests under way get to end in when the collector is told to stop.
pub(crate) const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// How long a connection to the database waits for another's lock. Only backups and other programs ever hold one.
pub(crate) const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// Least time between two events to one dashboard: five a second are as live as eyes can follow.
pub(crate) const LIVE_PAUSE: Duration = Duration::from_millis(200);

/// Silence after which a dashboard's stream gets a comment, so that proxies keep it open.
pub(crate) const LIVE_KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Dashboards that listen at once. Each holds a connection for as long as it is open, and the intake needs most of them.
pub(crate) const LISTENERS: usize = 64;

/// Origins whose first refusal is logged: more than an operator forgets, fewer than fill a log.
pub(crate) const LOGGED_ORIGINS: usize = 64;

/// Bytes of attributes and resources that one list of records or one view holds; the row that reaches it is the last.
pub(crate) const LISTED_BYTES: usize = 8 * 1024 * 1024;

/// Records that `/api/records` gives at most.
pub(crate) const LISTED_RECORDS: u32 = 1000;

/// Records that `/api/records` gives when not told.
pub(crate) const LISTED_RECORDS_DEFAULT: u32 = 100;

/// Rows of one view's waterfall: far more than an agent sends of one, see `REPEATS` and `RESOURCES` there.
pub(crate) const VIEW_ROWS: u32 = 2000;

/// Spans that are read of the traces of one view, besides its own: some ten services with a hundred spans each.
pub(crate) const TRACE_SPANS: u32 = 1000;

/// Domains in one list of third parties: ten screens of them, and the first are those that matter.
pub(crate) const LISTED_DOMAINS: u32 = 200;

/// How often one record may say that an error has happened again. A page that throws in every frame for an hour is below it, and
/// one record that says more would outweigh all others.
pub(crate) const REPEATS: f64 = 1_000_000.0;

/// Services that the dashboard offers to choose from: the first that ever sent something.
pub(crate) const LISTED_SERVICES: u32 = 1000;

/// Groups in one list of errors: five screens of them.
pub(crate) const LISTED_ERRORS: u32 = 100;

/// Occurrences of one group that are listed, and from which its flags and cohorts are counted.
pub(crate) const LISTED_OCCURRENCES: u32 = 200;

/// Releases of a service in one list: more than anybody scrolls through.
pub(crate) const LISTED_RELEASES: u32 = 50;

/// Values in each of the other lists of one group: what a screen has room for.
pub(crate) const LISTED_VALUES: u32 = 12;

/// Bytes of a source map and its script as they arrive, compressed: no page has a bundle whose sources deflate to as much.
pub(crate) const MAP_BODY_BYTES: usize = 32 * 1024 * 1024;

/// Bytes of a source map and its script once decompressed.
pub(crate) const MAP_BYTES: usize = 128 * 1024 * 1024;

/// Source maps that are taken in at once: each may hold some three times [`MAP_BYTES`].
pub(crate) const MAP_UPLOADS: usize = 2;

/// From the headers of an upload to the end of its body: a source map of 32 MiB over a line of 5 Mbit/s.
pub(crate) const MAP_TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes of all source maps together, as stored. Over it the release whose upload is the longest ago goes.
pub(crate) const MAPS_STORED_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Bytes of the name of a release, a service or a file in an upload: longer than any path that a browser has in a stack.
pub(crate) const MAP_NAME_BYTES: usize = 1024;

/// Source maps that are opened for one stack. Few stacks lead through more than three bundles.
pub(crate) const MAPS_OPENED: usize = 12;

/// Stacks that are kept as they were resolved: opening a large map takes some hundred milliseconds, and a dashboard asks again at
/// each commit.
pub(crate) const RESOLVED_STACKS: usize = 64;

/// Lines of source shown before and after the one that is meant: enough to know the place again.
pub(crate) const CONTEXT_LINES: u32 = 3;

/// Letters shown of a line of source; one that has more is minified itself.
pub(crate) const CONTEXT_LETTERS: usize = 240;
