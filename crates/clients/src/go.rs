//! go: `setup` leads it to a repository and to our helper through `go env -w`, and `findings` tell if its settings do so.
//! It is asked by `go env -json`; where it is not there or must not be run, its env file is read ([`settings`]). How
//! the settings change is in `values`.
//!
//! Sources: `go help goauth`, `go help environment`, and the Go modules reference on GOPROXY and GOPRIVATE; tried with
//! go 1.27.

pub mod settings;
mod values;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;

use crate::finding::{Finding, State};
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::plan::{Plan, output_of};
use crate::setting::{Origin, Setting};
use crate::setup::Setup;
use crate::trial::{self, Scratch, Trial};
use crate::variables::Variables;
use crate::{Client, Help, SetupOption};
use values::{COMMAND, Values};

pub use settings::{proxies, setting};

/// The list of module proxies.
pub const GOPROXY: &str = "GOPROXY";
/// The list of commands that answer for its servers.
const GOAUTH: &str = "GOAUTH";
/// Patterns of modules that go fetches past every proxy and checks nowhere.
const GOPRIVATE: &str = "GOPRIVATE";
/// Patterns of modules that go fetches past every proxy, instead of those of [`GOPRIVATE`].
const GONOPROXY: &str = "GONOPROXY";
/// Patterns of modules that its checksum database is not asked about.
const GONOSUMDB: &str = "GONOSUMDB";
/// The file of defaults, instead of the one in the platform's configuration directory; `off` for none.
const GOENV: &str = "GOENV";

/// `setup` changes these.
const NAMES: [&str; 3] = [GOAUTH, GOPROXY, GONOSUMDB];
const CHECK: &str = "client_go";

const EXAMPLE: &str = "\
Example:
  codeartifact setup go acme --private example.com/private

The repository comes first in GOPROXY and falls through to the rest only for modules it does not have.
--private says which modules the public checksum database must not be asked about.";

/// go's room.
pub(crate) struct Go;

impl Go {
    const NAME: &str = "go";
}

