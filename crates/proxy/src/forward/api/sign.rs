//! A call to CodeArtifact's API, signed as the session of the connection's last role (Signature Version 4).

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use codeartifact_auth::minter::AwsSession;
use http::{Method, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::forward::body::{self, Body, Error};

/// All but the unreserved characters, as the signature has them.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A call without a body.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) query: Vec<(&'static str, &'a str)>,
}

impl Call<'_> {
    pub(super) fn sign(
        &self,
        session: &AwsSession,
        region: &str,
        now: SystemTime,
    ) -> Result<Request<Body>, Error> {
        let url = self.url(&session.endpoint);
        let identity = Credentials::new(
            session.access_key_id.clone(),
            session.secret_access_key.expose().to_owned(),
            session
                .session_token
                .as_ref()
                .map(|token| token.expose().to_owned()),
            None,
            "codeartifact",
        )
        .into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name("codeartifact")
            .time(now)
            .settings(SigningSettings::default())
            .build()?
            .into();
        let nothing = SignableBody::Bytes(&[]);
        let signable = SignableRequest::new(self.method.as_str(), &url, [].into_iter(), nothing)?;
        let (instructions, _) = sign(signable, &parameters)?.into_parts();
        let mut request = Request::new(body::empty());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = url.parse()?;
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    fn url(&self, endpoint: &str) -> String {
        let pairs = self.query.iter();
        let pairs: Vec<_> = pairs
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, ENCODED)))
            .collect();
        format!("{endpoint}{}?{}", self.path, pairs.join("&"))
    }
}
