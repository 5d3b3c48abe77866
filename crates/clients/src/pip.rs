//! pip: `keyring-provider` and `index-url` of `pip.conf`. Not `extra-index-url`: pip takes the highest version that
//! any index has, so anyone who publishes your private package's name on a public one would be installed.
//!
//! Sources: pip 26, `network/auth.py`, `cli/parser.py` and `configuration.py`; tried with the real one in the end-to-end
//! tests. Asked by `pip config debug`; where there is no answer, its files are read in its order.

mod requirements;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::UrlParts;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;

use crate::error::UserError;
use crate::finding::Finding;
use crate::here::{self, Here, NamedText};
use crate::ini;
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python, keyring, replaced};
use crate::setting::{Origin, Setting};
use crate::setup::{Level, Repository};
use crate::text::Text;
use crate::trial::{self, Program, Scratch, Trial};
use crate::variables::USER;

const PIP_INDEX_URL: &str = "PIP_INDEX_URL";
const PIP_EXTRA_INDEX_URL: &str = "PIP_EXTRA_INDEX_URL";
/// How pip asks a keyring: `auto`, `disabled`, `import`, `subprocess`.
const PIP_KEYRING_PROVIDER: &str = "PIP_KEYRING_PROVIDER";
/// pip must not ask the user, which switches `auto` off.
const PIP_NO_INPUT: &str = "PIP_NO_INPUT";
/// One more configuration file, instead of the user's own; the null device stands for none at all.
const PIP_CONFIG_FILE: &str = "PIP_CONFIG_FILE";
/// The virtual environment that is active.
const VIRTUAL_ENV: &str = "VIRTUAL_ENV";

/// pip's room.
pub(crate) const PIP: Python = Python {
    name: "pip",
    check: CHECK,
    about: "pip: keyring-provider and index-url of pip.conf, and the `keyring` command it asks",
    notes: NOTE,
    has_project: true,
    asks: Asks::Command,
    file: |here, level| match level {
        Level::User => user_file(here.environment),
        Level::Project => site_file(here.environment),
    },
    edit,
    winning: &[PIP_CONFIG_FILE, PIP_INDEX_URL, PIP_KEYRING_PROVIDER],
    settings,
    require_distinct_names: |_| Ok(()),
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
        user: files,
        ..Leftovers::NONE
    },
    findings,
    reason,
    risks,
    intended: |here| python::named_in(here, user_file(here.environment)),
    programs: of_environment,
    trials: |here, _, scratch| trials(here, scratch),
};

const CHECK: &str = "client_pip";
const SECTION: &str = "global";
const FILE: &str = if cfg!(windows) { "pip.ini" } else { "pip.conf" };

/// A setting's name in pip's files, and the variable that wins over them.
const INDEXES: [(&str, &str); 2] = [
    ("index-url", PIP_INDEX_URL),
    ("extra-index-url", PIP_EXTRA_INDEX_URL),
];
const PROVIDER: (&str, &str) = ("keyring-provider", PIP_KEYRING_PROVIDER);
const NO_INPUT: (&str, &str) = ("no-input", PIP_NO_INPUT);

/// With the indexes of `requirements.txt` first: where it is given, nothing else counts.
fn trials(here: &Here<'_>, scratch: &Scratch<'_>) -> Vec<Trial> {
    let download = |what: &[&str]| {
        // Not `--no-input`, which switches a keyring off that nobody has named: see `risks`.
        let download = "download --no-deps --no-cache-dir --disable-pip-version-check --dest";
        let mut trial = Trial::of(&download.split(' ').collect::<Vec<_>>());
        trial.arguments.push(scratch.path("wheels"));
        trial.arguments.extend(what.iter().map(|&it| it.to_owned()));
        trial.succeeding()
    };
    let required = requirements::with_one_package(here).map(|text| {
        let trial = download(&["-r", &scratch.path(requirements::FILE)]);
        trial.writing(requirements::FILE, text)
    });
    let named = download(&[trial::PACKAGE]);
    required.into_iter().chain([named]).collect()
}

/// "User" of its chapter on configuration files.
fn user_file(environment: &Environment) -> Option<PathBuf> {
    if cfg!(target_os = "macos") {
        let library = environment.home()?.join("Library/Application Support/pip");
        if library.is_dir() {
            return Some(library.join(FILE));
        }
    }
    python::below_dot_config(environment, &format!("pip/{FILE}"))
}