impl Client for Go {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Go
    }

    fn help(&self) -> Help {
        Help {
            about: "Go: GOAUTH, GOPROXY and GONOSUMDB, through `go env -w`",
            notes: EXAMPLE,
            options: &[SetupOption::Private],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let goproxy = value(GOPROXY, here).unwrap_or_default();
        let urls = settings::entries(&goproxy).into_iter();
        // go does not take quotes away, and refuses them: the repository is meant.
        let urls = urls.map(|(url, _)| url.trim_matches(['"', '\'']));
        let found = urls
            .filter_map(|url| here.endpoint(url))
            .map(|endpoint| Setting {
                name: None,
                endpoint,
                origin: Origin::Variable(GOPROXY.to_owned()),
            });
        Ok(found.collect())
    }

    fn intended(&self, here: &Here<'_>) -> Vec<Setting> {
        crate::python::named_in(here, settings::default_file(here.environment))
    }

    fn winning(&self, here: &Here<'_>) -> Vec<&'static str> {
        let is_set = |name: &&str| here.environment.variable(name).is_some();
        [GOENV, GOPROXY].into_iter().filter(is_set).collect()
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        let proxy = setup.repository(Format::Go)?.endpoint.root();
        let before = written()?;
        let after = before.with(&proxy, &setup.options.private)?;
        change(plan, &before, &after)?;
        if let Some(public) = after.falls_through_to(&proxy) {
            plan.remark(&format!(
                "a module of {} that the repository does not have is looked for at {public}, where anyone can publish \
                 that name; make {public} an upstream of the repository, then `go env -w GOPROXY={proxy}`",
                after.gonosumdb
            ));
        }
        let is_set = |name: &&str| environment.variable(name).is_some();
        for name in NAMES.into_iter().filter(is_set) {
            plan.remark(&format!(
                "{name} is set in the environment, which wins over what go keeps; unset it"
            ));
        }
        plan.remark_missing(Self::NAME, COMMAND, environment);
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let proxy = setup.repository(Format::Go)?.endpoint.root();
        let before = written()?;
        let after = before.without(&[proxy], &setup.options.private);
        change(plan, &before, &after)
    }

    /// The netrc has the login: it is what go reads unless told otherwise.
    fn variables(&self, variables: &mut Variables<'_>) {
        if let Some(endpoint) = variables.endpoint(Format::Go) {
            let there = setting(GOPROXY, variables.here.environment);
            variables.offer_beside(GOPROXY, &endpoint.root(), there);
        }
    }

    /// Not in the current directory: a module there may keep its dependencies, and lock go to those.
    fn trials(&self, _: &Here<'_>, _: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        let module = format!("example.com/{}", trial::PACKAGE);
        let trial = Trial::of(&["list", "-m", "-versions", &module]).in_scratch();
        let trial = trial.with("GOFLAGS", "-modcacherw").with("GOSUMDB", "off");
        let trial = trial
            .with("GOTOOLCHAIN", "local")
            .with("GOCACHE", scratch.path("cache"));
        vec![trial.with("GOMODCACHE", scratch.path("modules"))]
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "go sends it and asks no helper",
            variables: &[GOPROXY],
            user: |here| settings::env_file(here.environment).into_iter().collect(),
            ..Leftovers::NONE
        }
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let program = next_on_path::find(OsStr::new(COMMAND), here.environment);
        let program = program.map(|it| it.display().to_string());
        let judged = Judged::of(here);
        let mut findings = judged.passed_by(&|url: &str| here.is_ours(url));
        findings.extend(missing(&judged.goauth));
        findings.extend(judged.helper(program.as_deref(), &|url: &str| here.is_ours(url)));
        if here.environment.variable(GOAUTH).is_some() {
            // A variable wins over what `go env -w` writes.
            let advice = format!("export {GOAUTH}=\"${GOAUTH}; {COMMAND}\"");
            let failed = findings.iter_mut().filter(|it| it.state != State::Ok);
            failed
                .filter(|it| it.text.contains("does not name"))
                .for_each(|it| it.hint = Some(advice.clone()));
        }
        findings
    }

    fn risks(&self, here: &Here<'_>) -> Vec<Finding> {
        Judged::of(here).risks(&|url: &str| here.is_ours(url))
    }
}

/// A setting as go itself has it, else as its files say. Without a toolchain that `go.mod` asks for: go would load it.
fn value(name: &str, here: &Here<'_>) -> Option<String> {
    let arguments = ["env", "-json", GOPROXY, GOAUTH, GOPRIVATE, GONOPROXY];
    let asked = here.ask(Go::NAME, &arguments, &[("GOTOOLCHAIN", "local")]);
    let values = asked.and_then(|said| serde_json::from_str(&said).ok());
    values.map_or_else(
        || setting(name, here.environment),
        |mut values: BTreeMap<String, String>| values.remove(name),
    )
}

/// Returns what `go env -w` has written, or go's defaults; variables of this process do not count, since they are not ours
/// to change.
fn written() -> anyhow::Result<Values> {
    ask(&mut go())
}

/// go without the settings of this process.
fn go() -> Command {
    let mut go = Command::new("go");
    NAMES.iter().for_each(|name| {
        go.env_remove(name);
    });
    go
}

fn ask(go: &mut Command) -> anyhow::Result<Values> {
    go.args(["env", "-json"]).args(NAMES);
    let mut values: BTreeMap<String, String> = serde_json::from_slice(&output_of(go)?)
        .context("`go env -json` printed something else than JSON")?;
    let mut take = |name| values.remove(name).unwrap_or_default();
    Ok(Values {
        goauth: take(GOAUTH),
        goproxy: take(GOPROXY),
        gonosumdb: take(GONOSUMDB),
    })
}

