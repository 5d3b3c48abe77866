//! A NuGet feed, version 3: service index, registration, flat container, search, and `nuget push`.
//!
//! Sources are `nuget/NAME/VERSION/…`, a tree with a `NAME.nuspec` or none, or `nuget/NAME/*.nupkg`.

mod release;

use std::collections::BTreeMap;

use anyhow::Context;
use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::tree::Folder;
use super::{PackageAnswer, PackageFormat, Publication, form, respond, text};
use release::NugetRelease;

/// Parts of the feed, below the repository's root.
const REGISTRATIONS: &str = "v3/registrations";
const FLAT: &str = "v3/flatcontainer";
const PUBLISH: &str = "v3/package";
const SEARCH: &str = "v3/search";

#[derive(Default)]
pub(super) struct Nuget {
    /// By version, by name in lower case.
    packages: BTreeMap<String, BTreeMap<String, NugetRelease>>,
}

impl PackageFormat for Nuget {
    fn load(&mut self, sources: &Folder) -> anyhow::Result<()> {
        for package in sources.folders()? {
            for version in package.folders()? {
                let made = NugetRelease::from_tree(package.name(), &version);
                self.add(made.with_context(|| version.to_string())?);
            }
            for file in package.loose_files()? {
                let made = NugetRelease::from_archive(file.bytes.into());
                self.add(made.with_context(|| format!("{package}/{}", file.path))?);
            }
        }
        Ok(())
    }

    fn get(&self, path: &str, repository: &str) -> PackageAnswer {
        if path == "v3/index.json" {
            return document(&service_index(repository));
        }
        if path == SEARCH {
            return document(&self.found());
        }
        let parts: Vec<_> = path.split('/').collect();
        match parts.as_slice() {
            ["v3", "registrations", name, "index.json"] => {
                self.releases(name, |releases| registration(name, releases, repository))
            }
            ["v3", "flatcontainer", name, "index.json"] => self.releases(name, |releases| {
                let versions: Vec<_> = releases
                    .iter()
                    .map(|it| it.version.to_lowercase())
                    .collect();
                json!({ "versions": versions })
            }),
            ["v3", "flatcontainer", name, version, file]
                if *file == format!("{name}.{version}.nupkg") =>
            {
                let file = format!("{name}/{version}");
                self.file(&file)
                    .map_or(PackageAnswer::Missing, |_| PackageAnswer::File(file))
            }
            _ => PackageAnswer::Missing,
        }
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        let (name, version) = path.split_once('/')?;
        let releases = self.packages.get(name)?;
        Some(releases.get(version)?.archive.clone())
    }

    /// Names and versions may be written in any case ("NuGet package name, version, and asset name normalization").
    fn assets(&self, package: &str, version: &str) -> Option<Vec<(String, Bytes)>> {
        let (name, version) = (package.to_lowercase(), version.to_lowercase());
        let archive = self.file(&format!("{name}/{version}"))?;
        Some(vec![(format!("{name}.{version}.nupkg"), archive)])
    }

    fn publish(&mut self, path: &str, upload: &Request<Bytes>) -> anyhow::Result<Publication> {
        if upload.method() != Method::PUT || path.trim_end_matches('/') != PUBLISH {
            return Ok(Publication::NotAllowed);
        }
        let fields = form::fields(upload)?;
        let file = fields.values().next().context("the form has no package")?;
        let release = NugetRelease::from_archive(Bytes::copy_from_slice(file.content))?;
        let known = self.packages.get(&release.name.to_lowercase());
        if known.is_some_and(|it| it.contains_key(&release.version.to_lowercase())) {
            return Ok(Publication::Exists(format!(
                "{} {}",
                release.name, release.version
            )));
        }
        self.add(release);
        Ok(Publication::Stored)
    }
}

impl Nuget {
    fn add(&mut self, release: NugetRelease) {
        let releases = self
            .packages
            .entry(release.name.to_lowercase())
            .or_default();
        releases.insert(release.version.to_lowercase(), release);
    }

    /// In the order of versions.
    fn releases(&self, name: &str, show: impl Fn(&[&NugetRelease]) -> Value) -> PackageAnswer {
        let Some(releases) = self.packages.get(name) else {
            return PackageAnswer::Missing;
        };
        let mut releases: Vec<_> = releases.values().collect();
        releases.sort_by_key(|release| text::order(&release.version));
        document(&show(&releases))
    }

    /// Every package, whatever is looked for.
    fn found(&self) -> Value {
        let newest = |releases: &BTreeMap<String, NugetRelease>| {
            let newest = releases
                .values()
                .max_by_key(|it| text::order(&it.version))?;
            Some(json!({ "id": newest.name, "version": newest.version, "versions": [] }))
        };
        let data: Vec<_> = self.packages.values().filter_map(newest).collect();
        json!({ "totalHits": data.len(), "data": data })
    }
}

fn document(value: &Value) -> PackageAnswer {
    PackageAnswer::Document(respond::JSON, value.to_string())
}