/// "Site", if a virtual environment is active.
fn site_file(environment: &Environment) -> Option<PathBuf> {
    Some(PathBuf::from(environment.variable(VIRTUAL_ENV)?).join(FILE))
}

/// pip's files, the weakest first. A file that `PIP_CONFIG_FILE` names takes the place of the user's.
fn files(here: &Here<'_>) -> Vec<PathBuf> {
    let environment = here.environment;
    let named = environment.variable(PIP_CONFIG_FILE).map(PathBuf::from);
    if named.as_deref() == Some(Path::new(if cfg!(windows) { "nul" } else { "/dev/null" })) {
        return Vec::new();
    }
    let mut files = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
        .map(PathBuf::from)
        .to_vec();
    if !named.as_ref().is_some_and(|named| named.exists()) {
        let old_folder = if cfg!(windows) { "pip" } else { ".pip" };
        let old = environment
            .home()
            .map(|home| home.join(old_folder).join(FILE));
        files.extend(old.into_iter().chain(user_file(environment)));
    }
    files.extend(site_file(environment).into_iter().chain(named));
    files
}

/// pip of the virtual environment that is active, which may be another one than that on PATH; where it has none, the
/// one on PATH works on it. Without both, that of the Python on PATH.
fn of_environment(here: &Here<'_>) -> Vec<Program> {
    let environment = here.environment;
    let Some(programs) = programs_of_venv(environment) else {
        return of_python(here).into_iter().collect();
    };
    let file = |name: &str| programs.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let python = file("python");
    let venv = |path, arguments: &[&str]| Program {
        path,
        arguments: arguments.iter().map(|&it| it.to_owned()).collect(),
        place: Some("venv"),
    };
    if file("pip").is_file() {
        return vec![venv(python, &["-m", "pip"])];
    }
    let on_path = Program::on_path(PIP.name, here).into_iter();
    let works_on = on_path.filter(|_| python.is_file());
    works_on
        .map(|pip| venv(pip.path, &["--python", &python.to_string_lossy()]))
        .collect()
}

/// `python -m pip`, where no command is named pip.
fn of_python(here: &Here<'_>) -> Option<Program> {
    let is_found = |name: &str| next_on_path::find(OsStr::new(name), here.environment);
    if is_found(PIP.name).is_some() {
        return None;
    }
    let path = ["python3", "python"].into_iter().find_map(is_found)?;
    let arguments = ["-m", PIP.name].map(str::to_owned).to_vec();
    // An installation without pip is no client.
    here.ask(&path.to_string_lossy(), &["-m", "pip", "--version"], &[])?;
    Some(Program {
        path,
        arguments,
        place: Some("python -m pip"),
    })
}

/// Where the active virtual environment has its programs.
fn programs_of_venv(environment: &Environment) -> Option<PathBuf> {
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    Some(PathBuf::from(environment.variable(VIRTUAL_ENV)?).join(folder))
}

/// pip reads one index, so what was set up before makes room.
fn edit(text: &mut Text, repository: &Repository, _: Level) -> Result<Vec<String>, UserError> {
    text.remove(None)?;
    let url = with_user(&repository.endpoint.client_url());
    let mut remarks = Vec::new();
    let mut body = Vec::new();
    for (key, value) in [("keyring-provider", "subprocess"), ("index-url", &url)] {
        let there = ini::items(text, SECTION, key);
        if there.last().is_some_and(|item| item.value == value) {
            continue;
        }
        for item in there {
            remarks.push(replaced(key, &item.value));
            item.lines
                .for_each(|line| text.set_aside(line, &repository.name));
        }
        body.push(format!("{key} = {value}"));
    }
    remarks.extend(other_sections(text));
    insert(text, &repository.name, body);
    Ok(remarks)
}

/// pip before 26.2 asks a keyring only for a URL with a user name; later ones ask either way, with as many requests
/// (tried with 22.3 to 26.3).
fn with_user(url: &str) -> String {
    url.replacen("://", &format!("://{USER}@"), 1)
}

fn insert(text: &mut Text, name: &str, mut body: Vec<String>) {
    if body.is_empty() {
        return;
    }
    if let Some(header) = ini::header(text, SECTION) {
        text.insert(header + 1, name, &body);
    } else {
        body.insert(0, format!("[{SECTION}]"));
        text.insert(text.end(), name, &body);
    }
}

