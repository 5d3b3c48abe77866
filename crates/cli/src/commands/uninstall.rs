//! `codeartifact uninstall`: undoes every setup of this user, forgets tokens, and removes our folders; the connections
//! and the programs only when asked to. What cannot be undone is reported, and the rest is done all the same.

mod files;
mod packager;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use codeartifact_auth::cache;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::minter::folder_of_programs;
use codeartifact_clients::here::Here;
use codeartifact_clients::link;
use codeartifact_clients::plan::Plan;
use codeartifact_clients::setup::{Setup, SetupOptions};
use codeartifact_clients::{ALL, Client};

use self::files::{remove_folder, remove_with_folder};
use super::logout;
use crate::arguments::UninstallArguments;
use crate::output::Output;
use crate::{programs, words};

pub(crate) fn run(
    arguments: &UninstallArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let here = Here::new(environment)?;
    let mut removal = Removal::new(arguments.dry_run);
    for client in ALL {
        removal.undo(*client, &here);
    }
    removal.undo_projects(environment);
    removal.forget_tokens(environment);
    removal.folders(environment);
    removal.configuration(arguments.connections, environment);
    if arguments.programs {
        removal.programs(environment);
    }
    Ok(removal.output())
}

/// The files that were removed so far, and those that were not.
struct Removal {
    only_shows: bool,
    told: String,
    remarks: String,
    failures: Vec<String>,
    /// The files that were changed so far.
    files: Vec<PathBuf>,
}

impl Removal {
    fn new(only_shows: bool) -> Self {
        Self {
            only_shows,
            told: String::new(),
            remarks: String::new(),
            failures: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Undoes the setup of one client, in the user's own configuration.
    fn undo(&mut self, client: &dyn Client, here: &Here<'_>) {
        let options = SetupOptions::default();
        let setup = Setup {
            here,
            options: &options,
        };
        self.carry_out(client.name(), |plan| client.undo(plan, &setup));
    }

    /// Undoes what was set up for projects, wherever they are.
    fn undo_projects(&mut self, environment: &Environment) {
        let files = std::mem::take(&mut self.files);
        self.carry_out("projects", |plan| plan.give_back_all(&files, environment));
    }

    fn carry_out(&mut self, what: &str, undo: impl FnOnce(&mut Plan) -> anyhow::Result<()>) {
        let mut plan = Plan::default();
        let undone = undo(&mut plan).and_then(|()| {
            if self.only_shows {
                return Ok(plan.preview());
            }
            plan.apply().map(|()| plan.report())
        });
        match undone {
            Ok(text) => self.told += &text,
            Err(error) => self.failures.push(format!("{what}: {error:#}")),
        }
        self.remarks += plan.remarks();
        self.files.extend(plan.files());
    }

    fn forget_tokens(&mut self, environment: &Environment) {
        if self.only_shows {
            self.told += "would forget every kept token\n";
            return;
        }
        match logout::everything(environment) {
            Ok(output) => {
                self.told += output.stdout.expose();
                self.remarks += &output.stderr;
            }
            Err(error) => self.failures.push(format!("{error:#}")),
        }
    }

    /// Removes the folders of ours that are not configuration.
    fn folders(&mut self, environment: &Environment) {
        let ours = [environment.state_directory(), environment.data_directory()];
        let kept = cache::directories(environment);
        // The state directory keeps what could not be given back.
        let ours = ours
            .into_iter()
            .skip(usize::from(!self.failures.is_empty()));
        for folder in kept.into_iter().chain(ours.flatten()) {
            self.remove(&folder, remove_folder);
        }
    }

    fn configuration(&mut self, is_meant: bool, environment: &Environment) {
        let file = environment.configuration_file();
        let Some(file) = file.filter(|file| file.is_file()) else {
            return;
        };
        if is_meant {
            self.remove(&file, remove_with_folder);
        } else {
            self.told += &format!(
                "kept {}, your connections (--connections removes it)\n",
                file.display()
            );
        }
    }

    /// Removes the programs, and their folder if that is empty then and the user's own.
    fn programs(&mut self, environment: &Environment) {
        let Ok(folder) = folder_of_programs() else {
            return;
        };
        if let Some(remover) = packager::remover(&folder) {
            let folder = folder.display();
            self.told +=
                &format!("the programs in {folder} are a package: `{remover}` removes them\n");
            return;
        }
        for program in programs::installed() {
            self.remove(&program, |program| link::remove(program));
        }
        if !self.only_shows
            && environment
                .home()
                .is_some_and(|home| folder.starts_with(home))
        {
            // It is not empty, as a rule.
            let _ = fs::remove_dir(folder);
        }
    }

    fn remove(&mut self, path: &Path, remove: impl FnOnce(&PathBuf) -> io::Result<()>) {
        let path = path.to_owned();
        if path.symlink_metadata().is_err() {
            return;
        }
        if self.only_shows {
            self.told += &format!("would remove {}\n", path.display());
            return;
        }
        match remove(&path) {
            Ok(()) => self.told += &format!("removed {}\n", path.display()),
            Err(error) => {
                let reason = format!("cannot remove {}: {error}", path.display());
                self.failures.push(reason);
            }
        }
    }

    fn output(self) -> Output {
        let failures = words::messages(&self.failures);
        let mut output = Output::done(self.told, self.remarks + &failures);
        if !self.failures.is_empty() {
            output.exit = Exit::Configuration;
        }
        output
    }
}
