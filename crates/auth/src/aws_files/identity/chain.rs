//! The roles of profiles: `role_arn` with `source_profile` or `credential_source`, one profile after the other
//! (botocore's `AssumeRoleProvider`).

use super::{Base, IdentityError, Role, Search, environment_keys, older_files};
use crate::aws_files::Profile;

impl Search<'_> {
    /// Returns the source of the selected profile's credentials, and the roles after that.
    pub(super) fn chain(&self, selected: &str) -> Result<(Base, Vec<Role>), IdentityError> {
        let mut roles = Vec::new();
        let base = if assumes_role(&self.profile(selected)) {
            self.base_of_role(selected, selected, &mut roles)?
        } else {
            match self.of_profile(selected)? {
                Some(own) => own,
                None => self.of_machine(selected)?,
            }
        };
        roles.reverse();
        Ok((base, roles))
    }

    /// The sources after all profiles.
    fn of_machine(&self, selected: &str) -> Result<Base, IdentityError> {
        let older = older_files::keys(self.environment)?;
        Ok(older
            .or_else(|| self.container())
            .unwrap_or_else(|| self.instance(selected)))
    }

    /// Follows `source_profile`, and notes each role on the way.
    fn base_of_role(
        &self,
        selected: &str,
        first: &str,
        roles: &mut Vec<Role>,
    ) -> Result<Base, IdentityError> {
        let mut name = first.to_owned();
        loop {
            let profile = self.profile(&name);
            roles.push(role(&name, &profile)?);
            let source = match (
                profile.text("source_profile"),
                profile.text("credential_source"),
            ) {
                (Some(_), Some(_)) => return Err(IdentityError::TwoSources(name)),
                (None, None) => return Err(IdentityError::NoSource(name)),
                (None, Some(source)) => return self.named_source(selected, &name, source),
                (Some(source), None) => source.to_owned(),
            };
            self.check_source(&name, &source, roles)?;
            let of_source = self.profile(&source);
            if has_keys(&of_source) || !assumes_role(&of_source) {
                return self.of_source_profile(&source);
            }
            name = source;
        }
    }

    /// A profile may be its own source only for its keys.
    fn check_source(&self, name: &str, source: &str, roles: &[Role]) -> Result<(), IdentityError> {
        let Some(profile) = self.files.profile(source) else {
            return Err(IdentityError::NoSourceProfile {
                profile: name.to_owned(),
                named: source.to_owned(),
            });
        };
        let is_known = roles.iter().any(|role| role.profile == source);
        if is_known && (source != name || !has_keys(profile)) {
            return Err(IdentityError::Loop(source.to_owned()));
        }
        Ok(())
    }

    /// Variables are the selected profile's alone.
    fn of_source_profile(&self, name: &str) -> Result<Base, IdentityError> {
        let without_variables = Search {
            has_variables: false,
            ..*self
        };
        let base = without_variables.of_profile(name)?;
        base.ok_or_else(|| IdentityError::EmptySource(name.to_owned()))
    }

    fn named_source(
        &self,
        selected: &str,
        name: &str,
        source: &str,
    ) -> Result<Base, IdentityError> {
        let found = match source {
            "Environment" => environment_keys(self.environment)?.map(Base::Environment),
            "EcsContainer" => self.container(),
            "Ec2InstanceMetadata" => Some(self.instance(selected)),
            _ => {
                return Err(IdentityError::UnknownSource {
                    profile: name.to_owned(),
                    named: source.to_owned(),
                });
            }
        };
        found.ok_or_else(|| IdentityError::NothingAtSource {
            profile: name.to_owned(),
            named: source.to_owned(),
        })
    }
}

/// With a web identity the role is got by a token, not by other credentials.
fn assumes_role(profile: &Profile) -> bool {
    profile.has("role_arn") && !profile.has("web_identity_token_file")
}

/// Half of a key is enough here: the other half is then missed.
fn has_keys(profile: &Profile) -> bool {
    profile.has("aws_access_key_id") || profile.has("aws_secret_access_key")
}

/// The AWS CLI passes over a `duration_seconds` that is no number for Python, which takes `3_600` for one.
fn role(name: &str, profile: &Profile) -> Result<Role, IdentityError> {
    let text = |key: &str| profile.text(key).map(str::to_owned);
    let role_arn = profile.filled("role_arn").unwrap_or_default();
    if role_arn.is_empty() || role_arn.contains(char::is_whitespace) {
        return Err(IdentityError::RoleArn(name.to_owned()));
    }
    Ok(Role {
        profile: name.to_owned(),
        role_arn: role_arn.to_owned(),
        external_id: text("external_id"),
        role_session_name: profile.filled("role_session_name").map(str::to_owned),
        mfa_serial: text("mfa_serial"),
        duration_seconds: profile
            .text("duration_seconds")
            .and_then(|text| text.trim().replace('_', "").parse().ok()),
    })
}
