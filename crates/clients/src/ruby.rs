//! Bundler and gem: neither asks a helper, so links named after them lead to `codeartifact-ruby`, which sets a login for
//! each server that the Gemfile and the settings name, and becomes the program. No file gets a token, and no URL: Bundler
//! would copy that into Gemfile.lock.
//!
//! Sources: Bundler's manual (`bundle config`, "CREDENTIALS FOR GEM SOURCES"), `Bundler::Settings.key_for`; AWS's guide on
//! RubyGems. Tried with Bundler 2.3.15 and gem 3.3.15.

mod bundler;
mod gem;

use std::path::PathBuf;

use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Secret;

use crate::finding::Finding;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::named;
use crate::node::shims;
use crate::plan::Plan;
use crate::setting::Setting;
use crate::setup::Setup;
use crate::trial::{self, Program, Scratch, Trial};
use crate::variables::{USER, Variables};
use crate::{Client, Help};

pub use self::gem::{GEMRC, Sources};

/// The programs that links stand in for.
pub const COMMANDS: &[&str] = &["bundle", "bundler", "gem"];
/// The whole header `Authorization` of `gem push`.
pub const GEM_HOST_API_KEY: &str = "GEM_HOST_API_KEY";

/// The server of `gem push`.
const RUBYGEMS_HOST: &str = "RUBYGEMS_HOST";
/// Another file than `Gemfile`.
const BUNDLE_GEMFILE: &str = "BUNDLE_GEMFILE";
/// The program behind the links.
const HELPER: &str = "codeartifact-ruby";
/// A project's files that name servers.
const FILES: [&str; 4] = ["Gemfile", "gems.rb", ".bundle/config", "gems.locked"];

const CHECK: &str = "client_ruby";

const NOTES: &str = "\
Example:
  codeartifact setup ruby
  bundle install

The Gemfile's sources stay as they are, without a login. `gem push --host URL` gets a token, too.";

/// Bundler's and gem's room.
pub(crate) struct Ruby;

impl Ruby {
    const NAME: &str = "ruby";
}

impl Client for Ruby {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Ruby
    }

    fn help(&self) -> Help {
        Help {
            about: "Bundler, gem: links on PATH that log in to CodeArtifact's servers first",
            notes: NOTES,
            options: &[],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        Ok(settings(here))
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        shims::plan(plan, HELPER, COMMANDS, environment)?;
        if setup.options.name.is_some() || setup.options.url.is_some() {
            let url = setup.repository(Format::Ruby)?.endpoint.client_url();
            plan.remark(&format!(
                "name the repository in the Gemfile: source \"{url}\""
            ));
        }
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        shims::plan_removal(plan, COMMANDS, setup.here.environment)
    }

    fn needs_repository(&self) -> bool {
        false
    }

    fn unreached(&self, here: &Here<'_>) -> Option<Finding> {
        let shims::Unreached { why, hint } = shims::unreached(COMMANDS, here.environment)?;
        let failed = Finding::failed(CHECK, Self::NAME, why, Exit::Configuration);
        Some(failed.hint(hint))
    }

    fn programs(&self, here: &Here<'_>) -> Vec<Program> {
        Program::on_path("bundle", here)
    }

    /// A variable's name is made of the host that gets the login. The one of `gem push` is not: a gem's own description may
    /// name another host.
    fn variables(&self, variables: &mut Variables<'_>) {
        let mut repositories = repositories(variables.here);
        repositories.extend(variables.endpoint(Format::Ruby).cloned());
        for server in servers(repositories) {
            if server.variables.iter().all(|name| variables.is_free(name)) {
                let names = server.variables.iter();
                names.for_each(|name| variables.log_in(name, &server.endpoint, login));
            }
        }
        if let Some(sources) = Sources::of(&[], variables.here)
            && variables.is_free(GEMRC)
        {
            let text = sources.gemrc(variables.here, |url| variables.token(url));
            if let Some(path) = variables.hand_over("gemrc", text.expose().as_bytes()) {
                variables.set(GEMRC, &path);
            }
        }
        if let Some(server) = variables.endpoint(Format::Ruby) {
            let server = server.clone();
            variables.publish_login(GEM_HOST_API_KEY, &server, |token| format!("Bearer {token}"));
        }
    }

    /// A Gemfile of its own with each server in its turn, under the settings of the project and of the user, but those by
    /// which Bundler would ask nobody.
    fn trials(&self, here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
        let trial = |setting: &Setting| {
            let text = format!(
                "source \"{}\"\ngem \"{}\"\n",
                setting.endpoint.client_url(),
                trial::PACKAGE
            );
            let trial = Trial::of(&["install", "--retry=0"]).in_scratch();
            let trial = trial.writing("Gemfile", text);
            let trial = trial.writing(".bundle/config", bundler::trial_settings(here));
            let trial = trial.with("BUNDLE_FROZEN", "false");
            let trial = trial.with("BUNDLE_DEPLOYMENT", "false");
            let trial = trial.with(BUNDLE_GEMFILE, scratch.path("Gemfile"));
            trial.with("BUNDLE_PATH", scratch.path("gems"))
        };
        settings.iter().map(trial).collect()
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "Bundler sends it before any other",
            project: &["Gemfile", "gems.rb", ".bundle/config"],
            published: &["Gemfile.lock", "gems.locked"],
            passwords: &["BUNDLE_*"],
            user: user_files,
            ..Leftovers::NONE
        }
    }

    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let settings = settings(here);
        if settings.is_empty() {
            return Vec::new();
        }
        let failed = |text: String| Finding::failed(CHECK, Self::NAME, text, Exit::Configuration);
        let overruled = settings.iter().find_map(|it| {
            let url = it.endpoint.client_url();
            let origin = bundler::overruling(here, &url)?;
            let finding = failed(format!("the login of {origin} is sent before any other"));
            Some(finding.hint(format!("bundle config unset --local {url}")))
        });
        let finding = if shims::are_found(COMMANDS, here.environment) {
            Finding::ok(CHECK, Self::NAME, format!("is {HELPER}, by a link"))
        } else {
            let text = "sends no token of ours: it is not found through a link".to_owned();
            failed(text).hint("codeartifact setup ruby")
        };
        overruled.into_iter().chain([finding]).collect()
    }
}

