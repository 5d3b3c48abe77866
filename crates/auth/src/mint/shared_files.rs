//! AWS's shared files (`~/.aws/config`, `~/.aws/credentials`), as far as the SDK would pass over something in
//! silence: a profile that is not there, a CA bundle. It reads no credentials.

use aws_config::profile::{self, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

use super::profile_path::ProfilePath;
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

    /// The way from the profile in use to its first credentials.
    pub(super) fn path(&self) -> ProfilePath<'_> {
        ProfilePath::follow(&self.sections)
    }
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
}
