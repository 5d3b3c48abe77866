//! Keys, where they come from, and what they sign.

use std::time::SystemTime;

use anyhow::Context;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

/// Header names and values.
pub(crate) type Headers = Vec<(String, String)>;

pub(crate) struct Credentials(aws_credential_types::Credentials);

impl Credentials {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program of its own, without our crates"
    )]
    pub(crate) fn from_environment() -> anyhow::Result<Self> {
        let read = |name| std::env::var(name).context(name);
        Ok(Self::new(
            &read("AWS_ACCESS_KEY_ID")?,
            &read("AWS_SECRET_ACCESS_KEY")?,
            None,
        ))
    }

    /// Of an AssumeRole's answer.
    pub(crate) fn from_xml(text: &str) -> anyhow::Result<Self> {
        let session = element(text, "SessionToken")?;
        Ok(Self::new(
            element(text, "AccessKeyId")?,
            element(text, "SecretAccessKey")?,
            Some(session),
        ))
    }

    fn new(id: &str, secret: &str, session: Option<&str>) -> Self {
        let session = session.map(str::to_owned);
        let keys = aws_credential_types::Credentials::new(id, secret, session, None, "bench");
        Self(keys)
    }

    /// The headers that sign a POST.
    #[expect(
        clippy::disallowed_methods,
        reason = "a program of its own, without our crates"
    )]
    pub(crate) fn sign(
        &self,
        region: &str,
        service: &str,
        host: &str,
        target: &str,
        body: &str,
    ) -> anyhow::Result<Headers> {
        let identity = self.0.clone().into();
        let settings = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let url = format!("https://{host}{target}");
        let body = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new("POST", url, std::iter::empty(), body)?;
        let (instructions, _) = sign(request, &settings)?.into_parts();
        let headers = instructions.headers();
        Ok(headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}

fn element<'a>(text: &'a str, name: &str) -> anyhow::Result<&'a str> {
    let inner = text.split_once(&format!("<{name}>"));
    let inner = inner.and_then(|(_, rest)| rest.split_once("</"));
    Ok(inner.with_context(|| format!("no {name} in {text}"))?.0)
}
