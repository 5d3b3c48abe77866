//! What go asks of a proxy, and the names of the packages and assets that have it. Pure functions.
//! Sources: `go help goproxy`; the Go modules reference, "Module proxies" and "Pseudo-versions".

use percent_encoding::percent_decode_str;
use semver::Version;

/// Names of packages and versions are at most this long (CodeArtifact's API).
const LONGEST_NAME: usize = 255;

/// A request below a proxy's root.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The module's path, with its upper case.
    pub(super) module: String,
    pub(super) wanted: Wanted,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    List,
    Latest,
    File(String, Part),
}

/// A file of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Info,
    Mod,
    Zip,
}

impl Part {
    /// The asset's name.
    pub(super) fn name(self, version: &str) -> String {
        format!("{version}.{}", self.extension())
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Mod => "mod",
            Self::Zip => "zip",
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Info => "application/json",
            Self::Mod => "text/plain; charset=utf-8",
            Self::Zip => "application/zip",
        }
    }
}

impl Asked {
    /// Reads `MODULE/@v/list`, `MODULE/@latest` and `MODULE/@v/VERSION.PART`, as they are below the proxy's root.
    pub(super) fn parse(rest: &str) -> Option<Self> {
        let path = percent_decode_str(rest).decode_utf8().ok()?;
        if let Some(module) = path.strip_suffix("/@latest") {
            return Self::new(module, Wanted::Latest);
        }
        let (module, file) = path.split_once("/@v/")?;
        if file == "list" {
            return Self::new(module, Wanted::List);
        }
        let (version, extension) = file.rsplit_once('.')?;
        let part = [Part::Info, Part::Mod, Part::Zip]
            .into_iter()
            .find(|part| part.extension() == extension)?;
        let version = unescape(version).filter(|version| is_version(version))?;
        Self::new(module, Wanted::File(version, part))
    }

    fn new(module: &str, wanted: Wanted) -> Option<Self> {
        let module = unescape(module).filter(|module| is_module(module))?;
        Some(Self { module, wanted })
    }

    /// The package that has the module: its name has no slash.
    pub(super) fn package(&self) -> String {
        package(&self.module)
    }
}

/// The name of the package that has a module.
pub(crate) fn package(module: &str) -> String {
    module
        .replace('+', "+2B")
        .replace('/', "+2F")
        .replace('~', "+7E")
}

/// `!a` stands for `A`, since file systems may not tell the two; upper case itself is never written.
fn unescape(text: &str) -> Option<String> {
    let mut letters = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '!' => letters
                .next()
                .filter(char::is_ascii_lowercase)?
                .to_ascii_uppercase(),
            'A'..='Z' => return None,
            other => other,
        });
    }
    Some(plain)
}

/// As golang.org/x/mod/module checks a path, in what matters for a name.
fn is_module(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let is_element =
        |element: &str| !element.is_empty() && !element.starts_with('.') && !element.ends_with('.');
    package(path).len() <= LONGEST_NAME
        && path.bytes().all(is_plain)
        && path.split('/').all(is_element)
}

fn is_version(version: &str) -> bool {
    version.len() <= LONGEST_NAME && parse(version).is_some()
}

fn parse(version: &str) -> Option<Version> {
    Version::parse(version.strip_prefix('v')?).ok()
}

/// The versions as go lists them: one a line, in order, none that stands for a commit.
pub(super) fn list(versions: &[String]) -> String {
    sorted(versions)
        .into_iter()
        .filter(|(_, text)| !is_pseudo(text))
        .map(|(_, text)| format!("{text}\n"))
        .collect()
}

/// The newest release; else the newest pre-release; else the newest commit.
pub(super) fn newest(versions: &[String]) -> Option<&str> {
    let sorted = sorted(versions);
    let last = |wanted: &dyn Fn(&Version, &str) -> bool| {
        let found = sorted.iter().rfind(|(version, text)| wanted(version, text));
        found.map(|(_, text)| *text)
    };
    last(&|version, _| version.pre.is_empty())
        .or_else(|| last(&|_, text| !is_pseudo(text)))
        .or_else(|| last(&|_, _| true))
}

fn sorted(versions: &[String]) -> Vec<(Version, &str)> {
    let mut sorted: Vec<_> = versions
        .iter()
        .filter_map(|text| Some((parse(text)?, text.as_str())))
        .collect();
    sorted.sort();
    sorted
}

/// `v0.0.0-20191109021931-daa7c04131f5`, and the forms after a release and a pre-release.
fn is_pseudo(version: &str) -> bool {
    let core = version.split('+').next().unwrap_or_default();
    let Some((rest, revision)) = core.rsplit_once('-') else {
        return false;
    };
    let time = rest.rsplit(['-', '.']).next().unwrap_or_default();
    let is_time = time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit());
    is_time && revision.len() == 12 && revision.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let asked = |module: &str, wanted| {
            Some(Asked {
                module: module.to_owned(),
                wanted,
            })
        };
        let file = |version: &str, part| Wanted::File(version.to_owned(), part);
        let rows = [
            (
                "example.com/a/@v/list",
                asked("example.com/a", Wanted::List),
            ),
            (
                "example.com/!my/a/v2/@latest",
                asked("example.com/My/a/v2", Wanted::Latest),
            ),
            (
                "example.com/a/@v/v1.0.0-!r!c.1.info",
                asked("example.com/a", file("v1.0.0-RC.1", Part::Info)),
            ),
            (
                "example.com/a/@v/v2.0.0+incompatible.mod",
                asked("example.com/a", file("v2.0.0+incompatible", Part::Mod)),
            ),
            (
                "example.com/~a/@v/v1.0.0.zip",
                asked("example.com/~a", file("v1.0.0", Part::Zip)),
            ),
            ("example.com/My/a/@v/list", None),
            ("example.com/!/@v/list", None),
            ("example.com//a/@v/list", None),
            ("example.com/../a/@v/list", None),
            ("example.com/a%23b/@v/list", None),
            ("example.com/a/@v/master.info", None),
            ("example.com/a/@v/v1.0.0.txt", None),
            ("example.com/a/@v/", None),
            ("sumdb/sum.golang.org/supported", None),
            ("", None),
        ];
        for (path, expected) in rows {
            assert_eq!(Asked::parse(path), expected, "{path}");
        }
        let long = format!("example.com/{}/@v/list", "a".repeat(250));
        assert_eq!(Asked::parse(&long), None);
    }

    #[test]
    fn names_of_packages() {
        assert_eq!(
            package("example.com/My/a~b/v2"),
            "example.com+2FMy+2Fa+7Eb+2Fv2"
        );
    }

    #[test]
    fn versions_in_order() {
        let known = [
            "v1.10.0",
            "v1.9.0",
            "v2.0.0-rc.1",
            "v0.0.0-20191109021931-daa7c04131f5",
            "v1.9.1-0.20191109021931-daa7c04131f5",
            "v2.0.0+incompatible",
            "no-version",
        ]
        .map(str::to_owned);
        assert_eq!(
            list(&known),
            "v1.9.0\nv1.10.0\nv2.0.0-rc.1\nv2.0.0+incompatible\n"
        );
        assert_eq!(newest(&known), Some("v2.0.0+incompatible"));
        assert_eq!(newest(&known[1..5]), Some("v1.9.0"));
        assert_eq!(newest(&known[2..5]), Some("v2.0.0-rc.1"));
        assert_eq!(
            newest(&known[3..5]),
            Some("v1.9.1-0.20191109021931-daa7c04131f5")
        );
        assert_eq!(newest(&[]), None);
    }
}
