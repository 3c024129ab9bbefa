//! The collector: receives what agents send, stores it once, and shows it. One binary with an embedded database and
//! dashboard, for a laptop, a CI job or a small site.
//!
//! `app` is the whole of it as a service, `Store` what it keeps; a test needs no more than these two and no socket.

mod admission;
mod api;
mod app;
mod arrival;
mod attributes;
mod authority;
mod beacon;
mod body;
mod budget;
mod capture;
mod clock;
mod clocks;
mod counts;
mod dashboard;
mod decode;
mod error_api;
mod error_group;
mod error_groups;
mod error_state;
mod error_sums;
mod fault;
mod fingerprint;
mod form;
mod gaps;
mod group;
mod health;
mod host;
mod identity;
mod insert;
mod limits;
mod live;
mod malformed;
mod occurrence;
mod options;
mod original;
mod original_name;
mod origin;
mod otlp;
mod overview;
mod parties;
mod percentile;
mod readers;
mod record;
mod records;
mod refusal;
mod releases;
mod resolved;
mod retold;
mod row;
mod runs;
mod schema;
mod serve;
mod short;
mod signal;
mod site;
mod source_map_files;
mod source_map_intake;
mod source_map_names;
mod source_map_upload;
mod source_maps;
mod stack;
mod store;
mod summaries;
mod thresholds;
mod trace;
mod tree;
mod user_agent;
mod view;
mod weight;
mod writer;

#[cfg(test)]
mod budget_story;
#[cfg(test)]
mod error_story;
#[cfg(test)]
mod sampled;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod traced;

pub use app::{Settings, app};
pub use budget::Budget;
pub use decode::decode;
pub use options::{Command, Options, ServeOptions, SourceMaps, UploadOptions};
pub use records::StoredRecord;
pub use serve::{Bounds as ServeBounds, serve};
pub use source_map_upload::upload;
pub use store::{FILE, OpenError, Store};
