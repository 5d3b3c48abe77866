//! The sources of first credentials: their order, and their names for people.

use super::shared_files::SharedFiles;

/// Where credentials may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Environment,
    Profile,
    WebIdentity,
    Container,
    Instance,
}

/// The order in which AWS's tools look.
pub(super) const DEFAULT_ORDER: [Source; 5] = [
    Source::Environment,
    Source::Profile,
    Source::WebIdentity,
    Source::Container,
    Source::Instance,
];

impl Source {
    pub(super) fn name(self, files: &SharedFiles) -> String {
        match self {
            Source::Environment => "environment".to_owned(),
            Source::Profile => format!("profile `{}`", files.profile()),
            Source::WebIdentity => "web identity".to_owned(),
            Source::Container => "container credentials".to_owned(),
            Source::Instance => "instance metadata".to_owned(),
        }
    }
}
