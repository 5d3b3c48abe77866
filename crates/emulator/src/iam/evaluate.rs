//! The decision: identity policies, a session policy and a resource's own policy, as IAM combines them.
//! An explicit Deny wins; a denial says which policy it came from and what came nearest to allowing.

use super::policy::Policy;
use super::principal::{Directness, Identity};
use super::question::{Denial, DenialCause, Question};
use super::scan::Scan;

/// A caller with the policies that go with it.
pub(crate) struct Subject<'a> {
    pub(crate) identity: Identity<'a>,
    pub(crate) policies: &'a [Policy],
    pub(crate) session_policy: Option<&'a Policy>,
}

/// A resource's account, and its own policy if it has one.
pub(crate) struct Resource<'a> {
    pub(crate) account: &'a str,
    pub(crate) policy: Option<&'a Policy>,
    /// A role cannot be assumed unless its trust policy allows it, even within one account.
    pub(crate) policy_must_allow: bool,
}

/// Decides if `subject` may do what `question` asks to `resource`.
pub(crate) fn decide(
    subject: &Subject<'_>,
    resource: &Resource<'_>,
    question: &Question<'_>,
) -> Result<(), Denial> {
    let identity = Scan::over(subject.policies, question, None);
    let session = subject
        .session_policy
        .map(|policy| Scan::over(std::slice::from_ref(policy), question, None));
    let own = Scan::over(
        resource.policy.map_or(&[], std::slice::from_ref),
        question,
        Some(&subject.identity),
    );

    identity.check_deny(DenialCause::IdentityDenies)?;
    own.check_deny(DenialCause::ResourceDenies)?;
    if let Some(session) = &session {
        session.check_deny(DenialCause::SessionDenies)?;
    }

    let foreign = resource.account != subject.identity.account;
    if own.allows.is_none() && (foreign || resource.policy_must_allow) {
        return Err(own.silent(DenialCause::ResourceSilent));
    }
    // A federated identity has no policies of its own: the trust policy is all there is.
    if subject.identity.federated.is_some() {
        return Ok(());
    }
    let named = if foreign { None } else { own.allows };
    if named == Some(Directness::Session) {
        return Ok(());
    }
    if named != Some(Directness::Direct) {
        identity.check_allow(DenialCause::IdentitySilent)?;
    }
    session.map_or(Ok(()), |session| {
        session.check_allow(DenialCause::SessionSilent)
    })
}

#[cfg(test)]
mod tests {
    use super::super::context::Context;
    use super::super::policy::PolicyKind;
    use super::*;

    const ROLE: &str = "arn:aws:iam::198331734661:role/Reader";
    const SESSION: &str = "arn:aws:sts::198331734661:assumed-role/Reader/x";
    const REPOSITORY: &str =
        "arn:aws:codeartifact:us-east-1:111122223333:repository/my-domain/my-repo";
    const READ: &str = "codeartifact:ReadFromRepository";

