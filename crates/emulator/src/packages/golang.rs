//! A Go module proxy (`go help goproxy`): versions, `.info`, `.mod` and `.zip` of modules, and what these hash to.
//! Nothing can be published: a real proxy fetches from version control. AWS has no such format (`go_endpoint` of a scenario).

mod published;
mod sums;

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use bytes::Bytes;
use http::Request;
use semver::Version;
use serde_json::json;

use super::generic::Generic;
use super::tree::{self, Folder};
use super::{CREATED, PackageAnswer, PackageFormat, Publication, archive, respond};

#[derive(Default)]
pub(super) struct Go {
    modules: BTreeMap<String, BTreeMap<Version, ModuleRelease>>,
}

struct ModuleRelease {
    go_mod: String,
    zip: Bytes,
    /// Its lines of a go.sum.
    sums: String,
}

/// One file of a module's release, as a proxy serves it.
struct ModuleFile<'a> {
    module: &'a str,
    /// With its `v`.
    version: String,
    /// `info`, `mod` or `zip`.
    part: &'static str,
    bytes: Bytes,
}

impl PackageFormat for Go {
    /// Folders nest as the module's path does; the one with `@VERSION` is the module.
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()> {
        self.load_below("", sources)
    }

    fn get(&self, path: &str, _repository: &str) -> PackageAnswer {
        let Some(path) = unescape(path) else {
            return PackageAnswer::Missing;
        };
        if let Some(module) = path.strip_suffix("/@latest") {
            return self.latest(module);
        }
        if let Some(module) = path.strip_suffix("/@v/list") {
            return self.list(module);
        }
        self.part(&path).unwrap_or(PackageAnswer::Missing)
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        let path = unescape(path)?;
        let (module, version) = path.strip_suffix(".zip")?.split_once("/@v/")?;
        Some(self.release(module, version)?.zip.clone())
    }

    fn publish(&mut self, _path: &str, _upload: &Request<Bytes>) -> anyhow::Result<Publication> {
        Ok(Publication::NotAllowed)
    }

    fn as_generic(&self) -> anyhow::Result<Generic> {
        published::as_generic(self)
    }
}

impl Go {
    /// The lines of a go.sum for each `MODULE@VERSION`.
    pub(super) fn sums(self) -> BTreeMap<String, String> {
        let modules = self.modules.into_iter();
        let sums = modules.flat_map(|(module, releases)| {
            let name = move |version| format!("{module}@v{version}");
            releases
                .into_iter()
                .map(move |(version, release)| (name(version), release.sums))
        });
        sums.collect()
    }

    /// Every file of every release, as they are published: the archive is the last.
    fn files(&self) -> impl Iterator<Item = ModuleFile<'_>> {
        let releases = self.modules.iter().flat_map(|(module, releases)| {
            releases
                .iter()
                .map(move |(number, release)| (module, number, release))
        });
        releases.flat_map(|(module, number, release)| {
            let parts = [
                ("info", info_text(number).into()),
                ("mod", release.go_mod.clone().into()),
                ("zip", release.zip.clone()),
            ];
            parts.map(|(part, bytes)| ModuleFile {
                module,
                version: format!("v{number}"),
                part,
                bytes,
            })
        })
    }

    fn load_below(&mut self, prefix: &str, folder: &Folder) -> anyhow::Result<()> {
        for folder in folder.folders()? {
            let path = format!("{prefix}{}", folder.name());
            match path.split_once('@') {
                Some((module, version)) => self
                    .load_module(module, version, &folder)
                    .with_context(|| folder.to_string())?,
                None => self.load_below(&format!("{path}/"), &folder)?,
            }
        }
        Ok(())
    }

    fn load_module(&mut self, module: &str, version: &str, folder: &Folder) -> anyhow::Result<()> {
        let number =
            parse(version).with_context(|| format!("{version} is not a version like v1.0.0"))?;
        let files = folder.files()?;
        let go_mod = tree::find(&files, "go.mod")
            .context("has no go.mod")?
            .text()?
            .to_owned();
        if named_by(&go_mod) != Some(module) {
            bail!("its go.mod does not say `module {module}`");
        }
        let release = ModuleRelease {
            zip: archive::zip(&format!("{module}@{version}/"), &files)?,
            sums: sums::lines(module, version, &files, &go_mod),
            go_mod,
        };
        self.modules
            .entry(module.to_owned())
            .or_default()
            .insert(number, release);
        Ok(())
    }

    fn list(&self, module: &str) -> PackageAnswer {
        let Some(releases) = self.modules.get(module) else {
            return PackageAnswer::Missing;
        };
        PackageAnswer::Document(
            respond::TEXT,
            releases
                .keys()
                .map(|version| format!("v{version}\n"))
                .collect(),
        )
    }

    /// The newest release, or where there is none the newest pre-release.
    fn latest(&self, module: &str) -> PackageAnswer {
        let versions = || {
            self.modules
                .get(module)
                .into_iter()
                .flat_map(BTreeMap::keys)
        };
        let newest = versions()
            .rfind(|version| version.pre.is_empty())
            .or_else(|| versions().next_back());
        newest.map_or(PackageAnswer::Missing, info)
    }

    /// `MODULE/@v/VERSION.info`, `.mod` or `.zip`.
    fn part(&self, path: &str) -> Option<PackageAnswer> {
        let (module, file) = path.split_once("/@v/")?;
        let (version, part) = file.rsplit_once('.')?;
        let release = self.release(module, version)?;
        match part {
            "info" => Some(info(&parse(version)?)),
            "mod" => Some(PackageAnswer::Document(
                respond::TEXT,
                release.go_mod.clone(),
            )),
            "zip" => Some(PackageAnswer::File(format!(
                "{}/@v/{}.zip",
                escape(module),
                escape(version)
            ))),
            _ => None,
        }
    }

    fn release(&self, module: &str, version: &str) -> Option<&ModuleRelease> {
        self.modules.get(module)?.get(&parse(version)?)
    }
}