/// A value that is go's default again is unset, so that undoing leaves no trace.
fn change(plan: &mut Plan, before: &Values, after: &Values) -> anyhow::Result<()> {
    let defaults = ask(go().env(GOENV, "off"))?;
    let rows = [
        (GOAUTH, &before.goauth, &after.goauth, &defaults.goauth),
        (GOPROXY, &before.goproxy, &after.goproxy, &defaults.goproxy),
        (
            GONOSUMDB,
            &before.gonosumdb,
            &after.gonosumdb,
            &defaults.gonosumdb,
        ),
    ];
    for (name, before, after, default) in rows {
        if after == before {
            continue;
        }
        let mut go = Command::new("go");
        go.env_remove(name);
        if after.is_empty() || after == default {
            go.args(["env", "-u", name]);
        } else {
            go.args(["env", "-w", &format!("{name}={after}")]);
        }
        plan.run(go);
    }
    Ok(())
}

/// The settings that are judged.
struct Judged {
    goproxy: String,
    goauth: String,
    goprivate: String,
    /// The same as [`GOPRIVATE`], unless it is set.
    gonoproxy: String,
}

impl Judged {
    fn of(here: &Here<'_>) -> Self {
        let of = |name| value(name, here).unwrap_or_default();
        Self {
            goproxy: of(GOPROXY),
            goauth: of(GOAUTH),
            goprivate: of(GOPRIVATE),
            gonoproxy: of(GONOPROXY),
        }
    }

    /// Returns the separator behind the first repository of ours; `None` within if it is the last.
    fn separator(&self, is_ours: &dyn Fn(&str) -> bool) -> Option<Option<char>> {
        let entries = settings::entries(&self.goproxy);
        let mut ours = entries.iter().filter(|(url, _)| is_ours(url));
        ours.next().map(|(_, separator)| *separator)
    }

    /// Nothing behind `direct` or `off` is asked.
    fn passed_by(&self, is_ours: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        let entries = settings::entries(&self.goproxy).into_iter();
        let before = entries
            .map(|(entry, _)| entry)
            .take_while(|entry| !is_ours(entry));
        let end = before
            .filter(|entry| ["direct", "off"].contains(entry))
            .last();
        let told = end
            .filter(|_| self.separator(is_ours).is_some())
            .map(|end| {
                let text = format!(
                    "GOPROXY has `{end}` before the repository, and nothing behind that is asked"
                );
                Finding::failed(CHECK, Go::NAME, text, Exit::Configuration)
                    .hint("put the repository first: `go env -w GOPROXY=…`")
            });
        told.into_iter().collect()
    }

    fn helper(&self, program: Option<&str>, is_ours: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        let ours = self.separator(is_ours);
        ours.map(|_| helper(&self.goauth, program))
            .into_iter()
            .collect()
    }

    fn risks(&self, is_ours: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        match self.separator(is_ours) {
            Some(separator) => risks(self, separator),
            None => Vec::new(),
        }
    }
}

fn risks(settings: &Judged, separator: Option<char>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if separator == Some('|') {
        findings.push(
            Finding::warning(CHECK, Go::NAME, "a `|` in GOPROXY behind the repository lets go ask the next proxy for private modules whenever a token is refused")
                .hint("put a comma there: `go env -w GOPROXY=…`"),
        );
    }
    let is_default = [String::new(), settings.goprivate.clone()].contains(&settings.gonoproxy);
    // A module that GOPRIVATE names goes past every proxy, unless GONOPROXY says otherwise.
    if !settings.goprivate.is_empty() && is_default {
        let text = format!(
            "GOPRIVATE={} leads go around the repository for those modules, to where their sources lie",
            settings.goprivate
        );
        findings.push(Finding::warning(CHECK, Go::NAME, text).hint(format!(
            "go env -u GOPRIVATE && go env -w GONOSUMDB={}",
            settings.goprivate
        )));
    }
    findings
}

/// Our helper as GOAUTH names it.
fn named(goauth: &str) -> Option<&str> {
    let commands = goauth.split(';');
    let mut programs = commands.filter_map(|command| command.split_whitespace().next());
    programs.find(|program| program.rsplit(['/', '\\']).next() == Some(COMMAND))
}

