//! The IAM policies of a connection: permissions and trust of its role, and the session policy that narrows the last
//! hop. `document.rs` has the form of a document. Nothing is sent from here.

use std::collections::BTreeSet;

use super::document::{Condition, Document, Statement};
use super::{Connection, Scope};
use crate::endpoint::{Endpoint, Format};
use crate::id_token::IdTokenTrust;

/// The limit of STS for inline and managed session policies together, in characters.
pub const LONGEST_SESSION_POLICY: usize = 2048;

/// The namespace of the generic packages that are Go modules. goxm's layout, so that what it has stored is found.
pub const GO_NAMESPACE: &str = "goxm";

/// The extent of a role's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The configured repositories and their domains.
    Configured,
    /// Every domain and repository of the account, in the configured Regions.
    Account,
}

impl Connection {
    /// For the last hop, if the connection's tokens are to read nothing but its repositories. On one line.
    pub fn session_policy(&self) -> Option<String> {
        match self.scope {
            Scope::Domain => None,
            // Strings and lists alone: nothing in it can fail to become JSON.
            Scope::Repositories => {
                let mut statements = Vec::from(self.for_tokens(Reach::Configured));
                statements.extend(self.for_modules(Reach::Configured));
                statements.extend(self.for_kept(Reach::Configured));
                let document = Document::new(statements);
                serde_json::to_string(&document).ok()
            }
        }
    }

    /// The permissions of the role that asks for tokens: tokens of the domains, reading the repositories, and what
    /// integrations document beside that: their URLs.
    pub fn permissions(&self, reach: Reach) -> Document {
        let urls = self.arns(repository_arn, reach);
        let [token, read, bearer_token] = self.for_tokens(reach);
        let urls = Statement::on("codeartifact:GetRepositoryEndpoint", urls);
        let mut statements = vec![token, urls, read, bearer_token];
        statements.extend(self.for_modules(reach));
        statements.extend(self.for_kept(reach));
        Document::new(statements)
    }

    /// Just what a token needs.
    fn for_tokens(&self, reach: Reach) -> [Statement; 3] {
        [
            Statement::on(
                "codeartifact:GetAuthorizationToken",
                self.arns(domain_arn, reach),
            ),
            Statement::on(
                "codeartifact:ReadFromRepository",
                self.arns(repository_arn, reach),
            ),
            Statement::on_anything("sts:GetServiceBearerToken").only_if(Condition::service(
                // The same in every partition, as the names of service principals mostly are.
                "codeartifact.amazonaws.com",
            )),
        ]
    }

    /// AWS has no format for Go: the proxy serves modules out of generic packages, which only these calls read.
    fn for_modules(&self, reach: Reach) -> Vec<Statement> {
        let modules = self.arns(modules_arn, reach);
        let calls = [
            "codeartifact:ListPackageVersions",
            "codeartifact:ListPackageVersionAssets",
            "codeartifact:GetPackageVersionAsset",
        ];
        let calls = calls.into_iter().filter(|_| !modules.is_empty());
        calls
            .map(|call| Statement::on(call, modules.clone()))
            .collect()
    }

    /// Where the proxy keeps files, it holds each to a hash; NuGet's are only had by this call.
    fn for_kept(&self, reach: Reach) -> Option<Statement> {
        let packages = self.arns(nuget_arn, reach);
        let is_needed = self.keeps_files && !packages.is_empty();
        is_needed.then(|| Statement::on("codeartifact:ListPackageVersionAssets", packages))
    }

    /// Each once: a repository may be configured in several formats.
    fn arns(&self, arn: fn(&Endpoint, Reach) -> Option<String>, reach: Reach) -> BTreeSet<String> {
        let endpoints = self.endpoints.values();
        endpoints
            .filter_map(|endpoint| arn(endpoint, reach))
            .collect()
    }
}

