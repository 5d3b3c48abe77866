//! Where connections are looked up: a configuration that was read whole, or a large file of which only the part that
//! matters is read for each question. What a connection needs to be right is decided in `configuration.rs`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::Configuration;
use super::excerpt::excerpt;
use crate::environment::Environment;
use crate::error::ConfigurationError;

/// Up to this size, parsing all of a file costs less than a tenth of a millisecond, and shows every mistake in it.
const SMALL: usize = 32 * 1024;

/// The connections' source.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Read and checked from the first line to the last.
    Whole(Configuration),
    /// Read in parts: a mistake in one customer's connection does not stop the others'.
    Large {
        path: PathBuf,
        text: String,
        /// Everything but the connections.
        general: Configuration,
    },
}

impl Source {
    /// Reads the file, and of a large one just what stands outside the connections.
    pub(super) fn load(environment: &Environment) -> Result<Self, ConfigurationError> {
        match Configuration::read(environment)? {
            None => Ok(Self::Whole(Configuration::default())),
            Some((path, text)) if text.len() <= SMALL => {
                Ok(Self::Whole(Configuration::parse_file(&text, &path)?))
            }
            Some((path, text)) => Self::large(path, text),
        }
    }

    fn large(path: PathBuf, text: String) -> Result<Self, ConfigurationError> {
        let general = part(&text, &path, &[])?;
        Ok(Self::Large {
            path,
            text,
            general,
        })
    }

    /// The configuration, perhaps without its connections.
    pub(super) fn general(&self) -> &Configuration {
        match self {
            Self::Whole(configuration) => configuration,
            Self::Large { general, .. } => general,
        }
    }

    /// The whole configuration, checked.
    pub(super) fn whole(&self) -> Result<Cow<'_, Configuration>, ConfigurationError> {
        match self {
            Self::Whole(configuration) => Ok(Cow::Borrowed(configuration)),
            Self::Large { path, text, .. } => Configuration::parse_file(text, path).map(Cow::Owned),
        }
    }

    /// A configuration with at least the connections of `account_id` and the one that is `named`; the whole one if
    /// there is none of that name, so that the nearest can be told.
    pub(super) fn about(
        &self,
        account_id: &str,
        named: Option<&str>,
    ) -> Result<Cow<'_, Configuration>, ConfigurationError> {
        let Self::Large { path, text, .. } = self else {
            return self.whole();
        };
        let words: Vec<_> = [account_id].into_iter().chain(named).collect();
        let part = part(text, path, &words)?;
        match named.is_none_or(|name| part.connection(name).is_some()) {
            true => Ok(Cow::Owned(part)),
            false => self.whole(),
        }
    }
}

/// The part of `text` that matters for `words`. Whatever is wrong with it is told by the whole, which has the right
/// line numbers.
fn part(text: &str, path: &Path, words: &[&str]) -> Result<Configuration, ConfigurationError> {
    let parsed = excerpt(text, words).and_then(|excerpt| Configuration::parse(&excerpt).ok());
    parsed.map_or_else(|| Configuration::parse_file(text, path), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::CONFIG;
    use crate::token::Timestamp;

    const DEFAULTS: &str = "[defaults]\nprofile = \"integration\"\n\n";

    /// The connection of the customer with this number.
    fn connection(number: usize) -> String {
        format!(
            "[connections.customer-{number}]\naccount_id = \"{number:012}\"\n\
             npm = \"https://my-domain-{number:012}.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/\"\n\n"
        )
    }

    fn customers(count: usize) -> String {
        (0..count).map(connection).collect()
    }

    fn source(text: &str) -> Source {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        let variables = [(CONFIG, file.to_str().unwrap())];
        let environment = Environment::fixed(&variables, home.path().into(), Timestamp(0));
        Source::load(&environment).unwrap()
    }

    fn names(configuration: &Configuration) -> Vec<String> {
        let names = configuration.connections().map(|found| found.name.clone());
        names.flatten().collect()
    }

    #[test]
    fn of_a_large_file_only_what_matters_is_read() {
        let source = source(&[DEFAULTS.to_owned(), customers(1000)].concat());
        assert!(matches!(source, Source::Large { .. }));
        assert_eq!(names(source.general()), [] as [&str; 0]);
        let rows: [(&str, Option<&str>, &[&str]); 4] = [
            ("000000000007", None, &["customer-7"]),
            ("999999999999", None, &[]),
            (
                "000000000007",
                Some("customer-500"),
                &["customer-500", "customer-7"],
            ),
            ("999999999999", Some("customer-999"), &["customer-999"]),
        ];
        for (account_id, named, expected) in rows {
            let part = source.about(account_id, named).unwrap();
            assert_eq!(names(&part), expected, "{account_id} {named:?}");
            let profiles = part.connections().map(|found| found.profile.as_deref());
            assert!(profiles.eq(expected.iter().map(|_| Some("integration"))));
        }
        let whole = source.about("000000000007", Some("customer-x")).unwrap();
        assert_eq!(names(&whole).len(), 1000, "to tell the nearest name");
    }

    #[test]
    fn a_mistake_in_a_large_file_stops_those_whom_it_befalls() {
        let wrong = "[connections.wrong]\naccount_id = \"111122223333\"\nrole = \"x\"\n";
        let source = source(&[customers(1000), wrong.to_owned()].concat());
        assert_eq!(
            names(&source.about("000000000007", None).unwrap()),
            ["customer-7"]
        );
        let errors = [
            source.about("111122223333", None).unwrap_err(),
            source.whole().unwrap_err(),
        ];
        for error in errors {
            let line = 1000 * 4 + 3;
            let text = error.to_string();
            assert!(
                text.contains(&format!("line {line}, column 1: connections.wrong.role")),
                "{text}"
            );
        }
    }

    #[test]
    fn parts_of_a_file_say_what_the_whole_says() {
        let text = [customers(1000), DEFAULTS.to_owned()].concat();
        let source = source(&text);
        let whole = source.whole().unwrap();
        for number in [0, 1, 10, 500, 999] {
            let name = format!("customer-{number}");
            let part = source.about(&format!("{number:012}"), None).unwrap();
            assert_eq!(part.connection(&name), whole.connection(&name));
        }
    }
}
