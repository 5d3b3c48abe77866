//! Tokens that somebody left where they do not belong: in a client's settings, where they are sent for ever instead of a
//! fresh one, or in a file of the project, where they are published. Told with file and line; the token is never shown.

pub(super) use self::token::expiry;

use std::path::PathBuf;

use codeartifact_auth::environment::{
    GOPROXY, PIP_EXTRA_INDEX_URL, PIP_INDEX_URL, UV_DEFAULT_INDEX, UV_EXTRA_INDEX_URL, UV_INDEX,
    UV_INDEX_URL,
};
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Timestamp;
use codeartifact_goauth::settings::env_file;

use super::super::Finding;
use super::desk::{Desk, Page, page};
use super::{netrc, pip};
use crate::commands::user_files;
use crate::words::{ago, counted, span};

#[cfg(test)]
pub(super) mod for_tests;
mod token;

const CHECK: &str = "client_leftover";

/// Files of a project in which clients look, and what becomes of a token there.
const PROJECT: [(&str, Option<&str>); 20] = [
    (".yarnrc.yml", Some("Yarn sends it instead of a fresh one")),
    ("bunfig.toml", Some("Bun sends it instead of a fresh one")),
    (
        "pyproject.toml",
        Some("uv and poetry send it and ask nobody"),
    ),
    ("uv.toml", Some("uv sends it and asks no keyring")),
    ("poetry.toml", Some("poetry sends it and asks no keyring")),
    ("pip.conf", Some("pip sends it and asks no keyring")),
    ("requirements.txt", Some("pip sends it and asks no keyring")),
    ("Pipfile", Some("pipenv sends it and asks no keyring")),
    ("uv.lock", None),
    ("poetry.lock", None),
    ("pdm.lock", None),
    ("Pipfile.lock", None),
    ("package.json", None),
    ("package-lock.json", None),
    ("npm-shrinkwrap.json", None),
    ("pnpm-lock.yaml", None),
    ("yarn.lock", None),
    ("bun.lock", None),
    ("Dockerfile", None),
    (".env", None),
];

const VARIABLES: [(&str, &str); 7] = [
    (PIP_INDEX_URL, "pip sends it and asks no keyring"),
    (PIP_EXTRA_INDEX_URL, "pip sends it and asks no keyring"),
    (UV_INDEX, "uv sends it and asks no keyring"),
    (UV_DEFAULT_INDEX, "uv sends it and asks no keyring"),
    (UV_INDEX_URL, "uv sends it and asks no keyring"),
    (UV_EXTRA_INDEX_URL, "uv sends it and asks no keyring"),
    (GOPROXY, "go sends it and asks no helper"),
];

/// A page to look through.
struct Place {
    page: Page,
    /// Who sends what stands there instead of asking us.
    used: Option<&'static str>,
    /// A variable has one line.
    is_file: bool,
}

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let now = desk.environment.now();
    let mut places = of_project(desk);
    // At home, a file of the project may be the user's as well.
    for place in of_user(desk).into_iter().chain(of_variables(desk)) {
        if places
            .iter()
            .all(|known| known.page.name != place.page.name)
        {
            places.push(place);
        }
    }
    let judged = places.iter().flat_map(|place| judge(place, now, desk));
    judged.collect()
}

/// A lock file repeats one token on thousands of lines: told once.
fn judge(place: &Place, now: Timestamp, desk: &Desk<'_>) -> Vec<Finding> {
    let found = token::find(&place.page.text, &|url| desk.is_ours(url));
    let mut told_of = Vec::new();
    let mut findings = Vec::new();
    for leftover in &found {
        if told_of.contains(&leftover.expires) {
            continue;
        }
        told_of.push(leftover.expires);
        let alike = found
            .iter()
            .filter(|other| other.expires == leftover.expires);
        let name = match (place.is_file, alike.count() - 1) {
            (false, _) => place.page.name.clone(),
            (true, 0) => format!("{}:{}", place.page.name, leftover.line),
            (true, more) => format!(
                "{}:{} (and on {})",
                place.page.name,
                leftover.line,
                counted(more, "more line")
            ),
        };
        findings.push(told(&name, leftover.expires, place.used, now));
    }
    findings
}

/// What is sent and has run out keeps a client from working; what still lives will.
fn told(name: &str, expires: Option<Timestamp>, used: Option<&str>, now: Timestamp) -> Finding {
    let age = match expires {
        Some(expires) if expires.since(now) == 0 => {
            format!("a token that ran out {}", ago(now.since(expires)))
        }
        Some(expires) => format!("a token that is good for {}", span(expires.since(now))),
        None => "a password".to_owned(),
    };
    let lives = expires.is_some_and(|expires| expires.since(now) > 0);
    let why = used.unwrap_or("whoever has the file has the token");
    let text = format!("{name} holds {age}: {why}");
    let finding = match used.is_some() && !lives {
        true => Finding::failed(CHECK, "leftover token", text, Exit::Configuration),
        false => Finding::warning(CHECK, "leftover token", text),
    };
    finding.hint("take it out; the URL alone is enough, as `codeartifact repositories` shows it")
}

