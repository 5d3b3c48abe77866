//! `codeartifact connect` makes a connection, or changes one. Values come from flags, from the other side's stack, and
//! at a terminal from questions about what is missing. Nothing is saved before all values are known to be right. At a
//! terminal the run ends with an offer to test the connection.

mod draft;
mod external_id;
mod found;
mod from;
mod outputs;
mod questions;
mod terminal;
mod trust;

use std::io::IsTerminal;

use codeartifact_auth::connection::Key;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::{Environment, SOURCE};
use codeartifact_auth::error::Exit;
use codeartifact_clients::error::UsageError;

use self::draft::Draft;
use self::found::Found;
use self::from::NamedRepository;
use self::terminal::Terminal;
use super::doctor;
use super::refused::refused;
use crate::arguments::ConnectArguments;
use crate::config_file::ConfigurationFile;
use crate::console::Console;
use crate::output::Output;

/// The formats that are asked for; the others are rare enough for a flag.
const ASKED_FORMATS: [Format; 3] = [Format::Npm, Format::Pypi, Format::Go];

pub(crate) fn run(
    arguments: &ConnectArguments,
    environment: &Environment,
    console: &mut Console,
) -> anyhow::Result<Output> {
    let name = &arguments.name;
    let file = ConfigurationFile::of(environment)?;
    // A file that is wrong already is reported before anything is asked.
    let configuration = file.configuration()?;
    let mut draft = Draft::new(file.written(name)?, configuration.hosts());
    take(arguments, &mut draft)?;
    let source = NamedRepository::find(arguments, &draft, &configuration, environment)?;
    if let Some(source) = &source {
        source.fill(&mut draft)?;
    }
    let is_at_terminal = std::io::stdin().is_terminal();
    let mut terminal = Terminal::of_process();
    if is_at_terminal && (arguments.is_bare() || !draft.is_whole()) {
        let found = Found::on(
            environment,
            &configuration.ambient(),
            configuration.usual_via().to_vec(),
        );
        if questions::ask(&mut draft, &found, &mut terminal)?.is_none() {
            let text = "\ncodeartifact: nothing is saved\n".to_owned();
            return Ok(Output::failed(text, Exit::Nothing));
        }
    } else if arguments.is_bare() {
        return Err(UsageError::new(
            "nothing to save: give at least one value\n  hint: `codeartifact connect --help` lists them",
        )
        .into());
    }
    if draft.lacks_external_id() && sends_external_id(name, &draft, &file, environment)? {
        // No role trusts a new id yet, so AWS cannot be asked about the source either.
        draft.generated(external_id::generate()?);
    } else if let Some(source) = &source
        && let Some(refused) = source.check(name, &mut draft, &file, environment)?
    {
        return Ok(refused);
    }
    trust::check(name, &draft, &configuration)?;
    file.change(name, draft.changes())?;
    let saved = Output::done(saved(arguments, &draft, &file), draft.remarks());
    if !is_at_terminal || arguments.no_test {
        return Ok(saved);
    }
    console.deliver(&saved);
    if terminal::wants_test(&mut terminal) {
        doctor::test_one(name, environment, console)
    } else {
        Ok(Output::ended(Exit::Done))
    }
}

/// Takes the values of the flags and of the stack's outputs, checked.
fn take(arguments: &ConnectArguments, draft: &mut Draft<'_>) -> anyhow::Result<()> {
    let values = arguments.values();
    draft.account_from(&values);
    for (key, text) in values {
        let set = draft.set(key, text);
        set.map_err(|problem| refused(&flag(key), &problem))?;
    }
    if !arguments.via.is_empty() {
        let set = draft.set_via(&arguments.via);
        set.map_err(|problem| refused("--via", &problem))?;
    }
    if let Some(path) = &arguments.outputs {
        for (key, name, text) in outputs::read(path)? {
            if key == Key::ExternalId {
                trust::check_output(draft, &text)?;
            }
            let set = draft.set(key, &text);
            set.map_err(|problem| refused(&format!("output {name}"), &problem))?;
        }
    }
    Ok(())
}

/// AWS takes none beside an identity token, which is for the first role of the chain.
fn sends_external_id(
    name: &str,
    draft: &Draft<'_>,
    file: &ConfigurationFile,
    environment: &Environment,
) -> anyhow::Result<bool> {
    let after = file.preview(name, draft.changes())?;
    let connection = after.require(name, None)?;
    let by_token = connection.source.is_some() || environment.variable(SOURCE).is_some();
    Ok(!by_token || connection.hops.len() > 1)
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
    let principal = if has_role_before(name, file) {
        ""
    } else {
        " --principal ARN"
    };
    text.push_str(&format!(
        "the account owner creates {role_arn} by deploying the output of:\n  \
         codeartifact policy cloudformation {name}{principal}\n"
    ));
    text
}

/// A role before the connection's own is the principal of the policies; without one the user has to name it.
fn has_role_before(name: &str, file: &ConfigurationFile) -> bool {
    let configuration = file.configuration().unwrap_or_default();
    let connection = configuration.connection(name);
    connection.is_some_and(|connection| connection.hops.len() > 1)
}
