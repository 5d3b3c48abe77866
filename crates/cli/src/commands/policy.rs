//! `codeartifact policy`: the IAM documents that the other side needs. This file finds who is trusted and which role it
//! is about; `auth::connection` decides what the documents say.

mod pipeline;
mod quick_create;
mod template;

use codeartifact_auth::connection::{Configuration, Connection, Document, Hop, Key, Reach, trust};
use codeartifact_auth::endpoint::{MappedHosts, is_account_id};
use codeartifact_auth::environment::Environment;
use codeartifact_clients::error::UsageError;

use self::pipeline::PipelineRole;
use super::refused::refused;
use crate::arguments::{PolicyDocument, PrincipalArgument, ReachArgument, StackArguments};
use crate::config_file::ConfigurationFile;
use crate::output::Output;

/// The role of a connection as the account's owner has to make it.
struct ReaderRole {
    /// `CodeArtifactReader`
    name: String,
    /// `/`, `/team/`
    path: String,
    /// The ARN of the user or role that assumes it.
    principal: String,
    external_id: Option<String>,
}

pub(crate) fn run(document: &PolicyDocument, environment: &Environment) -> anyhow::Result<Output> {
    let file = ConfigurationFile::of(environment)?;
    let configuration = file.configuration()?;
    let connection = choose(document.connection(), &configuration)?;
    connection.require_repository()?;
    if let Some(trusted) = document.oidc() {
        let reach = reach(document.reach());
        let role = PipelineRole::find(connection, &configuration, trusted, reach)?;
        return Ok(Output::done(of_pipeline(document, &role)?, String::new()));
    }
    let (text, role) = match document {
        PolicyDocument::Permissions(arguments) => {
            let permissions = connection.permissions(reach(&arguments.reach));
            return Ok(Output::done(json(&permissions)?, String::new()));
        }
        PolicyDocument::Trust(arguments) => {
            let role = ReaderRole::find(connection, &file, &arguments.principal)?;
            let document = trust(&role.principal, role.external_id.as_deref());
            (json(&document)?, role)
        }
        PolicyDocument::Cloudformation(arguments) => {
            let role = ReaderRole::find(connection, &file, &arguments.principal)?;
            (stack(&role, connection, arguments), role)
        }
    };
    Ok(Output::done(text, remark(connection, &role)))
}

/// Returns the named connection, or the only one.
fn choose<'a>(
    name: Option<&str>,
    configuration: &'a Configuration,
) -> anyhow::Result<&'a Connection> {
    if let Some(name) = name {
        return Ok(configuration.require(name, None)?);
    }
    let mut connections = configuration.connections();
    let problem = match (connections.next(), connections.next()) {
        (Some(only), None) => return Ok(only),
        (None, _) => "there is no connection yet\n  hint: `codeartifact connect NAME` makes one",
        _ => "which connection? name it\n  hint: `codeartifact connections` lists them",
    };
    Err(UsageError::new(problem).into())
}

impl ReaderRole {
    fn find(
        connection: &Connection,
        file: &ConfigurationFile,
        principal: &PrincipalArgument,
    ) -> anyhow::Result<Self> {
        let written = file.written(name_of(connection))?;
        let has_role = written.is_some_and(|written| written.has(Key::RoleArn));
        let Some((role, via)) = connection.hops.split_last().filter(|_| has_role) else {
            return Err(no_role(connection).into());
        };
        let (path, name) = path_and_name(&role.role_arn);
        Ok(Self {
            name: name.to_owned(),
            path,
            principal: trusted(principal.principal.as_deref(), via, connection)?,
            external_id: role.external_id.clone(),
        })
    }
}

/// `/team/` and `Reader`.
fn path_and_name(role_arn: &str) -> (String, &str) {
    let (_, path_and_name) = role_arn.split_once(":role").unwrap_or_default();
    let (path, name) = path_and_name.rsplit_once('/').unwrap_or_default();
    (format!("{path}/"), name)
}

