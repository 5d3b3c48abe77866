//! The signer of a request: a root user, a user, or a session of a role; with the condition keys that IAM knows of it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::clock::{self, Seconds};
use crate::iam::{self, Context, Denial, Identity, Policy, Question, Resource, Subject};
use crate::scenario::{Scenario, split_role_arn};

pub(crate) struct Principal {
    pub(crate) account: String,
    /// The ARN that GetCallerIdentity returns.
    pub(crate) arn: String,
    /// AWS's unique id, without a session's name.
    pub(crate) id: String,
    pub(crate) kind: PrincipalKind,
    /// Only of a root user or a user whose keys are temporary.
    pub(crate) user_session: Option<UserSession>,
}

pub(crate) enum PrincipalKind {
    Root,
    User(String),
    Session(Session),
}

pub(crate) struct Session {
    pub(crate) role_arn: String,
    pub(crate) name: String,
    pub(crate) policy: Option<Policy>,
    pub(crate) traits: Traits,
    pub(crate) issued_at: Seconds,
    pub(crate) expires_at: Seconds,
    /// ARNs of those who opened the sessions before this one, the first of them first.
    pub(crate) chain: Vec<String>,
}

/// A session that GetSessionToken opened: the same user with keys that end.
#[derive(Clone, Copy)]
pub(crate) struct UserSession {
    pub(crate) mfa: bool,
    pub(crate) issued_at: Seconds,
    pub(crate) expires_at: Seconds,
}

/// The properties of a session besides its role.
#[derive(Clone, Default)]
pub(crate) struct Traits {
    pub(crate) mfa: bool,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) source_identity: Option<String>,
}

impl Principal {
    pub(crate) fn root(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            arn: format!("arn:aws:iam::{account}:root"),
            id: account.to_owned(),
            kind: PrincipalKind::Root,
            user_session: None,
        }
    }

    pub(crate) fn user(account: &str, name: &str) -> Self {
        let arn = format!("arn:aws:iam::{account}:user/{name}");
        Self {
            account: account.to_owned(),
            id: unique_id("AIDA", &arn),
            arn,
            kind: PrincipalKind::User(name.to_owned()),
            user_session: None,
        }
    }

    /// A session of `session.role_arn`, which must be a role's ARN.
    pub(crate) fn session(session: Session) -> Self {
        let (account, path) = split_role_arn(&session.role_arn).unwrap_or_default();
        let role = path.rsplit('/').next().unwrap_or_default();
        Self {
            account: account.to_owned(),
            arn: format!(
                "arn:aws:sts::{account}:assumed-role/{role}/{}",
                session.name
            ),
            id: unique_id("AROA", &session.role_arn),
            kind: PrincipalKind::Session(session),
            user_session: None,
        }
    }

    /// The same user in a session; nothing where there is a session already.
    pub(crate) fn in_session(&self, session: UserSession) -> Option<Self> {
        let principal = match &self.kind {
            _ if self.user_session.is_some() => return None,
            PrincipalKind::Root => Self::root(&self.account),
            PrincipalKind::User(name) => Self::user(&self.account, name),
            PrincipalKind::Session(_) => return None,
        };
        Some(Self {
            user_session: Some(session),
            ..principal
        })
    }

    /// When the session began and ends, if this is one.
    pub(crate) fn period(&self) -> Option<(Seconds, Seconds)> {
        let role = self.as_session();
        let role = role.map(|session| (session.issued_at, session.expires_at));
        let user = self.user_session.as_ref();
        role.or_else(|| user.map(|session| (session.issued_at, session.expires_at)))
    }

    /// Tells if the session was opened with a second factor.
    pub(crate) fn has_mfa(&self) -> bool {
        let role = self.as_session().map(|session| session.traits.mfa);
        role.or(self.user_session.map(|session| session.mfa))
            .unwrap_or_default()
    }

    pub(crate) fn as_session(&self) -> Option<&Session> {
        match &self.kind {
            PrincipalKind::Session(session) => Some(session),
            PrincipalKind::Root | PrincipalKind::User(_) => None,
        }
    }

    /// The unique id as GetCallerIdentity tells it.
    pub(crate) fn user_id(&self) -> String {
        self.as_session().map_or_else(
            || self.id.clone(),
            |session| format!("{}:{}", self.id, session.name),
        )
    }

    /// Those before this one and itself, as the next session in the chain will have them.
    pub(crate) fn chain(&self) -> Vec<String> {
        let before = self
            .as_session()
            .map(|session| session.chain.clone())
            .unwrap_or_default();
        before.into_iter().chain([self.arn.clone()]).collect()
    }

    /// Decides if this principal may do `action` to the resource of that ARN.
    pub(crate) fn decide(
        &self,
        scenario: &Scenario,
        action: &str,
        arn: &str,
        resource: &Resource<'_>,
        context: &Context,
    ) -> Result<(), Denial> {
        let question = Question {
            action,
            resource: arn,
            context,
        };
        iam::decide(&self.subject(scenario), resource, &question)
    }

    fn subject<'a>(&'a self, scenario: &'a Scenario) -> Subject<'a> {
        let account = scenario.accounts.get(&self.account);
        let (arn, policies) = match &self.kind {
            PrincipalKind::Root => (self.arn.as_str(), None),
            PrincipalKind::User(name) => {
                let user = account.and_then(|account| account.users.get(name));
                (self.arn.as_str(), user.map(|user| user.policies.as_slice()))
            }
            PrincipalKind::Session(session) => {
                let role = scenario.role(&session.role_arn);
                (
                    session.role_arn.as_str(),
                    role.map(|role| role.policies.as_slice()),
                )
            }
        };
        let session = self.as_session();
        Subject {
            identity: Identity {
                account: &self.account,
                arn,
                session_arn: session.map(|_| self.arn.as_str()),
                federated: None,
            },
            policies: policies.unwrap_or_default(),
            session_policy: session.and_then(|session| session.policy.as_ref()),
        }
    }

    /// The global condition keys that describe a principal.
    pub(crate) fn context(&self, scenario: &Scenario) -> Context {
        let mut context = Context::default();
        let (arn, kind) = match &self.kind {
            PrincipalKind::Root => (&self.arn, "Account"),
            PrincipalKind::User(_) => (&self.arn, "User"),
            PrincipalKind::Session(session) => (&session.role_arn, "AssumedRole"),
        };
        context.set("aws:PrincipalArn", arn);
        context.set("aws:PrincipalType", kind);
        context.set("aws:PrincipalAccount", &self.account);
        context.set("aws:userid", self.user_id());
        context.set_option("aws:PrincipalOrgID", scenario.organization(&self.account));
        match &self.kind {
            PrincipalKind::Root => {}
            PrincipalKind::User(name) => context.set("aws:username", name),
            PrincipalKind::Session(session) => session.describe(&mut context),
        }
        // Long-term keys have neither key: a policy sees the difference.
        if let Some((issued_at, _)) = self.period() {
            context.set("aws:TokenIssueTime", clock::iso(issued_at));
            context.set("aws:MultiFactorAuthPresent", self.has_mfa().to_string());
        }
        context
    }
}

