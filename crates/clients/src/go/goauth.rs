//! GOAUTH as go reads it (cmd/go/internal/auth: a list of commands split at `;`, each of words that may be quoted), and what
//! of it leads to our helper. It runs nothing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codeartifact_auth::next_on_path::{self, is_executable};

use crate::here::Here;

/// Our command in GOAUTH.
pub(super) const COMMAND: &str = "codeartifact-goauth";

/// go uses this when GOAUTH is not set.
pub(super) const DEFAULT: &str = "netrc";

/// The state of GOAUTH with regard to our helper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Helper {
    /// go will run this program.
    Found(PathBuf),
    /// go ends with an error: a `;` has nothing before or behind it.
    EmptyCommand,
    /// go ends with an error: a quote is not closed.
    OpenQuote,
    /// go sends no credentials at all.
    Off,
    /// No command is ours.
    Unnamed,
    /// The path that is named has no file.
    Missing(String),
    /// The file that is named cannot be run.
    NotExecutable(String),
    /// It is named without a directory, and is not on PATH.
    NotOnPath,
}

/// Looks for our helper as go does.
pub(super) fn helper(goauth: &str, here: &Here<'_>) -> Helper {
    let commands: Vec<_> = goauth.split(';').map(str::trim).collect();
    if commands.iter().any(|command| command.is_empty()) {
        return Helper::EmptyCommand;
    }
    if commands == ["off"] {
        return Helper::Off;
    }
    match commands.iter().find(|command| is_ours(command)) {
        None => Helper::Unnamed,
        Some(command) => match words(command).and_then(|words| words.into_iter().next()) {
            Some(program) => found(&program, here),
            None => Helper::OpenQuote,
        },
    }
}

/// Tells if a command runs our helper, from wherever it is.
pub(super) fn is_ours(command: &str) -> bool {
    let quotes: &[char] = &['"', '\''];
    let program = match words(command) {
        Some(words) => words.into_iter().next().unwrap_or_default(),
        // The quote that is never closed is told as such.
        None => command.trim_matches(quotes).to_owned(),
    };
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name) == COMMAND
}

/// The commands that say something.
pub(super) fn commands(goauth: &str) -> impl Iterator<Item = &str> {
    let commands = goauth.split(';').map(str::trim);
    commands.filter(|command| !command.is_empty())
}

fn found(program: &str, here: &Here<'_>) -> Helper {
    if !program.contains(['/', '\\']) {
        let found = next_on_path::find(OsStr::new(program), here.environment);
        return found.map_or(Helper::NotOnPath, Helper::Found);
    }
    let path = here.directory.join(Path::new(program));
    match (path.exists(), is_executable(&path)) {
        (false, _) => Helper::Missing(program.to_owned()),
        (true, false) => Helper::NotExecutable(program.to_owned()),
        (true, true) => Helper::Found(path),
    }
}

/// As cmd/internal/quoted: a word that begins with a quote ends with the same one, and nothing is escaped. `None` for an
/// open quote.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, behind) = match first {
            '"' | '\'' => rest[1..].split_once(first)?,
            _ => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        words.push(word.to_owned());
        rest = behind.trim_start();
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::fs;

    #[cfg(unix)]
    use codeartifact_auth::environment::Environment;
    #[cfg(unix)]
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn words_are_read_as_go_reads_them() {
        type Row<'a> = (&'a str, Option<&'a [&'a str]>);
        let rows: [Row<'_>; 7] = [
            ("", Some(&[])),
            (" a  b ", Some(&["a", "b"])),
            ("'my tools/a' \"b c\"", Some(&["my tools/a", "b c"])),
            ("a'b c", Some(&["a'b", "c"])),
            ("'a b", None),
            ("'a''b'", Some(&["a", "b"])),
            ("\"it's\"", Some(&["it's"])),
        ];
        for (text, expected) in rows {
            let expected = expected.map(|it| it.iter().map(|&it| it.to_owned()).collect());
            assert_eq!(words(text), expected, "{text:?}");
        }
    }

    #[test]
    fn our_helper_is_known_by_its_name() {
        let rows = [
            ("codeartifact-goauth", true),
            ("/a/codeartifact-goauth", true),
            ("'/my tools/codeartifact-goauth'", true),
            (r"C:\tools\codeartifact-goauth.exe", true),
            ("'/my tools/codeartifact-goauth", true),
            ("netrc", false),
            ("git /srv/codeartifact-goauth", false),
            ("/a/codeartifact-goauth-2", false),
        ];
        for (command, expected) in rows {
            assert_eq!(is_ours(command), expected, "{command}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_helper_is_looked_for_as_go_does() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name).join(COMMAND);
        for (name, mode) in [("good", 0o755), ("bad", 0o644)] {
            fs::create_dir(home.path().join(name)).unwrap();
            fs::write(path(name), "").unwrap();
            fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        let named = |name: &str| path(name).display().to_string();
        let rows = [
            (
                "netrc; codeartifact-goauth".to_owned(),
                Helper::Found(path("good")),
            ),
            (format!("'{}'", named("good")), Helper::Found(path("good"))),
            (
                "good/codeartifact-goauth".to_owned(),
                Helper::Found(path("good")),
            ),
            (named("bad"), Helper::NotExecutable(named("bad"))),
            (named("none"), Helper::Missing(named("none"))),
            ("codeartifact-goauth ;".to_owned(), Helper::EmptyCommand),
            (String::new(), Helper::EmptyCommand),
            ("off".to_owned(), Helper::Off),
            ("netrc".to_owned(), Helper::Unnamed),
            (format!("'{}", named("good")), Helper::OpenQuote),
        ];
        let search = home.path().join("good").display().to_string();
        let at = |search: &str| {
            Environment::fixed(&[("PATH", search)], home.path().to_owned(), Timestamp(0))
        };
        let environment = at(&search);
        let here = Here::at(home.path().to_owned(), &environment);
        for (goauth, expected) in rows {
            assert_eq!(helper(&goauth, &here), expected, "{goauth}");
        }
        let environment = at("/nonexistent");
        let here = Here::at(home.path().to_owned(), &environment);
        assert_eq!(helper(COMMAND, &here), Helper::NotOnPath);
    }
}
