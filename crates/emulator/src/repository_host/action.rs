//! Names for what package managers ask, for the journal and for faults. A name is a guess by the path's
//! looks and decides nothing else.

use http::Method;

/// Returns a name such as `packument`; `rest` is the path below the repository's root.
pub(super) fn name(format: &str, method: &Method, rest: &str) -> &'static str {
    let last = rest.rsplit('/').next().unwrap_or_default();
    match (format, method) {
        ("npm", _) if rest.starts_with("-/") && rest.contains("security/") => "audit",
        ("npm", _) if rest.starts_with("-/") => "other",
        (_, &Method::PUT | &Method::POST) => "publish",
        ("npm", _) if rest.contains("/-/") => "tarball",
        ("npm", _) => "packument",
        ("pypi", _) if rest.trim_end_matches('/') == "simple" => "index",
        ("pypi", _)
            if rest.starts_with("simple/") && rest.split('/').count() <= 3 && last.is_empty() =>
        {
            "simple"
        }
        ("pypi", _) if rest.starts_with("simple/") && rest.split('/').count() == 2 => "simple",
        ("pypi", _) => "file",
        ("go", _) if rest.starts_with("sumdb/") => "sumdb",
        ("go", _) if last == "@latest" => "latest",
        ("go", _) if rest.contains("/@v/") => go_file(last),
        ("cargo", _) if rest == "config.json" => "config",
        ("cargo", _) if last == "download" || last.ends_with(".crate") => "file",
        ("cargo", _) => "index",
        ("maven", _) => maven_file(last),
        ("nuget", _) if last.ends_with(".nupkg") => "file",
        ("nuget", _) => "index",
        ("ruby", _) if last.ends_with(".gem") => "file",
        ("ruby", _) => "index",
        _ => "other",
    }
}

fn maven_file(name: &str) -> &'static str {
    match name {
        "prefixes.txt" => "prefixes",
        _ if name.ends_with(".sha1") || name.ends_with(".md5") => "checksum",
        "maven-metadata.xml" => "metadata",
        _ => "file",
    }
}

fn go_file(name: &str) -> &'static str {
    match name
        .rsplit_once('.')
        .map_or(name, |(_, extension)| extension)
    {
        "list" => "list",
        "info" => "info",
        "mod" => "mod",
        "zip" => "zip",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (format, method, rest, expected) in NAMES {
            assert_eq!(
                name(format, &method, rest),
                expected,
                "{format} {method} {rest}"
            );
        }
    }

    const NAMES: [(&str, Method, &str, &str); 27] = [
        ("npm", Method::GET, "my-package", "packument"),
        ("npm", Method::GET, "@my-scope%2fmy-package", "packument"),
        (
            "npm",
            Method::GET,
            "my-package/-/my-package-1.0.0.tgz",
            "tarball",
        ),
        ("npm", Method::PUT, "my-package", "publish"),
        (
            "npm",
            Method::POST,
            "-/npm/v1/security/advisories/bulk",
            "audit",
        ),
        ("npm", Method::GET, "-/ping", "other"),
        ("pypi", Method::GET, "simple/", "index"),
        ("pypi", Method::GET, "simple/my-package/", "simple"),
        ("pypi", Method::GET, "simple/my-package", "simple"),
        (
            "pypi",
            Method::GET,
            "simple/my-package/1.0.0/my_package-1.0.0-py3-none-any.whl",
            "file",
        ),
        ("pypi", Method::POST, "", "publish"),
        (
            "go",
            Method::GET,
            "example.com/private/greeting/@v/list",
            "list",
        ),
        (
            "go",
            Method::GET,
            "example.com/private/greeting/@v/v1.0.0.zip",
            "zip",
        ),
        (
            "go",
            Method::GET,
            "example.com/private/greeting/@latest",
            "latest",
        ),
        (
            "go",
            Method::GET,
            "sumdb/sum.example.org/supported",
            "sumdb",
        ),
        ("cargo", Method::GET, "config.json", "config"),
        ("cargo", Method::GET, "my/-p/my-package", "index"),
        ("maven", Method::GET, "com/example/x.jar", "file"),
        ("maven", Method::GET, "com/example/x.jar.sha1", "checksum"),
        ("maven", Method::GET, "com/maven-metadata.xml", "metadata"),
        ("maven", Method::GET, ".meta/prefixes.txt", "prefixes"),
        ("maven", Method::PUT, "com/example/x.jar", "publish"),
        ("nuget", Method::GET, "v3/index.json", "index"),
        (
            "nuget",
            Method::GET,
            "v3/flatcontainer/x/1.0/x.1.0.nupkg",
            "file",
        ),
        ("ruby", Method::GET, "versions", "index"),
        ("ruby", Method::GET, "gems/x-1.0.gem", "file"),
        ("swift", Method::GET, "x", "other"),
    ];
}
