//! go: whether its settings lead to our helper, and whether anything leads around the repository. Sources: `go help
//! goauth`, `go help environment`, and the Go modules reference on GOPROXY and GOPRIVATE; tried with go 1.27.

use std::ffi::OsStr;

use codeartifact_auth::environment::{GOAUTH, GONOPROXY, GOPRIVATE, GOPROXY};
use codeartifact_auth::error::Exit;
use codeartifact_auth::successor;
use codeartifact_goauth::settings::{entries, setting};

use super::super::Finding;
use super::desk::Desk;

const CHECK: &str = "client_go";
const CLIENT: &str = "go";

const COMMAND: &str = "codeartifact-goauth";

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let of = |name| setting(name, desk.environment).unwrap_or_default();
    let settings = Settings {
        goproxy: of(GOPROXY),
        goauth: of(GOAUTH),
        goprivate: of(GOPRIVATE),
        gonoproxy: of(GONOPROXY),
    };
    let program = successor::find(OsStr::new(COMMAND), desk.environment);
    let ours = |url: &str| desk.is_ours(url);
    judge(
        &settings,
        program.map(|it| it.display().to_string()).as_deref(),
        &ours,
    )
}

struct Settings {
    goproxy: String,
    goauth: String,
    goprivate: String,
    gonoproxy: String,
}

fn judge(
    settings: &Settings,
    program: Option<&str>,
    is_ours: &dyn Fn(&str) -> bool,
) -> Vec<Finding> {
    let entries = entries(&settings.goproxy);
    let Some((_, separator)) = entries.iter().find(|(url, _)| is_ours(url)) else {
        return Vec::new();
    };
    let mut findings = vec![helper(&settings.goauth, program)];
    if *separator == Some('|') {
        findings.push(
            Finding::warning(CHECK, CLIENT, "a `|` in GOPROXY behind the repository lets go ask the next proxy for private modules whenever a token is refused")
                .hint("put a comma there: `go env -w GOPROXY=…`"),
        );
    }
    // What GOPRIVATE names goes past every proxy, unless GONOPROXY says otherwise.
    if !settings.goprivate.is_empty() && settings.gonoproxy.is_empty() {
        let text = format!(
            "GOPRIVATE={} leads go around the repository for those modules, to where their sources lie",
            settings.goprivate
        );
        findings.push(Finding::warning(CHECK, CLIENT, text).hint(format!(
            "go env -u GOPRIVATE && go env -w GONOSUMDB={}",
            settings.goprivate
        )));
    }
    findings
}

/// go runs the helper by the name in GOAUTH, and hides it when that fails.
fn helper(goauth: &str, program: Option<&str>) -> Finding {
    let mut commands = goauth
        .split(';')
        .filter_map(|command| command.split_whitespace().next());
    let named = commands.find(|command| command.rsplit(['/', '\\']).next() == Some(COMMAND));
    let failed = |text: &str| Finding::failed(CHECK, CLIENT, text, Exit::Configuration);
    match (named, program) {
        (None, _) => failed("sends no token: GOAUTH does not name our helper")
            .hint("go env -w GOAUTH=codeartifact-goauth"),
        (Some(path), _) if path.contains(['/', '\\']) => {
            Finding::ok(CHECK, CLIENT, format!("asks {path}"))
        }
        (Some(_), Some(path)) => Finding::ok(CHECK, CLIENT, format!("asks {path}")),
        (Some(_), None) => {
            failed("sends no token: GOAUTH names codeartifact-goauth, which is not on PATH")
                .hint("put its directory on PATH")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::State;
    use super::*;

    fn told(settings: [&str; 4], program: Option<&str>) -> Vec<(State, String)> {
        let [goproxy, goauth, goprivate, gonoproxy] = settings.map(str::to_owned);
        let settings = Settings {
            goproxy,
            goauth,
            goprivate,
            gonoproxy,
        };
        let findings = judge(&settings, program, &|url| url == "https://ours/");
        findings
            .into_iter()
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
        let rows: [Row<'_>; 9] = [
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
