//! What the dashboard asks of errors, and the one thing that it may change: whether an error is mended.

use crate::api::{Asked, Shared, answer, range_of, unpack};
use crate::app::Collector;
use crate::authority;
use crate::body;
use crate::clock;
use crate::error_group::ErrorGroup;
use crate::error_groups::{Groups, OWN, Sort, Wanted};
use crate::error_state::{self, Change};
use crate::form::Form;
use crate::limits;
use crate::refusal::Refusal;
use crate::summaries::Scope;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

/// Origins of errors that the wire knows, and the page's own.
const ORIGINS: [&str; 4] = [OWN, "third-party", "extension", "cross-origin"];

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default = "default_range")]
    range: String,
    service: Option<String>,
    origin: Option<String>,
    /// `open` or `resolved`.
    state: Option<StateName>,
    #[serde(default)]
    sort: Sort,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum StateName {
    /// Also what was seen again.
    Open,
    Resolved,
}

#[derive(Deserialize)]
pub(crate) struct GroupQuery {
    #[serde(default = "default_range")]
    range: String,
    service: Option<String>,
    /// The occurrence to show.
    record: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ChangeBody {
    service: Option<String>,
    #[serde(flatten)]
    change: Change,
}

fn default_range() -> String {
    "24h".to_owned()
}

pub(crate) async fn list(State(collector): Shared, query: Asked<ListQuery>) -> Response {
    let asked = unpack(query).and_then(|query| {
        let origin = query.origin.clone().filter(|origin| !origin.is_empty());
        if let Some(found) = origin.clone().filter(|origin| !ORIGINS.contains(&origin.as_str())) {
            return Err(Refusal::OriginUnknown { found });
        }
        let is_resolved = query.state.map(|state| state == StateName::Resolved);
        let wanted = Wanted { origin, is_resolved, sort: query.sort, most: limits::LISTED_ERRORS as usize };
        Ok((range_of(&query.range)?, query.service.filter(|service| !service.is_empty()), wanted))
    });
    let (range, service, wanted) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return collector.refuse(&refusal, Form::Api),
    };
    answer(&collector, move |connection| {
        Groups::query(&Scope { connection, range, service: service.as_deref() }, &wanted).map(Ok)
    })
    .await
}

pub(crate) async fn group(State(collector): Shared, Path(fingerprint): Path<String>, query: Asked<GroupQuery>) -> Response {
    let asked = unpack(query).and_then(|query| Ok((range_of(&query.range)?, query)));
    let (range, GroupQuery { service, record, .. }) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return collector.refuse(&refusal, Form::Api),
    };
    let shared = collector.clone();
    answer(&collector, move |connection| {
        let named = service.as_deref().filter(|service| !service.is_empty());
        let found = match error_state::service_of(connection, &fingerprint, named)? {
            Some(service) => {
                let scope = Scope { connection, range, service: Some(&service) };
                ErrorGroup::query(&scope, &service, &fingerprint, record.as_deref(), &shared.resolved)?
            }
            None => None,
        };
        Ok(found.ok_or(Refusal::ErrorUnknown { fingerprint }))
    })
    .await
}

/// The body, within the bounds of size and time that all bodies have.
async fn read(collector: &Collector, request: Request) -> Result<ChangeBody, Refusal> {
    const JSON: &[u8] = b"application/json";
    let (head, body) = request.into_parts();
    let kind = head.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.get(..JSON.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(JSON)) {
        return Err(Refusal::ChangeUnreadable { cause: "its Content-Type is not application/json".to_owned() });
    }
    let body = body::receive(body, collector.settings.bounds()).await?;
    serde_json::from_slice(&body).map_err(|error| Refusal::ChangeUnreadable { cause: error.to_string() })
}

/// Says that an error is mended, or takes it back.
pub(crate) async fn change(State(collector): Shared, Path(fingerprint): Path<String>, request: Request) -> Response {
    let ChangeBody { service, change } = match read(&collector, request).await {
        Ok(body) => body,
        Err(refusal) => return collector.refuse(&refusal, Form::Api),
    };
    let now_ms = clock::now_ms();
    let id = fingerprint.clone();
    let changed = collector.store.change(move |connection| {
        match error_state::service_of(connection, &id, service.as_deref().filter(|service| !service.is_empty()))? {
            Some(service) => change.make(connection, &service, &id, now_ms),
            None => Ok(false),
        }
    });
    match changed.await {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => collector.refuse(&Refusal::ErrorUnknown { fingerprint }, Form::Api),
        Err(refusal) => collector.refuse(&refusal, Form::Api),
    }
}

/// Lets no page change anything but the dashboard itself: a browser says of each such request whose page it is from. Who may
/// send records may not by that.
pub(crate) async fn admit(State(collector): State<Arc<Collector>>, request: Request, next: Next) -> Response {
    match foreign(request.headers()) {
        Some(origin) => collector.refuse(&Refusal::PageForeign { origin }, Form::Api),
        None => next.run(request).await,
    }
}

/// The origin of a page that is not of the collector's own; a program that is no browser has none.
fn foreign(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let origin = text(header::ORIGIN);
    // It is the browser's own word, and stays right where a proxy has changed the host.
    match (text(header::HeaderName::from_static("sec-fetch-site")).as_deref(), origin) {
        (Some("same-origin"), _) | (None, None) => None,
        (_, None) => Some("another site".to_owned()),
        (Some(_), Some(origin)) => Some(origin),
        (None, Some(origin)) => (!authority::is_own(&origin, headers)).then_some(origin),
    }
}
