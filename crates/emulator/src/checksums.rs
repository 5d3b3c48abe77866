//! A Go checksum database (golang.org/x/mod/sumdb): what every version of a public module hashes to, in a log whose
//! head is signed, so that go takes no module that differs from what everybody else got. It answers go's questions;
//! the data tiles, which only auditors read, are not here.

mod note;
mod tree;

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use crate::packages::{self, unescape};
use crate::reply;

use note::NoteSigner;
use tree::Tree;

/// The database of a scenario, at a host of its own, and below `sumdb/HOST/` of the repositories that pass it on.
pub(crate) struct Checksums {
    pub(crate) host: String,
    /// `MODULE@VERSION`, where its record is in the log.
    numbers: BTreeMap<String, usize>,
    /// Lines of go.sum, as the log has them.
    records: Vec<String>,
    tree: Tree,
    signer: NoteSigner,
}

impl Checksums {
    /// Reads every module in a folder of packages.
    pub(crate) fn load(host: String, packages: &Path) -> anyhow::Result<Self> {
        let sums = packages::go_sums(packages)?;
        Ok(Self::new(host, sums))
    }

    fn new(host: String, sums: BTreeMap<String, String>) -> Self {
        let (names, records): (Vec<_>, Vec<_>) = sums.into_iter().unzip();
        Self {
            signer: NoteSigner::of(&host),
            host,
            numbers: names.into_iter().zip(0..).collect(),
            tree: Tree::new(&records),
            records,
        }
    }

    /// The value of GOSUMDB: it tells go where the database is and whose signature it must have.
    pub(crate) fn key(&self) -> String {
        self.signer.verifier()
    }

    /// The part of a repository's path that is the database's own.
    pub(crate) fn path_below<'a>(&self, rest: &'a str) -> Option<&'a str> {
        let path = rest.strip_prefix("sumdb/")?.strip_prefix(&self.host)?;
        path.starts_with('/').then_some(path)
    }

    pub(crate) fn answer(&self, method: &Method, path: &str) -> Response<Bytes> {
        if *method != Method::GET {
            return reply::text(StatusCode::METHOD_NOT_ALLOWED, "read only\n");
        }
        match self.find(path.trim_start_matches('/')) {
            Some(found) => Response::new(found),
            None => reply::text(StatusCode::NOT_FOUND, "not found\n"),
        }
    }

    fn find(&self, path: &str) -> Option<Bytes> {
        let (question, what) = path.split_once('/').unwrap_or((path, ""));
        match question {
            "supported" => Some(Bytes::new()),
            "latest" => Some(self.head().into()),
            "lookup" => Some(self.lookup(what)?.into()),
            "tile" => Some(self.tree.tile(what)?.into()),
            _ => None,
        }
    }

    /// The record of `MODULE@VERSION`, and the head of the log that has it.
    fn lookup(&self, name: &str) -> Option<String> {
        let number = *self.numbers.get(&unescape(name)?)?;
        Some(format!(
            "{number}\n{}\n{}",
            self.records[number],
            self.head()
        ))
    }

    fn head(&self) -> String {
        self.signer.sign(&self.tree.description())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksums() -> Checksums {
        let sums = [
            ("example.org/A@v1.0.0", "example.org/A v1.0.0 h1:AAAA=\n"),
            ("example.org/b@v1.0.0", "example.org/b v1.0.0 h1:BBBB=\n"),
        ];
        let sums = sums.map(|(name, record)| (name.to_owned(), record.to_owned()));
        Checksums::new("sum.example.com".to_owned(), BTreeMap::from(sums))
    }

    #[test]
    fn questions() {
        let begins = [
            ("supported", Some("")),
            ("latest", Some("go.sum database tree\n2\n")),
            (
                "lookup/example.org/!a@v1.0.0",
                Some("0\nexample.org/A v1.0.0 h1:AAAA=\n\ngo.sum database tree\n2\n"),
            ),
            ("lookup/example.org/c@v1.0.0", None),
            ("lookup/example.org/A@v1.0.0", None),
            ("tile/8/1/000", None),
            ("", None),
            ("elsewhere", None),
        ];
        for (path, expected) in begins {
            let answer = checksums().answer(&Method::GET, &format!("/{path}"));
            let text = String::from_utf8_lossy(answer.body()).into_owned();
            match expected {
                Some(expected) => assert!(text.starts_with(expected), "{path}: {text}"),
                None => assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}"),
            }
        }
        let tile = checksums().answer(&Method::GET, "/tile/8/0/000.p/2");
        assert_eq!(tile.body().len(), 64, "two hashes");
        let put = checksums().answer(&Method::PUT, "/latest");
        assert_eq!(put.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn paths_of_a_repository() {
        let rows = [
            ("sumdb/sum.example.com/latest", Some("/latest")),
            ("sumdb/sum.example.com.evil/latest", None),
            ("sumdb/other.example.com/latest", None),
            ("example.org/b/@v/list", None),
        ];
        for (rest, expected) in rows {
            assert_eq!(checksums().path_below(rest), expected, "{rest}");
        }
    }
}
