//! The reader role as Terraform (HCL), the same as the CloudFormation template, formatted as `terraform fmt` does.

use codeartifact_auth::connection::Statement;
use serde_json::Value;

use super::ReaderRole;

/// A file of resources for the AWS provider.
pub(super) fn module(role: &ReaderRole) -> String {
    let (variable, condition, output) = external_id(role);
    let statements: Vec<_> = role
        .permissions
        .statements()
        .iter()
        .map(statement)
        .collect();
    format!(
        r#"variable "principal" {{
  description = "ARN of the role or user that may assume the role"
  type        = string
  default     = {principal}
}}
{variable}
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]

    principals {{
      type        = "AWS"
      identifiers = [var.principal]
    }}
{condition}  }}
}}

data "aws_iam_policy_document" "read_packages" {{
{statements}}}

resource "aws_iam_role" "reader" {{
  name               = {name}
  path               = {path}
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}

resource "aws_iam_role_policy" "read_packages" {{
  name   = "ReadPackages"
  role   = aws_iam_role.reader.id
  policy = data.aws_iam_policy_document.read_packages.json
}}

output "role_arn" {{
  value = aws_iam_role.reader.arn
}}
{output}"#,
        principal = quoted(&role.principal),
        name = quoted(&role.name),
        path = quoted(&role.path),
        statements = statements.join("\n"),
    )
}

/// The variable, the condition of the trust policy, and the output; nothing where there is no external id.
fn external_id(role: &ReaderRole) -> (String, &'static str, &'static str) {
    let Some(external_id) = &role.external_id else {
        return (String::new(), "", "");
    };
    let variable = format!(
        r#"
variable "external_id" {{
  description = "What the one who is trusted has to say each time"
  type        = string
  default     = {}
}}
"#,
        quoted(external_id)
    );
    let condition = r#"
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
"#;
    let output = r#"
output "external_id" {
  value = var.external_id
}
"#;
    (variable, condition, output)
}

fn statement(statement: &Statement) -> String {
    let resources = statement.resource.iter().flat_map(|found| found.arns());
    let resources: Vec<_> = resources.map(quoted).collect();
    let condition = statement.condition.as_ref().map(|condition| {
        let (key, value) = condition.key_and_value();
        format!(
            "\n    condition {{\n      test     = \"StringEquals\"\n      variable = \"{key}\"\n      \
             values   = [{}]\n    }}\n",
            quoted(value)
        )
    });
    format!(
        "  statement {{\n    actions   = [\"{}\"]\n    resources = [{}]\n{}  }}\n",
        statement.action,
        resources.join(", "),
        condition.unwrap_or_default()
    )
}

/// HCL quotes as JSON does, and also reads `${` and `%{` as the start of an expression.
fn quoted(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_an_expression() {
        let rows = [
            ("plain", r#""plain""#),
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("${x} %{y}", r#""$${x} %%{y}""#),
        ];
        for (text, expected) in rows {
            assert_eq!(quoted(text), expected);
        }
    }
}
