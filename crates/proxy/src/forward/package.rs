//! The package that a path is about, by the layout of its format. For the journal alone: nothing is decided by it.

use codeartifact_auth::endpoint::Format;
use percent_encoding::percent_decode_str;

/// A package, and its version if the path names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
}

/// Reads the path below a repository's root.
pub(crate) fn of_path(format: Format, rest: &str) -> Option<Package> {
    let decoded = percent_decode_str(rest.trim_matches('/'))
        .decode_utf8()
        .ok()?;
    let segments: Vec<&str> = decoded.split('/').collect();
    let (name, version) = match format {
        Format::Npm => npm(&segments)?,
        Format::Pypi => pypi(&segments)?,
        Format::Go => go(&decoded)?,
        Format::Cargo => cargo(&segments)?,
        Format::Nuget => nuget(&segments)?,
        Format::Maven => maven(&segments)?,
        Format::Ruby => ruby(&segments)?,
        Format::Swift | Format::Generic => return None,
    };
    Some(Package { name, version })
}

type Found = Option<(String, Option<String>)>;

/// `NAME`, `@SCOPE/NAME`, and `…/-/FILE-VERSION.tgz` below it.
fn npm(segments: &[&str]) -> Found {
    let length = if segments.first()?.starts_with('@') {
        2
    } else {
        1
    };
    let (name, rest) = segments.split_at_checked(length)?;
    if matches!(name[0], "" | "-") {
        return None;
    }
    let file = rest.strip_prefix(&["-"]).and_then(|rest| rest.last());
    let version = file.and_then(|file| {
        let prefix = format!("{}-", name.last()?);
        Some(file.strip_prefix(&prefix)?.strip_suffix(".tgz")?.to_owned())
    });
    Some((name.join("/"), version))
}

/// `simple/NAME/` and `simple/NAME/VERSION/FILE`.
fn pypi(segments: &[&str]) -> Found {
    match segments {
        ["simple", name] => Some(((*name).to_owned(), None)),
        ["simple", name, version, _file] => Some(((*name).to_owned(), Some((*version).to_owned()))),
        _ => None,
    }
}

/// `MODULE/@v/list`, `MODULE/@v/VERSION.EXT`, `MODULE/@latest`; `!a` is `A`.
fn go(path: &str) -> Found {
    if let Some(module) = path.strip_suffix("/@latest") {
        return Some((unescaped(module), None));
    }
    let (module, file) = path.split_once("/@v/")?;
    let version = [".info", ".mod", ".zip"]
        .iter()
        .find_map(|it| file.strip_suffix(it));
    Some((unescaped(module), version.map(unescaped)))
}

fn unescaped(text: &str) -> String {
    let mut pieces = text.split('!');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |mut all, piece| {
        let mut characters = piece.chars();
        all.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        all + characters.as_str()
    })
}

/// `PREFIX/NAME` of the index, and `…/NAME/VERSION/download`.
fn cargo(segments: &[&str]) -> Found {
    match segments {
        ["config.json"] => None,
        [.., name, version, "download"] => Some(((*name).to_owned(), Some((*version).to_owned()))),
        [.., name] => Some(((*name).to_owned(), None)),
        [] => None,
    }
}

/// `…/ID/VERSION/FILE.nupkg`, `…/ID/index.json`.
fn nuget(segments: &[&str]) -> Found {
    match segments {
        ["v3", "index.json"] => None,
        [.., id, version, file] if file.ends_with(".nupkg") || file.ends_with(".nuspec") => {
            Some(((*id).to_owned(), Some((*version).to_owned())))
        }
        [.., id, "index.json"] => Some(((*id).to_owned(), None)),
        _ => None,
    }
}

/// `GROUP…/ARTIFACT/VERSION/FILE`, `GROUP…/ARTIFACT/maven-metadata.xml`.
fn maven(segments: &[&str]) -> Found {
    match segments {
        [group @ .., artifact, file] if file.starts_with("maven-metadata.xml") => {
            Some((format!("{}:{artifact}", group.join(".")), None))
        }
        [group @ .., artifact, version, file] if file.starts_with(artifact) => Some((
            format!("{}:{artifact}", group.join(".")),
            Some((*version).to_owned()),
        )),
        _ => None,
    }
}

/// `info/NAME`, `gems/NAME-VERSION.gem`.
fn ruby(segments: &[&str]) -> Found {
    match segments {
        ["info", name] => Some(((*name).to_owned(), None)),
        ["gems", file] => {
            let (name, version) = file.strip_suffix(".gem")?.rsplit_once('-')?;
            Some((name.to_owned(), Some(version.to_owned())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A format, a path below its repository, and the name and version that are meant; no name where none is.
    type Row = (Format, &'static str, &'static str, Option<&'static str>);

    const ROWS: [Row; 21] = [
        (Format::Npm, "my-package", "my-package", None),
        (
            Format::Npm,
            "@my-scope%2fmy-package",
            "@my-scope/my-package",
            None,
        ),
        (
            Format::Npm,
            "@s/p/-/p-1.0.0-rc.1.tgz",
            "@s/p",
            Some("1.0.0-rc.1"),
        ),
        (
            Format::Npm,
            "my-package/-/my-package-1.0.0.tgz",
            "my-package",
            Some("1.0.0"),
        ),
        (Format::Npm, "-/npm/v1/security/audits", "", None),
        (Format::Pypi, "simple/my-package/", "my-package", None),
        (
            Format::Pypi,
            "simple/my-package/1.0.0/my_package-1.0.0.whl",
            "my-package",
            Some("1.0.0"),
        ),
        (Format::Pypi, "simple/", "", None),
        (
            Format::Go,
            "example.com/!my!m/v2/@v/list",
            "example.com/MyM/v2",
            None,
        ),
        (
            Format::Go,
            "example.com/m/@v/v1.0.0-!r!c1.zip",
            "example.com/m",
            Some("v1.0.0-RC1"),
        ),
        (Format::Go, "example.com/m/@latest", "example.com/m", None),
        (Format::Cargo, "my/-c/my-crate", "my-crate", None),
        (
            Format::Cargo,
            "api/v1/crates/my-crate/1.0.0/download",
            "my-crate",
            Some("1.0.0"),
        ),
        (Format::Cargo, "config.json", "", None),
        (
            Format::Nuget,
            "v3/flat/my.package/1.0.0/my.package.1.0.0.nupkg",
            "my.package",
            Some("1.0.0"),
        ),
        (
            Format::Nuget,
            "v3/flat/my.package/index.json",
            "my.package",
            None,
        ),
        (Format::Nuget, "v3/index.json", "", None),
        (
            Format::Maven,
            "com/example/lib/1.0/lib-1.0.jar",
            "com.example:lib",
            Some("1.0"),
        ),
        (
            Format::Maven,
            "com/example/lib/maven-metadata.xml",
            "com.example:lib",
            None,
        ),
        (
            Format::Ruby,
            "gems/my-gem-1.0.0.gem",
            "my-gem",
            Some("1.0.0"),
        ),
        (Format::Ruby, "info/my-gem", "my-gem", None),
    ];

    #[test]
    fn each_formats_layout() {
        for (format, path, name, version) in ROWS {
            let found = of_path(format, path);
            let expected = (!name.is_empty()).then(|| Package {
                name: name.to_owned(),
                version: version.map(str::to_owned),
            });
            assert_eq!(found, expected, "{format} {path}");
        }
    }
}
