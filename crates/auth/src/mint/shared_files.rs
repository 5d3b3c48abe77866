//! AWS's shared files (`~/.aws/config`, `~/.aws/credentials`), as far as the SDK would pass over something in
//! silence: a profile that is not there, a CA bundle. It reads no credentials.

use aws_config::profile::{self, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

use super::profile_path::ProfilePath;
use super::refusal::last_words;
use crate::environment::{AWS_CA_BUNDLE, AWS_DEFAULT_PROFILE, AWS_PROFILE, Environment};
use crate::error::{Failure, row};

/// What AWS's tools use when nothing else is asked for.
const DEFAULT_PROFILE: &str = "default";

/// As many as a person reads in a hint.
const SHOWN_PROFILES: usize = 5;

/// The files' profiles, one of which is selected.
#[derive(Debug)]
pub(super) struct SharedFiles {
    sections: ProfileSet,
    is_named: bool,
}

impl SharedFiles {
    /// `explicit` is the connection's profile, which goes before the variables.
    pub(super) async fn load(
        environment: &Environment,
        explicit: Option<&str>,
    ) -> Result<Self, Box<Failure>> {
        let named = explicit
            .map(str::to_owned)
            .or_else(|| environment.text(AWS_PROFILE))
            .or_else(|| environment.text(AWS_DEFAULT_PROFILE));
        let is_named = named.is_some();
        let selected = named.unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        let sections = profile::load(
            &Fs::real(),
            &Env::real(),
            &Default::default(),
            Some(selected.into()),
        )
        .await
        .map_err(|error| {
            let reason = format!("{error}: {}", last_words(&error));
            row::SHARED_FILES_UNREADABLE.with("reason", reason)
        })?;
        Ok(Self { sections, is_named })
    }

    /// The profile in use. It is always given to the SDK, which would take an empty variable for a name.
    pub(super) fn profile(&self) -> &str {
        self.sections.selected_profile()
    }

    /// `AWS_CA_BUNDLE`, else `ca_bundle` of the profile.
    pub(super) fn ca_bundle(&self, environment: &Environment) -> Option<String> {
        environment
            .text(AWS_CA_BUNDLE)
            .or_else(|| self.sections.get("ca_bundle").map(str::to_owned))
    }

    /// Returns the profile's keys that decide which way its calls go, as they are in the file.
    pub(super) fn ways(&self) -> Vec<(&'static str, String)> {
        let ways = ["ca_bundle", "endpoint_url", "services"];
        let said = ways.map(|key| Some((key, self.sections.get(key)?.to_owned())));
        said.into_iter().flatten().collect()
    }

    /// The profile's Region.
    pub(super) fn region(&self) -> Option<&str> {
        self.sections.get("region")
    }

    /// A profile that was asked for by name must exist: the SDK would go on to other sources without a word.
    pub(super) fn require_named_profile(&self) -> Result<(), Box<Failure>> {
        let name = self.profile();
        if !self.is_named || self.sections.get_profile(name).is_some() {
            return Ok(());
        }
        let absent = row::PROFILE_ABSENT.with("profile", name);
        Err(absent.with_any("existing", self.some_profiles()))
    }

    fn some_profiles(&self) -> Option<String> {
        let mut names: Vec<&str> = self.sections.profiles().collect();
        names.sort_unstable();
        names.truncate(SHOWN_PROFILES);
        Some(names.join(", ")).filter(|names| !names.is_empty())
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
        let files = Default::default();
        let name = selected.unwrap_or(DEFAULT_PROFILE).to_owned();
        let loading = profile::load(&fs, &env, &files, Some(name.into()));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let sections = runtime.block_on(loading).unwrap();
        SharedFiles {
            sections,
            is_named: selected.is_some(),
        }
    }

    #[test]
    fn a_named_profile_must_exist() {
        let config = "[default]\n[profile f]\n[profile e]\n[profile d]\n[profile c]\n[profile b]\n[profile a]\n";
        let missing = row::PROFILE_ABSENT
            .with("profile", "g")
            .with("existing", "a, b, c, d, default");
        let nothing = row::PROFILE_ABSENT.with("profile", "a");
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
