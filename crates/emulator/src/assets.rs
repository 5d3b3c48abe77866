//! The asset host, which is S3 behind presigned URLs: no token may come here, and a URL presigned for GET
//! answers 403 to HEAD.

use bytes::Bytes;
use http::{Method, Response};

use crate::call::Call;
use crate::emulator::Emulator;
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::service::Service;

pub(crate) struct AssetHost;

impl Service for AssetHost {
    fn action(&self, _call: &Call) -> String {
        "asset".to_owned()
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        _entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        if call.header("authorization").is_some() {
            let text = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query \
                        string parameter or the Authorization header should be specified";
            return Err(Refusal::new(400, "InvalidArgument", text));
        }
        if call.request.method() == Method::HEAD {
            return Err(Refusal::new(
                403,
                "SignatureDoesNotMatch",
                "the URL is presigned for GET",
            ));
        }
        let missing = || Refusal::new(404, "NoSuchKey", "The specified key does not exist.");
        let mut parts = call.path.trim_start_matches('/').splitn(4, '/');
        let mut next = || parts.next().ok_or_else(missing);
        let (owner, domain, repository, rest) = (next()?, next()?, next()?, next()?);
        let account = emulator.scenario.accounts.get(owner);
        let domain = account.and_then(|account| account.domains.get(domain));
        let repository = domain
            .and_then(|domain| domain.repositories.get(repository))
            .ok_or_else(missing)?;
        Ok(repository.packages.asset(rest, call.request.method()))
    }

    /// S3's error document.
    fn render(&self, refusal: Refusal, _request_id: &str) -> Response<Bytes> {
        let (code, message) = (
            reply::escape(&refusal.code),
            reply::escape(&refusal.message),
        );
        reply::xml(
            refusal.status,
            format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>\n"),
        )
    }
}