impl Session {
    /// A session without a caller before it and without limits, as machines and signed-in people get them.
    pub(crate) fn plain(role_arn: &str, name: &str, issued_at: Seconds, duration: Seconds) -> Self {
        Self {
            role_arn: role_arn.to_owned(),
            name: name.to_owned(),
            policy: None,
            traits: Traits::default(),
            issued_at,
            expires_at: issued_at + duration,
            chain: Vec::new(),
        }
    }

    fn describe(&self, context: &mut Context) {
        context.set_option("aws:SourceIdentity", self.traits.source_identity.as_ref());
        for (key, value) in &self.traits.tags {
            context.set(&format!("aws:PrincipalTag/{key}"), value);
        }
    }
}

/// Stable for one ARN, so that a scenario's ids are the same in every run.
fn unique_id(prefix: &str, arn: &str) -> String {
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(arn));
    let letters = digest
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase());
    prefix.chars().chain(letters.take(17)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_told_by_its_roles_name_alone() {
        let mut session = Session::plain(
            "arn:aws:iam::111122223333:role/team/Reader",
            "codeartifact",
            0,
            3600,
        );
        session.chain = vec!["arn:aws:iam::198331734661:user/ci".into()];
        let principal = Principal::session(session);
        assert_eq!(
            principal.arn,
            "arn:aws:sts::111122223333:assumed-role/Reader/codeartifact"
        );
        assert_eq!(principal.account, "111122223333");
        assert_eq!(
            principal.chain(),
            ["arn:aws:iam::198331734661:user/ci", principal.arn.as_str()]
        );
        assert!(principal.user_id().ends_with(":codeartifact"));
    }

    #[test]
    fn ids_look_like_aws_ids() {
        let user = Principal::user("198331734661", "ci");
        assert_eq!((user.id.len(), &user.id[..4]), (21, "AIDA"));
        assert_eq!(Principal::root("198331734661").user_id(), "198331734661");
    }
}
