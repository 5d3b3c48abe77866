//! The source of connections: a configuration that was read whole, or a large file of which only the part that
//! matters is read for each question. `configuration.rs` checks connections.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::io;
use std::path::PathBuf;

use super::Configuration;
use super::excerpt::excerpt;
use crate::environment::{self, Environment};
use crate::error::{Failure, row};
use crate::user_file::{open_regular, read_text};

/// Up to this size in bytes, parsing all of a file costs less than a tenth of a millisecond, and shows every mistake.
const SMALL: u64 = 32 * 1024;

/// The connections' source.
#[derive(Debug, Clone)]
pub(super) enum ConfigurationSource {
    /// Read and checked from the first line to the last.
    Whole(Configuration),
    /// Read in parts: a mistake in one customer's connection does not stop the others'.
    Large {
        file: Position,
        /// Everything but the connections, once it was asked for.
        general: OnceCell<Configuration>,
    },
}

/// The path of the file.
#[derive(Debug, Clone)]
pub(super) struct Position {
    path: PathBuf,
    /// [`environment::CONFIG`] names it, so it must be there.
    named: bool,
}

impl ConfigurationSource {
    /// Reads the file, unless it is large.
    pub(super) fn load(environment: &Environment) -> Result<Self, Box<Failure>> {
        let Some(place) = Position::of(environment) else {
            return Ok(Self::Whole(Configuration::default()));
        };
        match place.length()? {
            None => Ok(Self::Whole(Configuration::default())),
            Some(length) if length > SMALL => Ok(Self::Large {
                file: place,
                general: OnceCell::new(),
            }),
            Some(_) => Ok(Self::Whole(place.whole()?)),
        }
    }

    /// The configuration, perhaps without its connections.
    pub(super) fn general(&self) -> Result<&Configuration, Box<Failure>> {
        match self {
            Self::Whole(configuration) => Ok(configuration),
            Self::Large { file, general } => {
                if let Some(known) = general.get() {
                    return Ok(known);
                }
                let part = file.part(&[])?;
                Ok(general.get_or_init(|| part))
            }
        }
    }

    /// The whole configuration, checked.
    pub(super) fn whole(&self) -> Result<Cow<'_, Configuration>, Box<Failure>> {
        match self {
            Self::Whole(configuration) => Ok(Cow::Borrowed(configuration)),
            Self::Large { file, .. } => file.whole().map(Cow::Owned),
        }
    }

    /// Tells whether there is one connection and no other. A large file has many.
    pub(super) fn has_one_connection(&self) -> bool {
        match self {
            Self::Whole(configuration) => configuration.connections().count() == 1,
            Self::Large { .. } => false,
        }
    }

    /// A configuration with at least the connections of `account_id` and the one that is `named`; the whole one if
    /// there is none of that name, so that the error can say the nearest.
    pub(super) fn about(
        &self,
        account_id: &str,
        named: Option<&str>,
    ) -> Result<Cow<'_, Configuration>, Box<Failure>> {
        let Self::Large { file, .. } = self else {
            return self.whole();
        };
        let words: Vec<_> = [account_id].into_iter().chain(named).collect();
        let part = file.part(&words)?;
        if named.is_none_or(|name| part.connection(name).is_some()) {
            Ok(Cow::Owned(part))
        } else {
            self.whole()
        }
    }
}

impl Position {
    fn of(environment: &Environment) -> Option<Self> {
        Some(Self {
            path: environment.configuration_file()?,
            named: environment.variable(environment::CONFIG).is_some(),
        })
    }

    /// In bytes; `None` if there is no such file, and none is needed.
    fn length(&self) -> Result<Option<u64>, Box<Failure>> {
        match std::fs::metadata(&self.path) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.named => Ok(None),
            Err(error) => Err(self.unreadable(&error)),
        }
    }

    fn whole(&self) -> Result<Configuration, Box<Failure>> {
        let text = read_text(&self.path).map_err(|error| self.unreadable(&error))?;
        Configuration::parse(&text).map_err(|error| error.in_file(&self.path))
    }

    /// The part that matters for `words`. If it is wrong, the whole file is read, which has the right line numbers.
    fn part(&self, words: &[&str]) -> Result<Configuration, Box<Failure>> {
        let file = open_regular(&self.path).map_err(|error| self.unreadable(&error))?;
        let excerpt = excerpt(file, words).map_err(|error| self.unreadable(&error))?;
        let parsed = excerpt.and_then(|excerpt| Configuration::parse(&excerpt).ok());
        parsed.map_or_else(|| self.whole(), Ok)
    }

    fn unreadable(&self, error: &io::Error) -> Box<Failure> {
        row::FILE_UNUSABLE
            .with("action", "read")
            .with("path", self.path.display())
            .with("reason", error)
            .with_any("variable", self.named.then_some(environment::CONFIG))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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

    fn source(home: &Path, text: &str) -> ConfigurationSource {
        let file = home.join("config.toml");
        std::fs::write(&file, text).unwrap();
        let variables = [(CONFIG, file.to_str().unwrap())];
        let environment = Environment::fixed(&variables, home.into(), Timestamp(0));
        ConfigurationSource::load(&environment).unwrap()
    }

    fn names(configuration: &Configuration) -> Vec<String> {
        let names = configuration.connections().map(|found| found.name.clone());
        names.flatten().collect()
    }

    #[test]
    fn of_a_large_file_only_what_matters_is_read() {
        let home = tempfile::tempdir().unwrap();
        let source = source(
            home.path(),
            &[DEFAULTS.to_owned(), customers(1000)].concat(),
        );
        assert!(matches!(source, ConfigurationSource::Large { .. }));
        assert_eq!(names(source.general().unwrap()), [] as [&str; 0]);
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
        let home = tempfile::tempdir().unwrap();
        let source = source(home.path(), &[customers(1000), wrong.to_owned()].concat());
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
        let home = tempfile::tempdir().unwrap();
        let source = source(home.path(), &text);
        let whole = source.whole().unwrap();
        for number in [0, 1, 10, 500, 999] {
            let name = format!("customer-{number}");
            let part = source.about(&format!("{number:012}"), None).unwrap();
            assert_eq!(part.connection(&name), whole.connection(&name));
        }
    }
}
