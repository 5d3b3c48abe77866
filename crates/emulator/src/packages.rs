//! The repositories behind the emulated service: packages of each format, from a folder of sources.
//! Answers requests that were let through; knows nothing about tokens, TLS or upstream repositories.
//!
//! The folder, read once at start:
//!
//! ```text
//! npm/NAME/VERSION/…                 a tree with package.json (NAME may be @scope/NAME), or npm/NAME/*.tgz
//! pypi/NAME/VERSION/…                modules, perhaps a pyproject.toml, or pypi/NAME/*.whl and *.tar.gz
//! go/example.com/MODULE@VERSION/…    a tree with go.mod
//! cargo/NAME/VERSION/…               a tree with Cargo.toml, or cargo/NAME/*.crate
//! maven/GROUP/ARTIFACT/VERSION/…     pom.xml, and the files of the jar
//! nuget/NAME/VERSION/…               the files of a package, perhaps with NAME.nuspec, or nuget/NAME/*.nupkg
//! ruby/NAME/VERSION/…                the files of a gem, or ruby/NAME/*.gem
//! ```
//!
//! Packages are made from these sources by us, so that the author of a test needs no build tool. What is published
//! later is kept in memory and served from then on. Modules for Go are generic packages as well (`packages/generic.rs`).

mod archive;
mod cargo;
mod form;
mod generic;
mod golang;
mod maven;
mod npm;
mod nuget;
mod package_format;
mod pypi;
mod respond;
mod ruby;
mod text;
mod tree;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use anyhow::bail;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;

use package_format::{PackageAnswer, PackageFormat, Publication};
use tree::Folder;

pub(crate) use generic::{Generic, GenericVersion, PackageName};
pub(crate) use golang::unescape;

/// The one time that everything in a repository was made at: long ago, since clients may refuse what is too new.
const CREATED: &str = "2024-01-01T00:00:00.000Z";

/// The address that the client used, for the absolute URLs in replies.
pub(crate) struct Base<'a> {
    /// The repository's root as the client addressed it; ends in `/`.
    pub(crate) repository: &'a str,
    /// Package files are found below this, on the asset host; ends in `/`.
    pub(crate) assets: &'a str,
    /// How a client is sent there.
    pub(crate) redirect: StatusCode,
}

/// All packages of one repository, by format.
pub(crate) struct Packages {
    formats: BTreeMap<&'static str, RwLock<Box<dyn PackageFormat>>>,
    generic: RwLock<Generic>,
}

/// Makes every package of `folder`; an error names the folder that is wrong.
pub(crate) fn load(folder: &Path) -> anyhow::Result<Packages> {
    let mut formats = formats();
    for sources in Folder::open(folder)?.folders()? {
        let Some(format) = formats.get_mut(sources.name()) else {
            let known = formats.keys().copied().collect::<Vec<_>>().join(", ");
            bail!("{sources}: not a format of packages, which is one of {known}");
        };
        format.load(&sources)?;
    }
    let mut packages = Packages::new(formats);
    packages.generic = RwLock::new(packages.of_go()?);
    Ok(packages)
}

/// The lines of a go.sum for each `MODULE@VERSION` in `folder`.
pub(crate) fn go_sums(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut go = golang::Go::default();
    go.load(&Folder::open(&folder.join("go"))?)?;
    Ok(go.sums())
}

type Formats = BTreeMap<&'static str, Box<dyn PackageFormat>>;

fn formats() -> Formats {
    BTreeMap::from([
        ("npm", Box::<npm::Npm>::default() as Box<dyn PackageFormat>),
        ("pypi", Box::<pypi::PyPi>::default()),
        ("go", Box::<golang::Go>::default()),
        ("cargo", Box::<cargo::Cargo>::default()),
        ("maven", Box::<maven::Maven>::default()),
        ("nuget", Box::<nuget::Nuget>::default()),
        ("ruby", Box::<ruby::Ruby>::default()),
    ])
}

/// Empty until packages are published.
impl Default for Packages {
    fn default() -> Self {
        Self::new(formats())
    }
}

impl Packages {
    fn new(formats: Formats) -> Self {
        let locked = |(name, format)| (name, RwLock::new(format));
        Self {
            formats: formats.into_iter().map(locked).collect(),
            generic: RwLock::default(),
        }
    }

    fn of_go(&self) -> anyhow::Result<Generic> {
        let go = self.formats.get("go");
        go.map_or_else(|| Ok(Generic::default()), |go| read(go).as_generic())
    }

    /// What only the API reads and writes.
    pub(crate) fn generic(&self) -> &RwLock<Generic> {
        &self.generic
    }

