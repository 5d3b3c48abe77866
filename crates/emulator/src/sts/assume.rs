//! AssumeRole: may this caller open a session of that role, and with what in it.
//! Every denial has the same text, as AWS's have; the journal tells which it was.

use std::rc::Rc;

use crate::call::Call;
use crate::credentials::Credentials;
use crate::emulator::Emulator;
use crate::iam::{Context, Resource};
use crate::journal::Entry;
use crate::principal::{Principal, PrincipalKind, Session, Traits};
use crate::reply::Refusal;
use crate::scenario::{Role, split_role_arn};

use super::mfa;
use super::parameters::{Parameters, RoleRequest};

/// The longest session that session credentials can open.
const CHAINED: i64 = 3600;

pub(super) fn assume(
    emulator: &Emulator,
    call: &Call,
    parameters: &Parameters,
    signer: &Rc<Credentials>,
    entry: &mut Entry,
) -> Result<String, Refusal> {
    note(parameters, entry);
    let wanted = parameters.role_request()?;
    let external_id = parameters.external_id()?;
    parameters.refuse_managed_policies()?;
    let principal = &signer.principal;
    if matches!(principal.kind, PrincipalKind::Root) {
        return Err(Refusal::new(
            403,
            "AccessDenied",
            "Roles may not be assumed by root accounts.",
        ));
    }
    let traits = Traits {
        mfa: mfa::check(emulator, principal, parameters)? || principal.has_mfa(),
        tags: parameters.tags()?,
        source_identity: source_identity(principal, parameters)?,
    };
    if principal.as_session().is_some() && wanted.duration > CHAINED {
        return Err(Refusal::new(
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        ));
    }
    let context = context(emulator, principal, &wanted, &traits, external_id);
    let role = allowed(emulator, principal, &wanted, &traits, parameters, &context)?;
    check_duration(role, &wanted)?;
    Ok(open(emulator, call, wanted, traits, principal.chain()))
}

pub(super) fn check_duration(role: &Role, wanted: &RoleRequest) -> Result<(), Refusal> {
    if wanted.duration <= role.max_session_duration {
        return Ok(());
    }
    let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    Err(Refusal::new(400, "ValidationError", text))
}

/// Opens the session and words the answer.
pub(super) fn open(
    emulator: &Emulator,
    call: &Call,
    wanted: RoleRequest,
    traits: Traits,
    chain: Vec<String>,
) -> String {
    let filled = wanted.policy_size.map(|size| size * 100 / 2048);
    let source = traits.source_identity.clone();
    let session = Session {
        role_arn: wanted.role_arn,
        name: wanted.session_name,
        policy: wanted.policy,
        traits,
        issued_at: call.now,
        expires_at: call.now + wanted.duration,
        chain,
    };
    let opened = emulator
        .keys
        .open(Principal::session(session), call.effects.expire);
    let filled = filled.map(|percent| percent.to_string());
    let optional = [("PackedPolicySize", filled), ("SourceIdentity", source)];
    let optional = optional
        .iter()
        .filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    super::session_elements(&opened) + &super::elements(&optional.collect::<Vec<_>>())
}

pub(super) fn note(parameters: &Parameters, entry: &mut Entry) {
    for (field, name) in [
        ("role_arn", "RoleArn"),
        ("session_name", "RoleSessionName"),
        ("external_id", "ExternalId"),
        ("duration", "DurationSeconds"),
        ("policy", "Policy"),
        ("serial_number", "SerialNumber"),
        ("source_identity", "SourceIdentity"),
    ] {
        entry.parameter(field, parameters.get(name));
    }
}

/// The role, if the caller's policies and its trust policy let the caller assume it.
fn allowed<'a>(
    emulator: &'a Emulator,
    principal: &Principal,
    wanted: &RoleRequest,
    traits: &Traits,
    parameters: &Parameters,
    context: &Context,
) -> Result<&'a Role, Refusal> {
    let denied = |action: &str, reason: String| {
        let (arn, role) = (&principal.arn, &wanted.role_arn);
        let text =
            format!("User: {arn} is not authorized to perform: {action} on resource: {role}");
        Refusal::new(403, "AccessDenied", text).reason(reason)
    };
    let role = emulator.scenario.role(&wanted.role_arn);
    let role = role.ok_or_else(|| denied("sts:AssumeRole", "there is no such role".to_owned()))?;
    let (account, _) = split_role_arn(&wanted.role_arn).unwrap_or_default();
    let resource = Resource {
        account,
        policy: Some(&role.trust),
        policy_must_allow: true,
    };
    let tagging = (!traits.tags.is_empty()).then_some("sts:TagSession");
    let sourcing = parameters
        .get("SourceIdentity")
        .map(|_| "sts:SetSourceIdentity");
    for action in ["sts:AssumeRole"]
        .into_iter()
        .chain(tagging)
        .chain(sourcing)
    {
        principal
            .decide(
                &emulator.scenario,
                action,
                &wanted.role_arn,
                &resource,
                context,
            )
            .map_err(|denial| denied(action, denial.to_string()))?;
    }
    Ok(role)
}

fn context(
    emulator: &Emulator,
    principal: &Principal,
    wanted: &RoleRequest,
    traits: &Traits,
    external_id: Option<&str>,
) -> Context {
    let mut context = emulator.context(principal);
    context.set("sts:RoleSessionName", &wanted.session_name);
    context.set_option("sts:ExternalId", external_id);
    context.set_option("sts:SourceIdentity", traits.source_identity.as_ref());
    if traits.mfa && !principal.has_mfa() {
        context.set("aws:MultiFactorAuthPresent", "true");
        context.set("aws:MultiFactorAuthAge", "0");
    }
    if !traits.tags.is_empty() {
        context.set_list("aws:TagKeys", traits.tags.keys().cloned().collect());
    }
    for (key, value) in &traits.tags {
        context.set(&format!("aws:RequestTag/{key}"), value);
    }
    context
}

/// A source identity is set once and stays for the whole chain.
fn source_identity(
    principal: &Principal,
    parameters: &Parameters,
) -> Result<Option<String>, Refusal> {
    let asked = parameters.source_identity()?;
    let inherited = principal
        .as_session()
        .and_then(|session| session.traits.source_identity.as_deref());
    match (inherited, asked) {
        (Some(old), Some(new)) if old != new => Err(Refusal::new(
            403,
            "AccessDenied",
            "The source identity of a session cannot be changed",
        )),
        (Some(old), _) => Ok(Some(old.to_owned())),
        (None, new) => Ok(new.map(str::to_owned)),
    }
}