fn other_sections(text: &Text) -> Vec<String> {
    let has = |section: &str, key| !ini::items(text, section, key).is_empty();
    let wins = ["install", "download", "wheel"].into_iter();
    let wins = wins.filter(|section| has(section, "index-url"));
    let wins =
        wins.map(|section| format!("[{section}] has an index-url of its own, which wins there"));
    let extra = [SECTION, "install"].into_iter();
    let extra = extra.filter(|section| has(section, "extra-index-url")).map(|_| {
        "extra-index-url is set: pip takes the highest version of all indexes, so anybody who publishes \
         your private package's name there wins; better make that index an upstream of the repository"
            .to_owned()
    });
    wins.chain(extra).collect()
}

/// An option of `[global]` or `[install]`: its section, its key, and its value with the file it is in.
type Configured = (String, String, NamedText);

/// The settings that `pip install` reads here: variables, and the options of its files, the weakest first.
struct Reader<'a> {
    variable: &'a dyn Fn(&str) -> Option<NamedText>,
    configured: Vec<Configured>,
}

impl Reader<'_> {
    /// A setting's value, and where it is. pip puts its files together first, then its sections: `[install]` of any file
    /// wins over `[global]` of every other.
    fn get(&self, (key, variable): (&str, &str)) -> Option<NamedText> {
        let in_section = |wanted: &str| {
            let mut configured = self.configured.iter();
            let found = configured.rfind(|(section, its, _)| section == wanted && its == key);
            found.map(|(_, _, value)| value.clone())
        };
        let variable = (self.variable)(variable);
        variable
            .or_else(|| in_section("install"))
            .or_else(|| in_section(SECTION))
    }
}

fn configured(here: &Here<'_>) -> Vec<Configured> {
    let asked = here.ask("pip", &["config", "debug"], &[]);
    asked.map_or_else(|| in_files(here), |said| reported(&said))
}

fn in_files(here: &Here<'_>) -> Vec<Configured> {
    let texts = files(here).into_iter().filter_map(|file| here::read(&file));
    texts.flat_map(|file| in_file(&file)).collect()
}

fn in_file(file: &NamedText) -> Vec<Configured> {
    let entries = ini::entries(&Text::parse(&file.text)).into_iter();
    let named =
        entries.map(|(section, key, item)| (section, key, located(&file.name, &item.value)));
    named.collect()
}

