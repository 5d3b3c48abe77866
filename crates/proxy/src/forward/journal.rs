//! The journal: a JSON line for each request to a repository, which together are the list of a build's private
//! packages. It has neither queries nor headers, so no secret.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

use super::package::Package;

/// A file that lines are added to, or nothing.
#[derive(Clone, Default)]
pub(crate) struct Journal(Option<Arc<Mutex<File>>>);

impl Journal {
    /// Opens the file, which only its user may read. One that is there is added to.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        without_waiting(&mut options);
        let file = options.open(path)?;
        Ok(Self(Some(Arc::new(Mutex::new(file)))))
    }

    /// A line that is written when it is dropped.
    pub(crate) fn line(&self, host: &str, method: &str, path: &str) -> Line {
        Line {
            journal: self.clone(),
            began: Instant::now(),
            host: host.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            repository: None,
            format: None,
            package: None,
            status: 0,
            bytes: 0,
            decision: "forwarded",
            is_broken: false,
        }
    }

    fn write(&self, line: &Line) {
        let Some(file) = &self.0 else { return };
        let Ok(mut text) = serde_json::to_vec(&line.record()) else {
            return;
        };
        text.push(b'\n');
        // A full disk is no reason to stop a build.
        let _ = file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(&text);
    }
}

/// Of a pipe neither the opening nor a line waits for a reader.
#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
}

/// A request and its answer.
pub(crate) struct Line {
    journal: Journal,
    began: Instant,
    host: String,
    method: String,
    path: String,
    pub(crate) repository: Option<String>,
    pub(crate) format: Option<&'static str>,
    pub(crate) package: Option<Package>,
    pub(crate) status: u16,
    pub(crate) bytes: u64,
    /// `forwarded`, or why not.
    pub(crate) decision: &'static str,
    pub(crate) is_broken: bool,
}

#[derive(Serialize)]
struct Record<'a> {
    host: &'a str,
    method: &'a str,
    path: &'a str,
    format: Option<&'a str>,
    repository: Option<&'a str>,
    package: Option<&'a str>,
    version: Option<&'a str>,
    status: u16,
    bytes: u64,
    ms: u128,
    decision: &'a str,
    /// The body did not reach its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    broken: bool,
}

impl Line {
    fn record(&self) -> Record<'_> {
        let package = self.package.as_ref();
        Record {
            host: &self.host,
            method: &self.method,
            path: &self.path,
            format: self.format,
            repository: self.repository.as_deref(),
            package: package.map(|package| package.name.as_str()),
            version: package.and_then(|package| package.version.as_deref()),
            status: self.status,
            bytes: self.bytes,
            ms: self.began.elapsed().as_millis(),
            decision: self.decision,
            broken: self.is_broken,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.journal.write(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_stable_keys_and_no_query() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.jsonl");
        let journal = Journal::open(&path).unwrap();
        let mut line = journal.line("h", "GET", "/npm/my-repo/my-package");
        line.package = Some(Package {
            name: "my-package".into(),
            version: None,
        });
        line.format = Some("npm");
        line.repository = Some("my-repo".into());
        (line.status, line.bytes) = (200, 12);
        drop(line);
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once("\"ms\":").unwrap();
        assert_eq!(
            before,
            r#"{"host":"h","method":"GET","path":"/npm/my-repo/my-package","format":"npm","repository":"my-repo","package":"my-package","version":null,"status":200,"bytes":12,"#
        );
        assert!(rest.ends_with(",\"decision\":\"forwarded\"}\n"), "{rest}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
