//! The reader role as a file to deploy: a CloudFormation template or Terraform. The file carries the connection's
//! values as defaults, so that it deploys as it is; its outputs are what `connect --outputs` reads.
//!
//! `%name%` is a hole, `%service:Action%` the resources that this action is allowed on. A line that starts with `?` is
//! there only for a role with an external id.

use codeartifact_auth::connection::{Document, Resource};
use serde_json::Value;

use super::{PipelineRole, ReaderRole};

/// A template, and how its language writes values.
pub(super) struct Template {
    text: &'static str,
    quoted: fn(&str) -> String,
    /// Separates the items of a list.
    separator: &'static str,
}

/// YAML reads what JSON quotes.
pub(super) const CLOUDFORMATION: Template = Template {
    text: include_str!("reader.yaml"),
    quoted: json,
    separator: "\n                  - ",
};

/// Formatted as `terraform fmt` does.
pub(super) const TERRAFORM: Template = Template {
    text: include_str!("reader.tf"),
    quoted: hcl,
    separator: ", ",
};

/// The role of jobs with identity tokens, and the provider of those.
pub(super) const PIPELINE_CLOUDFORMATION: Template = Template {
    text: include_str!("pipeline.yaml"),
    quoted: json,
    separator: "",
};

/// The same as Terraform.
pub(super) const PIPELINE_TERRAFORM: Template = Template {
    text: include_str!("pipeline.tf"),
    quoted: hcl,
    separator: "",
};

impl Template {
    pub(super) fn fill(&self, role: &ReaderRole, permissions: &Document) -> String {
        let has_optional = role.external_id.is_some();
        self.filled(has_optional, |hole| self.value(hole, role, permissions))
    }

    /// JSON documents are YAML too.
    pub(super) fn fill_pipeline(&self, role: &PipelineRole) -> String {
        let trusted = &role.trusted;
        self.filled(false, |hole| match hole {
            "name" => (self.quoted)(&role.name),
            "path" => (self.quoted)(&role.path),
            "url" => (self.quoted)(&format!("https://{}", trusted.issuer)),
            "issuer" => trusted.issuer.clone(),
            "audience" => (self.quoted)(&trusted.audience),
            "condition" => role.condition.clone(),
            "policy" => role.permissions.clone(),
            "trust text" => (self.quoted)(&role.trust),
            "policy text" => (self.quoted)(&role.permissions),
            _ => String::new(),
        })
    }

    fn filled(&self, has_optional: bool, value: impl Fn(&str) -> String) -> String {
        let lines = self.text.lines().filter_map(|line| {
            let optional = line.strip_prefix('?');
            optional.map_or(Some(line), |line| has_optional.then_some(line))
        });
        lines
            .map(|line| format!("{}\n", filled(line, &value)))
            .collect()
    }

    fn value(&self, hole: &str, role: &ReaderRole, permissions: &Document) -> String {
        match hole {
            "name" => (self.quoted)(&role.name),
            "path" => (self.quoted)(&role.path),
            "principal" => (self.quoted)(&role.principal),
            "external_id" => (self.quoted)(role.external_id.as_deref().unwrap_or_default()),
            action => self.resources(action, permissions),
        }
    }

    fn resources(&self, action: &str, permissions: &Document) -> String {
        let statements = permissions.statements().iter();
        let resources = statements
            .filter(|statement| statement.action == action)
            .filter_map(|statement| statement.resource.as_ref());
        let arns = resources.flat_map(Resource::arns).map(self.quoted);
        arns.collect::<Vec<_>>().join(self.separator)
    }
}

/// The line with its holes filled. Every second piece between the marks is a hole.
fn filled(line: &str, value: impl Fn(&str) -> String) -> String {
    let pieces = line.split('%').enumerate();
    let pieces = pieces.map(|(index, piece)| {
        if index % 2 == 0 {
            piece.to_owned()
        } else {
            value(piece)
        }
    });
    pieces.collect()
}

fn json(text: &str) -> String {
    Value::from(text).to_string()
}

/// HCL quotes as JSON does, and also reads `${` and `%{` as the start of an expression.
fn hcl(text: &str) -> String {
    json(text).replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::connection::{Configuration, Reach};

    use super::*;

    #[test]
    fn nothing_becomes_an_expression() {
        let rows = [
            ("plain", r#""plain""#),
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("${x} %{y}", r#""$${x} %%{y}""#),
        ];
        for (text, expected) in rows {
            assert_eq!(hcl(text), expected);
        }
    }

    #[test]
    fn a_template_allows_what_the_policy_allows() {
        let configuration = Configuration::parse(
            "[connections.acme]\naccount_id = '111122223333'\n\
             npm = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/'",
        );
        let configuration = configuration.unwrap();
        let acme = configuration.connection("acme").unwrap();
        let permissions = acme.permissions(Reach::Configured);
        for template in [CLOUDFORMATION, TERRAFORM] {
            let role = ReaderRole {
                name: "Reader".to_owned(),
                path: "/".to_owned(),
                principal: "arn:aws:iam::444455556666:root".to_owned(),
                external_id: None,
            };
            let text = template.fill(&role, &permissions);
            for statement in permissions.statements() {
                let conditions = statement.condition.iter();
                let condition = conditions.flat_map(|it| it.keys_and_values());
                let resources = statement.resource.iter().flat_map(Resource::arns);
                let words = condition.flat_map(|(key, value)| [key, value]);
                for word in words.chain(resources).chain([statement.action]) {
                    assert!(text.contains(word), "{word} is not in {text}");
                }
            }
            // One more action than the policy: the role itself is assumed.
            let actions = text.matches("ction: ").count() + text.matches(" actions ").count();
            assert_eq!(actions, permissions.statements().len() + 1, "{text}");
            assert!(!text.contains(['?', '%']), "{text}");
        }
    }
}