/// The trust policy of a role that `principal` assumes, with `external_id` if there is one.
pub fn trust(principal: &str, external_id: Option<&str>) -> Document {
    let statement = Statement::trusting(principal);
    Document::new(vec![match external_id {
        Some(external_id) => statement.only_if(Condition::external_id(external_id)),
        None => statement,
    }])
}

/// The trust policy of a role that jobs get for an identity token: of `provider`, the account's provider for the issuer,
/// and for this audience and subject alone.
pub fn trust_id_token(provider: &str, trusted: &IdTokenTrust) -> Document {
    Document::new(vec![
        Statement::trusting_tokens_of(provider).only_if(Condition::id_token(trusted)),
    ])
}

/// The permissions of a role that only leads to others.
pub fn assume_roles(role_arns: BTreeSet<String>) -> Document {
    Document::new(vec![Statement::on("sts:AssumeRole", role_arns)])
}

fn domain_arn(endpoint: &Endpoint, reach: Reach) -> Option<String> {
    let domain = match reach {
        Reach::Configured => &endpoint.domain.name,
        Reach::Account => "*",
    };
    Some(arn(endpoint, &format!("domain/{domain}")))
}

fn repository_arn(endpoint: &Endpoint, reach: Reach) -> Option<String> {
    let path = repository_path(endpoint, reach)?;
    Some(arn(endpoint, &format!("repository/{path}")))
}

fn modules_arn(endpoint: &Endpoint, reach: Reach) -> Option<String> {
    packages_arn(
        endpoint,
        reach,
        Format::Go,
        &format!("generic/{GO_NAMESPACE}"),
    )
}

fn nuget_arn(endpoint: &Endpoint, reach: Reach) -> Option<String> {
    packages_arn(endpoint, reach, Format::Nuget, "nuget")
}

/// The packages below a path of a repository, if it is of that format.
fn packages_arn(endpoint: &Endpoint, reach: Reach, of: Format, below: &str) -> Option<String> {
    let path = repository_path(endpoint, reach)?;
    let is_of_format = endpoint.place.as_ref()?.format == of;
    is_of_format.then(|| arn(endpoint, &format!("package/{path}/{below}/*")))
}

/// Domain and repository, as an ARN has them.
fn repository_path(endpoint: &Endpoint, reach: Reach) -> Option<String> {
    let place = endpoint.place.as_ref()?;
    Some(match reach {
        Reach::Configured => format!("{}/{}", endpoint.domain.name, place.repository),
        Reach::Account => "*/*".to_owned(),
    })
}

fn arn(endpoint: &Endpoint, resource: &str) -> String {
    let partition = endpoint.partition().name;
    let (region, owner) = (&endpoint.domain.region, &endpoint.domain.owner);
    format!("arn:{partition}:codeartifact:{region}:{owner}:{resource}")
}

#[cfg(test)]
mod tests {
    use super::super::document::Resource;
    use super::*;
    use crate::connection::Configuration;

    fn policy_of(scope: &str, urls: &str) -> Option<String> {
        connection(scope, urls).session_policy()
    }

    fn connection(scope: &str, urls: &str) -> Connection {
        let text = format!(
            "[connections.acme]\naccount_id = '111122223333'\nscope = '{scope}'\n\
             role_arn = 'arn:aws:iam::111122223333:role/Reader'\n{urls}"
        );
        let configuration = Configuration::parse(&text).unwrap();
        configuration.connection("acme").unwrap().clone()
    }

    const ONE: &str = "npm = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/'\n\
         pypi = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/'";

