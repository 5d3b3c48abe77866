//! Bundler's settings: the variables of logins, and what a trial takes over of the project's file.

use std::path::PathBuf;

use crate::here::{self, Here, NamedText};
use crate::setting::Origin;

/// Bundler's project is the nearest folder with one of these.
const GEMFILES: [&str; 2] = ["Gemfile", "gems.rb"];

/// Keys by which Bundler asks no server, or writes where a trial must not.
const LEFT_OUT: [&str; 4] = [
    "BUNDLE_FROZEN",
    "BUNDLE_DEPLOYMENT",
    "BUNDLE_PATH",
    "BUNDLE_GEMFILE",
];

/// The variable of a host or a URL. Source: `Bundler::Settings.key_for`, Bundler 2.3. No shell takes the name that a URL gives.
pub(super) fn variable(place: &str) -> String {
    let place = place.replace('.', "__").replace('-', "___");
    format!("BUNDLE_{}", place.to_uppercase())
}

/// The settings of the project, which win over variables: a login that was left there is sent.
pub(super) fn trial_settings(here: &Here<'_>) -> String {
    let text = project(here).map(|it| it.text).unwrap_or_default();
    let is_kept = |line: &&str| !LEFT_OUT.iter().any(|key| line.starts_with(key));
    let lines = text.lines().filter(is_kept);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The place where the project has a login for the URL. It is found before ours; one for the host is not.
pub(super) fn overruling(here: &Here<'_>, url: &str) -> Option<Origin> {
    let settings = project(here)?;
    let key = variable(url);
    let mut lines = settings.text.lines().zip(1..);
    let is_key = |line: &str| {
        line.strip_prefix(&key)
            .is_some_and(|it| it.starts_with(':'))
    };
    let (_, number) = lines.find(|(line, _)| is_key(line))?;
    Some(Origin::File(settings.name.into(), Some(number)))
}

fn project(here: &Here<'_>) -> Option<NamedText> {
    let has_gemfile = |folder: &PathBuf| GEMFILES.iter().any(|it| folder.join(it).is_file());
    let folder = here.directories().into_iter().find(has_gemfile)?;
    here::read(&folder.join(".bundle/config"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_as_bundler_does() {
        let host = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let name = "MY___DOMAIN___111122223333__D__CODEARTIFACT__US___EAST___1__AMAZONAWS__COM";
        assert_eq!(variable(host), format!("BUNDLE_{name}"));
        assert_eq!(
            variable(&format!("https://{host}/ruby/my-repo/")),
            format!("BUNDLE_HTTPS://{name}/RUBY/MY___REPO/")
        );
    }
}
