//! NuGet, by dotnet or by nuget.exe: `setup` adds a source, in a file of our own beside the user's, and no credentials:
//! `nuget-plugin-codeartifact` answers for those.
//!
//! Sources: NuGet's documentation, "Common NuGet configurations" (additional user-wide files), "NuGet cross platform
//! plugins"; NuGet.Client's PluginDiscoverer. Tried with NuGet 5.8; dotnet from its documentation.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;

use crate::finding::Finding;
use crate::here::{self, Here, NamedText};
use crate::leftover::Leftovers;
use crate::plan::Plan;
use crate::setting::{Origin, Setting};
use crate::setup::Setup;
use crate::trial::Program;
use crate::variables::{USER, Variables};
use crate::{Client, Help};

/// The credential plugin, as NuGet finds it on PATH.
const COMMAND: &str = "nuget-plugin-codeartifact";
/// NuGet looks for plugins here and nowhere else, PATH included.
const ONLY_HERE: [&str; 3] = [
    "NUGET_NETCORE_PLUGIN_PATHS",
    "NUGET_NETFX_PLUGIN_PATHS",
    "NUGET_PLUGIN_PATHS",
];
/// Names of a project's file; where case does not count, all are one.
const FILES: &[&str] = if cfg!(any(windows, target_os = "macos")) {
    &["nuget.config"]
} else {
    &["nuget.config", "NuGet.config", "NuGet.Config"]
};

const CHECK: &str = "client_nuget";

const NOTES: &str = "\
Example:
  codeartifact setup nuget acme
  dotnet add package My.Package

A .NET SDK from 9.0.200 on finds nuget-plugin-codeartifact on PATH. An older one starts no native plugin: run it by
`codeartifact exec --publish`. nuget.exe takes its path from NUGET_PLUGIN_PATHS.";

/// NuGet's room.
pub(crate) struct Nuget;

impl Nuget {
    const NAME: &str = "nuget";
}

impl Client for Nuget {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Nuget
    }

    fn help(&self) -> Help {
        Help {
            about: "NuGet, dotnet: a source; the plugin that answers for it is found on PATH",
            notes: NOTES,
            options: &[],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let projects = here.directories().into_iter();
        let projects = projects.flat_map(|folder| FILES.iter().map(move |name| folder.join(name)));
        let files = projects.chain(user_files(here.environment));
        let texts = files.filter_map(|file| here::read(&file));
        Ok(texts.flat_map(|text| sources(&text, here)).collect())
    }

    fn winning(&self, here: &Here<'_>) -> Vec<&'static str> {
        let is_set = |name: &&str| here.environment.variable(name).is_some();
        ONLY_HERE.into_iter().filter(is_set).collect()
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let repository = setup.repository(Format::Nuget)?;
        let text = source(&repository.name, &repository.endpoint.client_url());
        for folder in folders(setup.here.environment) {
            plan.put(&file_of(&folder, &repository.name), Some(&text))?;
        }
        plan.remark(
            "a source that was there, such as nuget.org, is asked for private packages too, and anyone can publish their \
             names there; make it an upstream of the repository and remove it, or map packages to sources \
             (packageSourceMapping)",
        );
        plan.remark_missing(Self::NAME, COMMAND, setup.here.environment);
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let name = setup.written_name(Format::Nuget)?;
        for folder in folders(setup.here.environment) {
            for file in ours_in(&folder) {
                let is_meant = |name: &String| file == file_of(&folder, name);
                if name.as_ref().is_none_or(is_meant) {
                    plan.put(&file, None)?;
                }
            }
        }
        Ok(())
    }

    fn programs(&self, here: &Here<'_>) -> Vec<Program> {
        Program::on_path("dotnet", here)
    }

    /// A password goes by the source's name, which the project chooses, as it does the source's host.
    fn variables(&self, variables: &mut Variables<'_>) {
        if let Some((name, endpoint)) = variables.target_of(Format::Nuget) {
            let name = format!("NuGetPackageSourceCredentials_{name}");
            variables.publish_login(&name, endpoint, |token| {
                format!("Username={USER};Password={token}")
            });
        }
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "NuGet sends it and asks no plugin",
            project: FILES,
            passwords: &["NuGetPackageSourceCredentials_*"],
            user: |here| user_files(here.environment),
            ..Leftovers::NONE
        }
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let is_used = self
            .settings(here)
            .is_ok_and(|settings| !settings.is_empty());
        let program = next_on_path::find(OsStr::new(COMMAND), here.environment);
        let finding = judged(program.as_deref(), self.winning(here).first().copied());
        Some(finding).into_iter().filter(|_| is_used).collect()
    }

    /// Until then a plugin had to be a .NET assembly.
    fn reason(&self, _: &Here<'_>, version: Option<&str>) -> Option<Finding> {
        let version = version.filter(|version| is_before(version, [9, 0, 200]))?;
        let text =
            format!("a .NET SDK finds native plugins from 9.0.200 on, and this is {version}");
        let finding = Finding::failed(CHECK, Self::NAME, text, Exit::Configuration);
        Some(finding.hint("codeartifact exec --publish -- dotnet …"))
    }
}