    /// The files of a version by name, as the API lists them.
    pub(crate) fn assets(
        &self,
        format: &str,
        package: &str,
        version: &str,
    ) -> Option<Vec<(String, Bytes)>> {
        read(self.formats.get(format)?).assets(package, version)
    }

    /// Answers a request whose path is relative to the repository's root.
    pub(crate) fn answer(
        &self,
        format: &str,
        request: &Request<Bytes>,
        base: &Base<'_>,
    ) -> Response<Bytes> {
        let Ok(path) =
            percent_decode_str(request.uri().path().trim_start_matches('/')).decode_utf8()
        else {
            return respond::message(StatusCode::BAD_REQUEST, "the path is not UTF-8");
        };
        match *request.method() {
            Method::GET | Method::HEAD => self.get(format, &path, base),
            _ => self.publish(format, &path, request),
        }
    }

    /// Answers a request to the asset host, whose path is relative to [`Base::assets`].
    pub(crate) fn asset(&self, path: &str, method: &Method) -> Response<Bytes> {
        if method != Method::GET {
            return not_allowed();
        }
        let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        let file = path
            .split_once('/')
            .and_then(|(format, path)| read(self.formats.get(format)?).file(path));
        file.map_or_else(missing, |file| respond::body(respond::FILE, file))
    }

    fn get(&self, format: &str, path: &str, base: &Base<'_>) -> Response<Bytes> {
        let Some(repository) = self.formats.get(format) else {
            return missing();
        };
        match read(repository).get(path, base.repository) {
            PackageAnswer::Document(media_type, text) => respond::body(media_type, text),
            PackageAnswer::Tagged(text) => respond::tagged(&ruby::md5(&text), text),
            PackageAnswer::Packed(bytes) => respond::body(respond::FILE, bytes),
            PackageAnswer::File(name) => {
                respond::redirect(base.redirect, base.assets, &format!("{format}/{name}"))
            }
            PackageAnswer::Missing => missing(),
        }
    }

    fn publish(&self, format: &str, path: &str, upload: &Request<Bytes>) -> Response<Bytes> {
        let Some(repository) = self.formats.get(format) else {
            return missing();
        };
        let mut repository = repository.write().unwrap_or_else(PoisonError::into_inner);
        match repository.publish(path, upload) {
            Ok(Publication::Stored) => respond::body(respond::JSON, "{}"),
            Ok(Publication::Exists(what)) => {
                respond::message(StatusCode::CONFLICT, &format!("{what} already exists"))
            }
            Ok(Publication::Missing) => missing(),
            Ok(Publication::NotAllowed) => not_allowed(),
            Err(error) => respond::message(StatusCode::BAD_REQUEST, &format!("{error:#}")),
        }
    }
}

/// No writer leaves a repository half changed, so a lock that one of them poisoned is still good.
fn read(
    repository: &RwLock<Box<dyn PackageFormat>>,
) -> impl Deref<Target = Box<dyn PackageFormat>> {
    repository.read().unwrap_or_else(PoisonError::into_inner)
}

fn missing() -> Response<Bytes> {
    respond::message(StatusCode::NOT_FOUND, "there is no such package here")
}

fn not_allowed() -> Response<Bytes> {
    respond::message(
        StatusCode::METHOD_NOT_ALLOWED,
        "this method is not allowed here",
    )
}

#[cfg(test)]
mod tests {
    use super::tree::testing::folder;
    use super::*;