/// Our helper in a place where it is not.
fn missing(goauth: &str) -> Option<Finding> {
    let path = named(goauth).filter(|path| path.starts_with('/') && !Path::new(path).exists())?;
    let text = format!("sends no token: GOAUTH names {path}, which does not exist");
    let finding = Finding::failed(CHECK, Go::NAME, text, Exit::Configuration);
    Some(finding.hint("go env -w GOAUTH=codeartifact-goauth"))
}

/// go runs the helper by the name in GOAUTH, and hides it when that fails.
fn helper(goauth: &str, program: Option<&str>) -> Finding {
    let failed = |text: &str| Finding::failed(CHECK, Go::NAME, text, Exit::Configuration);
    match (named(goauth), program) {
        (None, _) => failed("sends no token: GOAUTH does not name our helper")
            .hint("go env -w GOAUTH=codeartifact-goauth"),
        (Some(path), _) if path.contains(['/', '\\']) => {
            Finding::ok(CHECK, Go::NAME, format!("asks {path}"))
        }
        (Some(_), Some(path)) => Finding::ok(CHECK, Go::NAME, format!("asks {path}")),
        (Some(_), None) => {
            failed("sends no token: GOAUTH names codeartifact-goauth, which is not on PATH")
                .hint("put its directory on PATH")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(settings: [&str; 4], program: Option<&str>) -> Vec<(State, String)> {
        let [goproxy, goauth, goprivate, gonoproxy] = settings.map(str::to_owned);
        let settings = Judged {
            goproxy,
            goauth,
            goprivate,
            gonoproxy,
        };
        let is_ours = |url: &str| url == "https://ours/";
        let findings = settings.helper(program, &is_ours).into_iter();
        findings
            .chain(settings.risks(&is_ours))
            .map(|finding| (finding.state, finding.text))
            .collect()
    }

    #[test]
    fn settings_that_keep_the_token_or_the_repository_out() {
        let (failed, here) = (
            State::Failed(Exit::Configuration),
            Some("/bin/codeartifact-goauth"),
        );
        let good = "netrc; codeartifact-goauth";
        type Row<'a> = ([&'a str; 4], Option<&'a str>, &'a [(State, &'a str)]);
        let ok = (State::Ok, "asks /bin/codeartifact-goauth");
        let rows: [Row<'_>; 10] = [
            (["https://other/,direct", "", "x", ""], None, &[]),
            (["https://ours/,direct", good, "", ""], here, &[ok]),
            (
                ["https://ours/,direct", "/bin/codeartifact-goauth", "", ""],
                None,
                &[ok],
            ),
            (
                ["https://ours/", "", "", ""],
                here,
                &[(failed, "GOAUTH does not name our helper")],
            ),
            (
                ["https://ours/", "netrc", "", ""],
                here,
                &[(failed, "GOAUTH does not name our helper")],
            ),
            (
                ["https://ours/", good, "", ""],
                None,
                &[(failed, "which is not on PATH")],
            ),
            (
                ["https://ours/|direct", good, "", ""],
                here,
                &[ok, (State::Warning, "a `|` in GOPROXY")],
            ),
            (
                ["https://ours/", good, "corp.example.com", ""],
                here,
                &[ok, (State::Warning, "GOPRIVATE=corp.example.com")],
            ),
            (
                [
                    "https://ours/",
                    good,
                    "corp.example.com",
                    "corp.example.com",
                ],
                here,
                &[ok, (State::Warning, "GOPRIVATE=corp.example.com")],
            ),
            (
                ["https://ours/", good, "corp.example.com", "none"],
                here,
                &[ok],
            ),
        ];
        for (settings, program, expected) in rows {
            let told = told(settings, program);
            assert_eq!(told.len(), expected.len(), "{settings:?}: {told:?}");
            for ((state, text), (expected, part)) in told.iter().zip(expected) {
                assert_eq!(state, expected, "{settings:?}");
                assert!(text.contains(part), "{settings:?}: {text}");
            }
        }
    }
}
