//! Go modules as generic packages, in the layout that the programs for Go on CodeArtifact share (goxm's): one package a
//! module, whose assets are the files that a proxy serves.

use super::Go;
use crate::packages::{Generic, PackageName};

/// The namespace in which Go modules are kept.
const NAMESPACE: &str = "goxm";

pub(super) fn as_generic(go: &Go) -> anyhow::Result<Generic> {
    let mut generic = Generic::default();
    for file in go.files() {
        let name = PackageName {
            namespace: NAMESPACE.to_owned(),
            package: encode(file.module),
        };
        let asset = format!("{}.{}", file.version, file.part);
        generic.publish(name, &file.version, &asset, file.bytes, file.part != "zip")?;
    }
    Ok(generic)
}

/// A module's path as the name of a package, which has no slash.
fn encode(module: &str) -> String {
    module
        .replace('+', "+2B")
        .replace('/', "+2F")
        .replace('~', "+7E")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_modules() {
        assert_eq!(
            encode("example.com/a+b/~c/v2"),
            "example.com+2Fa+2Bb+2F+7Ec+2Fv2"
        );
    }
}
