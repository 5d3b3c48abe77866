//! The command `keyring` that pip, uv and pdm look for on PATH: `setup` links ours where nothing of that name is yet, and
//! findings tell which one a client runs. Only a keyring that `setup` finds in its way is run.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_auth::environment::{Environment, PATH};
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;
use codeartifact_auth::user_file::read_regular;
use memchr::memmem;

use super::library;
use super::{PROGRAMS, WHEEL};
use crate::ALL;
use crate::error::UserError;
use crate::finding::Finding;
use crate::here::{self, Here};
use crate::plan::Plan;
use crate::text::Text;

pub(crate) const COMMAND: &str = "keyring";
const PROGRAM: &str = "codeartifact-keyring";
/// A line of its help, which is in the program and in no other.
const SIGN: &str = "for AWS CodeArtifact as the keyring command does";

/// Plans the link, unless the `keyring` that is found answers for CodeArtifact already.
///
/// # Errors
/// Our program is missing, or another one is in the link's place.
pub(super) fn link(plan: &mut Plan, environment: &Environment) -> Result<(), UserError> {
    let ours = next_on_path::beside_us(PROGRAM, environment);
    let found = next_on_path::find(OsStr::new(COMMAND), environment);
    let answers = |found: &Path| {
        let is_ours = |ours: &PathBuf| next_on_path::is_same_program(found, ours);
        ours.as_ref().is_some_and(is_ours) || library::lists_our_back_end(found)
    };
    if found.as_deref().is_some_and(answers) {
        return Ok(());
    }
    let ours = ours.ok_or_else(|| {
        UserError::new(format!(
            "`{PROGRAM}` is not installed beside this program, nor on PATH"
        ))
    })?;
    let Some(link) = place(environment) else {
        return Ok(());
    };
    if fs::symlink_metadata(&link).is_ok() && !is_our_link(&link, Some(&ours)) {
        return Err(foreign(&link));
    }
    // One of an earlier version leads to this one from now on.
    plan.lead(link.clone(), ours);
    if let Some(found) = found.filter(|found| *found != link) {
        plan.remark(&in_front(&found, &link));
    }
    Ok(())
}

/// An environment's programs stay in front of everything as long as it is active.
fn in_front(found: &Path, link: &Path) -> String {
    let directory = link.parent().unwrap_or(link).display();
    let shown = found.display();
    match environment_of(found) {
        Some(python) => format!(
            "{shown} is found first while its environment is active; leave that, or let its keyring answer: {} -m pip install {WHEEL}",
            python.display()
        ),
        None => format!("{shown} may be found first; put {directory} before it on PATH"),
    }
}

/// The Python of the environment that this program is in.
fn environment_of(program: &Path) -> Option<PathBuf> {
    let programs = program.parent()?;
    let python = programs.join(format!("python{}", std::env::consts::EXE_SUFFIX));
    (programs.ends_with(PROGRAMS) && python.exists()).then_some(python)
}

/// Plans that the link goes, if it is ours.
pub(super) fn unlink(plan: &mut Plan, environment: &Environment) {
    let ours = next_on_path::beside_us(PROGRAM, environment);
    let is_ours = |link: &PathBuf| is_our_link(link, ours.as_deref());
    if let Some(link) = place(environment).filter(is_ours) {
        plan.unlink(link);
    }
}

/// Tells if another client than that of `file` was set up to ask the command.
pub(super) fn is_needed_besides(file: &Path, here: &Here<'_>) -> bool {
    let files = ALL.iter().filter_map(|client| client.keyring_file(here));
    let mut texts = files
        .filter(|other| other != file)
        .filter_map(|it| here::read(&it));
    texts.any(|found| !Text::parse(&found.text).names().is_empty())
}

/// Tells if `setup` made this link, whatever became of the program since. Where it is no symbolic link but a second name or a
/// copy, an earlier version is known by its own help.
fn is_our_link(link: &Path, ours: Option<&Path>) -> bool {
    if let Ok(target) = fs::read_link(link) {
        return target.file_stem().is_some_and(|name| name == PROGRAM)
            || ours.is_some_and(|ours| next_on_path::is_same_program(link, ours));
    }
    ours.is_some_and(|ours| next_on_path::is_same_program(link, ours)) || has_sign(link)
}

