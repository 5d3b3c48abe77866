//! Finds the identity that the variables, the files and the chosen profile lead to, in the order of the AWS CLI
//! (botocore's `create_credential_resolver`). Nothing is asked; whether AWS agrees shows when a token is minted.

mod base;
mod chain;
mod digest;
mod error;
mod older_files;
mod search;

pub use base::{Base, Keys, Role, SsoSignIn};
pub(crate) use digest::describe as describe_identity;
pub use error::IdentityError;
#[cfg(feature = "aws")]
pub(crate) use error::SHOWN_PROFILES;

use search::Search;

use super::{AwsFiles, DEFAULT_PROFILE};
use crate::environment::{
    AWS_ACCESS_KEY_ID, AWS_DEFAULT_PROFILE, AWS_PROFILE, AWS_SECRET_ACCESS_KEY, AWS_SECURITY_TOKEN,
    AWS_SESSION_TOKEN, Environment,
};
use crate::token::Secret;

/// The source of the first credentials, and the roles of the profile that are assumed with them.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The first source that is set up.
    pub base: Base,
    /// The roles that `role_arn` of profiles names, the first to be assumed first.
    pub roles: Vec<Role>,
    /// Settings of the selected profile that decide which host is asked.
    endpoints: Vec<(String, String)>,
}

impl Identity {
    /// Finds it. `explicit` is a profile that goes before the variables, as `--profile` of the AWS CLI.
    /// The files are read only if they decide.
    ///
    /// # Errors
    /// Something is half set up. Where the AWS CLI stops, this does too.
    pub fn find(environment: &Environment, explicit: Option<&str>) -> Result<Self, IdentityError> {
        match of_environment(environment, explicit)? {
            Some(identity) => Ok(identity),
            None => Self::of_files(&AwsFiles::load(environment)?, environment, explicit),
        }
    }

    /// The same, with files that are read already.
    ///
    /// # Errors
    /// As [`Identity::find`].
    pub fn with_files(
        files: &AwsFiles,
        environment: &Environment,
        explicit: Option<&str>,
    ) -> Result<Self, IdentityError> {
        match of_environment(environment, explicit)? {
            Some(identity) => Ok(identity),
            None => Self::of_files(files, environment, explicit),
        }
    }

    /// Tells whether a person may have to sign in for it, or to type a code.
    pub fn needs_person(&self) -> bool {
        matches!(self.base, Base::Sso(_)) || self.roles.iter().any(|role| role.mfa_serial.is_some())
    }

    /// The account of its credentials, where the settings say it.
    pub fn account(&self) -> Option<&str> {
        let last = self.roles.last().map(|role| role.role_arn.as_str());
        match (last, &self.base) {
            (None, Base::Sso(sign_in)) => Some(&sign_in.account_id),
            (None, Base::WebIdentity { role_arn, .. }) => role_arn.split(':').nth(4),
            (role_arn, _) => role_arn?.split(':').nth(4),
        }
    }

    fn of_files(
        files: &AwsFiles,
        environment: &Environment,
        explicit: Option<&str>,
    ) -> Result<Self, IdentityError> {
        files.require_profile(environment, explicit)?;
        let selected = selected_profile(environment, explicit);
        let search = Search {
            files,
            environment,
            has_variables: explicit.is_none(),
        };
        let (base, roles) = search.chain(&selected)?;
        Ok(Self {
            base,
            roles,
            endpoints: files.endpoint_settings(&selected),
        })
    }
}

/// The profile in use: the connection's, else the variables', else `default`.
pub fn selected_profile(environment: &Environment, explicit: Option<&str>) -> String {
    named_profile(environment, explicit).unwrap_or_else(|| DEFAULT_PROFILE.to_owned())
}

/// The older name goes first, as in the AWS CLI of today.
fn named_profile(environment: &Environment, explicit: Option<&str>) -> Option<String> {
    explicit
        .map(str::to_owned)
        .or_else(|| environment.text(AWS_DEFAULT_PROFILE))
        .or_else(|| environment.text(AWS_PROFILE))
}

/// Keys in variables go before every profile but an explicit one.
fn of_environment(
    environment: &Environment,
    explicit: Option<&str>,
) -> Result<Option<Identity>, IdentityError> {
    let keys = match explicit {
        Some(_) => None,
        None => environment_keys(environment)?,
    };
    Ok(keys.map(|keys| Identity {
        base: Base::Environment(keys),
        roles: Vec::new(),
        endpoints: Vec::new(),
    }))
}

fn environment_keys(environment: &Environment) -> Result<Option<Keys>, IdentityError> {
    let Some(access_key_id) = environment.text(AWS_ACCESS_KEY_ID) else {
        return Ok(None);
    };
    let secret = environment.text(AWS_SECRET_ACCESS_KEY);
    let session_token = environment
        .text(AWS_SECURITY_TOKEN)
        .or_else(|| environment.text(AWS_SESSION_TOKEN));
    Ok(Some(Keys {
        access_key_id,
        secret_access_key: secret
            .map(Secret::new)
            .ok_or(IdentityError::NoEnvironmentSecret)?,
        session_token: session_token.map(Secret::new),
    }))
}

impl AwsFiles {
    /// A profile that was asked for by name must exist.
    ///
    /// # Errors
    /// It does not; the error names the files that were looked at.
    pub fn require_profile(
        &self,
        environment: &Environment,
        explicit: Option<&str>,
    ) -> Result<(), IdentityError> {
        match named_profile(environment, explicit) {
            Some(name) if self.profile(&name).is_none() => Err(IdentityError::NoProfile {
                name,
                existing: self.profiles().map(str::to_owned).collect(),
                files: self.files().map(ToString::to_string),
            }),
            _ => Ok(()),
        }
    }

    fn endpoint_settings(&self, profile: &str) -> Vec<(String, String)> {
        let Some(profile) = self.profile(profile) else {
            return Vec::new();
        };
        let services = profile
            .text("services")
            .and_then(|name| self.services(name));
        let of_profile = profile
            .texts()
            .filter(|(key, _)| ENDPOINT_SETTINGS.contains(key));
        let of_profile = of_profile.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let of_services = ["sts", "codeartifact", "sso"].map(|service| {
            let url = services?.nested(service, "endpoint_url")?;
            Some((service.to_owned(), url.to_owned()))
        });
        of_profile
            .chain(of_services.into_iter().flatten())
            .collect()
    }
}

/// The settings of a profile that decide where its calls go.
const ENDPOINT_SETTINGS: [&str; 5] = [
    "endpoint_url",
    "services",
    "ignore_configured_endpoint_urls",
    "use_fips_endpoint",
    "use_dualstack_endpoint",
];

#[cfg(test)]
mod tests;
