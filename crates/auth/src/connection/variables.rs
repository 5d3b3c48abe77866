//! Reads variables: a whole connection for a job on a scheduler, and single settings that override any connection. The
//! checks are those of the file; messages name the variable. `environment/names.rs` lists them.

use super::settings::Settings;
use super::{Hop, check};
use crate::environment::{self, Environment};
use crate::error::Failure;

/// Reads the settings that hold for any connection. `via` is not one of them: that belongs to the role.
pub(super) fn over_all(environment: &Environment) -> Result<Settings, Box<Failure>> {
    let profile = variable(environment, environment::PROFILE, check::profile)?;
    let source = variable(environment, environment::SOURCE, check::source)?;
    if profile.is_some() && source.is_some() {
        let both = check::two_sources(environment::PROFILE);
        return Err(both.with("step", environment::SOURCE));
    }
    Ok(Settings {
        profile,
        source,
        audience: variable(environment, environment::AUDIENCE, check::audience)?,
        via: None,
        duration: variable(environment, environment::DURATION, check::duration)?,
        cache: variable(environment, environment::CACHE, check::cache)?,
        require_connection: variable(environment, environment::REQUIRE_CONNECTION, check::switch)?,
        go_private: None,
    })
}

/// Reads the role from the environment, and the settings of a connection through it. `[defaults]` holds for it too,
/// its `via` unless the variable says another.
pub(super) fn role(environment: &Environment) -> Result<Option<(Hop, Settings)>, Box<Failure>> {
    let role_arn = variable(environment, environment::ROLE_ARN, check::role_arn)?;
    let external_id = variable(environment, environment::EXTERNAL_ID, check::external_id)?;
    let via = variable(environment, environment::VIA, role_list)?;
    let Some(role_arn) = role_arn else {
        let others = [
            (environment::EXTERNAL_ID, external_id.is_some()),
            (environment::VIA, via.is_some()),
        ];
        return match others.iter().find(|(_, is_set)| *is_set) {
            Some((name, _)) => Err(check::alone(environment::ROLE_ARN).with("step", name)),
            None => Ok(None),
        };
    };
    let role = Hop {
        role_arn,
        external_id,
    };
    let own = Settings {
        via,
        ..Settings::default()
    };
    Ok(Some((role, own)))
}

fn role_list(text: &str) -> Result<Vec<String>, Box<Failure>> {
    text.split(',')
        .map(|role| check::role_arn(role.trim_ascii()))
        .collect()
}

/// Reads a variable's value as `check` understands it.
pub(super) fn variable<T>(
    environment: &Environment,
    name: &'static str,
    check: impl FnOnce(&str) -> Result<T, Box<Failure>>,
) -> Result<Option<T>, Box<Failure>> {
    let text = environment.text(name);
    let value = text.map(|text| check(&text)).transpose();
    value.map_err(|failure| failure.with("step", name))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::connection::Connection;
    use crate::connection::{Configuration, Connections};
    use crate::endpoint::{Endpoint, MappedHosts};
    use crate::token::Timestamp;

    fn found(text: &str, variables: &[(&str, &str)]) -> Result<Connection, Box<Failure>> {
        let environment = Environment::fixed(variables, PathBuf::new(), Timestamp(0));
        let configuration = Configuration::parse(text).unwrap();
        let host = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let endpoint = Endpoint::parse(host, &MappedHosts::new()).unwrap();
        Connections::new(configuration, &environment)?.find(&endpoint, None)
    }

    fn role_named(name: &str) -> String {
        format!("arn:aws:iam::111122223333:role/{name}")
    }

    #[test]
    fn a_whole_connection_from_the_environment() {
        let [reader, first, second, default] =
            ["Reader", "First", "Second", "Default"].map(role_named);
        let via = format!("{first}, {second}");
        let defaults = format!("[defaults]\nvia = ['{default}']\nprofile = 'p'");
        let rows = [
            (
                "",
                vec![(environment::ROLE_ARN, reader.as_str())],
                vec![(&reader, None)],
                None,
            ),
            (
                "",
                vec![
                    (environment::ROLE_ARN, reader.as_str()),
                    (environment::EXTERNAL_ID, "12345678"),
                    (environment::VIA, via.as_str()),
                    (environment::PROFILE, "q"),
                ],
                vec![(&first, None), (&second, None), (&reader, Some("12345678"))],
                Some("q"),
            ),
            (
                defaults.as_str(),
                vec![(environment::ROLE_ARN, reader.as_str())],
                vec![(&default, None), (&reader, None)],
                Some("p"),
            ),
            (
                defaults.as_str(),
                vec![
                    (environment::ROLE_ARN, reader.as_str()),
                    (environment::VIA, first.as_str()),
                ],
                vec![(&first, None), (&reader, None)],
                Some("p"),
            ),
        ];
        for (text, variables, hops, profile) in rows {
            let found = found(text, &variables).unwrap();
            let found_hops: Vec<_> = found
                .hops
                .iter()
                .map(|hop| (&hop.role_arn, hop.external_id.as_deref()))
                .collect();
            assert_eq!(
                (found_hops, found.profile.as_deref()),
                (hops, profile),
                "{variables:?}"
            );
            assert_eq!((found.name, found.endpoints.len()), (None, 0));
        }
    }

    #[test]
    fn a_wrong_variable_is_named() {
        for (name, value, message) in WRONG {
            let error = found("", &[(name, value)]).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }

    const WRONG: [(&str, &str, &str); 12] = [
        (
            environment::ROLE_ARN,
            "arn:aws:iam::111122223333:role/Reader\n",
            "CODEARTIFACT_ROLE_ARN: `arn:aws:iam::111122223333:role/Reader\\n` is not the ARN of an IAM role",
        ),
        (
            environment::ROLE_ARN,
            "Reader",
            "CODEARTIFACT_ROLE_ARN: `Reader` is not the ARN of an IAM role",
        ),
        (
            environment::EXTERNAL_ID,
            "S",
            "CODEARTIFACT_EXTERNAL_ID: has 1 characters, and AWS takes an external id of 2 to 1224",
        ),
        (
            environment::EXTERNAL_ID,
            "12345678",
            "CODEARTIFACT_EXTERNAL_ID: goes with CODEARTIFACT_ROLE_ARN, which is missing",
        ),
        (
            environment::VIA,
            "arn:aws:iam::111122223333:role/Reader",
            "CODEARTIFACT_VIA: goes with CODEARTIFACT_ROLE_ARN, which is missing",
        ),
        (
            environment::VIA,
            "Reader",
            "CODEARTIFACT_VIA: `Reader` is not the ARN of an IAM role",
        ),
        (
            environment::PROFILE,
            "a\u{7}b",
            "CODEARTIFACT_PROFILE: holds a control character",
        ),
        (
            environment::SOURCE,
            "github",
            "CODEARTIFACT_SOURCE: `github` is none of github-actions, gitlab:VARIABLE, buildkite, circleci, \
                 env:VARIABLE, file:PATH",
        ),
        (
            environment::AUDIENCE,
            "a b",
            "CODEARTIFACT_AUDIENCE: `a b` is not an audience",
        ),
        (
            environment::DURATION,
            "13h",
            "CODEARTIFACT_DURATION: `13h` is not a duration from 15m to 12h",
        ),
        (
            environment::REQUIRE_CONNECTION,
            "acme",
            "CODEARTIFACT_REQUIRE_CONNECTION: `acme` is neither true nor false",
        ),
        (
            environment::CACHE,
            "none",
            "CODEARTIFACT_CACHE: `none` is none of auto, keyring, file, off",
        ),
    ];
}