    const BASE: Base<'_> = Base {
        repository: "https://r.example/npm/my-repo/",
        assets: "https://a.example/my-domain/my-repo/",
        redirect: StatusCode::SEE_OTHER,
    };

    fn packages() -> Packages {
        let manifest = r#"{"name": "@my-scope/a", "version": "1.0.0"}"#;
        let (keep, _) = folder(&[
            ("npm/@my-scope/a/1.0.0/package.json", manifest),
            ("go/example.com/a@v1.0.0/go.mod", "module example.com/a\n"),
        ]);
        load(keep.path()).unwrap()
    }

    fn status(method: &str, format: &str, path: &str) -> u16 {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Bytes::new())
            .unwrap();
        packages().answer(format, &request, &BASE).status().as_u16()
    }

    #[test]
    fn every_request_has_a_status() {
        let cases = [
            ("GET", "npm", "/@my-scope%2fa", 200),
            ("HEAD", "npm", "/@my-scope/a?write=true", 200),
            ("GET", "npm", "/@my-scope%2Fa/-/a-1.0.0.tgz", 303),
            ("GET", "npm", "/npm", 404),
            ("GET", "npm", "/%ff", 400),
            ("POST", "npm", "/-/npm/v1/security/advisories/bulk", 404),
            ("PUT", "npm", "/@my-scope%2fa", 400),
            ("DELETE", "npm", "/@my-scope%2fa", 405),
            ("GET", "pypi", "/simple/", 200),
            ("GET", "pypi", "/simple/pip/", 404),
            ("POST", "pypi", "/", 400),
            ("PUT", "pypi", "/", 405),
            ("GET", "go", "/example.com/a/@v/list", 200),
            ("GET", "go", "/example.com/@v/list", 404),
            ("GET", "go", "/sumdb/sum.example.com/supported", 404),
            ("POST", "go", "/example.com/a/@v/list", 405),
            ("GET", "cargo", "/config.json", 200),
            ("GET", "maven", "/", 404),
            ("GET", "maven", "/.meta/prefixes.txt", 404),
            ("PUT", "maven", "/", 404),
            ("POST", "maven", "/", 405),
            ("GET", "nuget", "/v3/index.json", 200),
            ("PUT", "nuget", "/v3/package/", 400),
            ("GET", "ruby", "/versions", 200),
            ("POST", "ruby", "//api/v1/gems", 400),
            ("GET", "swift", "/", 404),
            ("PUT", "generic", "/", 404),
        ];
        for (method, format, path, expected) in cases {
            assert_eq!(
                status(method, format, path),
                expected,
                "{method} {format} {path}"
            );
        }
    }

    #[test]
    fn a_redirect_leads_to_the_file() {
        let packages = packages();
        for (format, path) in [
            ("npm", "/@my-scope/a/-/a-1.0.0.tgz"),
            ("go", "/example.com/a/@v/v1.0.0.zip"),
        ] {
            let request = Request::get(path).body(Bytes::new()).unwrap();
            let response = packages.answer(format, &request, &BASE);
            let location = response.headers()[http::header::LOCATION].to_str().unwrap();
            let file = packages.asset(location.strip_prefix(BASE.assets).unwrap(), &Method::GET);
            assert_eq!(
                (response.status(), file.status()),
                (StatusCode::SEE_OTHER, StatusCode::OK),
                "{location}"
            );
            assert!(!file.body().is_empty());
        }
    }

    #[test]
    fn the_asset_host_has_files_alone() {
        for (path, method, expected) in [
            ("npm/@my-scope/a", Method::GET, 404),
            ("/maven/a", Method::GET, 404),
            ("", Method::GET, 404),
            ("npm/@my-scope/a/-/a-1.0.0.tgz", Method::PUT, 405),
        ] {
            assert_eq!(
                packages().asset(path, &method).status().as_u16(),
                expected,
                "{method} {path}"
            );
        }
    }

    #[test]
    fn a_repository_may_begin_empty() {
        let request = Request::get("/simple/").body(Bytes::new()).unwrap();
        assert_eq!(
            Packages::default().answer("pypi", &request, &BASE).status(),
            200
        );
    }

    #[test]
    fn the_packages_of_the_tests_are_sound() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/packages");
        let packages = load(&folder).unwrap();
        for (format, path) in [
            ("npm", "/my-package/1.1.0"),
            ("npm", "/@my-scope%2fmy-package"),
            ("npm", "/numbered-20"),
            ("pypi", "/simple/my-other-package/"),
            (
                "pypi",
                "/simple/numbered-07/1.0.0/numbered_07-1.0.0-py3-none-any.whl",
            ),
            (
                "pypi",
                "/simple/my-source-package/1.0.0/my_source_package-1.0.0.tar.gz",
            ),
            ("go", "/example.com/private/greeting/@v/v1.1.0.zip"),
            ("go", "/example.com/private/numbered-01/@latest"),
            ("cargo", "/my/-c/my-crate"),
            (
                "maven",
                "/com/example/my-artifact/1.1.0/my-artifact-1.1.0.jar",
            ),
            ("nuget", "/v3/registrations/my.package/index.json"),
            ("ruby", "/gems/my-gem-1.0.0.gem"),
        ] {
            let request = Request::get(path).body(Bytes::new()).unwrap();
            let status = packages.answer(format, &request, &BASE).status();
            assert!(
                status.is_success() || status.is_redirection(),
                "{format} {path}: {status}"
            );
        }
    }

    #[test]
    fn an_unknown_format_is_named() {
        let (keep, _) = folder(&[("nmp/a/1.0.0/package.json", "{}")]);
        let error = load(keep.path()).err().unwrap().to_string();
        assert!(
            error.contains("nmp: not a format") && error.contains("cargo, go, maven, npm"),
            "{error}"
        );
    }
}
