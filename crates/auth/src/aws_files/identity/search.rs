//! Reads what each kind of source needs in a profile or in the variables. The order of the kinds is in `of_profile`.

use super::{Base, IdentityError, Keys, SsoSignIn};
use crate::aws_files::{AwsFiles, Profile};
use crate::environment::{
    AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
    AWS_EC2_METADATA_SERVICE_ENDPOINT, AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, AWS_IMDS_USE_IPV6,
    AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME, AWS_WEB_IDENTITY_TOKEN_FILE, Environment,
};
use crate::token::Secret;

/// Source: EC2's user guide, "Access instance metadata".
const METADATA_BY_IPV6: &str = "http://[fd00:ec2::254]/";

/// The sources of one profile, in the order in which they are looked at.
pub(super) struct Search<'a> {
    pub(super) files: &'a AwsFiles,
    pub(super) environment: &'a Environment,
    /// Variables count only for the selected profile, and not if it was chosen explicitly.
    pub(super) has_variables: bool,
}

impl Search<'_> {
    pub(super) fn profile(&self, name: &str) -> Profile {
        self.files.profile(name).cloned().unwrap_or_default()
    }

    /// Looks at the sources of the profile itself: web identity, SSO, keys, `aws login`, a program, keys of the config file.
    pub(super) fn of_profile(&self, name: &str) -> Result<Option<Base>, IdentityError> {
        if let Some(base) = self.web_identity(name)? {
            return Ok(Some(base));
        }
        if let Some(sign_in) = self.sso(name)? {
            return Ok(Some(Base::Sso(sign_in)));
        }
        if let Some(base) = keys_of(name, self.files.credentials_profiles.get(name))? {
            return Ok(Some(base));
        }
        let profile = self.profile(name);
        if let Some(session) = profile.text("login_session") {
            return Ok(Some(Base::Login {
                profile: name.to_owned(),
                session: session.to_owned(),
                region: profile.filled("region").map(str::to_owned),
            }));
        }
        if let Some(command) = profile.text("credential_process") {
            return Ok(Some(Base::Process {
                profile: name.to_owned(),
                command: command.to_owned(),
            }));
        }
        keys_of(name, self.files.config_profiles.get(name))
    }

    fn web_identity(&self, name: &str) -> Result<Option<Base>, IdentityError> {
        let profile = self.profile(name);
        // A variable that is empty hides the profile's setting, too.
        let setting = |variable, key| {
            let of_environment = self
                .environment
                .even_empty(variable)
                .filter(|_| self.has_variables);
            let found = of_environment.or_else(|| profile.text(key).map(str::to_owned));
            found.filter(|value| !value.is_empty())
        };
        let Some(token_file) = setting(AWS_WEB_IDENTITY_TOKEN_FILE, "web_identity_token_file")
        else {
            return Ok(None);
        };
        let role_arn = setting(AWS_ROLE_ARN, "role_arn");
        Ok(Some(Base::WebIdentity {
            profile: name.to_owned(),
            role_arn: role_arn
                .ok_or_else(|| IdentityError::NoWebIdentityRole(token_file.clone()))?,
            token_file,
            session_name: setting(AWS_ROLE_SESSION_NAME, "role_session_name"),
        }))
    }

    /// Account or role make a profile one of IAM Identity Center; a sign-in alone gives no credentials.
    fn sso(&self, name: &str) -> Result<Option<SsoSignIn>, IdentityError> {
        let mut profile = self.profile(name);
        if !profile.has("sso_account_id") && !profile.has("sso_role_name") {
            return Ok(None);
        }
        let session = profile.text("sso_session").map(str::to_owned);
        if let Some(session) = &session {
            self.add_session(name, &mut profile, session)?;
        }
        let required = |key: &'static str| {
            let value = profile.text(key).map(str::to_owned);
            value.ok_or_else(|| IdentityError::SsoIncomplete {
                profile: name.to_owned(),
                missing: key,
            })
        };
        Ok(Some(SsoSignIn {
            profile: name.to_owned(),
            start_url: required("sso_start_url")?,
            region: required("sso_region")?,
            account_id: required("sso_account_id")?,
            role_name: required("sso_role_name")?,
            registration_scopes: profile.filled("sso_registration_scopes").map(str::to_owned),
            session,
        }))
    }

    /// A setting may be in both the profile and its session if the values are the same.
    fn add_session(
        &self,
        name: &str,
        profile: &mut Profile,
        session: &str,
    ) -> Result<(), IdentityError> {
        let Some(settings) = self.files.sso_sessions.get(session) else {
            return Err(IdentityError::NoSsoSession {
                profile: name.to_owned(),
                session: session.to_owned(),
            });
        };
        for (key, value) in &settings.0 {
            if profile.0.get(key).is_some_and(|own| own != value) {
                return Err(IdentityError::SsoConflict {
                    profile: name.to_owned(),
                    session: session.to_owned(),
                    setting: key.clone(),
                });
            }
            profile.0.insert(key.clone(), value.clone());
        }
        Ok(())
    }

    pub(super) fn container(&self) -> Option<Base> {
        let uri = self
            .environment
            .text(AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
            .or_else(|| self.environment.text(AWS_CONTAINER_CREDENTIALS_FULL_URI))?;
        Some(Base::Container { uri })
    }

    pub(super) fn instance(&self, selected: &str) -> Base {
        let profile = self.profile(selected);
        let setting = |variable, key| {
            let of_profile = || profile.filled(key).map(str::to_owned);
            self.environment.text(variable).or_else(of_profile)
        };
        let mode = setting(
            AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE,
            "ec2_metadata_service_endpoint_mode",
        );
        let is_six = match mode {
            Some(mode) => mode.eq_ignore_ascii_case("ipv6"),
            None => setting(AWS_IMDS_USE_IPV6, "imds_use_ipv6")
                .is_some_and(|value| value.eq_ignore_ascii_case("true")),
        };
        let named = setting(
            AWS_EC2_METADATA_SERVICE_ENDPOINT,
            "ec2_metadata_service_endpoint",
        );
        Base::Instance {
            endpoint: named.or_else(|| is_six.then(|| METADATA_BY_IPV6.to_owned())),
        }
    }
}

/// An empty session token counts as none.
fn keys_of(name: &str, profile: Option<&Profile>) -> Result<Option<Base>, IdentityError> {
    let Some(profile) = profile.filter(|profile| profile.has("aws_access_key_id")) else {
        return Ok(None);
    };
    let required = |key: &'static str| {
        let value = profile.filled(key).map(str::to_owned);
        value.ok_or_else(|| IdentityError::NoKey {
            profile: name.to_owned(),
            missing: key,
        })
    };
    let tokens = ["aws_security_token", "aws_session_token"];
    let session_token = tokens.into_iter().find_map(|key| profile.text(key));
    Ok(Some(Base::Profile {
        profile: name.to_owned(),
        keys: Keys {
            access_key_id: required("aws_access_key_id")?,
            secret_access_key: Secret::new(required("aws_secret_access_key")?),
            session_token: session_token
                .filter(|token| !token.is_empty())
                .map(|token| Secret::new(token.to_owned())),
        },
    }))
}
