//! Reads the versions that the page of a package lists, the oldest first where the page has them so. Only what `--package`
//! needs: no page is judged, and what is not understood is left out.

use codeartifact_auth::endpoint::Format;
use serde_json::Value;

use crate::commands::doctor::spelling::normalised;

/// The versions that `page` lists of package `name`.
pub(super) fn of(format: Format, name: &str, page: &[u8]) -> Vec<String> {
    match format {
        Format::Npm => of_packument(page),
        Format::Pypi => of_links(name, &String::from_utf8_lossy(page)),
        _ => String::from_utf8_lossy(page)
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
    }
}

fn of_packument(page: &[u8]) -> Vec<String> {
    let packument: Value = serde_json::from_slice(page).unwrap_or_default();
    let versions = packument["versions"].as_object();
    versions
        .into_iter()
        .flat_map(|versions| versions.keys().cloned())
        .collect()
}

/// A link's text is the file's name. Source: PEP 503.
fn of_links(name: &str, page: &str) -> Vec<String> {
    let mut versions: Vec<String> = Vec::new();
    for link in page.split("</a>") {
        let file = link.rsplit('>').next().unwrap_or_default().trim();
        let Some(version) = version_of(name, file) else {
            continue;
        };
        if !versions.iter().any(|known| known == version) {
            versions.push(version.to_owned());
        }
    }
    versions
}

/// `my_package-1.0.0-py3-none-any.whl`, `my-package-1.0.0.tar.gz`: the name may contain hyphens, the version may not.
fn version_of<'a>(name: &str, file: &'a str) -> Option<&'a str> {
    let stem = ["tar.gz", "zip", "whl"]
        .iter()
        .find_map(|ending| file.strip_suffix(ending)?.strip_suffix('.'))?;
    let mut hyphens = stem.match_indices('-').map(|(at, _)| at);
    let end_of_name = hyphens.rfind(|at| normalised(&stem[..*at]) == normalised(name))?;
    stem[end_of_name + 1..].split('-').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_its_page() {
        let links = "<a href=\"x#sha256=0\">my_package-1.0.0-py3-none-any.whl</a><br>\n\
                     <a href=\"y\">my-package-1.0.0.tar.gz</a>\n<a href=\"z\"> my.package-1.1.0.zip </a>";
        let rows = [
            (
                Format::Npm,
                r#"{"versions": {"1.0.0": {}, "1.1.0": {}}}"#,
                &["1.0.0", "1.1.0"][..],
            ),
            (Format::Npm, "<html>", &[]),
            (Format::Pypi, links, &["1.0.0", "1.1.0"]),
            (Format::Pypi, "<a href=\"x\">other-1.0.0.zip</a>", &[]),
            (Format::Go, "v1.0.0\nv1.1.0\n", &["v1.0.0", "v1.1.0"]),
            (Format::Go, "", &[]),
        ];
        for (format, page, expected) in rows {
            assert_eq!(
                of(format, "my-package", page.as_bytes()),
                expected,
                "{page}"
            );
        }
    }
}
