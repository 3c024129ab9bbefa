//! The dashboard's files, within the binary. In a debug build they are read from the disk, so it need not be built again.

use crate::app::Collector;
use crate::form::Form;
use crate::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../../dist/dashboard"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";

/// A file of the dashboard.
pub(crate) async fn show(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH);
    find::<Files>(request.uri().path(), known).unwrap_or_else(|refusal| collector.refuse(&refusal, Form::Text))
}

/// The file of that path, or the page itself for the paths that the page understands.
fn find<F: RustEmbed>(path: &str, known: Option<&HeaderValue>) -> Result<Response, Refusal> {
    let page = matches!(path, "/" | "/errors") || path.starts_with("/views/") || path.starts_with("/errors/");
    let name = if page { INDEX } else { path.trim_start_matches('/') };
    let absent = || if page { Refusal::DashboardAbsent } else { Refusal::PathUnknown { path: path.to_owned() } };
    let file = F::get(name).ok_or_else(absent)?;
    let tag = tag(&file);
    let unchanged = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let headers = [
        (header::CONTENT_TYPE, file.metadata.mimetype().to_owned()),
        // The names of the files stay while their contents change, so browsers ask each time.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, tag),
    ];
    Ok(if unchanged {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, file.data).into_response()
    })
}

fn tag(file: &EmbeddedFile) -> String {
    let [a, b, c, d, e, f, g, h, ..] = file.metadata.sha256_hash();
    format!("\"{:016x}\"", u64::from_be_bytes([a, b, c, d, e, f, g, h]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This room's own files stand in for a dashboard, which may or may not be built.
    #[derive(RustEmbed)]
    #[folder = "."]
    struct Room;

    fn check(path: &str, expected: Result<&str, Refusal>) {
        let found = find::<Room>(path, None).map(|response| response.headers()[header::CONTENT_TYPE].clone());
        assert_eq!(found, expected.map(|content_type| HeaderValue::from_str(content_type).unwrap()), "{path}");
    }

    #[test]
    fn files_are_found_and_nothing_outside_the_folder() {
        check("/lib.rs", Ok("text/x-rust"));
        check("/none.js", Err(Refusal::PathUnknown { path: "/none.js".to_owned() }));
        for path in ["/../wire/lib.rs", "//etc/passwd", "/%2e%2e/wire/lib.rs"] {
            check(path, Err(Refusal::PathUnknown { path: path.to_owned() }));
        }
        for path in ["/", "/views/1234", "/errors", "/errors/0123456789abcdef"] {
            check(path, Err(Refusal::DashboardAbsent));
        }
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let first = find::<Room>("/lib.rs", None).unwrap();
        let again = find::<Room>("/lib.rs", first.headers().get(header::ETAG)).unwrap();
        assert_eq!((first.status(), again.status()), (StatusCode::OK, StatusCode::NOT_MODIFIED));
    }
}