/// A server of ours, and the variables by which Bundler logs in there.
#[derive(Debug)]
pub struct Server {
    /// One of its repositories.
    pub endpoint: Endpoint,
    /// The host's, and that of each repository: a setting of the user's for a URL would win over the host's.
    pub variables: Vec<String>,
}

/// The servers of these repositories, each host once.
pub fn servers(repositories: Vec<Endpoint>) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    for endpoint in repositories {
        let url = bundler::variable(&endpoint.client_url());
        let mut known = servers.iter_mut();
        match known.find(|it| it.endpoint.host() == endpoint.host()) {
            Some(known) if known.variables.contains(&url) => {}
            Some(known) => known.variables.push(url),
            None => servers.push(Server {
                variables: vec![bundler::variable(endpoint.host()), url],
                endpoint,
            }),
        }
    }
    servers
}

/// The repositories of ours that Bundler or gem may ask here.
pub fn repositories(here: &Here<'_>) -> Vec<Endpoint> {
    settings(here).into_iter().map(|it| it.endpoint).collect()
}

/// The server of ours to which `gem push` would go.
pub fn pushed_to(arguments: &[String], here: &Here<'_>) -> Option<Endpoint> {
    let mut words = arguments.iter();
    let mut named = None;
    while let Some(word) = words.next() {
        match word.strip_prefix("--host=") {
            Some(url) => named = Some(url.to_owned()),
            None if word == "--host" => named = words.next().cloned(),
            None => {}
        }
    }
    let url = named.or_else(|| here.environment.text(RUBYGEMS_HOST))?;
    here.endpoint(&url)
}

/// The value of such a variable.
pub fn login(token: &Secret) -> Secret {
    Secret::new(format!("{USER}:{}", token.expose()))
}

/// Offers what `gem push` needs. Source: AWS's guide, "Publish Ruby gems".
pub fn api_key(token: &Secret) -> Secret {
    Secret::new(format!("Bearer {}", token.expose()))
}

fn settings(here: &Here<'_>) -> Vec<Setting> {
    let named = here.environment.text(BUNDLE_GEMFILE).map(PathBuf::from);
    let directories = here.directories().into_iter();
    let projects = directories.flat_map(|folder| FILES.map(|name| folder.join(name)));
    let files = named.into_iter().chain(projects).chain(user_files(here));
    let texts = files.filter_map(|file| here::read(&file));
    texts.flat_map(|text| named::urls(&text, here)).collect()
}

fn user_files(here: &Here<'_>) -> Vec<PathBuf> {
    let home = here.environment.home();
    let names = [".bundle/config", ".gemrc"];
    home.map(|home| names.map(|name| home.join(name)).to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    #[test]
    fn servers_are_found_wherever_ruby_names_them() {
        let home = tempfile::tempdir().unwrap();
        let gemfile = format!(
            "# source \"https://{HOST}/ruby/old/\"\nsource 'https://{HOST}/ruby/my-repo/' do\n  gem 'a'\nend\n\
             source \"https://example.com/\"\n"
        );
        std::fs::write(home.path().join("Gemfile"), gemfile).unwrap();
        std::fs::create_dir(home.path().join(".bundle")).unwrap();
        let mirror = format!(
            "---\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: \"https://{}/ruby/other/\"\n",
            HOST.replace("my-", "other-")
        );
        std::fs::write(home.path().join(".bundle/config"), mirror).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let here = Here::at(home.path().to_owned(), &environment);
        let servers = servers(repositories(&here));
        let hosts: Vec<_> = servers
            .iter()
            .map(|it| it.endpoint.host().to_owned())
            .collect();
        assert_eq!(hosts, [HOST.to_owned(), HOST.replace("my-", "other-")]);
        let push = |line: &str| {
            let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
            pushed_to(&words, &here).map(|it| it.root())
        };
        let root = format!("https://{HOST}/ruby/my-repo/");
        assert_eq!(
            push(&format!("push x.gem --host {root}")),
            Some(root.clone())
        );
        assert_eq!(push(&format!("push x.gem --host={root}")), Some(root));
        assert_eq!(push("push x.gem --host https://example.com/"), None);
        assert_eq!(push("push x.gem"), None);
    }
}
