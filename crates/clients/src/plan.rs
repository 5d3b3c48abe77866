//! Holds what a setup is going to change, as data: shown by `--dry-run`, applied otherwise, and told in the same words.
//! A client's needs are in its own room; how one change is made, in `step.rs`; how a file's text changes, in
//! `text.rs`.

mod set_up;
mod step;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

use crate::aside::absolute;
use crate::link;
use crate::text::Text;
pub(crate) use set_up::Marks;
use step::{Step, read};

pub(crate) use step::output_of;

/// Changes, in the order in which they are made.
#[derive(Debug, Default)]
pub struct Plan {
    steps: Vec<Step>,
    remarks: String,
}

impl Plan {
    /// Changes the text of `path`. A file in which nothing is left goes.
    pub(crate) fn edit(
        &mut self,
        path: &Path,
        edit: impl FnOnce(&mut Text) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let before = read(path)?;
        let mut text = Text::parse(before.as_deref().unwrap_or_default());
        edit(&mut text).with_context(|| format!("cannot change {}", path.display()))?;
        let after = Some(text.to_string()).filter(|after| !after.is_empty());
        self.change(path, before, after, &text);
        Ok(())
    }

    fn change(&mut self, path: &Path, before: Option<String>, after: Option<String>, text: &Text) {
        if after != before && !(after.is_none() && before.as_deref() == Some("")) {
            let changes = match after {
                Some(_) => text.changes(),
                None => text.all_gone(),
            };
            self.steps.push(Step::File {
                path: path.to_owned(),
                before,
                after,
                changes,
            });
        }
    }

    /// Makes `text` the whole of `path`; `None` takes the file away.
    pub(crate) fn put(&mut self, path: &Path, text: Option<&str>) -> anyhow::Result<()> {
        let (before, after) = (read(path)?, text.map(str::to_owned));
        if before != after {
            self.steps.push(Step::File {
                path: path.to_owned(),
                before,
                after,
                changes: Vec::new(),
            });
        }
        Ok(())
    }

    /// The same for a file that is no text.
    pub(crate) fn put_bytes(&mut self, path: &Path, bytes: Option<&[u8]>) -> anyhow::Result<()> {
        let (before, after) = (step::read_bytes(path)?, bytes.map(<[u8]>::to_vec));
        if before != after {
            self.steps.push(Step::Bytes {
                path: path.to_owned(),
                before,
                after,
            });
        }
        Ok(())
    }

    /// Lets the link `path`, in a directory of ours, lead to `program`.
    pub(crate) fn lead(&mut self, path: PathBuf, program: PathBuf) {
        if link::leads_to(&path, &program) {
            return;
        }
        if path.symlink_metadata().is_ok() {
            self.unlink(path.clone());
        }
        self.link(path, program);
    }

    /// Does what another plan does, after this one.
    pub(crate) fn append(&mut self, mut other: Plan) {
        self.steps.append(&mut other.steps);
        self.remarks += &other.remarks;
    }

    /// Makes a link at `path`, where nothing is yet.
    pub(crate) fn link(&mut self, path: PathBuf, program: PathBuf) {
        self.steps.push(Step::Link { path, program });
    }

    /// Takes a link of ours away.
    pub(crate) fn unlink(&mut self, path: PathBuf) {
        self.steps.push(Step::Unlink { path });
    }

    /// Tells if nothing changes of which the user has to know.
    pub fn is_empty(&self) -> bool {
        !self.steps.iter().any(Step::is_told)
    }

    /// Notes what the user should know besides; it is told without being asked for.
    pub(crate) fn remark(&mut self, text: &str) {
        self.remarks += &format!("codeartifact: {text}\n");
    }

    /// The same of a helper that the client will not find.
    pub(crate) fn remark_missing(&mut self, client: &str, helper: &str, environment: &Environment) {
        if next_on_path::find(OsStr::new(helper), environment).is_none() {
            self.remark(&format!(
                "{client} will not find `{helper}`: put its directory on PATH"
            ));
        }
    }

    /// Returns what was noted: lines for stderr.
    pub fn remarks(&self) -> &str {
        &self.remarks
    }

    /// The files that change.
    pub fn files(&self) -> Vec<PathBuf> {
        let files = self.steps.iter().filter_map(Step::file);
        files.map(absolute).collect()
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// One cannot be made; those before it are.
    pub fn apply(&mut self) -> anyhow::Result<()> {
        self.steps.iter_mut().try_for_each(Step::apply)
    }

    /// Makes everything as it was before [`Plan::apply`].
    ///
    /// # Errors
    /// A file was changed since.
    pub fn take_back(&mut self) -> anyhow::Result<()> {
        self.steps.iter_mut().rev().try_for_each(Step::take_back)
    }

    /// Tells what would change.
    pub fn preview(&self) -> String {
        self.steps.iter().map(|step| step.tell(true)).collect()
    }

    /// Tells what was changed.
    pub fn report(&self) -> String {
        self.steps.iter().map(|step| step.tell(false)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::error::UserError;

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
            error.is::<UserError>() && error.to_string().contains("UTF-8"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_client_that_refuses_is_quoted() {
        use std::process::Command;

        let mut command = Command::new("sh");
        command.args(["-c", "echo no >&2; exit 3"]);
        assert_eq!(
            format!("{:#}", output_of(&mut command).unwrap_err()),
            "sh refused: no"
        );
        let mut missing = Command::new("/nonexistent/go");
        assert!(output_of(&mut missing).unwrap_err().is::<UserError>());
    }
}