fn of_project(desk: &Desk<'_>) -> Vec<Place> {
    let files = desk
        .directories
        .iter()
        .flat_map(|directory| PROJECT.map(|(name, used)| (directory.join(name), used)));
    files.filter_map(|(file, used)| at(file, used)).collect()
}

fn of_user(desk: &Desk<'_>) -> Vec<Place> {
    let poetry = user_files::platform_folder(desk.environment, "pypoetry");
    let files = [
        (
            user_files::uv(desk.environment),
            "uv sends it and asks no keyring",
        ),
        (
            poetry.map(|folder| folder.join("auth.toml")),
            "poetry sends it and asks no keyring",
        ),
        (
            Some(desk.home.join(".pypirc")),
            "twine sends it and asks no keyring",
        ),
        (
            Some(desk.home.join(".yarnrc.yml")),
            "Yarn sends it instead of a fresh one",
        ),
    ];
    let files = files
        .into_iter()
        .filter_map(|(file, used)| at(file?, Some(used)));
    let pip = pip::files(desk)
        .into_iter()
        .map(|page| (page, "pip sends it and asks no keyring"));
    let netrc = netrc::file(desk).map(|page| (page, "uv sends it and asks no keyring"));
    let go = env_file(desk.environment).and_then(|file| page(&file));
    let go = go.map(|page| (page, "go sends it and asks no helper"));
    let pages = pip.chain(netrc).chain(go).map(|(page, used)| Place {
        page,
        used: Some(used),
        is_file: true,
    });
    files.chain(pages).collect()
}

fn of_variables(desk: &Desk<'_>) -> Vec<Place> {
    let pages = VARIABLES.into_iter().filter_map(|(name, used)| {
        Some(Place {
            page: desk.variable(name)?,
            used: Some(used),
            is_file: false,
        })
    });
    pages.collect()
}

fn at(file: PathBuf, used: Option<&'static str>) -> Option<Place> {
    Some(Place {
        page: page(&file)?,
        used,
        is_file: true,
    })
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::endpoint::MappedHosts;
    use codeartifact_auth::environment::Environment;

    use super::super::super::finding::State;
    use super::*;

    #[test]
    fn what_is_sent_and_has_run_out_is_a_failure() {
        let now = Timestamp(1_800_000_000);
        let used = Some("pip sends it and asks no keyring");
        let failed = State::Failed(Exit::Configuration);
        let rows = [
            (
                Some(now.0 - 86_400),
                used,
                failed,
                "a:1 holds a token that ran out 24 h ago: pip sends it",
            ),
            (None, used, failed, "a:1 holds a password: pip sends it"),
            (
                Some(now.0 + 3600),
                used,
                State::Warning,
                "a:1 holds a token that is good for 1 h",
            ),
            (
                Some(now.0 - 3600),
                None,
                State::Warning,
                "whoever has the file has the token",
            ),
        ];
        for (expires, used, state, says) in rows {
            let found = told("a:1", expires.map(Timestamp), used, now);
            assert_eq!(found.state, state);
            assert!(found.text.contains(says), "{}", found.text);
        }
    }

    /// At home, where the project's files are the user's too.
    #[test]
    fn one_token_is_told_once() {
        let home = tempfile::tempdir().unwrap();
        let now = Timestamp(1_800_000_000);
        let (old, other) = (for_tests::token(now.0 - 60), for_tests::token(now.0 - 7200));
        let url = |token: &str| {
            format!(
                "https://aws:{token}@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/\n"
            )
        };
        let lock = [url(&old), url(&other), url(&old), url(&old)].concat();
        std::fs::write(home.path().join("yarn.lock"), lock).unwrap();
        std::fs::write(
            home.path().join(".yarnrc.yml"),
            format!("npmAuthToken: {old}\n"),
        )
        .unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), now);
        let desk = Desk {
            environment: &environment,
            hosts: &MappedHosts::new(),
            home: home.path().to_owned(),
            directories: vec![home.path().to_owned()],
        };
        let told: Vec<_> = check(&desk).into_iter().map(|it| it.text).collect();
        assert_eq!(told.len(), 3, "{told:#?}");
        assert!(told[0].contains(".yarnrc.yml:1 holds"), "{told:#?}");
        assert!(
            told[1].contains("yarn.lock:1 (and on 2 more lines) holds"),
            "{told:#?}"
        );
        assert!(told[2].contains("yarn.lock:2 holds"), "{told:#?}");
    }
}
