//! AWS's shared files as one mint needs them: the selected profile, the identity it leads to, and the settings of
//! calls, handed to the SDK in its own syntax so that it reads no file itself.

use std::path::Path;

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

use crate::aws_files::{self, AwsFiles, Identity, IdentityError, Profile};
use crate::connection::Connection;
use crate::environment::{
    AWS_CA_BUNDLE, AWS_DEFAULT_PROFILE, AWS_MAX_ATTEMPTS, AWS_PROFILE, Environment,
    REQUESTS_CA_BUNDLE,
};
use crate::error::{Failure, row};

/// As often as the AWS CLI tries. The deadline ends it earlier.
const ATTEMPTS: u32 = 5;

/// The settings that the SDK still takes from a profile.
const PASSED_ON: [&str; 4] = [
    "endpoint_url",
    "ignore_configured_endpoint_urls",
    "use_fips_endpoint",
    "use_dualstack_endpoint",
];

/// The services whose endpoints a `[services]` section may override.
const SERVICES: [&str; 5] = ["sts", "codeartifact", "sso", "sso_oidc", "signin"];

/// The files' profiles, one of which is selected.
#[derive(Debug)]
pub(super) struct SharedFiles {
    files: AwsFiles,
    selected: String,
    /// The selected one was asked for, and is not just the usual one.
    is_named: bool,
    identity: Result<Identity, IdentityError>,
}

impl SharedFiles {
    /// The connection's profile goes before the variables. A broken file stops only what needs it.
    pub(super) fn load(
        environment: &Environment,
        connection: &Connection,
    ) -> Result<Self, Box<Failure>> {
        let explicit = connection.profile.as_deref();
        let does_without =
            |explicit| connection.source.is_some() || Identity::find(environment, explicit).is_ok();
        let is_named = explicit.is_some()
            || environment.text(AWS_PROFILE).is_some()
            || environment.text(AWS_DEFAULT_PROFILE).is_some();
        let files = match AwsFiles::load(environment) {
            Err(_) if !is_named && does_without(explicit) => AwsFiles::unread(environment),
            loaded => loaded.map_err(|error| error.failure())?,
        };
        Ok(Self {
            is_named,
            selected: aws_files::selected_profile(environment, explicit),
            identity: files
                .require_profile(environment, explicit)
                .and_then(|()| Identity::with_files(&files, environment, explicit)),
            files,
        })
    }

    /// The profile in use.
    pub(super) fn profile(&self) -> &str {
        &self.selected
    }

    /// The profile in use, if it was asked for by name.
    pub(super) fn named_profile(&self) -> Option<&str> {
        self.is_named.then_some(self.selected.as_str())
    }

    /// The profiles that are there beside the one in use, as a person reads them in a hint.
    pub(super) fn other_profiles(&self) -> Option<String> {
        let others = self.files.profiles().filter(|name| *name != self.selected);
        let shown: Vec<_> = others.take(aws_files::SHOWN_PROFILES).collect();
        Some(shown.join(", ")).filter(|shown| !shown.is_empty())
    }

    /// Returns the source of the first credentials.
    pub(super) fn identity(&self) -> Result<&Identity, Box<Failure>> {
        self.identity.as_ref().map_err(IdentityError::failure)
    }

    /// `AWS_CA_BUNDLE`, else `ca_bundle` of the profile, else what Python's programs read (botocore's `EndpointCreator`).
    pub(super) fn ca_bundle(&self, environment: &Environment) -> Option<String> {
        let of_profile = || {
            let path = self.setting("ca_bundle")?;
            Some(
                aws_files::home(environment, path)
                    .to_string_lossy()
                    .into_owned(),
            )
        };
        environment
            .text(AWS_CA_BUNDLE)
            .or_else(of_profile)
            .or_else(|| {
                let file = environment.text(REQUESTS_CA_BUNDLE);
                file.filter(|file| Path::new(file).is_file())
            })
    }

    /// The settings of the profile about the way of its calls, as they are written.
    pub(super) fn ways(&self) -> Vec<(&'static str, String)> {
        let ways = ["ca_bundle", "endpoint_url", "services"];
        let said = ways.map(|key| Some((key, self.setting(key)?.to_owned())));
        said.into_iter().flatten().collect()
    }

    /// Returns how often a call is tried: more often where AWS_MAX_ATTEMPTS or `max_attempts` says so, never less.
    pub(super) fn attempts(&self, environment: &Environment) -> u32 {
        let named = self.either(environment, AWS_MAX_ATTEMPTS, "max_attempts");
        let number = named.and_then(|text| text.trim().parse().ok());
        number.unwrap_or(ATTEMPTS).max(ATTEMPTS)
    }

