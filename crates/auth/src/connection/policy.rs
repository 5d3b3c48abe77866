//! The IAM policy that allows just what a connection's tokens are for. As a session policy it narrows the last hop;
//! as a document it is what the role itself needs. Nothing is sent from here.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Connection, Scope};
use crate::endpoint::Endpoint;

/// What STS takes of inline and managed session policies together, in characters.
pub const LONGEST_SESSION_POLICY: usize = 2048;

impl Connection {
    /// For the last hop, if the connection's tokens are to read nothing but its repositories. On one line.
    pub fn session_policy(&self) -> Option<String> {
        match self.scope {
            Scope::Domain => None,
            Scope::Repositories => Some(self.permissions().to_string()),
        }
    }

    /// What the role that asks for tokens has to be allowed: tokens of the domains, reading the repositories.
    pub fn permissions(&self) -> Value {
        json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "codeartifact:GetAuthorizationToken",
                    "Resource": self.resources(domain_arn),
                },
                {
                    "Effect": "Allow",
                    "Action": "codeartifact:ReadFromRepository",
                    "Resource": self.resources(repository_arn),
                },
                {
                    "Effect": "Allow",
                    "Action": "sts:GetServiceBearerToken",
                    "Resource": "*",
                    "Condition": {
                        "StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"},
                    },
                },
            ],
        })
    }

    /// Each once: a repository may be configured in several formats.
    fn resources(&self, arn: fn(&Endpoint) -> Option<String>) -> BTreeSet<String> {
        self.endpoints.values().filter_map(arn).collect()
    }
}

fn domain_arn(endpoint: &Endpoint) -> Option<String> {
    Some(arn(endpoint, "domain", &endpoint.domain.name))
}

fn repository_arn(endpoint: &Endpoint) -> Option<String> {
    let repository = &endpoint.place.as_ref()?.repository;
    let path = format!("{}/{repository}", endpoint.domain.name);
    Some(arn(endpoint, "repository", &path))
}

fn arn(endpoint: &Endpoint, kind: &str, path: &str) -> String {
    let partition = endpoint.partition().name;
    let (region, owner) = (&endpoint.domain.region, &endpoint.domain.owner);
    format!("arn:{partition}:codeartifact:{region}:{owner}:{kind}/{path}")
}

#[cfg(test)]
mod tests {
    use crate::connection::Configuration;

    fn policy_of(scope: &str, urls: &str) -> Option<String> {
        let text = format!(
            "[connections.acme]\naccount_id = '111122223333'\nscope = '{scope}'\n\
             role_arn = 'arn:aws:iam::111122223333:role/Reader'\n{urls}"
        );
        let configuration = Configuration::parse(&text).unwrap();
        configuration.connection("acme").unwrap().session_policy()
    }

    const ONE: &str = "npm = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/'\n\
         pypi = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/'";

    #[test]
    fn one_repository_in_two_formats_to_the_byte() {
        let expected = concat!(
            r#"{"Statement":[{"Action":"codeartifact:GetAuthorizationToken","Effect":"Allow","#,
            r#""Resource":["arn:aws:codeartifact:us-east-1:111122223333:domain/my-domain"]},"#,
            r#"{"Action":"codeartifact:ReadFromRepository","Effect":"Allow","#,
            r#""Resource":["arn:aws:codeartifact:us-east-1:111122223333:repository/my-domain/my-repo"]},"#,
            r#"{"Action":"sts:GetServiceBearerToken","Condition":{"StringEquals":"#,
            r#"{"sts:AWSServiceName":"codeartifact.amazonaws.com"}},"Effect":"Allow","Resource":"*"}],"#,
            r#""Version":"2012-10-17"}"#,
        );
        let found: serde_json::Value =
            serde_json::from_str(&policy_of("repositories", ONE).unwrap()).unwrap();
        assert_eq!(
            found,
            serde_json::from_str::<serde_json::Value>(expected).unwrap()
        );
        assert_eq!(
            policy_of("repositories", ONE).unwrap().len(),
            expected.len()
        );
        assert_eq!(policy_of("domain", ONE), None);
    }

    #[test]
    fn several_domains_and_partitions() {
        let urls = "npm = 'https://one-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/Repo.A/'\n\
             go = 'https://two-111122223333.d.codeartifact.cn-north-1.amazonaws.com.cn/go/repo-b/'";
        let policy = policy_of("repositories", urls).unwrap();
        for arn in [
            "\"arn:aws-cn:codeartifact:cn-north-1:111122223333:domain/two\"",
            "\"arn:aws:codeartifact:us-east-1:111122223333:domain/one\"",
            "\"arn:aws-cn:codeartifact:cn-north-1:111122223333:repository/two/repo-b\"",
            "\"arn:aws:codeartifact:us-east-1:111122223333:repository/one/Repo.A\"",
        ] {
            assert_eq!(policy.matches(arn).count(), 1, "{arn}: {policy}");
        }
        assert_eq!(policy.matches("arn:").count(), 4, "{policy}");
    }
}
