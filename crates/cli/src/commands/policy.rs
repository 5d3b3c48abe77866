//! `codeartifact policy`: the IAM documents that the other side needs. Who is trusted, and which role it is about,
//! is found here; what the documents say is decided in `auth::connection`.

mod cloudformation;
mod quick_create;
mod terraform;

use codeartifact_auth::Error;
use codeartifact_auth::connection::{
    Configuration, ConfigurationFile, Connection, Document, Hop, Key, Reach, trust,
};
use codeartifact_auth::endpoint::{MappedHosts, is_account_id};
use codeartifact_auth::environment::Environment;
use codeartifact_clients::error::UsageError;

use super::refused::refused;
use crate::arguments::{PolicyDocument, StackArguments};
use crate::output::Output;

/// The role of a connection as the account's owner has to make it.
struct ReaderRole {
    /// `CodeArtifactReader`
    name: String,
    /// `/`, `/team/`
    path: String,
    /// The ARN of whoever assumes it.
    principal: String,
    external_id: Option<String>,
    permissions: Document,
}

pub(crate) fn run(document: &PolicyDocument, environment: &Environment) -> anyhow::Result<Output> {
    let file = ConfigurationFile::of(environment).map_err(Error::from)?;
    let configuration = file.configuration().map_err(Error::from)?;
    match document {
        PolicyDocument::Permissions(arguments) => {
            let connection = meant(arguments.name.as_deref(), &configuration)?;
            let permissions = connection.permissions(reach(arguments.reach.wide));
            Ok(Output::done(json(&permissions)?, String::new()))
        }
        PolicyDocument::Trust(arguments) => {
            let connection = meant(arguments.name.as_deref(), &configuration)?;
            let (role, via) = role(connection, &file)?;
            let principal = principal(arguments.principal.principal.as_deref(), via, connection)?;
            let document = trust(&principal, role.external_id.as_deref());
            Ok(Output::done(json(&document)?, remark(connection, role)))
        }
        PolicyDocument::Cloudformation(arguments) => {
            let connection = meant(arguments.name.as_deref(), &configuration)?;
            let (role, via) = role(connection, &file)?;
            let reader = reader(connection, role, via, arguments)?;
            Ok(Output::done(
                stack(&reader, connection, arguments),
                remark(connection, role),
            ))
        }
    }
}

/// The connection named, or the only one.
fn meant<'a>(
    name: Option<&str>,
    configuration: &'a Configuration,
) -> anyhow::Result<&'a Connection> {
    if let Some(name) = name {
        return Ok(configuration.require(name, None).map_err(Error::from)?);
    }
    let mut connections = configuration.connections();
    match (connections.next(), connections.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(UsageError::new(
            "there is no connection yet\n  hint: `codeartifact connect NAME` makes one",
        )
        .into()),
        (Some(_), Some(_)) => Err(UsageError::new(
            "which connection? name it\n  hint: `codeartifact connections` lists them",
        )
        .into()),
    }
}

/// The connection's own role, and those assumed before it.
fn role<'a>(
    connection: &'a Connection,
    file: &ConfigurationFile,
) -> anyhow::Result<(&'a Hop, &'a [Hop])> {
    let name = name_of(connection);
    let written = file.written(name).map_err(Error::from)?;
    match connection.hops.split_last() {
        Some(found) if written.is_some_and(|written| written.has(Key::RoleArn)) => Ok(found),
        _ => Err(UsageError::new(format!(
            "connection {name} has no role, so nobody has to trust anybody\n  \
             hint: add one with `codeartifact connect {name} --role-arn ARN`"
        ))
        .into()),
    }
}

/// Whoever assumes the role. Who that is without a role before it, only AWS knows, and asking it would make the
/// document depend on where it is written.
fn principal(
    given: Option<&str>,
    via: &[Hop],
    connection: &Connection,
) -> Result<String, UsageError> {
    match (given, via.last()) {
        (Some(given), _) => checked_principal(given),
        (None, Some(hop)) => Ok(hop.role_arn.clone()),
        (None, None) => Err(UsageError::new(format!(
            "connection {} assumes its role with the first credentials, and whose those are stands nowhere: \
             give --principal ARN\n  hint: `aws sts get-caller-identity` tells; for a session take its role's ARN",
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

fn reader(
    connection: &Connection,
    role: &Hop,
    via: &[Hop],
    arguments: &StackArguments,
) -> Result<ReaderRole, UsageError> {
    let (_, path_and_name) = role.role_arn.split_once(":role").unwrap_or_default();
    let (path, name) = path_and_name.rsplit_once('/').unwrap_or_default();
    Ok(ReaderRole {
        name: name.to_owned(),
        path: format!("{path}/"),
        principal: principal(arguments.principal.principal.as_deref(), via, connection)?,
        external_id: role.external_id.clone(),
        permissions: connection.permissions(reach(arguments.reach.wide)),
    })
}

fn stack(reader: &ReaderRole, connection: &Connection, arguments: &StackArguments) -> String {
    match (&arguments.template_url, arguments.terraform) {
        (Some(url), _) => quick_create::link(reader, connection, url).unwrap_or_default(),
        (None, true) => terraform::module(reader),
        (None, false) => cloudformation::template(reader),
    }
}

fn reach(wide: bool) -> Reach {
    match wide {
        true => Reach::Account,
        false => Reach::Configured,
    }
}

fn json(document: &Document) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(document)?))
}

/// Fine within one company, and the confused deputy's door between two.
fn remark(connection: &Connection, role: &Hop) -> String {
    match role.external_id {
        Some(_) => String::new(),
        None => format!(
            "codeartifact: connection {0} has no external id, which a role of another company's should ask for\n  \
             hint: `codeartifact connect {0} --external-id ID` adds one\n",
            name_of(connection)
        ),
    }
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
