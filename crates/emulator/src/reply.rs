//! Answers as AWS words them: a refusal is one thing, rendered as XML, JSON or plain text by the service that speaks
//! that protocol. The true reason of a refusal stays with it for the journal and never leaves on the wire.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

/// A refusal, before it is put in a protocol's words.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    /// The true cause, for the journal; empty when the message says it all.
    pub(crate) reason: Box<str>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Further members of a JSON error.
    pub(crate) members: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(crate) fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: code.into(),
            message: message.into(),
            reason: Box::default(),
            headers: Vec::new(),
            members: Vec::new(),
        }
    }

    pub(crate) fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into().into();
        self
    }

    pub(crate) fn member(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A REST-JSON error, as CodeArtifact and SSO send it.
    pub(crate) fn into_json(self) -> Response<Bytes> {
        let members = self
            .members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Value::String(value)));
        // A made-up code may be none that a header can have. Clients read it here as well (awsJson's `__type`).
        let is_for_body = HeaderValue::from_str(&self.code).is_err();
        let code = is_for_body.then(|| ("__type".to_owned(), Value::String(self.code.to_string())));
        let body: serde_json::Map<_, _> = [("message".to_owned(), Value::String(self.message))]
            .into_iter()
            .chain(members)
            .chain(code)
            .collect();
        let mut response = json(self.status, &Value::Object(body));
        set(&mut response, "x-amzn-errortype", &self.code);
        set_all(&mut response, &self.headers);
        response
    }

    /// Plain text, as repositories answer package managers.
    pub(crate) fn into_text(self) -> Response<Bytes> {
        let mut response = text(self.status, &format!("{}\n", self.message));
        set_all(&mut response, &self.headers);
        response
    }
}

pub(crate) fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    typed(status, "application/json", body.to_string())
}

pub(crate) fn xml(status: StatusCode, body: String) -> Response<Bytes> {
    typed(status, "text/xml", body)
}

pub(crate) fn text(status: StatusCode, body: &str) -> Response<Bytes> {
    typed(status, "text/plain; charset=utf-8", body.to_owned())
}

fn typed(status: StatusCode, media_type: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// Sets a header; a value that is no header value is left out.
pub(crate) fn set(response: &mut Response<Bytes>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
}

pub(crate) fn set_all(response: &mut Response<Bytes>, headers: &[(&'static str, String)]) {
    for (name, value) in headers {
        set(response, name, value);
    }
}

/// Escapes text for XML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_never_leaves() {
        let refusal = || {
            Refusal::new(403, "AccessDeniedException", "User: x is not authorized")
                .reason("wrong external id")
        };
        for response in [refusal().into_json(), refusal().into_text()] {
            assert_eq!(response.status(), 403);
            assert!(!String::from_utf8_lossy(response.body()).contains("external id"));
        }
        assert_eq!(
            refusal().into_json().headers()["x-amzn-errortype"],
            "AccessDeniedException"
        );
    }

    #[test]
    fn json_errors_carry_their_members() {
        let refusal =
            Refusal::new(404, "ResourceNotFoundException", "no").member("resourceType", "domain");
        assert_eq!(
            refusal.into_json().body(),
            r#"{"message":"no","resourceType":"domain"}"#
        );
    }
}
