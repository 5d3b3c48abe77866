//! What the other side's stack says about the role: the JSON of `aws cloudformation describe-stacks`, or of
//! `terraform output -json`.

use std::io::Read;
use std::path::Path;

use codeartifact_auth::connection::Key;
use codeartifact_clients::error::UsageError;
use serde_json::Value;

/// Far more than a page of stacks takes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The role, and what it asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outputs {
    role_arn: String,
    external_id: Option<String>,
}

impl Outputs {
    /// By the keys that they belong to.
    pub(super) fn values(&self) -> Vec<(Key, &str)> {
        let external_id = self.external_id.as_deref();
        let external_id = external_id.map(|external_id| (Key::ExternalId, external_id));
        [(Key::RoleArn, self.role_arn.as_str())]
            .into_iter()
            .chain(external_id)
            .collect()
    }
}

/// The name of an output, as the template has it.
pub(super) fn name(key: Key) -> &'static str {
    match key {
        Key::ExternalId => "ExternalId",
        _ => "RoleArn",
    }
}

/// From a file, or from stdin for `-`.
pub(super) fn read(path: &Path) -> anyhow::Result<Outputs> {
    let text = match path.to_str() {
        Some("-") => text_of(std::io::stdin()),
        _ => std::fs::File::open(path).and_then(text_of),
    };
    let text = text.map_err(|error| {
        UsageError::new(format!(
            "--outputs: cannot read {}: {error}",
            path.display()
        ))
    })?;
    parse(&text)
}

fn text_of(source: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    source.take(LARGEST).read_to_string(&mut text)?;
    Ok(text)
}

fn parse(text: &str) -> anyhow::Result<Outputs> {
    let text = text.trim_start_matches('\u{feff}');
    let json: Value = serde_json::from_str(text)
        .map_err(|error| UsageError::new(format!("--outputs: not JSON: {error}")))?;
    let found = all(&json);
    let role_arn = only("RoleArn", &found)?.ok_or_else(no_role)?;
    Ok(Outputs {
        role_arn,
        external_id: only("ExternalId", &found)?,
    })
}

fn no_role() -> UsageError {
    UsageError::new(
        "--outputs: there is no output RoleArn\n  \
         hint: give what `aws cloudformation describe-stacks --stack-name NAME` prints once the stack is complete",
    )
}

/// Every output's name and value.
fn all(json: &Value) -> Vec<(&str, &str)> {
    let stacks = json["Stacks"].as_array().into_iter().flatten();
    let outputs = stacks.flat_map(|stack| stack["Outputs"].as_array().into_iter().flatten());
    let of_cloudformation = outputs.filter_map(|output| {
        Some((
            output["OutputKey"].as_str()?,
            output["OutputValue"].as_str()?,
        ))
    });
    let of_terraform = [("RoleArn", "role_arn"), ("ExternalId", "external_id")]
        .into_iter()
        .filter_map(|(name, output)| Some((name, json[output]["value"].as_str()?)));
    of_cloudformation.chain(of_terraform).collect()
}

/// The value of that name. Two stacks that differ cannot both be meant.
fn only(name: &str, found: &[(&str, &str)]) -> Result<Option<String>, UsageError> {
    let mut values: Vec<_> = found.iter().filter(|(found, _)| *found == name).collect();
    values.dedup();
    match values[..] {
        [] => Ok(None),
        [(_, value)] => Ok(Some((*value).to_owned())),
        _ => Err(UsageError::new(format!(
            "--outputs: several stacks have an output {name}\n  hint: describe one with --stack-name NAME"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";

    fn stack(outputs: &str) -> String {
        format!(r#"{{"StackName":"codeartifact-reader","Outputs":[{outputs}]}}"#)
    }

    fn output(name: &str, value: &str) -> String {
        format!(r#"{{"OutputKey":"{name}","OutputValue":"{value}","Description":"x"}}"#)
    }

    #[test]
    fn what_stacks_and_terraform_say() {
        let both = [output("ExternalId", "12345678"), output("RoleArn", ROLE)].join(",");
        let (one, other) = (stack(&both), stack(&output("Url", "x")));
        let rows = [
            (format!(r#"{{"Stacks":[{one}]}}"#), Some("12345678")),
            (
                format!("\u{feff}{{\"Stacks\":[{other},{one},{{}}]}}"),
                Some("12345678"),
            ),
            (
                format!(r#"{{"Stacks":[{}]}}"#, stack(&output("RoleArn", ROLE))),
                None,
            ),
            (
                format!(
                    r#"{{"role_arn":{{"sensitive":false,"value":"{ROLE}"}},"external_id":{{"value":"12345678"}}}}"#
                ),
                Some("12345678"),
            ),
        ];
        for (text, external_id) in rows {
            let expected = Outputs {
                role_arn: ROLE.to_owned(),
                external_id: external_id.map(str::to_owned),
            };
            assert_eq!(parse(&text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_single_role_is_refused() {
        let one = stack(&output("RoleArn", ROLE));
        let other = stack(&output("RoleArn", "arn:aws:iam::111122223333:role/Other"));
        let rows = [
            ("An error occurred".to_owned(), "--outputs: not JSON: "),
            ("{}".to_owned(), "--outputs: there is no output RoleArn"),
            ("[]".to_owned(), "--outputs: there is no output RoleArn"),
            (
                format!(r#"{{"Stacks":[{one},{other}]}}"#),
                "--outputs: several stacks have an output RoleArn",
            ),
        ];
        for (text, message) in rows {
            let error = parse(&text).unwrap_err();
            assert!(error.is::<UsageError>(), "{error:?}");
            assert!(error.to_string().starts_with(message), "{error}");
        }
    }
}
