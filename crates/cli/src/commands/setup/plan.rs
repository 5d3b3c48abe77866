//! What a setup is going to change, as data: shown by `--dry-run`, applied otherwise, and told in the same words.
//! What a client needs is in its own file; how a file's text changes, in `text.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::user_file::{Privacy, UserFile};
use similar::{ChangeTag, TextDiff};

use super::link;
use super::text::Text;
use crate::output::Hindrance;

/// What follows a registry in the key of its token.
const TOKEN: &str = ":_authToken";

/// Changes, in the order in which they are made.
#[derive(Debug, Default)]
pub(super) struct Plan {
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    /// The file's text before and after; `None` where there is no file.
    File {
        path: PathBuf,
        before: Option<String>,
        after: Option<String>,
        /// Of a file that is all ours, nobody wants to see every line.
        shown: bool,
    },
    /// A link at `path`, which leads to `program`.
    Link {
        path: PathBuf,
        program: PathBuf,
    },
    Unlink {
        path: PathBuf,
    },
    /// A client's own command.
    Run(Command),
}

impl Plan {
    /// Changes the text of `path`. A file in which nothing is left goes.
    pub(super) fn edit(
        &mut self,
        path: &Path,
        edit: impl FnOnce(&mut Text) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let before = read(path)?;
        let mut text = Text::parse(before.as_deref().unwrap_or_default());
        edit(&mut text).with_context(|| format!("cannot change {}", path.display()))?;
        let after = Some(text.to_string()).filter(|after| !after.is_empty());
        if after != before && !(after.is_none() && before.as_deref() == Some("")) {
            self.steps.push(Step::File {
                path: path.to_owned(),
                before,
                after,
                shown: true,
            });
        }
        Ok(())
    }

    /// Makes `text` the whole of `path`; `None` takes the file away.
    pub(super) fn put(&mut self, path: &Path, text: Option<&str>) -> anyhow::Result<()> {
        let (before, after) = (read(path)?, text.map(str::to_owned));
        if before != after {
            self.steps.push(Step::File {
                path: path.to_owned(),
                before,
                after,
                shown: false,
            });
        }
        Ok(())
    }

    /// Lets the link `path`, in a directory of ours, lead to `program`.
    pub(super) fn lead(&mut self, path: PathBuf, program: PathBuf) {
        if link::leads_to(&path, &program) {
            return;
        }
        if path.symlink_metadata().is_ok() {
            self.unlink(path.clone());
        }
        self.link(path, program);
    }

    /// Does what another plan does, after this one.
    pub(super) fn append(&mut self, mut other: Plan) {
        self.steps.append(&mut other.steps);
    }

    /// Makes a link at `path`, where nothing is yet.
    pub(super) fn link(&mut self, path: PathBuf, program: PathBuf) {
        self.steps.push(Step::Link { path, program });
    }

    /// Takes a link of ours away.
    pub(super) fn unlink(&mut self, path: PathBuf) {
        self.steps.push(Step::Unlink { path });
    }

    /// Runs a client's own command.
    pub(super) fn run(&mut self, command: Command) {
        self.steps.push(Step::Run(command));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// One cannot be made; those before it are.
    pub(super) fn apply(&mut self) -> anyhow::Result<()> {
        self.steps.iter_mut().try_for_each(Step::apply)
    }

    /// What would change.
    pub(super) fn preview(&self) -> String {
        self.steps.iter().map(|step| step.tell(true)).collect()
    }

    /// What was changed.
    pub(super) fn report(&self) -> String {
        self.steps.iter().map(|step| step.tell(false)).collect()
    }
}

impl Step {
    fn apply(&mut self) -> anyhow::Result<()> {
        match self {
            Step::File {
                path,
                before,
                after,
                ..
            } => replace(path, before.as_deref(), after.as_deref())
                .with_context(|| format!("cannot change {}", path.display())),
            Step::Link { path, program } => link::make(path, program)
                .with_context(|| format!("cannot make the link {}", path.display())),
            Step::Unlink { path } => {
                fs::remove_file(&*path).with_context(|| format!("cannot remove {}", path.display()))
            }
            Step::Run(command) => output_of(command).map(drop),
        }
    }

    fn tell(&self, would: bool) -> String {
        let verb = |now: &str, done: &str| match would {
            true => format!("would {now}"),
            false => done.to_owned(),
        };
        match self {
            Step::File {
                path,
                before,
                after,
                shown,
            } => {
                let verb = match (before, after) {
                    (None, _) => verb("make", "made"),
                    (_, None) => verb("remove", "removed"),
                    _ => verb("change", "changed"),
                };
                let difference = match shown {
                    true => difference(before.as_deref(), after.as_deref()),
                    false => String::new(),
                };
                format!("{verb} {}\n{difference}", path.display())
            }
            Step::Link { path, program } => {
                let verb = verb("link", "linked");
                format!("{verb} {} to {}\n", path.display(), program.display())
            }
            Step::Unlink { path } => format!("{} {}\n", verb("remove", "removed"), path.display()),
            Step::Run(command) => format!("{} {}\n", verb("run", "ran"), spelled(command)),
        }
    }
}

/// # Errors
/// It cannot be read, or is not UTF-8.
fn read(path: &Path) -> anyhow::Result<Option<String>> {
    let bytes = UserFile::at(path).and_then(|file| file.read());
    let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| Hindrance::new(&format!("{} is not UTF-8 text", path.display())).into())
}