fn judged(program: Option<&Path>, only_here: Option<&str>) -> Finding {
    let failed = |text: String| Finding::failed(CHECK, Nuget::NAME, text, Exit::Configuration);
    match (program, only_here) {
        (_, Some(name)) => Finding::warning(
            CHECK,
            Nuget::NAME,
            format!("{name} is set, so no plugin on PATH is found"),
        )
        .hint(format!("unset {name}, or add the path of {COMMAND} to it")),
        (Some(path), None) => Finding::ok(CHECK, Nuget::NAME, format!("asks {}", path.display())),
        (None, None) => failed(format!("sends no token: {COMMAND} is not on PATH"))
            .hint("put its directory on PATH"),
    }
}

fn is_before(version: &str, first: [u32; 3]) -> bool {
    let mut parts = version
        .split(['.', '-'])
        .map(|part| part.parse().unwrap_or(0));
    let parts: [u32; 3] = std::array::from_fn(|_| parts.next().unwrap_or(0));
    parts < first
}

/// A configuration with this source alone; NuGet joins all that it finds.
fn source(name: &str, url: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Written by `codeartifact setup nuget`, which can also undo it. -->\n\
         <configuration>\n  <packageSources>\n    <add key=\"{name}\" value=\"{url}\" protocolVersion=\"3\" />\n  \
         </packageSources>\n</configuration>\n"
    )
}

/// Returns NuGet's files of the user's settings: that of dotnet, and that of nuget.exe with Mono.
fn folders(environment: &Environment) -> Vec<PathBuf> {
    let mono = environment.user_configuration().map(|it| it.join("NuGet"));
    let dotnet = environment.home().map(|home| home.join(".nuget"));
    let dotnet = dotnet.filter(|_| !cfg!(windows));
    dotnet.into_iter().chain(mono).collect()
}

fn file_of(folder: &Path, name: &str) -> PathBuf {
    folder
        .join("config")
        .join(format!("codeartifact.{name}.config"))
}

/// The files that setups have written.
fn ours_in(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join("config")).into_iter().flatten();
    let files = files.filter_map(|file| Some(file.ok()?.path()));
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str);
        name.is_some_and(|it| it.starts_with("codeartifact.") && it.ends_with(".config"))
    };
    files.filter(is_ours).collect()
}

fn user_files(environment: &Environment) -> Vec<PathBuf> {
    let of = |folder: PathBuf| {
        let main = ["NuGet.Config", "NuGet/NuGet.Config"].map(|name| folder.join(name));
        [main.to_vec(), ours_in(&folder)].concat()
    };
    folders(environment).into_iter().flat_map(of).collect()
}

/// The sources of ours in a configuration.
fn sources(file: &NamedText, here: &Here<'_>) -> Vec<Setting> {
    let lines = file.text.lines().zip(1..);
    let found = lines.filter_map(|(line, number)| {
        let (_, element) = line.split_once("<add ")?;
        Some(Setting {
            name: attribute(element, "key").map(str::to_owned),
            endpoint: here.endpoint(attribute(element, "value")?)?,
            origin: Origin::File(PathBuf::from(&file.name), Some(number)),
        })
    });
    found.collect()
}

/// `key="acme"`.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = element.split_once(&format!("{name}=\""))?;
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;
    use crate::finding::State;

    #[test]
    fn sources_are_found_by_file_and_line() {
        let url = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/nuget/my-repo/v3/index.json";
        let home = tempfile::tempdir().unwrap();
        let work = home.path().join("work");
        fs::create_dir(&work).unwrap();
        let text = "<packageSources>\n<add key=\"nuget.org\" value=\"https://api.nuget.org/v3/index.json\" />\n";
        let text = format!("{text}<add value=\"{url}\" key=\"acme\" />\n");
        fs::write(work.join("nuget.config"), text).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let found = Nuget
            .settings(&Here::at(work.clone(), &environment))
            .unwrap();
        let [setting] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(setting.name.as_deref(), Some("acme"));
        assert_eq!(
            setting.origin,
            Origin::File(work.join("nuget.config"), Some(3))
        );
        assert_eq!(setting.endpoint.client_url(), url);
    }

    #[test]
    fn a_plugin_has_to_be_where_nuget_looks() {
        let path = Some(Path::new("/bin/nuget-plugin-codeartifact"));
        let rows = [
            (path, None, State::Ok),
            (path, Some("NUGET_PLUGIN_PATHS"), State::Warning),
            (None, None, State::Failed(Exit::Configuration)),
        ];
        for (program, only_here, state) in rows {
            assert_eq!(judged(program, only_here).state, state);
        }
        for (version, expected) in [
            ("8.0.404", true),
            ("9.0.100", true),
            ("9.0.200", false),
            ("10.0.100-preview.1", false),
        ] {
            assert_eq!(is_before(version, [9, 0, 200]), expected, "{version}");
        }
    }
}
