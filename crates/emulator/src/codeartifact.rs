//! CodeArtifact's own API over REST-JSON: authorization tokens, endpoints, and what setup and diagnosis ask.
//! Packages are not served here but by `repository`.

mod authorization_token;
mod describe;

use std::rc::Rc;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::Value;

use crate::call::Call;
use crate::credentials::Credentials;
use crate::emulator::Emulator;
use crate::faults::Kind;
use crate::iam::{Context, Denial, Policy, Resource};
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::scenario;
use crate::signature::{self, Dialect, Scope};
use crate::tokens::Domain;

/// What a request asks for, such as `codeartifact:GetAuthorizationToken`.
pub(crate) fn action(call: &Call) -> &'static str {
    match (call.request.method(), call.path.trim_end_matches('/')) {
        (&Method::POST, "/v1/authorization-token") => "codeartifact:GetAuthorizationToken",
        (&Method::GET, "/v1/repository/endpoint") => "codeartifact:GetRepositoryEndpoint",
        (&Method::GET, "/v1/domain") => "codeartifact:DescribeDomain",
        (&Method::GET, "/v1/repository") => "codeartifact:DescribeRepository",
        (&Method::POST, "/v1/domains") => "codeartifact:ListDomains",
        (&Method::POST, "/v1/domain/repositories") => "codeartifact:ListRepositoriesInDomain",
        _ => "codeartifact:Unknown",
    }
}

pub(crate) fn answer(
    emulator: &Emulator,
    call: &Call,
    region: &str,
    entry: &mut Entry,
) -> Result<Response<Bytes>, Refusal> {
    let scope = Scope {
        service: "codeartifact",
        region,
    };
    let signer = signature::verify(call, &emulator.keys, &scope, Dialect::Json)?;
    entry.note_signer(&signer);
    for (field, name) in [
        ("domain", "domain"),
        ("domain_owner", "domain-owner"),
        ("repository", "repository"),
        ("duration", "duration"),
    ] {
        entry.parameter(field, call.parameter(name));
    }
    let query = Query {
        emulator,
        call,
        region,
        signer,
        action: action(call),
    };
    let body = match query.action {
        "codeartifact:GetAuthorizationToken" => authorization_token::get(&query, entry)?,
        "codeartifact:GetRepositoryEndpoint" => describe::repository_endpoint(&query)?,
        "codeartifact:DescribeDomain" => describe::domain(&query)?,
        "codeartifact:DescribeRepository" => describe::repository(&query)?,
        "codeartifact:ListDomains" => describe::domains(&query)?,
        "codeartifact:ListRepositoriesInDomain" => describe::repositories(&query)?,
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

/// How CodeArtifact says that there were too many requests, or that it failed.
pub(crate) fn fault(kind: Kind, status: Option<u16>) -> Refusal {
    match kind {
        Kind::Throttle => Refusal::new(429, "ThrottlingException", "Rate exceeded"),
        _ => Refusal::new(
            status.unwrap_or(500),
            "InternalServerException",
            "The operation did not succeed because of an internal error.",
        ),
    }
}

/// A signed call to the API.
struct Query<'a> {
    emulator: &'a Emulator,
    call: &'a Call,
    region: &'a str,
    signer: Rc<Credentials>,
    action: &'static str,
}

impl<'a> Query<'a> {
    /// The domain that is asked about, whether it exists or not.
    fn domain(&self) -> Result<Domain, Refusal> {
        let name = self.required("domain")?;
        check(scenario::is_domain(&name), "domain")?;
        let owner = self
            .call
            .parameter("domain-owner")
            .unwrap_or_else(|| self.signer.principal.account.clone());
        check(scenario::is_account_id(&owner), "domainOwner")?;
        Ok(Domain {
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
    fn existing(&self, domain: &Domain) -> Result<&'a scenario::Domain, Refusal> {
        self.emulator.domain(domain).ok_or_else(|| {
            not_found(
                &format!("Domain not found. Domain name: {}", domain.name),
                "domain",
                &domain.name,
            )
        })
    }

    fn context(&self) -> Context {
        let mut context = self.signer.principal.context(&self.emulator.scenario);
        self.emulator.describe_request(&mut context);
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
    fn require_domain(&self, domain: &Domain) -> Result<(), Refusal> {
        let policy = self
            .emulator
            .domain(domain)
            .and_then(|known| known.policy.as_ref());
        self.require(
            self.action,
            &domain.arn(),
            &domain.owner,
            policy,
            &self.context(),
        )
    }

    /// The same for this call's own action on a repository.
    fn require_repository(&self, domain: &Domain, repository: &str) -> Result<(), Refusal> {
        let known = self
            .emulator
            .domain(domain)
            .and_then(|known| known.repositories.get(repository));
        let policy = known.and_then(|known| known.policy.as_ref());
        self.require(
            self.action,
            &domain.repository_arn(repository),
            &domain.owner,
            policy,
            &self.context(),
        )
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

/// One page of a list, in the way that all of AWS's list calls turn them.
fn page(mut items: Vec<Value>, name: &str, max: Option<usize>, token: Option<&str>) -> Value {
    let from = token
        .and_then(|token| token.parse().ok())
        .unwrap_or(0)
        .min(items.len());
    let rest = items.split_off(from);
    let size = max.unwrap_or(1000).max(1);
    let next = (rest.len() > size).then(|| (from + size).to_string());
    let items: Vec<Value> = rest.into_iter().take(size).collect();
    let mut body = serde_json::Map::from_iter([(name.to_owned(), Value::Array(items))]);
    body.extend(next.map(|next| ("nextToken".to_owned(), Value::String(next))));
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_turn() {
        let items = || vec![json!(1), json!(2), json!(3)];
        for (max, token, expected) in [
            (None, None, json!({"items": [1, 2, 3]})),
            (Some(2), None, json!({"items": [1, 2], "nextToken": "2"})),
            (Some(2), Some("2"), json!({"items": [3]})),
            (Some(3), None, json!({"items": [1, 2, 3]})),
            (None, Some("9"), json!({"items": []})),
        ] {
            assert_eq!(
                page(items(), "items", max, token),
                expected,
                "{max:?} {token:?}"
            );
        }
    }
}