fn replace(path: &Path, before: Option<&str>, after: Option<&str>) -> anyhow::Result<()> {
    let file = UserFile::at(path)?;
    if read(path)?.as_deref() != before {
        return Err(Hindrance::new("it changed meanwhile; run this again").into());
    }
    match after {
        Some(after) => file.replace(after.as_bytes(), Privacy::AsBefore)?,
        None => file.remove()?,
    }
    Ok(())
}

/// Runs a program and returns what it printed.
///
/// # Errors
/// It cannot be run, or fails; with its own words.
pub(super) fn output_of(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        Hindrance::new(&format!(
            "cannot run `{name}`: {error}; is it installed and on PATH?"
        ))
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Hindrance::new(&format!("{name} refused: {}", said.trim())).into())
}

/// As it would be typed.
fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| quoted(&word.to_string_lossy()));
    words.collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_=./:,@%+".contains(it);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// The lines that go and come, indented.
fn difference(before: Option<&str>, after: Option<&str>) -> String {
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
    let sign = |tag| match tag {
        ChangeTag::Equal => None,
        ChangeTag::Delete => Some('-'),
        ChangeTag::Insert => Some('+'),
    };
    let lines = diff.iter_all_changes();
    lines
        .filter_map(|change| Some((sign(change.tag())?, change.value().trim_end())))
        .map(|(sign, line)| format!("  {sign} {}\n", without_token(line)))
        .collect()
}

/// A line that is taken away may hold the token of an `.npmrc`, which is nobody's to see.
fn without_token(line: &str) -> String {
    match line.split_once(TOKEN) {
        Some((key, _)) => format!("{key}{TOKEN}=…"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn insert(text: &mut Text) -> anyhow::Result<()> {
        text.insert(text.end(), "acme", &["x = 1".to_owned()]);
        Ok(())
    }

    fn remove(text: &mut Text) -> anyhow::Result<()> {
        Ok(text.remove(None)?)
    }

    fn planned(path: &Path, edit: fn(&mut Text) -> anyhow::Result<()>) -> Plan {
        let mut plan = Plan::default();
        plan.edit(path, edit).unwrap();
        plan
    }

    #[test]
    fn a_file_is_made_changed_and_removed_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/uv.toml");
        let shown = path.display();
        let ours =
            "  + # >>> codeartifact setup acme\n  + x = 1\n  + # <<< codeartifact setup acme\n";
        let mut plan = planned(&path, insert);
        assert_eq!(plan.preview(), format!("would make {shown}\n{ours}"));
        assert!(!path.exists());
        plan.apply().unwrap();
        assert_eq!(plan.report(), format!("made {shown}\n{ours}"));

        let mut plan = planned(&path, remove);
        assert!(plan.report().starts_with("removed "));
        plan.apply().unwrap();
        assert!(!path.exists());
        assert!(planned(&path, remove).is_empty());

        fs::write(&path, "y = 2\n").unwrap();
        assert!(
            planned(&path, insert)
                .preview()
                .starts_with("would change ")
        );
        fs::write(&path, "").unwrap();
        assert!(planned(&path, remove).is_empty());
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("uv.toml");
        let mut plan = planned(&path, insert);
        fs::write(&path, "y = 2\n").unwrap();
        let error = format!("{:#}", plan.apply().unwrap_err());
        assert!(error.contains("changed meanwhile"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "y = 2\n");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("uv.toml");
        fs::write(&path, b"\xff\xfe").unwrap();
        let error = Plan::default().edit(&path, insert).unwrap_err();
        assert!(
            error.is::<Hindrance>() && error.to_string().contains("UTF-8"),
            "{error}"
        );
    }

    #[test]
    fn a_command_runs_and_is_spelled_as_typed() {
        let mut plan = Plan::default();
        let mut command = Command::new("sh");
        command.args(["-c", "echo no >&2; exit 3"]);
        plan.run(command);
        assert_eq!(plan.preview(), "would run sh -c 'echo no >&2; exit 3'\n");
        assert_eq!(format!("{:#}", plan.apply().unwrap_err()), "sh refused: no");
        let mut missing = Command::new("/nonexistent/go");
        assert!(output_of(&mut missing).unwrap_err().is::<Hindrance>());
    }
}
