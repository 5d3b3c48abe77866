//! A signed call to the API: its parameters, and whether its caller may do it.

use std::rc::Rc;

use crate::call::Call;
use crate::credentials::Credentials;
use crate::domain::DomainId;
use crate::emulator::Emulator;
use crate::iam::{Context, Denial, Policy, Resource};
use crate::reply::Refusal;
use crate::scenario;

/// A signed call to the API.
pub(super) struct Query<'a> {
    pub(super) emulator: &'a Emulator,
    pub(super) call: &'a Call,
    pub(super) region: &'a str,
    pub(super) signer: Rc<Credentials>,
    pub(super) action: String,
}

impl<'a> Query<'a> {
    /// The domain that is asked about, whether it exists or not.
    pub(super) fn domain(&self) -> Result<DomainId, Refusal> {
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

    pub(super) fn repository(&self) -> Result<String, Refusal> {
        let name = self.required("repository")?;
        check(scenario::is_repository(&name), "repository")?;
        Ok(name)
    }

    pub(super) fn required(&self, name: &'static str) -> Result<String, Refusal> {
        let missing = || invalid(format!("'{name}' is required"));
        self.call.parameter(name).ok_or_else(missing)
    }

    /// The scenario's domain, or AWS's answer when there is none.
    pub(super) fn existing(
        &self,
        domain: &DomainId,
    ) -> Result<&'a scenario::ScenarioDomain, Refusal> {
        self.emulator.domain(domain).ok_or_else(|| {
            not_found(
                &format!("Domain not found. Domain name: {}", domain.name),
                "domain",
                &domain.name,
            )
        })
    }

    pub(super) fn context(&self) -> Context {
        let mut context = self.emulator.context(&self.signer.principal);
        context.set("aws:RequestedRegion", self.region);
        context
    }

    /// Fails unless the caller may do `action` to the resource of that account.
    pub(super) fn require(
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
    pub(super) fn require_domain(&self, domain: &DomainId) -> Result<(), Refusal> {
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
    pub(super) fn require_repository(
        &self,
        domain: &DomainId,
        repository: &str,
    ) -> Result<(), Refusal> {
        self.require_in(domain, repository, &domain.repository_arn(repository))
    }

    /// The same on what the policy of a repository is for.
    pub(super) fn require_in(
        &self,
        domain: &DomainId,
        repository: &str,
        arn: &str,
    ) -> Result<(), Refusal> {
        let known = self
            .emulator
            .domain(domain)
            .and_then(|known| known.repositories.get(repository));
        let policy = known.and_then(|known| known.policy.as_ref());
        self.require(&self.action, arn, &domain.owner, policy, &self.context())
    }

    /// The same for this call's own action on a package; `path` is format, namespace and name.
    pub(super) fn require_package(
        &self,
        domain: &DomainId,
        repository: &str,
        path: &str,
    ) -> Result<(), Refusal> {
        self.require_in(domain, repository, &domain.package_arn(repository, path))
    }
}

pub(super) fn denied(caller: &str, action: &str, arn: &str, denial: &Denial) -> Refusal {
    let because = denial.because(action);
    let text = format!(
        "User: {caller} is not authorized to perform: {action} on resource: {arn} {because}"
    );
    Refusal::new(403, "AccessDeniedException", text).reason(format!("{action}: {denial}"))
}

pub(super) fn not_found(text: &str, kind: &str, id: &str) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", text)
        .member("resourceId", id)
        .member("resourceType", kind)
}

pub(super) fn check(holds: bool, member: &str) -> Result<(), Refusal> {
    if holds {
        Ok(())
    } else {
        Err(invalid(format!("'{member}' has an illegal value")))
    }
}

pub(super) fn invalid(text: String) -> Refusal {
    let text = format!("1 validation error detected: {text}");
    Refusal::new(400, "ValidationException", text).member("reason", "FIELD_VALIDATION_FAILED")
}
