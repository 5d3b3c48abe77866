//! A client of the emulator: one HTTP request a connection, and the AWS calls that tests make, signed with
//! the SDK's signer.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningInstructions, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use serde_json::Value;

use crate::process::Emulator;

pub(crate) const REGION: &str = "us-east-1";
pub(crate) const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) session: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) type Headers = Vec<(String, String)>;

impl Keys {
    /// The user `ci` of every scenario here.
    pub(crate) fn ci() -> Self {
        Self::user(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        )
    }

    pub(crate) fn user(id: &str, secret: &str) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            session: None,
        }
    }
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .into_iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The text of an XML element.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        Some(text.replace("&quot;", "\"").replace("&amp;", "&"))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// AWS's error code, in whichever protocol it came.
    pub(crate) fn code(&self) -> String {
        let header = self.header("x-amzn-errortype").map(str::to_owned);
        header.or_else(|| self.element("Code")).unwrap_or_default()
    }
}

impl Emulator {
    /// One request without TLS, as a client sends it that is not a proxy's.
    pub(crate) fn send(&self, method: &str, target: &str, headers: &Headers, body: &str) -> Answer {
        Answer::parse(&self.try_send(method, target, headers, body).unwrap())
    }

    pub(crate) fn try_send(
        &self,
        method: &str,
        target: &str,
        headers: &Headers,
        body: &str,
    ) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// A signed request to a service.
    pub(crate) fn signed(
        &self,
        keys: &Keys,
        service: &str,
        host: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> Answer {
        let target = format!("/h/{host}{path}");
        let headers = self.sign(keys, service, method, &target, body, now());
        self.send(method, &target, &headers, body)
    }

    /// Returns what the signer adds to a request.
    pub(crate) fn sign(
        &self,
        keys: &Keys,
        service: &str,
        method: &str,
        target: &str,
        body: &str,
        time: SystemTime,
    ) -> Headers {
        let signed = self.instructions(keys, service, (method, target, body), time, None);
        let headers = signed.headers();
        headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The target with the signature in its query.
    pub(crate) fn presign(
        &self,
        keys: &Keys,
        service: &str,
        method: &str,
        target: &str,
        time: SystemTime,
    ) -> String {
        let minute = Duration::from_secs(60);
        let signed = self.instructions(keys, service, (method, target, ""), time, Some(minute));
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in signed.params() {
            query.append_pair(name, value);
        }
        format!("{target}&{}", query.finish())
    }

    /// With `expires_in` the signature goes into the query.
    fn instructions(
        &self,
        keys: &Keys,
        service: &str,
        (method, target, body): (&str, &str, &str),
        time: SystemTime,
        expires_in: Option<Duration>,
    ) -> SigningInstructions {
        let identity =
            Credentials::new(&keys.id, &keys.secret, keys.session.clone(), None, "tests").into();
        let mut settings = SigningSettings::default();
        settings.expires_in = expires_in;
        if expires_in.is_some() {
            settings.signature_location = SignatureLocation::QueryParams;
        }
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(service)
            .time(time)
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let url = format!("http://{}{target}", self.address);
        let body = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new(method, url, std::iter::empty(), body).unwrap();
        sign(request, &params).unwrap().into_parts().0
    }

    pub(crate) fn sts(&self, keys: &Keys, parameters: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Version", "2011-06-15")
            .extend_pairs(parameters);
        self.signed(
            keys,
            "sts",
            "sts.us-east-1.amazonaws.com",
            "POST",
            "/",
            &form.finish(),
        )
    }

    pub(crate) fn assume(&self, keys: &Keys, role: &str, more: &[(&str, &str)]) -> Answer {
        let base = [
            ("Action", "AssumeRole"),
            ("RoleArn", role),
            ("RoleSessionName", "codeartifact"),
        ];
        self.sts(keys, &[&base, more].concat())
    }

    /// A session of a role, which must be granted.
    pub(crate) fn session(&self, keys: &Keys, role: &str, more: &[(&str, &str)]) -> Keys {
        let answer = self.assume(keys, role, more);
        assert_eq!(answer.status, 200, "{answer:?}");
        keys_of(&answer)
    }

    pub(crate) fn codeartifact(&self, keys: &Keys, method: &str, path: &str) -> Answer {
        self.signed(
            keys,
            "codeartifact",
            "codeartifact.us-east-1.amazonaws.com",
            method,
            path,
            "",
        )
    }

    pub(crate) fn authorization(&self, keys: &Keys, query: &str) -> Answer {
        self.codeartifact(keys, "POST", &format!("/v1/authorization-token?{query}"))
    }

    /// An authorization token for my-domain, which must be granted.
    pub(crate) fn token(&self, keys: &Keys) -> String {
        let answer = self.authorization(
            keys,
            "domain=my-domain&domain-owner=111122223333&duration=900",
        );
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["authorizationToken"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A package manager's request.
    pub(crate) fn package(&self, method: &str, host: &str, path: &str, token: &str) -> Answer {
        let headers = vec![("Authorization".to_owned(), format!("Bearer {token}"))];
        self.send(method, &format!("/h/{host}{path}"), &headers, "")
    }

    pub(crate) fn read(&self, token: &str) -> Answer {
        self.package("GET", HOST, "/npm/my-repo/my-package", token)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "clients have a clock of their own"
)]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

pub(crate) fn keys_of(answer: &Answer) -> Keys {
    let element = |name| {
        answer
            .element(name)
            .unwrap_or_else(|| panic!("no {name}: {answer:?}"))
    };
    Keys {
        id: element("AccessKeyId"),
        secret: element("SecretAccessKey"),
        session: Some(element("SessionToken")),
    }
}
