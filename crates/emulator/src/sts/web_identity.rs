//! AssumeRoleWithWebIdentity: a token of an identity provider in place of a signature. It is one that the scenario
//! lists, or a signed one of a provider that the role's account trusts.

use crate::call::Call;
use crate::emulator::Emulator;
use crate::iam::{self, Context, Identity, Question, Resource, Subject};
use crate::id_token::{IdToken, host_and_path};
use crate::journal::Entry;
use crate::principal::Traits;
use crate::reply::Refusal;
use crate::scenario::{Role, WebIdentity, split_role_arn};

use super::assume;
use super::parameters::{Parameters, RoleRequest};

const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// The claims of a token that was accepted.
struct WebCaller {
    /// Has no `https://`, as providers are named.
    issuer: String,
    subject: String,
    audience: String,
}

pub(super) fn assume(
    emulator: &Emulator,
    call: &Call,
    parameters: &Parameters,
    entry: &mut Entry,
) -> Result<String, Refusal> {
    assume::note(parameters, entry);
    let wanted = parameters.role_request()?;
    let token = parameters.required("WebIdentityToken", "webIdentityToken", 4, 20000)?;
    let token = token.trim_end();
    let mut identities = emulator.scenario.web_identities.iter();
    let caller = match identities.find(|identity| identity.token == token) {
        Some(identity) => listed(identity, call)?,
        None => signed(emulator, call, token, &wanted, entry)?,
    };
    entry.parameter("subject", Some(&caller.subject));
    let role = allowed(emulator, &wanted, &caller)?;
    assume::check_duration(role, &wanted)?;
    let provider = format!("{}:{}", caller.issuer, caller.subject);
    let elements = assume::open(emulator, call, wanted, Traits::default(), vec![provider]);
    let told = super::elements(&[
        ("SubjectFromWebIdentityToken", &caller.subject),
        ("Audience", &caller.audience),
        ("Provider", &caller.issuer),
    ]);
    Ok(elements + &told)
}

fn listed(identity: &WebIdentity, call: &Call) -> Result<WebCaller, Refusal> {
    if identity.expired {
        return Err(expired(call, call.now));
    }
    Ok(WebCaller {
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        audience: identity.audience.clone(),
    })
}

/// Checks in the order in which each failure can be seen: form, provider, signature, time, audience.
fn signed(
    emulator: &Emulator,
    call: &Call,
    token: &str,
    wanted: &RoleRequest,
    entry: &mut Entry,
) -> Result<WebCaller, Refusal> {
    let token = IdToken::parse(token).ok_or_else(|| {
        invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
            .reason("the scenario lists no such web identity token, and it is no JWT with RS256")
    })?;
    let claims = &token.claims;
    entry.parameter("issuer", Some(&claims.issuer));
    entry.parameter("audience", Some(claims.audience.list().join(", ")));
    entry.parameter("subject", Some(&claims.subject));
    let issuer = host_and_path(&claims.issuer);
    let (account, _) = split_role_arn(&wanted.role_arn).unwrap_or_default();
    let account = emulator.scenario.accounts.get(account);
    let provider = account.and_then(|account| account.oidc_providers.get(issuer));
    let provider = provider.ok_or_else(|| {
        invalid(&format!(
            "No OpenIDConnect provider found in your account for {}",
            claims.issuer
        ))
    })?;
    if !token.is_signed_by(&provider.keys) {
        return Err(invalid("Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements")
            .reason("the token is not signed with a key of its issuer"));
    }
    if claims.expires_at <= call.now {
        return Err(expired(call, claims.expires_at));
    }
    let mut audiences = claims.audience.list().iter();
    let audience = audiences.find(|audience| provider.client_ids.contains(audience));
    let audience = audience.ok_or_else(|| invalid("Incorrect token audience"))?;
    Ok(WebCaller {
        issuer: issuer.to_owned(),
        subject: claims.subject.clone(),
        audience: audience.clone(),
    })
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, "InvalidIdentityToken", text)
}

fn expired(call: &Call, at: i64) -> Refusal {
    let text = format!(
        "Token expired: current date/time {} must be before the expiration date/time {at}",
        call.now
    );
    Refusal::new(400, "ExpiredTokenException", text)
}

fn allowed<'a>(
    emulator: &'a Emulator,
    wanted: &RoleRequest,
    caller: &WebCaller,
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
        .role(&wanted.role_arn)
        .ok_or_else(|| denied("there is no such role".to_owned()))?;
    let (account, _) = split_role_arn(&wanted.role_arn).unwrap_or_default();
    let provider = format!("arn:aws:iam::{account}:oidc-provider/{}", caller.issuer);
    let context = context(emulator, wanted, caller);
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
        resource: &wanted.role_arn,
        context: &context,
    };
    iam::decide(&subject, &resource, &question).map_err(|denial| denied(denial.to_string()))?;
    Ok(role)
}

fn context(emulator: &Emulator, wanted: &RoleRequest, caller: &WebCaller) -> Context {
    let mut context = Context::default();
    emulator.describe_request(&mut context);
    context.set("sts:RoleSessionName", &wanted.session_name);
    context.set("aws:FederatedProvider", &caller.issuer);
    context.set(&format!("{}:sub", caller.issuer), &caller.subject);
    context.set(&format!("{}:aud", caller.issuer), &caller.audience);
    context
}