fn of_pipeline(document: &PolicyDocument, role: &PipelineRole) -> anyhow::Result<String> {
    match document {
        PolicyDocument::Cloudformation(StackArguments {
            terraform: true, ..
        }) => Ok(template::PIPELINE_TERRAFORM.fill_pipeline(role)),
        PolicyDocument::Cloudformation(_) => {
            Ok(template::PIPELINE_CLOUDFORMATION.fill_pipeline(role))
        }
        _ => role.trust_policy(),
    }
}

fn no_role(connection: &Connection) -> UsageError {
    let name = name_of(connection);
    UsageError::new(format!(
        "connection {name} has no role, so there is nothing to trust\n  \
         hint: add one with `codeartifact connect {name} --role-arn ARN`"
    ))
}

/// Finds who assumes the role. Without a role before it only AWS knows that, and asking AWS would make the document
/// depend on where it is written.
fn trusted(
    given: Option<&str>,
    via: &[Hop],
    connection: &Connection,
) -> Result<String, UsageError> {
    match (given, via.last()) {
        (Some(given), _) => checked_principal(given),
        (None, Some(hop)) => Ok(hop.role_arn.clone()),
        (None, None) => Err(UsageError::new(format!(
            "connection {} assumes its role with the first credentials, and nothing here says whose they are: \
             give --principal ARN\n  \
             hint: `aws sts get-caller-identity` shows the ARN; for a session, give its role's",
            name_of(connection)
        ))),
    }
}

fn checked_principal(text: &str) -> Result<String, UsageError> {
    match Key::RoleArn.check(text, "", &MappedHosts::new()) {
        Ok(role_arn) => Ok(role_arn),
        Err(_) if is_user_or_root(text) => Ok(text.to_owned()),
        Err(problem) => Err(refused("--principal", &problem)),
    }
}

fn is_user_or_root(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    let parts: Vec<_> = text.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, "iam", "", account, who]
        if partition.starts_with("aws") && is_account_id(account)
            && (who == "root" || who.strip_prefix("user/").is_some_and(is_name)))
}

fn stack(role: &ReaderRole, connection: &Connection, arguments: &StackArguments) -> String {
    if let Some(url) = &arguments.template_url {
        return quick_create::link(role, connection, url).unwrap_or_default();
    }
    let template = if arguments.terraform {
        template::TERRAFORM
    } else {
        template::CLOUDFORMATION
    };
    template.fill(role, &connection.permissions(reach(&arguments.reach)))
}

fn reach(argument: &ReachArgument) -> Reach {
    if argument.wide {
        Reach::Account
    } else {
        Reach::Configured
    }
}

fn json(document: &Document) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(document)?))
}

/// Without an external id, a role of another company is open to the confused-deputy attack. Inside one company that is
/// acceptable.
fn remark(connection: &Connection, role: &ReaderRole) -> String {
    if role.external_id.is_some() {
        return String::new();
    }
    format!(
        "codeartifact: connection {0} has no external id, which a role of another company should ask for\n  \
         hint: `codeartifact connect {0} --external-id ID` adds one\n",
        name_of(connection)
    )
}

fn name_of(connection: &Connection) -> &str {
    connection.name.as_deref().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_that_a_role_can_trust() {
        let legal = [
            "arn:aws:iam::198331734661:role/IntegrationReadOnly",
            "arn:aws:iam::198331734661:user/ci",
            "arn:aws-us-gov:iam::198331734661:root",
        ];
        for arn in legal {
            assert_eq!(checked_principal(arn).unwrap(), arn);
        }
        let illegal = [
            "*",
            "198331734661",
            "arn:aws:iam::198331734661:user/",
            "arn:aws:iam::198331734661:group/ci",
            "arn:aws:iam::19833173466:root",
        ];
        for arn in illegal {
            let error = checked_principal(arn).unwrap_err().to_string();
            assert!(error.starts_with("--principal: "), "{error}");
        }
    }

    #[test]
    fn a_session_is_no_principal_but_its_role_is() {
        let session = "arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/me";
        let error = checked_principal(session).unwrap_err().to_string();
        let role = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
        assert!(
            error.ends_with(&format!("hint: did you mean `{role}`?")),
            "{error}"
        );
    }
}