    /// A variable, else what the profile in use says.
    pub(super) fn either(
        &self,
        environment: &Environment,
        variable: &str,
        key: &str,
    ) -> Option<String> {
        let of_profile = || self.setting(key).map(str::to_owned);
        environment.text(variable).or_else(of_profile)
    }

    fn setting(&self, key: &str) -> Option<&str> {
        self.files.profile(&self.selected)?.filled(key)
    }

    /// The part of the files that is for the SDK: one profile, `default`, with the settings of calls.
    pub(super) fn for_sdk(&self) -> Result<EnvConfigFiles, Box<Failure>> {
        let mut config = "[default]\n".to_owned();
        for key in PASSED_ON {
            if let Some(value) = self.setting(key) {
                config += &line(key, value);
            }
        }
        if let Some(services) = self.services()? {
            config += "services = selected\n[services selected]\n";
            for service in SERVICES {
                if let Some(url) = services.nested(service, "endpoint_url") {
                    config += &format!("{service} =\n  {}", line("endpoint_url", url));
                }
            }
        }
        Ok(EnvConfigFiles::builder()
            .with_contents(EnvConfigFileKind::Config, config)
            .build())
    }

    /// A profile that names services that are not there would send its calls to another host than was meant.
    fn services(&self) -> Result<Option<&Profile>, Box<Failure>> {
        let Some(name) = self.setting("services") else {
            return Ok(None);
        };
        match self.files.services(name) {
            Some(services) => Ok(Some(services)),
            None => {
                let failure = row::SERVICES_ABSENT.with("profile", &self.selected);
                Err(failure.with("services", name))
            }
        }
    }
}

/// A value of several lines would be several settings.
fn line(key: &str, value: &str) -> String {
    format!("{key} = {}\n", value.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Timestamp;

    fn files(config: &str, variables: &[(&str, &str)]) -> Result<SharedFiles, Box<Failure>> {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        std::fs::write(home.path().join(".aws/config"), config).unwrap();
        let environment = Environment::fixed(variables, home.path().to_owned(), Timestamp(0));
        SharedFiles::load(&environment, &Connection::default())
    }

    #[test]
    fn a_named_profile_must_exist() {
        let config = "[default]
[profile f]
[profile e]
[profile d]
[profile c]
[profile b]
[profile a]
";
        let rows = [
            (config, "a", Ok(())),
            (config, "g", Err("there is a, b, c, d, default")),
            (config, "", Ok(())),
            ("", "", Ok(())),
            (
                "",
                "a",
                Err("there is no profile at all: `aws configure --profile a` makes it"),
            ),
        ];
        for (config, selected, expected) in rows {
            let files = files(config, &[("AWS_PROFILE", selected)]).unwrap();
            let failure = files.identity().map(drop).err();
            if let Some(failure) = &failure {
                assert!(failure.is(&[&row::PROFILE_ABSENT]), "{failure:?}");
                let words = failure.words().replace('\\', "/");
                assert!(words.ends_with("/.aws/credentials (missing)"), "{words}");
            }
            let hint = failure.as_ref().and_then(|failure| failure.hint());
            assert_eq!(hint, expected.err(), "{selected:?}");
        }
    }

    #[test]
    fn services_that_are_not_there_are_an_error() {
        let rows = [
            ("", true),
            ("services = s\n[services s]\n", true),
            ("services = s\n[services \"s\"]\n", true),
            ("services = s\n", false),
        ];
        for (rest, expected) in rows {
            let files = files(&format!("[default]\n{rest}"), &[]).unwrap();
            assert_eq!(files.for_sdk().is_ok(), expected, "{rest}");
        }
    }

    #[test]
    fn attempts_are_only_added() {
        let variable = |text| [("AWS_MAX_ATTEMPTS", text)];
        let rows = [
            ("", variable(""), 5),
            ("max_attempts = 10\n", variable(""), 10),
            ("max_attempts = 0\n", variable(""), 5),
            ("max_attempts = 10\n", variable("7"), 7),
            ("", variable("many"), 5),
        ];
        for (rest, variables, expected) in rows {
            let environment = Environment::fixed(&variables, "/home/me".into(), Timestamp(0));
            let files = files(&format!("[default]\n{rest}"), &[]).unwrap();
            assert_eq!(
                files.attempts(&environment),
                expected,
                "{rest:?} {variables:?}"
            );
        }
    }

    #[test]
    fn a_broken_file_stops_only_what_needs_it() {
        let keys = [("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "y")];
        let named = [keys.as_slice(), &[("AWS_PROFILE", "a")]].concat();
        for (variables, expected) in [(keys.as_slice(), true), (&named, false), (&[], false)] {
            assert_eq!(
                files("nonsense", variables).is_ok(),
                expected,
                "{variables:?}"
            );
        }
    }
}