fn place(environment: &Environment) -> Option<PathBuf> {
    let name = COMMAND.to_owned() + std::env::consts::EXE_SUFFIX;
    Some(environment.home()?.join(".local").join("bin").join(name))
}

fn foreign(link: &Path) -> UserError {
    UserError::new(format!(
        "{} is another keyring, and stays\n  hint: `pipx inject keyring {WHEEL}` lets that one answer for \
         CodeArtifact; or link {PROGRAM} as `{COMMAND}` in a directory that comes before it on PATH",
        link.display()
    ))
}

/// The ways to make a link.
const HINT: &str = if cfg!(windows) {
    "run `codeartifact setup pip`, and put %USERPROFILE%\\.local\\bin on Path"
} else {
    "ln -s \"$(command -v codeartifact-keyring)\" ~/.local/bin/keyring, and have that directory on PATH"
};

/// The `keyring` on PATH, as a client finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Keyring {
    Ours(PathBuf),
    /// A script, most likely the Python package's.
    Other(PathBuf),
    /// Only where the client does not look.
    Hidden(PathBuf),
    None,
}

/// The first on PATH, passing over directories in which the client does not look.
pub(crate) fn on_path(environment: &Environment, hidden: &[PathBuf]) -> Keyring {
    let path = environment.variable(PATH).unwrap_or_default();
    let find = |path: &OsStr| next_on_path::find_in(OsStr::new(COMMAND), path);
    match (find(&without(&path, hidden)), find(&path)) {
        (Some(found), _) if is_ours(&found) => Keyring::Ours(found),
        (Some(found), _) => Keyring::Other(found),
        (None, Some(found)) => Keyring::Hidden(found),
        (None, None) => Keyring::None,
    }
}

impl Keyring {
    /// Tells what is wrong with it for `client`, or where it is.
    pub(crate) fn finding(&self, check: &'static str, client: &str) -> Finding {
        let failed =
            |text: String| Finding::failed(check, client, text, Exit::Configuration).hint(HINT);
        match self {
            Keyring::Ours(path) => Finding::ok(check, client, format!("asks {}", path.display())),
            Keyring::Other(path) => {
                let text = format!(
                    "asks {}, which is not {PROGRAM} and knows CodeArtifact only with our back end beside it",
                    path.display()
                );
                let finding = Finding::warning(check, client, text);
                match environment_of(path) {
                    Some(python) => finding.hint(format!(
                        "leave that environment, or let its keyring answer: {} -m pip install {WHEEL}",
                        python.display()
                    )),
                    None => finding.hint(HINT),
                }
            }
            Keyring::Hidden(path) => failed(format!(
                "finds no keyring: {client} passes over {}, which is among its own programs",
                path.display()
            )),
            Keyring::None => failed(format!("finds no program called `{COMMAND}` on PATH")),
        }
    }
}

