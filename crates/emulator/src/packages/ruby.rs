//! A Ruby gem server: the compact index that Bundler reads, the indexes of `gem install`, the gems, and `gem push`.
//!
//! Sources are `ruby/NAME/VERSION/…`, the files of a gem without dependencies, or `ruby/NAME/*.gem`.

mod gem;
mod marshal;
mod specs;

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request};
use md5::{Digest, Md5};

use super::tree::Folder;
use super::{PackageAnswer, PackageFormat, Publication, text};
use gem::Gem;

#[derive(Default)]
pub(super) struct Ruby {
    /// By version, by name.
    gems: BTreeMap<String, BTreeMap<String, Gem>>,
}

impl PackageFormat for Ruby {
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()> {
        for gem in sources.folders()? {
            for version in gem.folders()? {
                let made = Gem::from_tree(gem.name(), &version);
                self.add(made.with_context(|| version.to_string())?);
            }
            for file in gem.loose_files()? {
                let made = Gem::from_archive(file.bytes.into());
                self.add(made.with_context(|| format!("{gem}/{}", file.path))?);
            }
        }
        Ok(())
    }

    fn get(&self, path: &str, _repository: &str) -> PackageAnswer {
        match path.split_once('/') {
            None if path == "versions" => PackageAnswer::Tagged(self.versions()),
            None if path == "names" => {
                let names: String = self.gems.keys().map(|name| format!("{name}\n")).collect();
                PackageAnswer::Tagged(format!("---\n{names}"))
            }
            Some(("info", name)) => match self.info(name) {
                Some(info) => PackageAnswer::Tagged(info),
                None => PackageAnswer::Missing,
            },
            Some(("gems", file)) if self.file(file).is_some() => {
                PackageAnswer::File(file.to_owned())
            }
            _ => specs::read(self, path).map_or(PackageAnswer::Missing, PackageAnswer::Packed),
        }
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        let all = self.gems.values().flat_map(|versions| versions.values());
        let mut named = all.filter(|gem| gem.file_name() == path);
        named.next().map(|gem| gem.archive.clone())
    }

    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication> {
        // `gem push` adds this to a URL that may end in a slash.
        if upload.method() != Method::POST || path.trim_start_matches('/') != "api/v1/gems" {
            return Ok(Publication::NotAllowed);
        }
        let gem = Gem::from_archive(upload.body().clone())?;
        let known = self.gems.get(&gem.name);
        if known.is_some_and(|versions| versions.contains_key(&gem.version)) {
            return Ok(Publication::Exists(gem.file_name()));
        }
        self.add(gem);
        Ok(Publication::Stored)
    }
}

impl Ruby {
    fn add(&mut self, gem: Gem) {
        let versions = self.gems.entry(gem.name.clone()).or_default();
        versions.insert(gem.version.clone(), gem);
    }

    fn ordered(&self, name: &str) -> Option<Vec<&Gem>> {
        let mut gems: Vec<_> = self.gems.get(name)?.values().collect();
        gems.sort_by_key(|gem| text::order(&gem.version));
        Some(gems)
    }

    /// Each line ends with the digest of the gem's own page, by which Bundler sees that it has changed.
    fn versions(&self) -> String {
        let mut page = "created_at: 2024-01-01T00:00:00Z\n---\n".to_owned();
        for name in self.gems.keys() {
            let gems = self.ordered(name).unwrap_or_default();
            let versions: Vec<_> = gems.iter().map(|gem| gem.version.as_str()).collect();
            let digest = md5(&self.info(name).unwrap_or_default());
            // Writing to a String cannot fail.
            let _ = writeln!(page, "{name} {} {digest}", versions.join(","));
        }
        page
    }

    fn info(&self, name: &str) -> Option<String> {
        let lines = self.ordered(name)?.into_iter();
        let lines: String = lines
            .map(|gem| format!("{} |checksum:{}\n", gem.version, gem.sha256()))
            .collect();
        Some(format!("---\n{lines}"))
    }
}

/// Bundler compares it with the header `ETag`.
pub(super) fn md5(text: &str) -> String {
    hex::encode(Md5::digest(text))
}

#[cfg(test)]
mod tests {
    use super::super::tree::testing::folder;
    use super::*;

    fn server() -> Ruby {
        let (_keep, folder) = folder(&[
            ("my-gem/1.9.0/lib/my_gem.rb", ""),
            ("my-gem/1.10.0/lib/my_gem.rb", ""),
        ]);
        let mut ruby = Ruby::default();
        ruby.load(&folder).unwrap();
        ruby
    }

    fn text(ruby: &Ruby, path: &str) -> String {
        match ruby.get(path, "") {
            PackageAnswer::Tagged(text) => text,
            _ => String::new(),
        }
    }

    #[test]
    fn the_compact_index() {
        let ruby = server();
        let info = text(&ruby, "info/my-gem");
        assert!(
            info.starts_with("---\n1.9.0 |checksum:") && info.lines().count() == 3,
            "{info}"
        );
        let line = format!("my-gem 1.9.0,1.10.0 {}\n", md5(&info));
        assert!(text(&ruby, "versions").ends_with(&line));
        assert_eq!(text(&ruby, "names"), "---\nmy-gem\n");
        assert!(matches!(
            ruby.get("gems/my-gem-1.9.0.gem", ""),
            PackageAnswer::File(_)
        ));
        for packed in [
            "specs.4.8.gz",
            "latest_specs.4.8.gz",
            "prerelease_specs.4.8.gz",
            "quick/Marshal.4.8/my-gem-1.9.0.gemspec.rz",
        ] {
            assert!(
                matches!(ruby.get(packed, ""), PackageAnswer::Packed(_)),
                "{packed}"
            );
        }
        for missing in [
            "",
            "info/other",
            "gems/my-gem-2.0.gem",
            "quick/Marshal.4.8/my-gem-2.0.gemspec.rz",
            "api/v1/dependencies",
        ] {
            assert!(
                matches!(ruby.get(missing, ""), PackageAnswer::Missing),
                "{missing}"
            );
        }
    }

    #[test]
    fn a_push_is_taken_once() {
        let mut ruby = Ruby::default();
        let request = |method: &str| {
            let archive = server().file("my-gem-1.9.0.gem").unwrap();
            Request::builder().method(method).body(archive).unwrap()
        };
        let push = |ruby: &mut Ruby, path: &str| ruby.publish(path, &request("POST")).unwrap();
        assert!(matches!(
            push(&mut ruby, "/api/v1/gems"),
            Publication::Stored
        ));
        assert!(matches!(
            push(&mut ruby, "api/v1/gems"),
            Publication::Exists(_)
        ));
        let other = ruby
            .publish("api/v1/gems/yank", &request("DELETE"))
            .unwrap();
        assert!(matches!(other, Publication::NotAllowed));
    }
}