    #[test]
    fn one_repository_in_two_formats_to_the_byte() {
        let expected = concat!(
            r#"{"Version":"2012-10-17","Statement":["#,
            r#"{"Effect":"Allow","Action":"codeartifact:GetAuthorizationToken","#,
            r#""Resource":["arn:aws:codeartifact:us-east-1:111122223333:domain/my-domain"]},"#,
            r#"{"Effect":"Allow","Action":"codeartifact:ReadFromRepository","#,
            r#""Resource":["arn:aws:codeartifact:us-east-1:111122223333:repository/my-domain/my-repo"]},"#,
            r#"{"Effect":"Allow","Action":"sts:GetServiceBearerToken","Resource":"*","#,
            r#""Condition":{"StringEquals":{"sts:AWSServiceName":"codeartifact.amazonaws.com"}}}]}"#,
        );
        assert_eq!(policy_of("repositories", ONE).as_deref(), Some(expected));
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
        // Modules for Go are generic packages, and three calls read them.
        let modules =
            "\"arn:aws-cn:codeartifact:cn-north-1:111122223333:package/two/repo-b/generic/goxm/*\"";
        assert_eq!(policy.matches(modules).count(), 3, "{policy}");
        assert_eq!(policy.matches("arn:").count(), 7, "{policy}");
    }

    #[test]
    fn files_that_are_kept_need_the_hashes_of_nuget() {
        let urls = "nuget = 'https://one-111122223333.d.codeartifact.us-east-1.amazonaws.com/nuget/repo-a/v3/index.json'\n\
             npm = 'https://one-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/repo-a/'\n[proxy]\nkeep = ";
        let call = r#""Action":"codeartifact:ListPackageVersionAssets","Resource":["arn:aws:codeartifact:us-east-1:111122223333:package/one/repo-a/nuget/*"]"#;
        for (keep, is_needed) in [("'1GB'", true), ("'0MB'", false)] {
            let connection = connection("repositories", &format!("{urls}{keep}"));
            let session = connection.session_policy().unwrap();
            let role = serde_json::to_string(&connection.permissions(Reach::Configured)).unwrap();
            for policy in [session, role] {
                assert_eq!(policy.contains(call), is_needed, "{keep}: {policy}");
            }
        }
    }

    fn arns(document: &Document) -> Vec<&str> {
        let resources = document
            .statements()
            .iter()
            .filter_map(|statement| statement.resource.as_ref());
        resources.flat_map(Resource::arns).collect()
    }

    #[test]
    fn the_wide_form_names_each_region_once() {
        let urls = "npm = 'https://one-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/repo-a/'\n\
             go = 'https://two-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/repo-b/'\n\
             cargo = 'https://two-111122223333.d.codeartifact.us-gov-west-1.amazonaws.com/cargo/repo-b/'";
        assert_eq!(
            arns(&connection("domain", urls).permissions(Reach::Account)),
            [
                "arn:aws-us-gov:codeartifact:us-gov-west-1:111122223333:domain/*",
                "arn:aws:codeartifact:us-east-1:111122223333:domain/*",
                "arn:aws-us-gov:codeartifact:us-gov-west-1:111122223333:repository/*/*",
                "arn:aws:codeartifact:us-east-1:111122223333:repository/*/*",
                "arn:aws-us-gov:codeartifact:us-gov-west-1:111122223333:repository/*/*",
                "arn:aws:codeartifact:us-east-1:111122223333:repository/*/*",
                "*",
                "arn:aws:codeartifact:us-east-1:111122223333:package/*/*/generic/goxm/*",
                "arn:aws:codeartifact:us-east-1:111122223333:package/*/*/generic/goxm/*",
                "arn:aws:codeartifact:us-east-1:111122223333:package/*/*/generic/goxm/*",
            ]
        );
    }

    #[test]
    fn trust_with_and_without_an_external_id_to_the_byte() {
        let role = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
        let start = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::198331734661:role/IntegrationReadOnly"},"Action":"sts:AssumeRole""#;
        let rows = [
            (None, "}]}"),
            (
                Some("12345678"),
                r#","Condition":{"StringEquals":{"sts:ExternalId":"12345678"}}}]}"#,
            ),
        ];
        for (external_id, end) in rows {
            let found = serde_json::to_string(&trust(role, external_id)).unwrap();
            assert_eq!(found, format!("{start}{end}"));
        }
    }
}
