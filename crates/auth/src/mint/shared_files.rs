//! AWS's shared files (`~/.aws/config`, `~/.aws/credentials`), as far as the SDK would pass over something in
//! silence: a profile that is not there, a role that wants an MFA code, a CA bundle. It reads no credentials.

use aws_config::profile::{self, Profile, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

use super::refusal::last_words;
use crate::environment::{AWS_CA_BUNDLE, AWS_DEFAULT_PROFILE, AWS_PROFILE, Environment};
use crate::error::Cause;

/// As many as a person reads in a hint.
const SHOWN_PROFILES: usize = 5;

/// The files' profiles, and which of them was asked for by name.
#[derive(Debug)]
pub(super) struct SharedFiles {
    sections: ProfileSet,
    named: Option<String>,
}

/// What a profile's credentials come from in the end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A person's sign-in, renewed by this command.
    SignIn(&'static str),
    /// A program of the user's.
    Process,
    /// Anything else.
    Other,
}

impl SharedFiles {
    /// `explicit` is the connection's profile, which goes before the variables.
    pub(super) async fn load(
        environment: &Environment,
        explicit: Option<&str>,
    ) -> Result<Self, Cause> {
        let named = explicit
            .map(str::to_owned)
            .or_else(|| environment.text(AWS_PROFILE))
            .or_else(|| environment.text(AWS_DEFAULT_PROFILE));
        let selected = named.clone().map(Into::into);
        let sections = profile::load(&Fs::real(), &Env::real(), &Default::default(), selected)
            .await
            .map_err(|error| Cause::SharedFiles(format!("{error}: {}", last_words(&error))))?;
        Ok(Self { sections, named })
    }

    /// The profile that was asked for by name; `None` is the default one, if there is one.
    pub(super) fn profile(&self) -> Option<&str> {
        self.named.as_deref()
    }

    /// The name that the profile in use goes by in messages.
    pub(super) fn selected(&self) -> &str {
        self.sections.selected_profile()
    }

    /// `AWS_CA_BUNDLE`, else `ca_bundle` of the profile.
    pub(super) fn ca_bundle(&self, environment: &Environment) -> Option<String> {
        environment
            .text(AWS_CA_BUNDLE)
            .or_else(|| self.sections.get("ca_bundle").map(str::to_owned))
    }

    /// The profile's Region.
    pub(super) fn region(&self) -> Option<&str> {
        self.sections.get("region")
    }

    /// A profile that was asked for by name must exist: the SDK would go on to other sources without a word.
    pub(super) fn require_named_profile(&self) -> Result<(), Cause> {
        match &self.named {
            Some(name) if self.sections.get_profile(name).is_none() => Err(Cause::NoProfile {
                name: name.clone(),
                existing: self.some_profiles(),
            }),
            _ => Ok(()),
        }
    }

    fn some_profiles(&self) -> Vec<String> {
        let mut names: Vec<String> = self.sections.profiles().map(str::to_owned).collect();
        names.sort_unstable();
        names.truncate(SHOWN_PROFILES);
        names
    }

    /// The SDK leaves `mfa_serial` out of the call, which AWS then refuses without saying why.
    pub(super) fn refuse_mfa(&self) -> Result<(), Cause> {
        let mut roles = self.path().roles.into_iter();
        match roles.find(|profile| profile.get("mfa_serial").is_some()) {
            None => Ok(()),
            Some(profile) => Err(Cause::Mfa {
                profile: profile.name().to_owned(),
            }),
        }
    }

    /// Where the profile's credentials come from at the end of its path.
    pub(super) fn origin(&self) -> Origin {
        let base = self.path().base;
        let has = |key| base.is_some_and(|profile| profile.get(key).is_some());
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

    /// Follows `source_profile` as the SDK does. It reports loops and dead ends; here they only end the path.
    fn path(&self) -> Path<'_> {
        let mut roles: Vec<&Profile> = Vec::new();
        let mut next = self.sections.get_profile(self.selected());
        while let Some(profile) = next {
            let goes_by_keys = !roles.is_empty() && has_keys(profile);
            let is_known = roles.iter().any(|role| role.name() == profile.name());
            if goes_by_keys || is_known || !assumes_role(profile) {
                break;
            }
            roles.push(profile);
            next = match profile.get("source_profile") {
                Some(name) => self.sections.get_profile(name),
                None => Some(profile),
            };
        }
        Path { roles, base: next }
    }
}

/// The way from a profile to its first credentials.
struct Path<'a> {
    /// Those whose role is assumed.
    roles: Vec<&'a Profile>,
    /// Where the credentials are.
    base: Option<&'a Profile>,
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
    use super::*;

    fn files(config: &str, selected: Option<&str>) -> SharedFiles {
        let fs = Fs::from_slice(&[("config", config)]);
        let env = Env::from_slice(&[("AWS_CONFIG_FILE", "config")]);
        let named = selected.map(str::to_owned);
        let files = Default::default();
        let loading = profile::load(&fs, &env, &files, named.clone().map(Into::into));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let sections = runtime.block_on(loading).unwrap();
        SharedFiles { sections, named }
    }

    #[test]
    fn a_named_profile_must_exist() {
        let config = "[default]\n[profile f]\n[profile e]\n[profile d]\n[profile c]\n[profile b]\n[profile a]\n";
        let missing = Cause::NoProfile {
            name: "g".into(),
            existing: ["a", "b", "c", "d", "default"].map(str::to_owned).into(),
        };
        let nothing = Cause::NoProfile {
            name: "a".into(),
            existing: vec![],
        };
        let rows = [
            (config, Some("a"), Ok(())),
            (config, Some("g"), Err(missing)),
            (config, None, Ok(())),
            ("", None, Ok(())),
            ("", Some("a"), Err(nothing)),
        ];
        for (config, selected, expected) in rows {
            assert_eq!(
                files(config, selected).require_named_profile(),
                expected,
                "{selected:?}"
            );
        }
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
            let found = files(&format!("[profile a]\n{config}"), Some("a"))
                .refuse_mfa()
                .err();
            let expected = profile.map(|name| Cause::Mfa {
                profile: name.to_owned(),
            });
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
                files(&format!("[profile a]\n{config}"), Some("a")).origin(),
                origin,
                "{config}"
            );
        }
    }
}
