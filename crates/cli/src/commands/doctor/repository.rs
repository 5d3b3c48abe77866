//! Checks that a token opens the repositories: each is read as its clients read it. A package that nobody has is asked for,
//! so what counts is who says that it is not there.

use codeartifact_auth::connection::{ending_missing, nearest};
use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts, RepositoryRef, UrlParts};
use codeartifact_auth::error::{Failure, Step, row};
use codeartifact_auth::mint::{Probe, Reply};
use codeartifact_auth::token::Token;

use super::Report;
use super::spelling::page_of;
use super::subject::Target;
use super::walk::Walk;
use codeartifact_clients::finding::Finding;

/// A name that no package has. CodeArtifact has no list of a repository's packages for pip: AWS's user guide,
/// "Python compatibility".
const NOBODYS: &str = "codeartifact-test-of-reading";

/// Answers for every repository and needs nothing but the right to read it: AWS's user guide, "Verifying npm
/// authentication and authorization".
const PING: &str = "-/ping";

/// NuGet's clients begin with an index that every repository has.
fn page_to_read(format: Format) -> String {
    if format == Format::Nuget {
        format.ending().to_owned()
    } else {
        page_of(format, NOBODYS)
    }
}

/// Reads every repository of the domain.
pub(super) fn check(walk: &Walk<'_>, probe: &Probe<'_>, token: &Token, report: &mut Report<'_>) {
    for target in walk.targets() {
        let Some(place) = &target.endpoint.place else {
            continue;
        };
        let reader = RepositoryReader {
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
pub(super) struct RepositoryReader<'a> {
    pub(super) walk: &'a Walk<'a>,
    pub(super) probe: &'a Probe<'a>,
    pub(super) token: &'a Token,
    pub(super) target: &'a Target,
    pub(super) place: &'a RepositoryRef,
}

impl RepositoryReader<'_> {
    fn finding(&self) -> Finding {
        let (check, label) = ("repository", self.target.label());
        match self.read() {
            Err(error) => Finding::of(check, label, &error),
            Ok(()) if self.target.lacks_ending => {
                let root = self.target.endpoint.root();
                let row = ending_missing(self.place.format);
                let failure = row.with("step", &root).with("root", &root);
                Finding::of(check, label, &failure)
            }
            Ok(()) => Finding::ok(check, label, self.readable()),
        }
    }

    /// AWS's API knows no format for Go: what was read there is the repository, not modules.
    fn readable(&self) -> &'static str {
        let endpoint = &self.target.endpoint;
        let is_aws = Endpoint::parse(&endpoint.root(), &MappedHosts::new()).is_ok();
        if is_aws && self.place.format == Format::Go {
            "readable; CodeArtifact has no Go format, so go needs our proxy, or one of yours there"
        } else {
            "reachable, readable"
        }
    }

    /// The format's own page may be missing for want of a package or of the repository: a ping tells.
    fn read(&self) -> Result<(), Box<Failure>> {
        let (format, repository) = (self.place.format, &self.place.repository);
        if format != Format::Npm {
            let reply = self.get(self.place, &page_to_read(format))?;
            if reply.status != 404 {
                return self.judge(&reply);
            }
        }
        let npm = RepositoryRef {
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
            Err(_) if ping.status == 200 => {
                Err(self.failed(row::ANSWER_GARBLED.with("status", 200)))
            }
            _ => self.judge(&ping),
        }
    }

    /// A page of one of the domain's repositories.
    pub(super) fn get(&self, place: &RepositoryRef, path: &str) -> Result<Reply, Box<Failure>> {
        let root = self.target.endpoint.root_of(place);
        let reply = self
            .probe
            .fetch(&root, path, place.format, &self.token.secret)?;
        self.walk.note_clock(&reply);
        Ok(reply)
    }

    /// Judges the status of a page that exists where its repository does.
    pub(super) fn judge(&self, reply: &Reply) -> Result<(), Box<Failure>> {
        Err(self.failed(match reply.status {
            200..=399 => return Ok(()),
            401 => row::TOKEN_NOT_TAKEN.failure(),
            403 => self.not_readable(),
            404 => row::REPOSITORY_ABSENT.with_any("nearest", self.nearest()),
            429 => row::THROTTLED.failure(),
            500.. => row::SERVER_FAILED.failure(),
            status => row::ANSWER_GARBLED.with("status", status),
        }))
    }

    /// A policy that names repositories refuses all others, whether there are such or not.
    fn not_readable(&self) -> Box<Failure> {
        let names = self.probe.repositories();
        if names.is_some_and(|names| !names.contains(&self.place.repository)) {
            row::REPOSITORY_ABSENT.with_any("nearest", self.nearest())
        } else {
            row::REPOSITORY_NOT_READABLE.failure()
        }
    }

    fn nearest(&self) -> Option<String> {
        let names = self.probe.repositories()?;
        let nearest = nearest(&self.place.repository, names.iter().map(String::as_str));
        nearest.map(str::to_owned)
    }

    fn failed(&self, failure: Box<Failure>) -> Box<Failure> {
        let step = Step::repository(&self.target.endpoint.root());
        failure.at(&step, self.walk.subject.name())
    }
}
