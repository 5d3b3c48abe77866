//! Reads the other side's stack, which says what the role is: the JSON of `aws cloudformation describe-stacks`, or of
//! `terraform output -json`.

use std::io::Read;
use std::path::Path;

use codeartifact_auth::connection::Key;
use codeartifact_auth::user_file::open_regular;
use codeartifact_clients::error::UsageError;
use serde_json::Value;

/// Far more than a page of stacks takes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The keys that a stack has outputs for, with the names in CloudFormation and in Terraform.
const OUTPUTS: [(Key, &str, &str); 2] = [
    (Key::RoleArn, "RoleArn", "role_arn"),
    (Key::ExternalId, "ExternalId", "external_id"),
];

/// An output: its key, its name in CloudFormation, its value.
pub(super) type Output = (Key, &'static str, String);

/// Reads a file, or stdin for `-`.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Output>> {
    let text = match path.to_str() {
        Some("-") => text_of(std::io::stdin()),
        _ => open_regular(path).and_then(text_of),
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

fn parse(text: &str) -> anyhow::Result<Vec<Output>> {
    let text = text.trim_start_matches('\u{feff}');
    let json: Value = serde_json::from_str(text)
        .map_err(|error| UsageError::new(format!("--outputs: not JSON: {error}")))?;
    let mut found = Vec::new();
    for (key, name, terraform) in OUTPUTS {
        if let Some(value) = value_of(name, terraform, &json)? {
            found.push((key, name, value.to_owned()));
        } else if key == Key::RoleArn {
            return Err(no_role().into());
        }
    }
    Ok(found)
}

fn no_role() -> UsageError {
    UsageError::new(
        "--outputs: there is no output RoleArn\n  \
         hint: give what `aws cloudformation describe-stacks --stack-name NAME` prints once the stack is complete",
    )
}

/// The value of that name. Two stacks that differ cannot both be meant.
fn value_of<'a>(
    name: &str,
    terraform: &str,
    json: &'a Value,
) -> Result<Option<&'a str>, UsageError> {
    let stacks = json["Stacks"].as_array().into_iter().flatten();
    let outputs = stacks.flat_map(|stack| stack["Outputs"].as_array().into_iter().flatten());
    let of_cloudformation = outputs
        .filter(|output| output["OutputKey"] == name)
        .filter_map(|output| output["OutputValue"].as_str());
    let of_terraform = json[terraform]["value"].as_str();
    let mut values: Vec<_> = of_cloudformation.chain(of_terraform).collect();
    values.dedup();
    match values[..] {
        [] => Ok(None),
        [value] => Ok(Some(value)),
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
    fn outputs_of_stacks_and_terraform_are_read() {
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
            let role = (Key::RoleArn, "RoleArn", ROLE.to_owned());
            let id = external_id.map(|id| (Key::ExternalId, "ExternalId", id.to_owned()));
            let expected: Vec<_> = [role].into_iter().chain(id).collect();
            assert_eq!(parse(&text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn none_or_several_roles_are_refused() {
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
