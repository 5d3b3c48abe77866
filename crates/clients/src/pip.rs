//! pip: `keyring-provider` and `index-url` of `pip.conf`. Not `extra-index-url`: pip takes the highest version that
//! any index has, so anyone who publishes your private package's name on a public one would be installed.
//!
//! Sources: pip 26, `network/auth.py`, `cli/parser.py` and `configuration.py`; tried with the real one in the end-to-end
//! tests. Asked by `pip config debug`; where there is no answer, its files are read in its order.

mod beside;
mod edit;
mod judged;
mod places;
mod read;
mod requirements;

use std::path::PathBuf;

use crate::here::Here;
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python};
use crate::setting::{Origin, Setting};
use crate::setup::Level;
use crate::trial::{self, Scratch, Trial};
use read::PipSettings;

const PIP_INDEX_URL: &str = "PIP_INDEX_URL";
const PIP_EXTRA_INDEX_URL: &str = "PIP_EXTRA_INDEX_URL";
/// pip's way to a keyring: `auto`, `disabled`, `import`, `subprocess`.
const PIP_KEYRING_PROVIDER: &str = "PIP_KEYRING_PROVIDER";
/// pip must not ask the user, which switches `auto` off.
const PIP_NO_INPUT: &str = "PIP_NO_INPUT";
/// One more configuration file, instead of the user's own; the null device stands for none at all.
const PIP_CONFIG_FILE: &str = "PIP_CONFIG_FILE";

/// pip's room.
pub(crate) const PIP: Python = Python {
    name: "pip",
    check: CHECK,
    about: "pip: keyring-provider and index-url of pip.conf, and the `keyring` command it asks",
    notes: NOTE,
    has_project: true,
    asks: Asks::Command,
    file: |here, level| match level {
        Level::User => places::user_file(here.environment),
        Level::Project => places::site_file(here.environment),
    },
    edit: edit::edit,
    passwords_file: |_| None,
    drop_passwords: |_, _| Ok(()),
    reads_bom: false,
    has_one: true,
    beside: beside::remarks,
    no_project: "no project of pip's here: activate a virtual environment, or one of conda",
    winning: &[
        PIP_CONFIG_FILE,
        PIP_INDEX_URL,
        PIP_EXTRA_INDEX_URL,
        PIP_KEYRING_PROVIDER,
    ],
    passwords: &[],
    settings,
    require_harmless: |_| Ok(()),
    variables: |variables| {
        if let Some(target) = variables.target() {
            variables.offer(PIP_INDEX_URL, &target.index);
        }
    },
    leftovers: Leftovers {
        sends: "pip sends it and asks no keyring",
        project: &["pip.conf", "requirements.txt"],
        others: &[("Pipfile", "pipenv sends it and asks no keyring")],
        published: &["Pipfile.lock"],
        variables: &[PIP_INDEX_URL, PIP_EXTRA_INDEX_URL],
        user: places::files,
        ..Leftovers::NONE
    },
    findings: judged::findings,
    reason: judged::reason,
    risks: judged::risks,
    intended: |here| python::named_in(here, places::user_file(here.environment)),
    programs: places::of_environment,
    trials: |here, _, scratch| trials(here, scratch),
};

const CHECK: &str = "client_pip";
const SECTION: &str = "global";

/// A setting's name in pip's files, and the variable that wins over them.
const INDEXES: [(&str, &str); 2] = [
    ("index-url", PIP_INDEX_URL),
    ("extra-index-url", PIP_EXTRA_INDEX_URL),
];

const PROVIDER: (&str, &str) = ("keyring-provider", PIP_KEYRING_PROVIDER);
const NO_INPUT: (&str, &str) = ("no-input", PIP_NO_INPUT);

/// Nothing goes elsewhere, whatever the user's settings say of it. `pip download` would go nowhere at all, and does not read
/// what `[install]` has.
const INTO_SCRATCH: &[&str] = if cfg!(windows) {
    &["--no-user", "--prefix=", "--target"]
} else {
    &["--no-user", "--prefix=", "--root=/", "--target"]
};

/// With the indexes of `requirements.txt` first: where it is given, nothing else counts.
fn trials(here: &Here<'_>, scratch: &Scratch<'_>) -> Vec<Trial> {
    let install = |what: &[&str]| {
        // Not `--no-input`, which switches a keyring off that nobody has named: see `judged::risks`.
        let install =
            "install --no-deps --no-cache-dir --disable-pip-version-check --ignore-installed";
        let mut trial = Trial::of(&install.split(' ').collect::<Vec<_>>());
        let into = INTO_SCRATCH.iter().map(|&it| it.to_owned());
        trial.arguments.extend(into);
        trial.arguments.push(scratch.path("target"));
        trial.arguments.extend(what.iter().map(|&it| it.to_owned()));
        trial.succeeding()
    };
    let required = requirements::with_one_package(here).map(|text| {
        let trial = install(&["-r", &scratch.path(requirements::FILE)]);
        trial.writing(requirements::FILE, text)
    });
    let named = install(&[trial::PACKAGE]);
    required.into_iter().chain([named]).collect()
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let variable = |name: &str| here.variable(name);
    let reader = PipSettings::read(here, &variable);
    let indexes = INDEXES
        .into_iter()
        .filter_map(|index| Some((index.1, reader.get(index)?)));
    let found = indexes.flat_map(|(variable, value)| {
        let origin = if value.name == variable {
            Origin::Variable(value.name)
        } else {
            Origin::File(PathBuf::from(value.name), None)
        };
        let urls = value
            .text
            .split_whitespace()
            .filter_map(|url| here.endpoint(url));
        let named = urls.map(|endpoint| Setting {
            name: None,
            endpoint,
            origin: origin.clone(),
        });
        named.collect::<Vec<_>>()
    });
    Ok(requirements::settings(here)
        .into_iter()
        .chain(found)
        .collect())
}