fn info(version: &Version) -> PackageAnswer {
    PackageAnswer::Document(respond::JSON, info_text(version))
}

fn info_text(version: &Version) -> String {
    json!({ "Version": format!("v{version}"), "Time": CREATED }).to_string()
}

fn parse(version: &str) -> Option<Version> {
    Version::parse(version.strip_prefix('v')?).ok()
}

/// The module that a go.mod is for.
fn named_by(go_mod: &str) -> Option<&str> {
    go_mod
        .lines()
        .find_map(|line| line.trim().strip_prefix("module "))
        .map(|name| name.trim().trim_matches('"'))
}

/// Upper case as `!` and lower case, for the sake of file systems that cannot tell the two.
fn escape(path: &str) -> String {
    let escape = |letter: char| {
        if letter.is_ascii_uppercase() {
            format!("!{}", letter.to_ascii_lowercase())
        } else {
            letter.to_string()
        }
    };
    path.chars().map(escape).collect()
}

/// Nothing for a path that no Go command writes.
pub(crate) fn unescape(path: &str) -> Option<String> {
    let mut letters = path.chars();
    let mut plain = String::new();
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

#[cfg(test)]
mod tests {
    use super::super::tree::testing::folder;
    use super::*;

    fn proxy() -> Go {
        let (_keep, folder) = folder(&[
            (
                "example.com/My/a@v1.10.0/go.mod",
                "module example.com/My/a\n",
            ),
            (
                "example.com/My/a@v1.9.0/go.mod",
                "// old\nmodule example.com/My/a\n",
            ),
            ("example.com/My/a@v1.9.0/a.go", "package a\n"),
            (
                "example.com/My/a@v2.0.0-rc.1/go.mod",
                "module \"example.com/My/a\"\n",
            ),
        ]);
        let mut go = Go::default();
        go.load(&folder).unwrap();
        go
    }

    #[test]
    fn paths() {
        let latest = format!(r#"{{"Time":"{CREATED}","Version":"v1.10.0"}}"#);
        let cases = [
            (
                "example.com/!my/a/@v/list",
                Some("v1.9.0\nv1.10.0\nv2.0.0-rc.1\n"),
            ),
            ("example.com/!my/a/@latest", Some(latest.as_str())),
            ("example.com/!my/a/@v/v1.10.0.info", Some(latest.as_str())),
            (
                "example.com/!my/a/@v/v1.9.0.mod",
                Some("// old\nmodule example.com/My/a\n"),
            ),
            ("example.com/!my/@v/list", None),
            ("example.com/My/a/@v/list", None),
            ("example.com/!my/a/@v/v3.0.0.info", None),
            ("example.com/!my/a/@v/master.info", None),
            ("example.com/!my/a/@v/v1.9.0.txt", None),
            ("example.com/!", None),
            ("sumdb/sum.example.com/supported", None),
        ];
        let go = proxy();
        for (path, expected) in cases {
            match go.get(path, "") {
                PackageAnswer::Document(_, text) => {
                    assert_eq!(Some(text.as_str()), expected, "{path}")
                }
                _ => assert_eq!(expected, None, "{path}"),
            }
        }
    }

    #[test]
    fn a_zip_has_the_prefix_that_go_wants() {
        let path = "example.com/!my/a/@v/v1.9.0.zip";
        assert!(matches!(proxy().get(path, ""), PackageAnswer::File(file) if file == path));
        let zip = proxy().file(path).unwrap();
        assert_eq!(
            archive::text_in_zip(&zip, |name| name == "example.com/My/a@v1.9.0/a.go").unwrap(),
            "package a\n"
        );
    }

    #[test]
    fn a_bad_module_is_named() {
        let cases = [
            (("example.com/a@v1.0.0/a.go", ""), "has no go.mod"),
            (
                ("example.com/a@v1.0.0/go.mod", "module example.com/b\n"),
                "does not say `module example.com/a`",
            ),
            (
                ("example.com/a@1.0.0/go.mod", "module example.com/a\n"),
                "1.0.0 is not a version",
            ),
            (
                ("example.com/a@v1/go.mod", "module example.com/a\n"),
                "v1 is not a version",
            ),
        ];
        for (file, expected) in cases {
            let (_keep, folder) = folder(&[file]);
            let error = format!("{:#}", Go::default().load(&folder).unwrap_err());
            assert!(error.contains(expected) && error.contains("a@"), "{error}");
        }
    }
}