fn located(name: &str, text: &str) -> NamedText {
    NamedText {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

/// The answer to `pip config debug`: for each kind of file a heading; below it, indented, the files, and below those
/// their options. A value's further lines are indented as the options are.
fn reported(said: &str) -> Vec<Configured> {
    let (mut kind, mut file) = ("", "");
    let mut found: Vec<(&str, Configured)> = Vec::new();
    for line in said.lines() {
        if let Some(named) = line.strip_suffix(", exists: True") {
            file = named.trim_start();
        } else if !line.starts_with(' ') {
            kind = line.trim_end_matches(':');
        } else if let Some(((section, key), value)) = option(line.trim_start()) {
            let option = (
                section.to_owned(),
                key.to_owned(),
                located(file, value.trim()),
            );
            found.push((kind, option));
        } else if let Some((_, (_, _, value))) = found.last_mut() {
            value.text = format!("{} {}", value.text, line.trim()).trim().to_owned();
        }
    }
    let kinds = ["global", "user", "site", "env"].into_iter();
    let of_kind = |wanted: &'static str| found.iter().filter(move |(kind, _)| *kind == wanted);
    kinds
        .flat_map(of_kind)
        .map(|(_, option)| option.clone())
        .collect()
}

/// `global.index-url: https://…`
fn option(line: &str) -> Option<((&str, &str), &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = |it: char| it.is_ascii_lowercase() || it == '-' || it == '.';
    Some((name.split_once('.')?, value)).filter(|_| name.chars().all(is_name))
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let reader = Reader {
        variable: &|name| here.variable(name),
        configured: configured(here),
    };
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

/// The URLs of all indexes.
fn urls(reader: &Reader<'_>, here: &Here<'_>) -> Vec<String> {
    let indexes = INDEXES.into_iter().filter_map(|index| reader.get(index));
    let texts: Vec<_> = indexes.map(|value| value.text).collect();
    let configured = texts.iter().flat_map(|text| text.split_whitespace());
    let required = requirements::urls(here).into_iter().map(|(url, _)| url);
    required.chain(configured.map(str::to_owned)).collect()
}

fn findings(here: &Here<'_>) -> Vec<Finding> {
    if settings(here).unwrap_or_default().is_empty() {
        return Vec::new();
    }
    let reader = Reader {
        variable: &|name| here.variable(name),
        configured: configured(here),
    };
    let finding = unasked(&reader).unwrap_or_else(|| {
        keyring::on_path(here.environment, &own_programs(here.environment)).finding(CHECK, PIP.name)
    });
    vec![finding]
}

/// A trial cannot show what an option of a later command does: scripts run pip with `--no-input`.
fn risks(here: &Here<'_>) -> Vec<Finding> {
    let reader = Reader {
        variable: &|name| here.variable(name),
        configured: configured(here),
    };
    let provider = reader.get(PROVIDER).unwrap_or_default().text;
    let is_unnamed = ["", "auto"].contains(&provider.trim());
    let asks = |url: &String| here.is_ours(url) && !UrlParts::cut(url).userinfo.contains(':');
    let asks = urls(&reader, here).iter().any(asks);
    if !(is_unnamed && asks && unasked(&reader).is_none()) {
        return Vec::new();
    }
    let text = "asks no keyring with `--no-input`, because no provider is named";
    vec![doubtful(text.to_owned()).hint("pip config set global.keyring-provider subprocess")]
}

/// The first release that asks a keyring command at all, and the first that does so for a URL without a user name.
const ASKS_COMMANDS: (u32, u32) = (23, 1);
const ASKS_FOR_ANYONE: (u32, u32) = (26, 2);

/// An older pip asks less.
fn reason(here: &Here<'_>, version: Option<&str>) -> Option<Finding> {
    let version = numbers(version?)?;
    if version < ASKS_COMMANDS {
        let text = "asked no keyring: pip asks a keyring command since 23.1";
        return Some(
            failed(text.to_owned())
                .hint("python -m pip install --upgrade pip, with the public index"),
        );
    }
    let reader = Reader {
        variable: &|name| here.variable(name),
        configured: configured(here),
    };
    let urls = urls(&reader, here).into_iter();
    let mut bare = urls.filter(|url| here.is_ours(url) && UrlParts::cut(url).userinfo.is_empty());
    let bare = bare.next().filter(|_| version < ASKS_FOR_ANYONE)?;
    let text = "asked no keyring: pip before 26.2 asks one only for a URL with a user name";
    let named = bare.replacen("://", "://aws@", 1);
    Some(failed(text.to_owned()).hint(format!("pip config set global.index-url {named}")))
}

/// `23.2.1` as far as it decides anything.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Why pip asks no keyring command: the person has to say so.
fn unasked(reader: &Reader<'_>) -> Option<Finding> {
    let provider = reader.get(PROVIDER).unwrap_or_default();
    let no_input = reader.get(NO_INPUT).filter(|page| is_true(&page.text));
    let named = match provider.text.trim() {
        "" => "auto",
        named => named,
    };
    let (text, state): (String, fn(String) -> Finding) = match (named, no_input) {
        ("subprocess", _) | ("auto", None) => return None,
        ("auto", Some(page)) => (
            format!(
                "asks no keyring: {} switches that off unless a provider is named",
                page.name
            ),
            failed,
        ),
        ("disabled", _) => (
            format!("asks no keyring: {} says `disabled`", provider.name),
            failed,
        ),
        (other, _) => (
            format!(
                "asks the `{other}` provider ({}), which answers only with our back end installed beside it",
                provider.name
            ),
            doubtful,
        ),
    };
    Some(state(text).hint("set PIP_KEYRING_PROVIDER=subprocess, or run `pip config set global.keyring-provider subprocess`"))
}

fn failed(text: String) -> Finding {
    Finding::failed(CHECK, PIP.name, text, Exit::Configuration)
}

fn doubtful(text: String) -> Finding {
    Finding::warning(CHECK, PIP.name, text)
}

/// As Python's `distutils.util.strtobool` has it.
fn is_true(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    ["y", "yes", "t", "true", "on", "1"].contains(&text.as_str())
}

/// Where pip's own environment keeps its programs; a `keyring` there is none to pip.
fn own_programs(environment: &Environment) -> Vec<PathBuf> {
    let of_venv = programs_of_venv(environment);
    let names = ["pip", "pip3"].into_iter();
    let mut found = names.filter_map(|name| next_on_path::find(OsStr::new(name), environment));
    let of_pip = found
        .next()
        .and_then(|pip| Some(pip.canonicalize().ok()?.parent()?.to_owned()));
    of_venv
        .into_iter()
        .chain(of_pip.map(scripts_beside))
        .collect()
}

/// Debian and Fedora put what their Python's pip installs into `/usr/local/bin`.
fn scripts_beside(directory: PathBuf) -> PathBuf {
    if directory == Path::new("/usr/bin") {
        PathBuf::from("/usr/local/bin")
    } else {
        directory
    }
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;
    use crate::finding::State;
    use crate::python::for_tests::{acme, globex};

    const OURS: &str = "# >>> codeartifact setup acme
keyring-provider = subprocess
index-url = https://aws@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/
# <<< codeartifact setup acme
";

    fn edited(before: &str) -> (String, String) {
        let mut text = Text::parse(before);
        let remarks = edit(&mut text, &acme(), Level::User).unwrap().join("\n");
        let after = text.to_string();
        text.remove(None).unwrap();
        assert_eq!(text.to_string(), before, "undone");
        (after, remarks)
    }

    #[test]
    fn our_lines_go_into_the_section_that_is_there() {
        let rows = [
            ("", OURS.replacen('\n', "\n[global]\n", 1)),
            ("[global]\n", format!("[global]\n{OURS}")),
            (
                "# mine\n[install]\nno-deps = yes\n[global]\ntimeout = 60\n",
                format!("# mine\n[install]\nno-deps = yes\n[global]\n{OURS}timeout = 60\n"),
            ),
        ];
        for (before, expected) in rows {
            assert_eq!(edited(before), (expected, String::new()));
        }
    }

    #[test]
    fn a_password_that_was_set_is_neither_shown_nor_kept() {
        let before = "[global]\nindex-url = https://aws:eyJ2ZXIi@example.com/simple\n";
        let mut text = Text::parse(before);
        let remarks = edit(&mut text, &acme(), Level::User).unwrap();
        assert!(!text.to_string().contains("eyJ2ZXIi"), "{text:?}");
        assert_eq!(
            remarks,
            [
                "index-url was https://aws:…@example.com/simple; its password is not kept, so --undo leaves it out"
            ]
        );
    }

    #[test]
    fn what_was_set_is_set_aside_and_told() {
        let (after, remarks) = edited("[global]\nindex-url = https://example.com/simple\n");
        assert!(after.contains(
            "# set aside by codeartifact setup acme: index-url = https://example.com/simple\n"
        ));
        assert!(
            remarks.contains("index-url was https://example.com/simple"),
            "{remarks}"
        );
    }

    #[test]
    fn what_is_right_already_is_left() {
        let before = OURS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>();
        let before = format!("[global]\n{}\n", before.join("\n"));
        assert_eq!(edited(&before), (before, String::new()));
    }

    #[test]
    fn another_index_that_can_win_is_told() {
        let (_, remarks) =
            edited("[global]\nextra-index-url = https://example.com/\n[install]\nindex-url = x\n");
        assert!(remarks.contains("anybody who publishes"), "{remarks}");
        assert!(remarks.contains("[install] has an index-url"), "{remarks}");
    }

    #[test]
    fn another_repository_takes_the_place_of_the_first() {
        let mut text = Text::parse("[global]\nindex-url = https://example.com/simple\n");
        for repository in [globex(), acme(), acme()] {
            edit(&mut text, &repository, Level::User).unwrap();
        }
        assert_eq!(text.names(), ["acme"]);
        assert_eq!(
            text.to_string()
                .matches("https://example.com/simple")
                .count(),
            1
        );
    }

    fn settings_of(variables: &[(&str, &str)], text: &str) -> Option<Finding> {
        let find = |name: &str| {
            let mut variables = variables.iter();
            let found = variables.find(|(variable, _)| *variable == name)?;
            Some(located(name, found.1))
        };
        unasked(&Reader {
            variable: &find,
            configured: in_file(&located("pip.conf", text)),
        })
    }

    /// The same from the files and from what pip says of them.
    #[test]
    fn values_are_found_as_pip_finds_them() {
        let text = "# c\n[global]\nindex-url = https://a/\nextra-index-url =\n    https://b/\n    # c\n    https://c/\n\
            no_input: true\n[install]\nindex-url=https://d/\n[list]\nkeyring-provider = disabled\n";
        let said = "env_var:\nenv:\nglobal:\n  /etc/pip.conf, exists: False\nsite:\n  /v/pip.conf, exists: False\nuser:\n  \
            pip.conf, exists: True\n    global.extra-index-url: \n    https://b/\n    https://c/\n    \
            global.index-url: https://a/\n    global.no-input: true\n    install.index-url: https://d/\n    \
            list.keyring-provider: disabled\n";
        let rows = [
            ("index-url", Some("https://d/")),
            ("extra-index-url", Some("https://b/ https://c/")),
            ("no-input", Some("true")),
            ("keyring-provider", None),
        ];
        for configured in [in_file(&located("pip.conf", text)), reported(said)] {
            let reader = Reader {
                variable: &|_| None,
                configured,
            };
            for (key, expected) in rows {
                let found = reader.get((key, ""));
                assert_eq!(found.as_ref().map(|it| &*it.text), expected, "{key}");
                assert!(found.is_none_or(|it| it.name == "pip.conf"));
            }
        }
    }

    /// pip puts its files together before it looks at sections, and the strongest kind comes last.
    #[test]
    fn a_section_of_a_weaker_file_wins() {
        let said = "env:\n  /e, exists: True\n    global.index-url: e\nglobal:\n  /g, exists: True\n    \
            install.index-url: g\n    global.no-input: g\nuser:\n  /u, exists: True\n    global.no-input: u\n";
        let reader = Reader {
            variable: &|_| None,
            configured: reported(said),
        };
        let get = |key| reader.get((key, "")).unwrap();
        assert_eq!(get("index-url"), located("/g", "g"));
        assert_eq!(get("no-input"), located("/u", "u"));
    }

    #[cfg(unix)]
    #[test]
    fn a_named_file_takes_the_place_of_the_users() {
        let home = tempfile::tempdir().unwrap();
        let named = home.path().join("ci.conf");
        std::fs::write(&named, "").unwrap();
        let has_users = |named: &str| {
            let variables = [("PIP_CONFIG_FILE", named)];
            let environment = Environment::fixed(&variables, home.path().to_owned(), Timestamp(0));
            let here = Here::at(home.path().to_owned(), &environment);
            files(&here).contains(&user_file(&environment).unwrap())
        };
        assert!(!has_users(named.to_str().unwrap()));
        assert!(has_users("/no/such/file"));
        assert!(!has_users("/dev/null"));
    }

    type Variables = &'static [(&'static str, &'static str)];

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let rows = [
            ("23.2.1", Some((23, 2))),
            ("26.2", Some((26, 2))),
            ("9.0.3", Some((9, 0))),
            ("26.3.dev0", Some((26, 3))),
            ("x", None),
            ("26", None),
        ];
        for (version, expected) in rows {
            assert_eq!(numbers(version), expected, "{version}");
        }
        assert!((9, 0) < ASKS_COMMANDS && (26, 10) > ASKS_FOR_ANYONE);
    }

    #[test]
    fn pip_is_told_to_ask_or_it_does_not() {
        let rows: [(Variables, &str, Option<&str>); 9] = [
            (&[], "", None),
            (
                &[
                    ("PIP_KEYRING_PROVIDER", "subprocess"),
                    ("PIP_NO_INPUT", "1"),
                ],
                "",
                None,
            ),
            (&[("PIP_NO_INPUT", "0")], "", None),
            (
                &[("PIP_NO_INPUT", "1")],
                "",
                Some("PIP_NO_INPUT switches that off"),
            ),
            (
                &[],
                "[global]\nno-input = true\n",
                Some("pip.conf switches that off"),
            ),
            (
                &[("PIP_NO_INPUT", "1")],
                "[global]\nkeyring-provider = subprocess\n",
                None,
            ),
            (
                &[("PIP_KEYRING_PROVIDER", "auto"), ("PIP_NO_INPUT", "yes")],
                "",
                Some("PIP_NO_INPUT"),
            ),
            (
                &[],
                "[global]\nkeyring-provider = disabled\n",
                Some("pip.conf says `disabled`"),
            ),
            (
                &[("PIP_KEYRING_PROVIDER", "import")],
                "",
                Some("the `import` provider (PIP_KEYRING_PROVIDER)"),
            ),
        ];
        for (variables, text, says) in rows {
            let found = settings_of(variables, text);
            assert_eq!(found.is_some(), says.is_some(), "{variables:?} {text}");
            if let (Some(found), Some(says)) = (found, says) {
                assert!(found.text.contains(says), "{found:?}");
                assert_ne!(found.state, State::Ok);
            }
        }
    }
}
