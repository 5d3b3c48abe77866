//! Whether a token opens the repositories: each is read as its clients read it. A package that nobody has is asked for,
//! so what counts is who says that it is not there.

use codeartifact_auth::connection::nearest;
use codeartifact_auth::endpoint::{Format, Place, UrlParts};
use codeartifact_auth::error::{Cause, Fault, MintError, Step};
use codeartifact_auth::mint::{Probe, Reply};
use codeartifact_auth::token::Token;

use super::Report;
use super::chain::Walk;
use super::package::page_of;
use super::subject::Target;
use codeartifact_clients::finding::Finding;

/// A name that no package has. CodeArtifact has no list of a repository's packages for pip: AWS's user guide,
/// "Python compatibility".
const NOBODYS: &str = "codeartifact-test-of-reading";

/// Answers for every repository and needs nothing but the right to read it: AWS's user guide, "Verifying npm
/// authentication and authorization".
const PING: &str = "-/ping";

/// Reads every repository of the domain.
pub(super) fn check(walk: &Walk<'_>, probe: &Probe<'_>, token: &Token, report: &mut Report<'_>) {
    for target in walk.targets() {
        let Some(place) = &target.endpoint.place else {
            continue;
        };
        let reader = Reader {
            walk,
            probe,
            token,
            target,
            place,
        };
        let finding = report.during(&target.label(), || reader.finding());
        report.add(finding);
    }
}

/// Reads one repository of the domain, or beside it.
pub(super) struct Reader<'a> {
    pub(super) walk: &'a Walk<'a>,
    pub(super) probe: &'a Probe<'a>,
    pub(super) token: &'a Token,
    pub(super) target: &'a Target,
    pub(super) place: &'a Place,
}

impl Reader<'_> {
    fn finding(&self) -> Finding {
        let (check, label) = ("repository", self.target.label());
        match self.read() {
            Err(error) => Finding::of(check, label, &error),
            Ok(()) if self.target.lacks_simple => {
                let text = "readable, but pip and its like need the URL to end in /simple/";
                Finding::failed(check, label, text, Fault::SimpleMissing.exit())
                    .fault(Fault::SimpleMissing)
                    .hint(format!("write {}", self.target.url))
            }
            Ok(()) => Finding::ok(check, label, "reachable, readable"),
        }
    }

    /// The format's own page may be missing for want of a package or of the repository: a ping tells.
    fn read(&self) -> Result<(), Box<MintError>> {
        let (format, repository) = (self.place.format, &self.place.repository);
        if format != Format::Npm {
            let reply = self.get(self.place, &page_of(format, NOBODYS))?;
            if reply.status != 404 {
                return self.judge(&reply);
            }
        }
        let npm = Place {
            format: Format::Npm,
            repository: repository.clone(),
        };
        // A host of the user's own that stands for this repository alone has no other format's pages.
        let endpoint = &self.target.endpoint;
        let root = endpoint.root_of(&npm);
        if UrlParts::cut(&root).host_and_port != endpoint.host() {
            return Ok(());
        }
        let ping = self.get(&npm, PING)?;
        match serde_json::from_slice::<serde_json::Value>(&ping.body) {
            Err(_) if ping.status == 200 => Err(self.failed(Cause::Garbled { status: 200 })),
            _ => self.judge(&ping),
        }
    }

    /// A page of one of the domain's repositories.
    pub(super) fn get(&self, place: &Place, path: &str) -> Result<Reply, Box<MintError>> {
        let root = self.target.endpoint.root_of(place);
        let reply = self
            .probe
            .fetch(&root, path, place.format, &self.token.secret)?;
        self.walk.note_clock(&reply);
        Ok(reply)
    }

    /// What the status means, of a page that exists where its repository does.
    pub(super) fn judge(&self, reply: &Reply) -> Result<(), Box<MintError>> {
        let cause = match reply.status {
            200..=399 => return Ok(()),
            401 => Cause::TokenNotTaken,
            403 => self.not_readable(),
            404 => Cause::NoRepository {
                nearest: self.nearest(),
            },
            429 => Cause::Throttled,
            500.. => Cause::ServerFailed,
            status => Cause::Garbled { status },
        };
        Err(self.failed(cause))
    }

    /// A policy that names repositories refuses all others, whether there are such or not.
    fn not_readable(&self) -> Cause {
        let names = self.probe.repositories();
        match names.is_some_and(|names| !names.contains(&self.place.repository)) {
            true => Cause::NoRepository {
                nearest: self.nearest(),
            },
            false => Cause::NotReadable,
        }
    }

    fn nearest(&self) -> Option<String> {
        let names = self.probe.repositories()?;
        let nearest = nearest(&self.place.repository, names.iter().map(String::as_str));
        nearest.map(str::to_owned)
    }

    fn failed(&self, cause: Cause) -> Box<MintError> {
        Box::new(MintError {
            step: Step::Repository {
                url: self.target.endpoint.root(),
            },
            connection: self.walk.subject.connection.name.clone(),
            cause,
            aws: None,
        })
    }
}
