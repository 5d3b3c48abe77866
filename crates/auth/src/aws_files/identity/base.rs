//! Sources of credentials, and the roles that a profile asks for.

use crate::token::Secret;

/// A source of credentials.
#[derive(Debug, Clone)]
pub enum Base {
    /// Variables hold the keys.
    Environment(Keys),
    /// A profile holds the keys.
    Profile {
        /// Its name.
        profile: String,
        /// The key.
        keys: Keys,
    },
    /// A file of an older tool holds the keys.
    OlderFile {
        /// The file.
        file: String,
        /// The key.
        keys: Keys,
    },
    /// A token file stands for the job, as on EKS, GitHub or GitLab.
    WebIdentity {
        /// The profile that was selected; the variables go before it.
        profile: String,
        /// The file with the token.
        token_file: String,
        /// The role that is got for it.
        role_arn: String,
        /// The name of the session, if one is set.
        session_name: Option<String>,
    },
    /// A person signs in with `aws sso login`.
    Sso(SsoSignIn),
    /// A person signs in with `aws login`.
    Login {
        /// The profile.
        profile: String,
        /// Its `login_session`, an ARN.
        session: String,
        /// The Region of the profile, which the sign-in belongs to.
        region: Option<String>,
    },
    /// A program gives the keys.
    Process {
        /// The profile.
        profile: String,
        /// Its `credential_process`.
        command: String,
    },
    /// The container's own service: ECS, EKS Pod Identity, and others.
    Container {
        /// The value of the variable: a path on ECS's host, or a whole URL.
        uri: String,
    },
    /// The instance metadata service, the last resort.
    Instance {
        /// The address, if it is not the usual one.
        endpoint: Option<String>,
    },
}

/// An access key.
#[derive(Debug, Clone)]
pub struct Keys {
    /// The public part.
    pub access_key_id: String,
    /// The secret part.
    pub secret_access_key: Secret,
    /// Only temporary keys have one.
    pub session_token: Option<Secret>,
}

/// A role that a profile asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the settings of the profile")]
pub struct Role {
    pub profile: String,
    pub role_arn: String,
    pub external_id: Option<String>,
    pub role_session_name: Option<String>,
    pub mfa_serial: Option<String>,
    pub duration_seconds: Option<i32>,
}

/// A profile of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the settings of the profile")]
pub struct SsoSignIn {
    pub profile: String,
    pub session: Option<String>,
    pub start_url: String,
    pub region: String,
    pub account_id: String,
    pub role_name: String,
    pub registration_scopes: Option<String>,
}
