//! GOAUTH: why go does not run our helper.

use super::{Judged, failed};
use crate::finding::Finding;
use crate::go::GOAUTH;
use crate::go::goauth::{self, COMMAND, DEFAULT, Helper};

impl Judged<'_> {
    /// go hides what is wrong with a helper.
    pub(super) fn helper(&self) -> Option<Finding> {
        let goauth = self.asked.get(GOAUTH);
        let whose = if self.is_variable(GOAUTH) {
            "the variable GOAUTH"
        } else {
            "GOAUTH"
        };
        let found = goauth::helper(goauth, self.here);
        let why = match &found {
            Helper::Found(_) => return None,
            // A go that has no GOAUTH prints none.
            Helper::EmptyCommand if goauth.is_empty() => return None,
            Helper::EmptyCommand => format!("{whose} has an empty command, which go refuses"),
            Helper::OpenQuote => format!("{whose} has a quote that is not closed"),
            Helper::Off => format!("{whose} is `off`"),
            Helper::Unnamed => format!("{whose} does not name our helper"),
            Helper::Missing(path) => format!("{whose} names {path}, which does not exist"),
            Helper::NotExecutable(path) => format!("{whose} names {path}, which is not executable"),
            Helper::NotOnPath => {
                let text = format!("sends no token: {whose} names {COMMAND}, which is not on PATH");
                return Some(failed(text).hint("put its directory on PATH"));
            }
        };
        let value = if found == Helper::Unnamed && self.is_variable(GOAUTH) {
            format!("${GOAUTH}; {COMMAND}")
        } else {
            with_helper(goauth)
        };
        let hint = self.command(GOAUTH, &value);
        Some(failed(format!("sends no token: {why}")).hint(hint))
    }
}

/// The commands that are there, without what is wrong with ours.
fn with_helper(goauth: &str) -> String {
    let others = goauth::commands(goauth);
    let mut commands: Vec<_> = others
        .filter(|it| *it != "off" && !goauth::is_ours(it))
        .collect();
    if commands.is_empty() && !goauth.contains(COMMAND) {
        commands.push(DEFAULT);
    }
    commands.push(COMMAND);
    commands.join("; ")
}
