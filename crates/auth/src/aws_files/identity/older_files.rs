//! Keys in files of tools older than `~/.aws`, which the AWS CLI still looks at behind every profile: the file of the first
//! EC2 tools, and boto 2's (botocore's `OriginalEC2Provider` and `BotoProvider`).

use super::{Base, IdentityError, Keys};
use crate::aws_files::{AwsFile, FileError, Profile, path};
use crate::environment::{AWS_CREDENTIAL_FILE, BOTO_CONFIG, Environment};
use crate::token::Secret;
use crate::user_file::read_text;

const BOTO_FILES: [&str; 2] = ["/etc/boto.cfg", "~/.boto"];

/// The key of the first of these files that has one.
pub(super) fn keys(environment: &Environment) -> Result<Option<Base>, IdentityError> {
    match of_first_tools(environment)? {
        Some(base) => Ok(Some(base)),
        None => of_boto(environment),
    }
}

/// Lines of `NAME=VALUE`; all others count for nothing.
fn of_first_tools(environment: &Environment) -> Result<Option<Base>, IdentityError> {
    let Some(file) = environment.text(AWS_CREDENTIAL_FILE) else {
        return Ok(None);
    };
    let text =
        read_text(&path::home(environment, &file)).map_err(|error| IdentityError::OlderFile {
            file: file.clone(),
            problem: error.to_string(),
        })?;
    let value = |name: &str| {
        let settings = text.lines().filter_map(|line| line.split_once('='));
        let mut named = settings.filter(|(key, _)| key.trim() == name);
        named.next_back().map(|(_, value)| value.trim().to_owned())
    };
    let (id, secret) = (value("AWSAccessKeyId"), value("AWSSecretKey"));
    complete(&file, id, secret, "AWSSecretKey")
}

/// A variable that is set, even to nothing, hides the usual files.
fn of_boto(environment: &Environment) -> Result<Option<Base>, IdentityError> {
    let named = environment.even_empty(BOTO_CONFIG);
    let variable = named.as_ref().map(|_| BOTO_CONFIG);
    let files = match named {
        Some(file) => vec![file],
        None => BOTO_FILES.map(str::to_owned).to_vec(),
    };
    for file in files {
        let section = boto_section(environment, &file, variable)?;
        let text = |key| section.as_ref()?.text(key).map(str::to_owned);
        let (id, secret) = (text("aws_access_key_id"), text("aws_secret_access_key"));
        if let Some(base) = complete(&file, id, secret, "aws_secret_access_key")? {
            return Ok(Some(base));
        }
    }
    Ok(None)
}

fn boto_section(
    environment: &Environment,
    file: &str,
    variable: Option<&'static str>,
) -> Result<Option<Profile>, FileError> {
    let (_, sections) = AwsFile::at(environment, file, variable).read()?;
    let credentials = sections
        .into_iter()
        .find(|section| section.name == "Credentials");
    Ok(credentials.map(|section| Profile(section.settings)))
}

fn complete(
    file: &str,
    id: Option<String>,
    secret: Option<String>,
    missing: &'static str,
) -> Result<Option<Base>, IdentityError> {
    let Some(access_key_id) = id else {
        return Ok(None);
    };
    let secret = secret.ok_or_else(|| IdentityError::NoKeyInFile {
        file: file.to_owned(),
        missing,
    })?;
    Ok(Some(Base::OlderFile {
        file: file.to_owned(),
        keys: Keys {
            access_key_id,
            secret_access_key: Secret::new(secret),
            session_token: None,
        },
    }))
}
