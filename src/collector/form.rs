//! How the sentence of a refusal is wrapped, so that the client's own reader of answers finds it.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prost::Message;
use serde_json::json;

/// What the client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The sentence itself.
    Text,
    /// `google.rpc.Status` in protobuf, which OTLP/HTTP asks for.
    OtlpProtobuf,
    /// The same in JSON.
    OtlpJson,
    /// `{"error": sentence}`, for the dashboard.
    Api,
}

/// `google.rpc.Status` without its details.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}

impl Form {
    pub(crate) fn response(self, status: StatusCode, sentence: String) -> Response {
        let (content_type, body) = match self {
            Self::Text => ("text/plain; charset=utf-8", Body::from(sentence)),
            Self::Api => ("application/json", Body::from(json!({ "error": sentence }).to_string())),
            Self::OtlpJson => {
                ("application/json", Body::from(json!({ "code": rpc_code(status), "message": sentence }).to_string()))
            }
            Self::OtlpProtobuf => {
                let message = RpcStatus { code: rpc_code(status), message: sentence }.encode_to_vec();
                ("application/x-protobuf", Body::from(message))
            }
        };
        (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
    }
}

/// The canonical code of gRPC for a status.
fn rpc_code(status: StatusCode) -> i32 {
    match status.as_u16() {
        403 => 7,
        404 => 5,
        405 => 12,
        408 => 4,
        413 => 8,
        503 => 14,
        500 => 13,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    async fn check(form: Form, content_type: &str, body: &[u8]) {
        let response = form.response(StatusCode::PAYLOAD_TOO_LARGE, "No.".to_owned());
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(response.headers()[header::CONTENT_TYPE], content_type);
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), body);
    }

    #[tokio::test]
    async fn each_form_has_its_type_and_bytes() {
        check(Form::Text, "text/plain; charset=utf-8", b"No.").await;
        check(Form::Api, "application/json", br#"{"error":"No."}"#).await;
        check(Form::OtlpJson, "application/json", br#"{"code":8,"message":"No."}"#).await;
        check(Form::OtlpProtobuf, "application/x-protobuf", b"\x08\x08\x12\x03No.").await;
    }
}