/// PATH without these directories, by whatever name they stand in it.
fn without(path: &OsStr, hidden: &[PathBuf]) -> OsString {
    let is_hidden = |directory: &Path| hidden.iter().any(|hidden| is_same(directory, hidden));
    let kept = std::env::split_paths(path).filter(|directory| !is_hidden(directory));
    std::env::join_paths(kept).unwrap_or_default()
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// A link to our program or a copy of it. Whatever is not ours comes as a script of Python's, or, on Windows, as a program
/// that starts one.
fn is_ours(path: &Path) -> bool {
    let target = fs::canonicalize(path).unwrap_or_default();
    target.file_stem().is_some_and(|name| name == PROGRAM) || has_sign(path)
}

fn has_sign(program: &Path) -> bool {
    read_regular(program).is_ok_and(|text| memmem::find(&text, SIGN.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

    const USAGE: &str = include_str!("../../../keyring/src/usage.rs");

    fn named(program: &str) -> String {
        program.to_owned() + std::env::consts::EXE_SUFFIX
    }

    /// A home, and in `programs` on PATH our program of one version.
    fn home(version: &str) -> (tempfile::TempDir, Environment) {
        let home = tempfile::tempdir().unwrap();
        install(home.path(), version);
        let path = home.path().join("programs").display().to_string();
        let environment =
            Environment::fixed(&[(PATH, &path)], home.path().to_owned(), Timestamp(0));
        (home, environment)
    }

    fn install(home: &Path, version: &str) {
        let program = home.join("programs").join(named(PROGRAM));
        fs::create_dir_all(home.join("programs")).unwrap();
        // As an installer does: a new file of that name.
        let _ = fs::remove_file(&program);
        put_program(&program, &format!("{version} {USAGE}"));
    }

    fn put_program(path: &Path, text: &str) {
        fs::write(path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    fn set_up(environment: &Environment) -> Result<(), UserError> {
        let mut plan = Plan::default();
        link(&mut plan, environment)?;
        plan.apply().unwrap();
        Ok(())
    }

    fn undo(environment: &Environment) {
        let mut plan = Plan::default();
        unlink(&mut plan, environment);
        plan.apply().unwrap();
    }

    #[test]
    fn its_help_has_the_line_by_which_our_program_is_known() {
        assert!(USAGE.contains(SIGN));
    }

    #[test]
    fn an_upgrade_is_linked_again_and_undone() {
        let (home, environment) = home("1");
        let linked = place(&environment).unwrap();
        for version in ["1", "2"] {
            install(home.path(), version);
            set_up(&environment).unwrap();
            let text = fs::read_to_string(&linked).unwrap();
            assert!(text.starts_with(version), "{version}");
        }
        install(home.path(), "3");
        undo(&environment);
        assert!(fs::symlink_metadata(&linked).is_err());
    }

    #[test]
    fn a_copy_of_an_earlier_version_is_ours_and_another_keyring_is_not() {
        let (_home, environment) = home("2");
        let linked = place(&environment).unwrap();
        fs::create_dir_all(linked.parent().unwrap()).unwrap();
        fs::write(&linked, format!("1 {USAGE}")).unwrap();
        set_up(&environment).unwrap();
        assert!(fs::read_to_string(&linked).unwrap().starts_with('2'));
        fs::remove_file(&linked).unwrap();
        fs::write(&linked, "another program").unwrap();
        assert!(set_up(&environment).is_err());
        undo(&environment);
        assert_eq!(fs::read_to_string(&linked).unwrap(), "another program");
    }

    /// Windows starts Python's scripts through a program, which is none of ours for that.
    #[test]
    fn a_copy_of_ours_is_told_from_the_program_of_a_python_package() {
        let folder = tempfile::tempdir().unwrap();
        let programs = folder.path().join(PROGRAMS);
        fs::create_dir(&programs).unwrap();
        for name in [COMMAND, "python"] {
            put_program(&programs.join(named(name)), USAGE);
        }
        let found = programs.join(named(COMMAND));
        let path = Environment::fixed(
            &[(PATH, programs.to_str().unwrap())],
            folder.path().to_owned(),
            Timestamp(0),
        );
        assert_eq!(on_path(&path, &[]), Keyring::Ours(found.clone()));

        put_program(&found, "MZ a launcher, then #!python.exe");
        let keyring = on_path(&path, &[]);
        assert_eq!(keyring, Keyring::Other(found));
        let hint = keyring.finding("pip", "pip").hint.unwrap();
        let python = programs.join(named("python")).display().to_string();
        assert!(hint.contains(&format!("{python} -m pip install")), "{hint}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_to_no_program_any_more_is_ours() {
        let (home, environment) = home("2");
        let linked = place(&environment).unwrap();
        fs::create_dir_all(linked.parent().unwrap()).unwrap();
        let gone = home.path().join("gone/codeartifact-keyring");
        std::os::unix::fs::symlink(gone, &linked).unwrap();
        set_up(&environment).unwrap();
        assert!(fs::read_to_string(&linked).unwrap().starts_with('2'));
    }
}