/// Registrations of type 3.6.0 alone let NuGet 5.8 fail ("Parameter name: baseUrl").
fn service_index(repository: &str) -> Value {
    let resource =
        |path: &str, kind: &str| json!({ "@id": format!("{repository}{path}"), "@type": kind });
    json!({ "version": "3.0.0", "resources": [
        resource(&format!("{FLAT}/"), "PackageBaseAddress/3.0.0"),
        resource(&format!("{REGISTRATIONS}/"), "RegistrationsBaseUrl"),
        resource(&format!("{REGISTRATIONS}/"), "RegistrationsBaseUrl/3.4.0"),
        resource(PUBLISH, "PackagePublish/2.0.0"),
        resource(SEARCH, "SearchQueryService"),
    ]})
}

fn registration(name: &str, releases: &[&NugetRelease], repository: &str) -> Value {
    let base = format!("{repository}{REGISTRATIONS}/{name}");
    let leaves = releases.iter().map(|release| {
        let version = release.version.to_lowercase();
        let content = format!("{repository}{FLAT}/{name}/{version}/{name}.{version}.nupkg");
        json!({
            "@id": format!("{base}/{version}.json"),
            "packageContent": content,
            "catalogEntry": {
                "@id": format!("{base}/{version}.json"), "id": release.name, "version": release.version, "listed": true,
                "packageContent": content, "dependencyGroups": release.dependency_groups(),
            },
        })
    });
    let leaves: Vec<_> = leaves.collect();
    let version = |release: Option<&&NugetRelease>| release.map(|it| it.version.clone());
    json!({ "count": 1, "items": [{
        "@id": format!("{base}/index.json#page"), "count": leaves.len(),
        "lower": version(releases.first()), "upper": version(releases.last()), "items": leaves,
    }]})
}

#[cfg(test)]
mod tests {
    use super::super::tree::testing::folder;
    use super::*;

    const ROOT: &str = "https://r.example/nuget/my-repo/";

    fn feed() -> Nuget {
        let (_keep, folder) = folder(&[
            ("My.Package/1.9.0/content/a.txt", "a"),
            ("My.Package/1.10.0/content/a.txt", "a"),
        ]);
        let mut nuget = Nuget::default();
        nuget.load(&folder).unwrap();
        nuget
    }

    fn json_of(nuget: &Nuget, path: &str) -> Value {
        match nuget.get(path, ROOT) {
            PackageAnswer::Document(_, text) => serde_json::from_str(&text).unwrap(),
            _ => Value::Null,
        }
    }

    #[test]
    fn the_feed_leads_from_its_index_to_the_file() {
        let nuget = feed();
        let index = json_of(&nuget, "v3/index.json");
        assert_eq!(
            index["resources"][0]["@id"],
            format!("{ROOT}v3/flatcontainer/")
        );
        let versions = json_of(&nuget, "v3/flatcontainer/my.package/index.json");
        assert_eq!(versions, json!({ "versions": ["1.9.0", "1.10.0"] }));
        let leaf =
            &json_of(&nuget, "v3/registrations/my.package/index.json")["items"][0]["items"][1];
        assert_eq!(leaf["catalogEntry"]["version"], "1.10.0");
        let content = leaf["packageContent"]
            .as_str()
            .unwrap()
            .strip_prefix(ROOT)
            .unwrap();
        let PackageAnswer::File(file) = nuget.get(content, ROOT) else {
            panic!("{content}")
        };
        assert!(nuget.file(&file).is_some());
        for missing in [
            "v3/flatcontainer/other/index.json",
            "v3/flatcontainer/my.package/1.9.0/x.nupkg",
            "v2",
        ] {
            assert_eq!(json_of(&nuget, missing), Value::Null, "{missing}");
        }
    }

    #[test]
    fn the_file_of_a_version_is_listed_by_its_normal_name() {
        let nuget = feed();
        let listed = nuget.assets("My.Package", "1.9.0").unwrap();
        assert_eq!(listed[0].0, "my.package.1.9.0.nupkg");
        assert_eq!(Some(&listed[0].1), nuget.file("my.package/1.9.0").as_ref());
        assert!(nuget.assets("my.package", "2.0.0").is_none());
    }

    #[test]
    fn a_push_is_taken_once() {
        let mut nuget = Nuget::default();
        let archive = feed().file("my.package/1.9.0").unwrap();
        let body = [
            b"--b\r\nContent-Disposition: form-data; name=package; filename=package.nupkg\r\n\r\n"
                .as_slice(),
            &archive,
            b"\r\n--b--\r\n",
        ];
        let request =
            Request::put("/").header("content-type", "multipart/form-data; boundary=\"b\"");
        let request = request.body(Bytes::from(body.concat())).unwrap();
        assert!(matches!(
            nuget.publish("v3/package/", &request).unwrap(),
            Publication::Stored
        ));
        assert!(matches!(
            nuget.publish("v3/package", &request).unwrap(),
            Publication::Exists(_)
        ));
        assert_eq!(nuget.file("my.package/1.9.0").unwrap(), archive);
    }
}
