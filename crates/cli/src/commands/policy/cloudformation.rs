//! The reader role as a CloudFormation template. Parameters carry the connection's values as defaults, so that it
//! deploys as it is; its outputs are what `connect --outputs` reads.

use codeartifact_auth::connection::Statement;
use serde_json::Value;

use super::ReaderRole;

/// The template in YAML.
pub(super) fn template(role: &ReaderRole) -> String {
    let ReaderRole { name, path, .. } = role;
    let (parameter, condition, output) = external_id(role);
    format!(
        r#"AWSTemplateFormatVersion: "2010-09-09"
Description: A role that reads packages from CodeArtifact, for the one who is trusted here.
Parameters:
  Principal:
    Type: String
    Description: ARN of the role or user that may assume the role.
    Default: {principal}
    AllowedPattern: 'arn:aws[a-z-]*:iam::\d{{12}}:(root|(role|user)/.+)'
{parameter}Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {name}
      Path: {path}
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref Principal
            Action: sts:AssumeRole
{condition}      Policies:
        - PolicyName: ReadPackages
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
{statements}Outputs:
  RoleArn:
    Description: What to give to the one who is trusted.
    Value: !GetAtt Reader.Arn
{output}"#,
        principal = quoted(&role.principal),
        name = quoted(name),
        path = quoted(path),
        statements = role
            .permissions
            .statements()
            .iter()
            .map(statement)
            .collect::<String>(),
    )
}

/// The parameter, the condition of the trust policy, and the output; nothing where there is no external id.
fn external_id(role: &ReaderRole) -> (String, &'static str, &'static str) {
    let Some(external_id) = &role.external_id else {
        return (String::new(), "", "");
    };
    let parameter = format!(
        r#"  ExternalId:
    Type: String
    Description: What the one who is trusted has to say each time, so that nobody else can send them here.
    Default: {}
    MinLength: 8
    MaxLength: 1224
    AllowedPattern: '[\w+=,.@:/-]*'
"#,
        quoted(external_id)
    );
    let condition = "            Condition:
              StringEquals:
                sts:ExternalId: !Ref ExternalId
";
    let output = "  ExternalId:
    Description: What the role asks for.
    Value: !Ref ExternalId
";
    (parameter, condition, output)
}

fn statement(statement: &Statement) -> String {
    const INDENT: &str = "              ";
    let resources = statement.resource.iter().flat_map(|found| found.arns());
    let resources: String = resources
        .map(|arn| format!("{INDENT}    - {}\n", quoted(arn)))
        .collect();
    let condition = statement.condition.as_ref().map(|condition| {
        let (key, value) = condition.key_and_value();
        format!(
            "{INDENT}  Condition:\n{INDENT}    StringEquals:\n{INDENT}      {key}: {}\n",
            quoted(value)
        )
    });
    format!(
        "{INDENT}- Effect: Allow\n{INDENT}  Action: {}\n{INDENT}  Resource:\n{resources}{}",
        statement.action,
        condition.unwrap_or_default()
    )
}

/// What JSON quotes, YAML reads the same.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
