//! `codeartifact connect`: makes a connection, or changes one. Values come from flags, from the other side's stack,
//! and at a terminal from questions about what is missing; nothing is saved before all of them are known to be right.
//! At a terminal it ends with an offer to test what was saved.

mod draft;
mod external_id;
mod from;
mod outputs;
mod questions;

use std::io::{BufRead, IsTerminal, Write};

use codeartifact_auth::Error;
use codeartifact_auth::connection::{ConfigurationFile, Key};
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_clients::error::UsageError;

use self::draft::Draft;
use self::from::Source;
use self::questions::Terminal;
use super::doctor;
use super::refused::refused;
use crate::arguments::ConnectArguments;
use crate::console::Console;
use crate::output::Output;

pub(crate) fn run(
    arguments: &ConnectArguments,
    environment: &Environment,
    console: &mut Console,
) -> anyhow::Result<Output> {
    let file = ConfigurationFile::of(environment).map_err(Error::from)?;
    // A file that is wrong already is told before anything is asked.
    let configuration = file.configuration().map_err(Error::from)?;
    let written = file.written(&arguments.name).map_err(Error::from)?;
    let mut draft = Draft::new(written, configuration.hosts());
    take(arguments, &mut draft)?;
    let source = arguments.from.as_deref().map(|text| {
        let region = arguments.region.as_deref();
        Source::find(text, region, &draft, &configuration, environment)
    });
    let source = source.transpose()?;
    if let Some(source) = &source {
        source.fill(&mut draft)?;
    }
    let is_at_terminal = std::io::stdin().is_terminal();
    let mut terminal = Terminal::new(std::io::stdin().lock(), std::io::stderr());
    if is_at_terminal && (arguments.is_bare() || !draft.is_whole()) {
        if questions::ask(&mut draft, &mut terminal)?.is_none() {
            return Ok(Output::failed(
                "\ncodeartifact: nothing is saved\n".to_owned(),
                Exit::Nothing,
            ));
        }
    } else if arguments.is_bare() {
        return Err(UsageError::new(
            "what shall be in it? give its values\n  hint: `codeartifact connect --help` lists them",
        )
        .into());
    }
    if draft.lacks_external_id() {
        // Nobody trusts that yet, so AWS cannot be asked about the source either.
        draft.generated(external_id::generate()?);
    } else if let Some(source) = &source
        && let Some(refused) = source.check(&arguments.name, &mut draft, &file, environment)?
    {
        return Ok(refused);
    }
    file.change(&arguments.name, draft.changes())
        .map_err(Error::from)?;
    let saved = Output::done(saved(arguments, &draft, &file), draft.remarks());
    match is_at_terminal && !arguments.no_test {
        true => offer_test(&arguments.name, &saved, &mut terminal, environment, console),
        false => Ok(saved),
    }
}

fn offer_test(
    name: &str,
    saved: &Output,
    terminal: &mut Terminal<impl BufRead, impl Write>,
    environment: &Environment,
    console: &mut Console,
) -> anyhow::Result<Output> {
    console.deliver(saved);
    match questions::wants_test(terminal) {
        true => doctor::test_one(name, environment, console),
        false => Ok(Output::ended(Exit::Done)),
    }
}

/// What the flags say and the stack's outputs, checked.
fn take(arguments: &ConnectArguments, draft: &mut Draft<'_>) -> anyhow::Result<()> {
    let values = arguments.values();
    draft.account_from(values.iter().copied());
    for (key, text) in values {
        draft
            .set(key, text)
            .map_err(|problem| refused(&flag(key), &problem))?;
    }
    if !arguments.via.is_empty() {
        draft
            .set_via(&arguments.via)
            .map_err(|problem| refused("--via", &problem))?;
    }
    if let Some(path) = &arguments.outputs {
        let outputs = outputs::read(path)?;
        for (key, text) in outputs.values() {
            let what = format!("output {}", outputs::name(key));
            draft
                .set(key, text)
                .map_err(|problem| refused(&what, &problem))?;
        }
    }
    Ok(())
}

fn flag(key: Key) -> String {
    format!("--{}", key.name().replace('_', "-"))
}

fn saved(arguments: &ConnectArguments, draft: &Draft<'_>, file: &ConfigurationFile) -> String {
    let name = &arguments.name;
    let mut text = format!("connection {name} is saved in {}\n", file.path().display());
    let Some(role_arn) = draft.new_role().filter(|_| arguments.outputs.is_none()) else {
        return text;
    };
    if let Some(external_id) = draft.generated_external_id() {
        text.push_str(&format!("external id: {external_id}\n"));
    }
    let principal = match has_role_before(name, file) {
        true => "",
        false => " --principal ARN",
    };
    text.push_str(&format!(
        "{role_arn} is to be made by its account's owner, who deploys what this prints:\n  \
         codeartifact policy cloudformation {name}{principal}\n"
    ));
    text
}

/// Then the policies know whom to trust; else they have to be told.
fn has_role_before(name: &str, file: &ConfigurationFile) -> bool {
    let configuration = file.configuration().unwrap_or_default();
    configuration
        .connection(name)
        .is_some_and(|connection| connection.hops.len() > 1)
}

/// The formats that are asked for; the others are rare enough for a flag.
const ASKED_FORMATS: [Format; 3] = [Format::Npm, Format::Pypi, Format::Go];
