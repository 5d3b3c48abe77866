//! CodeArtifact's own API over REST-JSON: authorization tokens, endpoints, and what setup and diagnosis ask.
//! Packages are not served here but by `repository_host`, except for generic ones, which have no other way.

mod authorization_token;
mod describe;
mod generic;
mod page;

use std::rc::Rc;

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use crate::call::Call;
use crate::credentials::Credentials;
use crate::domain::DomainId;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::iam::{Context, Denial, Policy, Resource};
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::scenario;
use crate::service::{Service, json_fault};
use crate::signature::{self, Dialect, SignatureScope};

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
            "ListPackageVersionAssets" => generic::assets(&query)?,
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

/// A signed call to the API.
struct Query<'a> {
    emulator: &'a Emulator,
    call: &'a Call,
    region: &'a str,
    signer: Rc<Credentials>,
    action: String,
}

impl<'a> Query<'a> {
    /// The domain that is asked about, whether it exists or not.
    fn domain(&self) -> Result<DomainId, Refusal> {
        let name = self.required("domain")?;
        check(scenario::is_domain(&name), "domain")?;
        let owner = self
            .call
            .parameter("domain-owner")
            .unwrap_or_else(|| self.signer.principal.account.clone());
        check(scenario::is_account_id(&owner), "domainOwner")?;
        Ok(DomainId {
            name,
            owner,
            region: self.region.to_owned(),
        })
    }

    fn repository(&self) -> Result<String, Refusal> {
        let name = self.required("repository")?;
        check(scenario::is_repository(&name), "repository")?;
        Ok(name)
    }

    fn required(&self, name: &'static str) -> Result<String, Refusal> {
        let missing = || invalid(format!("'{name}' is required"));
        self.call.parameter(name).ok_or_else(missing)
    }

    /// The scenario's domain, or AWS's answer when there is none.
    fn existing(&self, domain: &DomainId) -> Result<&'a scenario::ScenarioDomain, Refusal> {
        self.emulator.domain(domain).ok_or_else(|| {
            not_found(
                &format!("Domain not found. Domain name: {}", domain.name),
                "domain",
                &domain.name,
            )
        })
    }

    fn context(&self) -> Context {
        let mut context = self.emulator.context(&self.signer.principal);
        context.set("aws:RequestedRegion", self.region);
        context
    }

    /// Fails unless the caller may do `action` to the resource of that account.
    fn require(
        &self,
        action: &str,
        arn: &str,
        account: &str,
        policy: Option<&Policy>,
        context: &Context,
    ) -> Result<(), Refusal> {
        let principal = &self.signer.principal;
        let resource = Resource {
            account,
            policy,
            policy_must_allow: false,
        };
        let decision = principal.decide(&self.emulator.scenario, action, arn, &resource, context);
        decision.map_err(|denial| denied(&principal.arn, action, arn, &denial))
    }

    /// The same for this call's own action on a domain.
    fn require_domain(&self, domain: &DomainId) -> Result<(), Refusal> {
        let policy = self
            .emulator
            .domain(domain)
            .and_then(|known| known.policy.as_ref());
        self.require(
            &self.action,
            &domain.arn(),
            &domain.owner,
            policy,
            &self.context(),
        )
    }

    /// The same for this call's own action on a repository.
    fn require_repository(&self, domain: &DomainId, repository: &str) -> Result<(), Refusal> {
        self.require_in(domain, repository, &domain.repository_arn(repository))
    }

    /// The same on what the policy of a repository is for.
    fn require_in(&self, domain: &DomainId, repository: &str, arn: &str) -> Result<(), Refusal> {
        let known = self
            .emulator
            .domain(domain)
            .and_then(|known| known.repositories.get(repository));
        let policy = known.and_then(|known| known.policy.as_ref());
        self.require(&self.action, arn, &domain.owner, policy, &self.context())
    }

    /// The same for this call's own action on a package; `path` is format, namespace and name.
    fn require_package(
        &self,
        domain: &DomainId,
        repository: &str,
        path: &str,
    ) -> Result<(), Refusal> {
        self.require_in(domain, repository, &domain.package_arn(repository, path))
    }
}

fn denied(caller: &str, action: &str, arn: &str, denial: &Denial) -> Refusal {
    let because = denial.because(action);
    let text = format!(
        "User: {caller} is not authorized to perform: {action} on resource: {arn} {because}"
    );
    Refusal::new(403, "AccessDeniedException", text).reason(format!("{action}: {denial}"))
}

fn not_found(text: &str, kind: &str, id: &str) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", text)
        .member("resourceId", id)
        .member("resourceType", kind)
}

fn check(holds: bool, member: &str) -> Result<(), Refusal> {
    if holds {
        Ok(())
    } else {
        Err(invalid(format!("'{member}' has an illegal value")))
    }
}

fn invalid(text: String) -> Refusal {
    let text = format!("1 validation error detected: {text}");
    Refusal::new(400, "ValidationException", text).member("reason", "FIELD_VALIDATION_FAILED")
}
