//! The way from a profile to its first credentials, along `source_profile`: if a role on it needs an MFA code,
//! and what is at its end. It follows the SDK's own rules (aws-config, profile/credentials/repr.rs).

use aws_config::profile::{Profile, ProfileSet};

use crate::error::{Failure, row};

/// What the first credentials come from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A person's sign-in, renewed by this command.
    SignIn(&'static str),
    /// A program of the user's.
    Process,
    /// Anything else.
    Other,
}

/// The profiles on the way.
pub(super) struct ProfilePath<'a> {
    /// Those whose role is assumed.
    roles: Vec<&'a Profile>,
    /// Where the credentials are.
    base: Option<&'a Profile>,
}

impl<'a> ProfilePath<'a> {
    /// Starts at the selected profile. The SDK reports loops and dead ends; here they only end the way.
    pub(super) fn follow(sections: &'a ProfileSet) -> Self {
        let mut roles: Vec<&Profile> = Vec::new();
        let mut next = sections.get_profile(sections.selected_profile());
        while let Some(profile) = next {
            let goes_by_keys = !roles.is_empty() && has_keys(profile);
            let is_known = roles.iter().any(|role| role.name() == profile.name());
            if goes_by_keys || is_known || !assumes_role(profile) {
                break;
            }
            roles.push(profile);
            next = match profile.get("source_profile") {
                Some(name) => sections.get_profile(name),
                None => Some(profile),
            };
        }
        Self { roles, base: next }
    }

    /// The SDK leaves `mfa_serial` out of the call, which AWS then refuses without saying why.
    pub(super) fn refuse_mfa(&self) -> Result<(), Box<Failure>> {
        let wants_code = |profile: &&&Profile| profile.get("mfa_serial").is_some();
        match self.roles.iter().find(wants_code) {
            None => Ok(()),
            Some(profile) => Err(row::MFA_NEEDED.with("profile", profile.name())),
        }
    }

    /// Where the credentials come from at its end.
    pub(super) fn origin(&self) -> Origin {
        let has = |key| self.base.is_some_and(|profile| profile.get(key).is_some());
        if has("sso_session") || has("sso_start_url") {
            Origin::SignIn("aws sso login")
        } else if has("login_session") {
            Origin::SignIn("aws login")
        } else if has("credential_process") {
            Origin::Process
        } else {
            Origin::Other
        }
    }
}

/// With a web identity the role is got by a token, not by other credentials and a code.
fn assumes_role(profile: &Profile) -> bool {
    profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none()
}

/// A source profile's own keys go before its role, in the SDK as in the CLI.
fn has_keys(profile: &Profile) -> bool {
    profile.get("aws_access_key_id").is_some() && profile.get("aws_secret_access_key").is_some()
}

#[cfg(test)]
mod tests {
    use aws_types::os_shim_internal::{Env, Fs};

    use super::*;

    /// The shared file as it would be read, with profile `a` selected.
    fn sections(config: &str) -> ProfileSet {
        let fs = Fs::from_slice(&[("config", config)]);
        let env = Env::from_slice(&[("AWS_CONFIG_FILE", "config"), ("AWS_PROFILE", "a")]);
        let files = Default::default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime
            .block_on(aws_config::profile::load(&fs, &env, &files, None))
            .unwrap()
    }

    #[test]
    fn mfa_on_the_way_is_found_before_any_call() {
        let role = "role_arn = arn:aws:iam::111122223333:role/R\n";
        let keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
        let mfa = "mfa_serial = arn:aws:iam::111122223333:mfa/me\n";
        let rows = [
            (
                "on the profile",
                format!("{role}{mfa}source_profile = b\n[profile b]\n{keys}"),
                Some("a"),
            ),
            (
                "one further",
                format!(
                    "{role}source_profile = b\n[profile b]\n{role}{mfa}source_profile = c\n[profile c]\n{keys}"
                ),
                Some("b"),
            ),
            (
                "of its own keys",
                format!("{role}{mfa}{keys}source_profile = a\n"),
                Some("a"),
            ),
            (
                "beside a role that is not assumed",
                format!("{keys}{mfa}"),
                None,
            ),
            (
                "on a source whose keys go first",
                format!("{role}source_profile = b\n[profile b]\n{keys}{role}{mfa}"),
                None,
            ),
            (
                "beside a web identity",
                format!("{role}{mfa}web_identity_token_file = t\n"),
                None,
            ),
            (
                "none",
                format!("{role}source_profile = b\n[profile b]\n{keys}"),
                None,
            ),
            (
                "a loop",
                format!("{role}source_profile = b\n[profile b]\n{role}source_profile = a\n"),
                None,
            ),
        ];
        for (what, config, profile) in rows {
            let sections = sections(&format!("[profile a]\n{config}"));
            let found = ProfilePath::follow(&sections).refuse_mfa().err();
            let expected = profile.map(|name| row::MFA_NEEDED.with("profile", name));
            assert_eq!(found, expected, "{what}");
        }
    }

    #[test]
    fn the_origin_is_at_the_end_of_the_path() {
        let role = "role_arn = arn:aws:iam::111122223333:role/R\nsource_profile = b\n[profile b]\n";
        let rows = [
            (
                "sso_session = s\n".to_owned(),
                Origin::SignIn("aws sso login"),
            ),
            (
                format!("{role}sso_start_url = https://example.com\n"),
                Origin::SignIn("aws sso login"),
            ),
            (
                "login_session = arn:aws:iam::111122223333:user/me\n".to_owned(),
                Origin::SignIn("aws login"),
            ),
            (
                format!("{role}credential_process = give-keys\n"),
                Origin::Process,
            ),
            (format!("{role}aws_access_key_id = x\n"), Origin::Other),
            (role.replace("[profile b]\n", ""), Origin::Other),
        ];
        for (config, origin) in rows {
            assert_eq!(
                ProfilePath::follow(&sections(&format!("[profile a]\n{config}"))).origin(),
                origin,
                "{config}"
            );
        }
    }
}
