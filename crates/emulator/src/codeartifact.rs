//! CodeArtifact's own API over REST-JSON: authorization tokens, endpoints, and what setup and diagnosis ask.
//! Packages are not served here but by `repository_host`, except for generic ones, which have no other way.

mod assets;
mod authorization_token;
mod describe;
mod generic;
mod page;
mod query;

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use crate::call::Call;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::service::{Service, json_fault};
use crate::signature::{self, Dialect, SignatureScope};
use query::Query;

pub(crate) struct CodeArtifact {
    pub(crate) region: String,
}

impl Service for CodeArtifact {
    fn action(&self, call: &Call) -> String {
        format!("codeartifact:{}", operation(call))
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let scope = SignatureScope {
            service: "codeartifact",
            region: &self.region,
        };
        let signer = signature::verify(call, &emulator.keys, &scope, Dialect::Json)?;
        entry.note_signer(&signer);
        note(call, entry);
        let account = &signer.principal.account;
        let spent = emulator
            .quotas
            .spend(operation(call), account, &self.region);
        if let Err(most) = spent {
            let reason = format!("the quota of account {account}: {most} a second");
            return Err(json_fault(FaultKind::Throttle, None).reason(reason));
        }
        let query = Query {
            emulator,
            call,
            region: &self.region,
            signer,
            action: self.action(call),
        };
        let body = match operation(call) {
            "GetAuthorizationToken" => authorization_token::get(&query, entry)?,
            "GetRepositoryEndpoint" => describe::repository_endpoint(&query)?,
            "DescribeDomain" => describe::domain(&query)?,
            "DescribeRepository" => describe::repository(&query)?,
            "ListDomains" => describe::domains(&query)?,
            "ListRepositoriesInDomain" => describe::repositories(&query)?,
            "ListPackageVersions" => generic::versions(&query)?,
            "ListPackageVersionAssets" => assets::list(&query)?,
            "GetPackageVersionAsset" => return generic::asset(&query),
            "PublishPackageVersion" => generic::publish(&query)?,
            _ => {
                return Err(Refusal::new(
                    404,
                    "UnknownOperationException",
                    "this emulator does not know that operation",
                ));
            }
        };
        Ok(reply::json(StatusCode::OK, &body))
    }

    fn fault(&self, kind: FaultKind, status: Option<u16>) -> Refusal {
        json_fault(kind, status)
    }

    fn render(&self, refusal: Refusal, _request_id: &str) -> Response<Bytes> {
        refusal.into_json()
    }
}

/// The operation by its name in the service model, from method and path.
fn operation(call: &Call) -> &'static str {
    match (call.request.method(), call.path.trim_end_matches('/')) {
        (&Method::POST, "/v1/authorization-token") => "GetAuthorizationToken",
        (&Method::GET, "/v1/repository/endpoint") => "GetRepositoryEndpoint",
        (&Method::GET, "/v1/domain") => "DescribeDomain",
        (&Method::GET, "/v1/repository") => "DescribeRepository",
        (&Method::POST, "/v1/domains") => "ListDomains",
        (&Method::POST, "/v1/domain/repositories") => "ListRepositoriesInDomain",
        (&Method::POST, "/v1/package/versions") => "ListPackageVersions",
        (&Method::POST, "/v1/package/version/assets") => "ListPackageVersionAssets",
        (&Method::GET, "/v1/package/version/asset") => "GetPackageVersionAsset",
        (&Method::POST, "/v1/package/version/publish") => "PublishPackageVersion",
        _ => "Unknown",
    }
}

fn note(call: &Call, entry: &mut Entry) {
    for (field, name) in [
        ("domain", "domain"),
        ("domain_owner", "domain-owner"),
        ("repository", "repository"),
        ("duration", "duration"),
        ("package", "package"),
        ("version", "version"),
        ("asset", "asset"),
    ] {
        entry.parameter(field, call.parameter(name));
    }
}
