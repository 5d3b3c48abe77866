//! AssumeRoleWithWebIdentity: a token of an identity provider in place of a signature. The scenario lists
//! the tokens and what they stand for; nothing is asked of a provider.

use crate::call::Call;
use crate::emulator::Emulator;
use crate::iam::{self, Context, Identity, Question, Resource, Subject};
use crate::journal::Entry;
use crate::principal::Traits;
use crate::reply::{Refusal, escape};
use crate::scenario::{Role, WebIdentity, split_role_arn};

use super::assume;
use super::parameters::{Parameters, Wish};

const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

pub(super) fn assume(
    emulator: &Emulator,
    call: &Call,
    parameters: &Parameters,
    entry: &mut Entry,
) -> Result<String, Refusal> {
    assume::note(parameters, entry);
    let wish = parameters.wish()?;
    let token = parameters.required("WebIdentityToken", "webIdentityToken", 4, 20000)?;
    let identity = find(emulator, token)?;
    entry.parameter("subject", Some(&identity.subject));
    let role = allowed(emulator, &wish, identity)?;
    assume::check_duration(role, &wish)?;
    let provider = format!("{}:{}", identity.issuer, identity.subject);
    let elements = assume::open(emulator, call, wish, Traits::default(), vec![provider]);
    let subject = escape(&identity.subject);
    Ok(elements
        + &format!("    <SubjectFromWebIdentityToken>{subject}</SubjectFromWebIdentityToken>\n"))
}

fn find<'a>(emulator: &'a Emulator, token: &str) -> Result<&'a WebIdentity, Refusal> {
    let known = emulator
        .scenario
        .web_identities
        .iter()
        .find(|identity| identity.token == token.trim_end());
    let unknown = || {
        Refusal::new(400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements")
            .reason("the scenario lists no such web identity token")
    };
    let identity = known.ok_or_else(unknown)?;
    if identity.expired {
        return Err(Refusal::new(
            400,
            "ExpiredTokenException",
            "Token expired: current date/time must be before the expiration date/time",
        ));
    }
    Ok(identity)
}

fn allowed<'a>(
    emulator: &'a Emulator,
    wish: &Wish,
    identity: &WebIdentity,
) -> Result<&'a Role, Refusal> {
    let denied = |reason: String| {
        Refusal::new(
            403,
            "AccessDenied",
            format!("Not authorized to perform {ACTION}"),
        )
        .reason(reason)
    };
    let role = emulator
        .scenario
        .role(&wish.role_arn)
        .ok_or_else(|| denied("there is no such role".to_owned()))?;
    let (account, _) = split_role_arn(&wish.role_arn).unwrap_or_default();
    let provider = format!("arn:aws:iam::{account}:oidc-provider/{}", identity.issuer);
    let context = context(emulator, wish, identity);
    let subject = Subject {
        identity: Identity {
            federated: Some(&provider),
            ..Identity::default()
        },
        policies: &[],
        session_policy: None,
    };
    let resource = Resource {
        account,
        policy: Some(&role.trust),
        policy_must_allow: true,
    };
    let question = Question {
        action: ACTION,
        resource: &wish.role_arn,
        context: &context,
    };
    iam::decide(&subject, &resource, &question).map_err(|denial| denied(denial.to_string()))?;
    Ok(role)
}

fn context(emulator: &Emulator, wish: &Wish, identity: &WebIdentity) -> Context {
    let mut context = Context::default();
    emulator.describe_request(&mut context);
    context.set("sts:RoleSessionName", &wish.session_name);
    context.set("aws:FederatedProvider", &identity.issuer);
    context.set(&format!("{}:sub", identity.issuer), &identity.subject);
    context.set(&format!("{}:aud", identity.issuer), &identity.audience);
    context
}
