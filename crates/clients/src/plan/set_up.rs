//! A setup's change of a file, which can be undone: what it replaces is kept in [`Aside`]. What was written before under
//! the same marks is undone first, so that a setup starts from the file as the user had it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use codeartifact_auth::environment::Environment;

use super::Plan;
use super::step::{Step, read};
use crate::aside::{Aside, FileRecord};
use crate::text::{Outcome, Text};

/// Whose lines of a file are meant.
pub(crate) struct Marks<'a> {
    /// The marks begin with it and a blank.
    pub(crate) client: &'a str,
    /// Of this repository alone.
    pub(crate) name: Option<&'a str>,
    /// The mark of what goes with the last of the others: `(keyring)`.
    pub(crate) shared: Option<&'a str>,
}

impl Marks<'_> {
    /// The mark of one name: `uv acme`.
    pub(crate) fn mark(&self, name: &str) -> String {
        format!("{} {name}", self.client)
    }

    /// The mark of its own name.
    pub(crate) fn own_mark(&self) -> String {
        self.mark(self.name.unwrap_or_default())
    }

    fn are_of(&self, mark: &str) -> bool {
        match self.name {
            Some(name) => mark == self.mark(name),
            None => self.is_clients(mark),
        }
    }

    fn is_clients(&self, mark: &str) -> bool {
        mark.strip_prefix(self.client)
            .is_some_and(|rest| rest.starts_with(' '))
    }

    fn is_shared(&self, mark: &str) -> bool {
        self.shared.is_some_and(|shared| mark == self.mark(shared))
    }
}

impl Plan {
    /// Changes the text of `path`, where what is under these marks makes room first.
    pub(crate) fn set_up(
        &mut self,
        path: &Path,
        environment: &Environment,
        marks: &Marks<'_>,
        edit: impl FnOnce(&mut Text) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let aside = Aside::load(environment)?;
        let before = aside.of(path);
        let read = read(path)?;
        let mut text = Text::parse(read.as_deref().unwrap_or_default());
        let mut kept = before.clone();
        kept.is_made |= read.is_none();
        let changed = give_back(&mut text, &mut kept, &|mark| marks.are_of(mark));
        changed
            .and_then(|_| edit(&mut text))
            .with_context(|| format!("cannot change {}", path.display()))?;
        kept.parts.extend(text.parts().iter().cloned());
        let after = Some(text.to_string()).filter(|after| !after.is_empty());
        if after != read {
            self.keep(aside, before, kept);
            self.change(path, read, after, &text);
        }
        Ok(())
    }

    /// Gives back what is under these marks. Returns true if something of it is not there as it was written.
    pub(crate) fn give_back(
        &mut self,
        path: &Path,
        environment: &Environment,
        marks: &Marks<'_>,
    ) -> anyhow::Result<bool> {
        self.give_back_and(path, environment, marks, |_| ())
    }

    /// The same, and then what else is to go from that text.
    pub(crate) fn give_back_and(
        &mut self,
        path: &Path,
        environment: &Environment,
        marks: &Marks<'_>,
        rest: impl FnOnce(&mut Text),
    ) -> anyhow::Result<bool> {
        let aside = Aside::load(environment)?;
        let before = aside.of(path);
        let read = read(path)?;
        if read.is_none() {
            self.forget(aside, before, &|mark| marks.is_clients(mark));
            return Ok(false);
        }
        let mut text = Text::parse(read.as_deref().unwrap_or_default());
        let mut kept = before.clone();
        let is_lost = give_back_with_shared(&mut text, &mut kept, marks)
            .with_context(|| format!("cannot change {}", path.display()))?;
        rest(&mut text);
        let after = text.to_string();
        let is_gone = kept.parts.is_empty() && kept.is_made && after.trim().is_empty();
        let is_gone = is_gone || after.is_empty() && before.parts.is_empty();
        self.change(path, read, Some(after).filter(|_| !is_gone), &text);
        if before != kept {
            self.keep(aside, before, kept);
        }
        Ok(is_lost)
    }

    /// Gives back what any setup has replaced, in files of projects as well, but for these files.
    ///
    /// # Errors
    /// A file cannot be read or changed.
    pub fn give_back_all(
        &mut self,
        but: &[PathBuf],
        environment: &Environment,
    ) -> anyhow::Result<()> {
        let aside = Aside::load(environment)?;
        let files = aside.files().iter().filter(|it| !but.contains(&it.path));
        for kept in files {
            let clients = kept
                .marks()
                .into_iter()
                .filter_map(|mark| mark.split(' ').next());
            for client in clients.collect::<BTreeSet<_>>() {
                let marks = Marks {
                    client,
                    name: None,
                    shared: None,
                };
                self.give_back(&kept.path, environment, &marks)?;
            }
        }
        Ok(())
    }

    fn forget(&mut self, aside: Aside, before: FileRecord, is_meant: &dyn Fn(&str) -> bool) {
        let mut kept = before.clone();
        kept.parts.retain(|(mark, _)| !is_meant(mark));
        if kept != before {
            self.keep(aside, before, kept);
        }
    }

    fn keep(&mut self, aside: Aside, before: FileRecord, after: FileRecord) {
        self.steps.push(Step::Keep {
            aside,
            before,
            after,
        });
    }
}

/// What is shared goes with the last of the others.
fn give_back_with_shared(
    text: &mut Text,
    kept: &mut FileRecord,
    marks: &Marks<'_>,
) -> anyhow::Result<bool> {
    let mut is_lost = give_back(text, kept, &|mark| marks.are_of(mark))?;
    let names = text.names().into_iter().chain(kept.marks());
    let mut others = names.filter(|mark| marks.is_clients(mark));
    if others.all(|mark| marks.is_shared(mark)) {
        is_lost |= give_back(text, kept, &|mark| marks.is_shared(mark))?;
    }
    Ok(is_lost)
}

/// The last first: a later one may have been written into an earlier one. What nothing is kept of, as on another machine
/// than that of the setup, is known by its marks alone.
fn give_back(
    text: &mut Text,
    kept: &mut FileRecord,
    is_meant: &dyn Fn(&str) -> bool,
) -> anyhow::Result<bool> {
    let parts = std::mem::take(&mut kept.parts).into_iter();
    let (meant, others): (Vec<_>, _) = parts.partition(|(mark, _)| is_meant(mark));
    kept.parts = others;
    let mut is_lost = false;
    for (mark, part) in meant.iter().rev() {
        is_lost |= text.put_back(part, mark)? == Outcome::NotFound;
    }
    let names: Vec<_> = text.names().into_iter().map(str::to_owned).collect();
    for name in names.iter().filter(|name| is_meant(name)) {
        text.remove(Some(name))?;
    }
    Ok(is_lost)
}