    fn policy(kind: PolicyKind, effect: &str, principal: &str, resource: &str) -> Policy {
        let principal = if principal.is_empty() {
            String::new()
        } else {
            format!(r#","Principal":{{"AWS":"{principal}"}}"#)
        };
        let text = format!(
            r#"{{"Statement":[{{"Effect":"{effect}","Action":"{READ}","Resource":"{resource}"{principal}}}]}}"#
        );
        Policy::parse(&text, kind).expect("legal")
    }

    fn allow(resource: &str) -> Policy {
        policy(PolicyKind::Identity, "Allow", "", resource)
    }

    fn deny() -> Policy {
        policy(PolicyKind::Identity, "Deny", "", "*")
    }

    fn own(effect: &str, principal: &str) -> Option<Policy> {
        Some(policy(PolicyKind::Resource, effect, principal, "*"))
    }

    fn ask(
        account: &str,
        identity: &[Policy],
        session: Option<Policy>,
        own: Option<Policy>,
    ) -> Option<DenialCause> {
        let context = Context::default();
        let question = Question {
            action: READ,
            resource: REPOSITORY,
            context: &context,
        };
        let who = Identity {
            account: "198331734661",
            arn: ROLE,
            session_arn: Some(SESSION),
            federated: None,
        };
        let subject = Subject {
            identity: who,
            policies: identity,
            session_policy: session.as_ref(),
        };
        let resource = Resource {
            account,
            policy: own.as_ref(),
            policy_must_allow: false,
        };
        decide(&subject, &resource, &question)
            .err()
            .map(|denial| denial.cause)
    }

    #[test]
    fn within_one_account_either_policy_suffices() {
        let same = "198331734661";
        for (name, found, expected) in [
            (
                "nothing",
                ask(same, &[], None, None),
                Some(DenialCause::IdentitySilent),
            ),
            ("identity", ask(same, &[allow("*")], None, None), None),
            (
                "other resource",
                ask(same, &[allow("arn:aws:s3:::my-bucket")], None, None),
                Some(DenialCause::IdentitySilent),
            ),
            (
                "resource by role",
                ask(same, &[], None, own("Allow", ROLE)),
                None,
            ),
            (
                "resource by account",
                ask(same, &[], None, own("Allow", same)),
                Some(DenialCause::IdentitySilent),
            ),
            (
                "both by account",
                ask(same, &[allow("*")], None, own("Allow", same)),
                None,
            ),
            (
                "identity denies",
                ask(same, &[allow("*"), deny()], None, own("Allow", ROLE)),
                Some(DenialCause::IdentityDenies),
            ),
            (
                "resource denies",
                ask(same, &[allow("*")], None, own("Deny", "*")),
                Some(DenialCause::ResourceDenies),
            ),
        ] {
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_session_policy_intersects() {
        let same = "198331734661";
        let other = "arn:aws:codeartifact:us-east-1:111122223333:repository/my-domain/other-repo";
        for (name, found, expected) in [
            (
                "allows",
                ask(same, &[allow("*")], Some(allow(REPOSITORY)), None),
                None,
            ),
            (
                "other repository",
                ask(same, &[allow("*")], Some(allow(other)), None),
                Some(DenialCause::SessionSilent),
            ),
            (
                "alone",
                ask(same, &[], Some(allow("*")), None),
                Some(DenialCause::IdentitySilent),
            ),
            (
                "denies",
                ask(same, &[allow("*")], Some(deny()), None),
                Some(DenialCause::SessionDenies),
            ),
            (
                "cuts a role named",
                ask(same, &[], Some(allow(other)), own("Allow", ROLE)),
                Some(DenialCause::SessionSilent),
            ),
            (
                "not a session named",
                ask(same, &[], Some(allow(other)), own("Allow", SESSION)),
                None,
            ),
        ] {
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn across_accounts_both_policies_must_allow() {
        let foreign = "111122223333";
        for (name, found, expected) in [
            (
                "identity alone",
                ask(foreign, &[allow("*")], None, None),
                Some(DenialCause::ResourceSilent),
            ),
            (
                "resource alone",
                ask(foreign, &[], None, own("Allow", ROLE)),
                Some(DenialCause::IdentitySilent),
            ),
            (
                "both",
                ask(foreign, &[allow("*")], None, own("Allow", "198331734661")),
                None,
            ),
            (
                "somebody else",
                ask(foreign, &[allow("*")], None, own("Allow", "444455556666")),
                Some(DenialCause::ResourceSilent),
            ),
        ] {
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn the_nearest_miss_is_named() {
        let trust = r#"{"Statement":[
            {"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"},
            {"Sid":"Ours","Effect":"Allow","Principal":{"AWS":"198331734661"},"Action":"sts:AssumeRole",
             "Condition":{"StringEquals":{"sts:ExternalId":"k3J"}}}]}"#;
        let trust = Policy::parse(trust, PolicyKind::Trust).expect("legal");
        let context = Context::default();
        let question = Question {
            action: "sts:AssumeRole",
            resource: ROLE,
            context: &context,
        };
        let who = Identity {
            account: "198331734661",
            arn: ROLE,
            session_arn: None,
            federated: None,
        };
        let subject = Subject {
            identity: who,
            policies: &[],
            session_policy: None,
        };
        let resource = Resource {
            account: "111122223333",
            policy: Some(&trust),
            policy_must_allow: true,
        };
        let denial = decide(&subject, &resource, &question).expect_err("no external id");
        let expected = "the resource's or trust policy does not allow it: statement Ours: \
            StringEquals sts:ExternalId wants k3J, the request has none";
        assert_eq!(denial.to_string(), expected);
    }
}
