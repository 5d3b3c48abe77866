//! The only reader of variables, home directory and clock, so that everything else is a function of its arguments.
//! (The AWS SDK reads its own variables beside us, on a cache miss only.) `names` lists the variables.

mod folders;
mod names;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use folders::Folder;
pub use names::*;

use crate::token::Timestamp;

/// Variables, home directory and clock, of the process or of a test.
#[derive(Debug, Clone)]
pub struct Environment {
    source: Backing,
}

#[derive(Debug, Clone)]
enum Backing {
    /// With the names of its variables, once they were asked for: to copy all of them takes longer than to read a file.
    Process(OnceLock<Vec<OsString>>),
    Fixed {
        variables: BTreeMap<String, OsString>,
        home: PathBuf,
        now: Timestamp,
    },
}

impl Environment {
    /// This process's own.
    pub fn of_process() -> Self {
        Self {
            source: Backing::Process(OnceLock::new()),
        }
    }

    /// One for tests: nothing else is read.
    pub fn fixed(variables: &[(&str, &str)], home: PathBuf, now: Timestamp) -> Self {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), OsString::from(value)))
            .collect();
        Self {
            source: Backing::Fixed {
                variables,
                home,
                now,
            },
        }
    }

    /// A variable's value; an empty one counts as unset, as AWS's own tools have it.
    pub fn variable(&self, name: &str) -> Option<OsString> {
        self.unfiltered(name).filter(|value| !value.is_empty())
    }

    fn unfiltered(&self, name: &str) -> Option<OsString> {
        match &self.source {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads variables"
            )]
            Backing::Process(_) => std::env::var_os(name),
            Backing::Fixed { variables, .. } => variables.get(name).cloned(),
        }
    }

    /// The same where an empty value counts, as the AWS CLI has it for the names of files.
    pub fn even_empty(&self, name: &str) -> Option<String> {
        let value = self.unfiltered(name);
        value.map(|value| value.to_string_lossy().into_owned())
    }

    /// A variable that is text; one that is not Unicode counts as its lossy form, so that it still differs from others.
    pub fn text(&self, name: &str) -> Option<String> {
        self.variable(name)
            .map(|value| value.to_string_lossy().into_owned())
    }

    /// Every variable whose name begins with `prefix` in any case, as npm reads its own: name and value, sorted.
    pub fn starting_with(&self, prefix: &str) -> Vec<(String, String)> {
        let mut found: Vec<_> = self
            .names_like(|name| has_prefix(name, prefix))
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), self.unicode(name)?)))
            .collect();
        found.sort();
        found
    }

    fn unicode(&self, name: &str) -> Option<String> {
        self.variable(name)?.into_string().ok()
    }

    /// The variables of such a name that are set to nothing, sorted: some clients take that for a value.
    pub fn emptied_starting_with(&self, prefix: &str) -> Vec<String> {
        let names = self.names_like(|name| has_prefix(name, prefix)).into_iter();
        let is_empty = |name: &&str| self.even_empty(name).is_some_and(|it| it.is_empty());
        let mut found: Vec<_> = names.filter(is_empty).map(str::to_owned).collect();
        found.sort();
        found
    }

    /// A variable whose name is compared without regard to case.
    pub fn in_any_case(&self, name: &str) -> Option<String> {
        let is_it = |other: &OsStr| other.eq_ignore_ascii_case(name);
        let mut found = self.names_like(is_it);
        found.sort_unstable();
        found.into_iter().find_map(|name| self.unicode(name))
    }

    /// The default Region.
    pub fn region(&self) -> Option<String> {
        self.text(AWS_REGION)
            .or_else(|| self.text(AWS_DEFAULT_REGION))
    }

    /// The names that are text and that `is_it` says yes to.
    fn names_like(&self, is_it: impl Fn(&OsStr) -> bool) -> Vec<&str> {
        match &self.source {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads variables"
            )]
            Backing::Process(names) => {
                let all = || std::env::vars_os().map(|(name, _)| name).collect();
                let names: &Vec<OsString> = names.get_or_init(all);
                let names = names.iter().filter(|name| is_it(name));
                names.filter_map(|name| name.to_str()).collect()
            }
            Backing::Fixed { variables, .. } => {
                let names = variables.keys().map(String::as_str);
                names.filter(|name| is_it(OsStr::new(name))).collect()
            }
        }
    }

    /// Now, in whole seconds UTC.
    pub fn now(&self) -> Timestamp {
        match &self.source {
            Backing::Process(_) => read_clock(),
            Backing::Fixed { now, .. } => *now,
        }
    }

    /// The configuration file: the one that [`CONFIG`] names, or the platform's.
    pub fn configuration_file(&self) -> Option<PathBuf> {
        match self.variable(CONFIG) {
            Some(path) => Some(PathBuf::from(path)),
            None => self
                .configuration_directory()
                .map(|directory| directory.join("config.toml")),
        }
    }

    fn configuration_directory(&self) -> Option<PathBuf> {
        self.folder(&folders::CONFIGURATION)
    }

    /// Holds tokens when the user chose the persistent file store.
    pub fn cache_directory(&self) -> Option<PathBuf> {
        self.folder(&folders::CACHE)
    }

    /// Holds the record of failures; platforms without a state directory use the one for local data.
    pub fn state_directory(&self) -> Option<PathBuf> {
        self.folder(&folders::STATE)
    }

    /// Holds the links to our programs that other programs call.
    pub fn data_directory(&self) -> Option<PathBuf> {
        self.folder(&folders::DATA)
    }

    fn folder(&self, folder: &Folder) -> Option<PathBuf> {
        match &self.source {
            Backing::Process(_) => folder.of_process(self),
            Backing::Fixed { .. } => folder.below_home(self),
        }
    }

    /// The session's own memory-backed directory (`$XDG_RUNTIME_DIR`), if there is one.
    pub fn runtime_directory(&self) -> Option<PathBuf> {
        self.variable("XDG_RUNTIME_DIR").map(PathBuf::from)
    }

    /// The directory of programs' configuration, on most systems the one of Go and Python's `platformdirs`.
    pub fn user_configuration(&self) -> Option<PathBuf> {
        if cfg!(windows) {
            return self.variable(APPDATA).map(PathBuf::from);
        }
        if cfg!(target_os = "macos") {
            return Some(self.home()?.join("Library/Application Support"));
        }
        self.dot_config()
    }

    /// `$XDG_CONFIG_HOME` or `~/.config`, on every system, for programs that keep to it.
    pub fn dot_config(&self) -> Option<PathBuf> {
        match self.variable(XDG_CONFIG_HOME).map(PathBuf::from) {
            Some(directory) => directory.is_absolute().then_some(directory),
            None => Some(self.home()?.join(".config")),
        }
    }

    /// The user's home directory.
    pub fn home(&self) -> Option<PathBuf> {
        match &self.source {
            Backing::Process(_) => folders::home(self),
            Backing::Fixed { home, .. } => Some(home.clone()),
        }
    }
}

fn has_prefix(name: &OsStr, prefix: &str) -> bool {
    let start = name.as_encoded_bytes().get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
fn read_clock() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(since_epoch.map_or(0, |duration| duration.as_secs()))
}
