//! A domain as host names, paths and calls name it: name, owner and Region. Whether the scenario has it is
//! asked elsewhere.

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DomainId {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) region: String,
}

impl DomainId {
    /// Reads `my-domain-111122223333`, which splits at the last hyphen: a domain's name may contain some.
    pub(crate) fn from_label(label: &str, region: &str) -> Option<Self> {
        let (name, owner) = label.rsplit_once('-')?;
        let is_owner = owner.len() == 12 && owner.bytes().all(|b| b.is_ascii_digit());
        (is_owner && !name.is_empty()).then(|| Self {
            name: name.to_owned(),
            owner: owner.to_owned(),
            region: region.to_owned(),
        })
    }

    pub(crate) fn arn(&self) -> String {
        self.arn_of("domain", &self.name)
    }

    pub(crate) fn repository_arn(&self, repository: &str) -> String {
        self.arn_of("repository", &format!("{}/{repository}", self.name))
    }

    /// The ARN of a package in a repository; `path` is format, namespace and name.
    pub(crate) fn package_arn(&self, repository: &str, path: &str) -> String {
        self.arn_of("package", &format!("{}/{repository}/{path}", self.name))
    }

    fn arn_of(&self, kind: &str, path: &str) -> String {
        let Self { owner, region, .. } = self;
        format!("arn:aws:codeartifact:{region}:{owner}:{kind}/{path}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (label, expected) in [
            (
                "my-domain-111122223333",
                Some(("my-domain", "111122223333")),
            ),
            ("my-domain-1111", None),
            ("-111122223333", None),
            ("111122223333", None),
            ("", None),
        ] {
            let found = DomainId::from_label(label, "us-east-1");
            let found = found
                .as_ref()
                .map(|id| (id.name.as_str(), id.owner.as_str()));
            assert_eq!(found, expected, "{label}");
        }
    }

    #[test]
    fn arns() {
        let id = DomainId::from_label("my-domain-111122223333", "us-east-1").unwrap();
        let prefix = "arn:aws:codeartifact:us-east-1:111122223333";
        assert_eq!(id.arn(), format!("{prefix}:domain/my-domain"));
        assert_eq!(
            id.package_arn("my-repo", "npm/my-scope/my-package"),
            format!("{prefix}:package/my-domain/my-repo/npm/my-scope/my-package")
        );
    }
}
