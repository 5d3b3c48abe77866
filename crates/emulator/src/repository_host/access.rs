//! Decides who may read or publish in a repository: the token must be one of ours, alive, for this domain and this
//! Region (else 401); then its principal must have the permission (else 403).

use std::rc::Rc;

use http::Method;

use crate::call::{Authorization, Call};
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::iam::Resource;
use crate::journal::Entry;
use crate::reply::Refusal;
use crate::tokens::IssuedToken;

use super::path::RepositoryPath;

pub(super) fn check(
    emulator: &Emulator,
    call: &Call,
    path: &RepositoryPath<'_>,
    entry: &mut Entry,
) -> Result<(), Refusal> {
    let domain = emulator.domain(&path.domain);
    let known = domain.and_then(|domain| domain.repositories.get(path.repository));
    let presented = call.header("authorization").map(Authorization::parse);
    if let Some(Some(presented)) = &presented {
        entry.note_authorization(presented);
    }
    if known.is_some_and(|repository| repository.public) {
        return Ok(());
    }
    let token =
        authenticate(emulator, call, path, presented).map_err(|reason| challenge(path, reason))?;
    entry.note_signer(&token.minted_by);
    let policy = known.and_then(|repository| repository.policy.as_ref());
    authorize(
        emulator,
        call,
        path,
        &token,
        &Resource {
            account: &path.domain.owner,
            policy,
            policy_must_allow: false,
        },
    )
}

/// The token of a request; the error is the reason why there is none that counts.
fn authenticate(
    emulator: &Emulator,
    call: &Call,
    path: &RepositoryPath<'_>,
    presented: Option<Option<Authorization>>,
) -> Result<Rc<IssuedToken>, String> {
    let presented = presented.ok_or("there is no Authorization header")?;
    let presented =
        presented.ok_or("the Authorization header is neither Bearer nor Basic nor a token")?;
    // AWS's pages have `aws` for every client but Swift, which logs in as `token`.
    if let Some(user) = presented
        .shown_user()
        .filter(|user| !matches!(*user, "aws" | "token"))
    {
        return Err(format!("the user name is {user}, not aws"));
    }
    if call.effects.has(FaultKind::Revoke) {
        emulator.tokens.revoke(&presented.token);
    }
    let token = emulator
        .tokens
        .find(&presented.token)
        .ok_or("the token was not issued here, or was revoked")?;
    if token.expires_at <= call.now {
        return Err(format!(
            "the token expired {} s ago",
            call.now - token.expires_at
        ));
    }
    if token.domain != path.domain {
        return Err(format!(
            "the token is for {}, not for {}",
            token.domain.arn(),
            path.domain.arn()
        ));
    }
    Ok(token)
}

/// AWS names domain and repository in both realms. On Maven's path it cannot offer both in one line: Maven and Gradle see
/// only the first scheme of a line, and AWS documents a user name and a password for them.
fn challenge(path: &RepositoryPath<'_>, reason: String) -> Refusal {
    let realm = format!("{}/{}", path.domain.name, path.repository);
    Refusal::new(
        401,
        "Unauthorized",
        "Unauthenticated: request did not include an Authorization header with a valid token",
    )
    .reason(reason)
    .header(
        "www-authenticate",
        match path.format {
            "maven" => format!("Basic realm=\"{realm}\""),
            _ => format!("Bearer realm=\"{realm}\", Basic realm=\"{realm}\""),
        },
    )
}

fn authorize(
    emulator: &Emulator,
    call: &Call,
    path: &RepositoryPath<'_>,
    token: &IssuedToken,
    resource: &Resource<'_>,
) -> Result<(), Refusal> {
    let (action, arn) = permission(call, path);
    let principal = &token.minted_by.principal;
    let mut context = emulator.context(principal);
    context.set("aws:RequestedRegion", &path.domain.region);
    let decision = principal.decide(&emulator.scenario, action, &arn, resource, &context);
    decision.map_err(|denial| {
        let text = format!(
            "User: {} is not authorized to perform: {action} on resource: {arn}",
            principal.arn
        );
        Refusal::new(403, "AccessDenied", text).reason(format!("{action}: {denial}"))
    })
}

/// Reading is a permission on the repository, publishing one on the package.
fn permission(call: &Call, path: &RepositoryPath<'_>) -> (&'static str, String) {
    let publishes = matches!(*call.request.method(), Method::PUT | Method::POST)
        && !path.rest.starts_with("-/");
    if !publishes {
        return (
            "codeartifact:ReadFromRepository",
            path.domain.repository_arn(path.repository),
        );
    }
    let (namespace, name) = package(call, path);
    let package = format!("{}/{namespace}/{name}", path.format);
    let arn = path.domain.package_arn(path.repository, &package);
    ("codeartifact:PublishPackageVersion", arn)
}

/// Namespace and name of the package that is published: npm has both in the path, Python's upload has the
/// name as a field of its form.
fn package(call: &Call, path: &RepositoryPath<'_>) -> (String, String) {
    if path.format == "pypi" {
        let body = String::from_utf8_lossy(call.request.body());
        return (
            String::new(),
            form_field(&body, "name").unwrap_or_default().to_owned(),
        );
    }
    let rest = percent_encoding::percent_decode_str(&path.rest).decode_utf8_lossy();
    if path.format == "maven" {
        return maven_package(&rest);
    }
    match rest
        .strip_prefix('@')
        .and_then(|scoped| scoped.split_once('/'))
    {
        Some((scope, name)) => (scope.to_owned(), name.to_owned()),
        None => (
            String::new(),
            rest.split('/').next().unwrap_or_default().to_owned(),
        ),
    }
}

/// Group and artifact of a file, or of the metadata of all its versions.
fn maven_package(path: &str) -> (String, String) {
    let (folder, name) = path.rsplit_once('/').unwrap_or_default();
    let is_of_all = name.starts_with("maven-metadata.xml") && !folder.ends_with("-SNAPSHOT");
    let artifact = if is_of_all {
        Some(folder)
    } else {
        folder.rsplit_once('/').map(|(artifact, _)| artifact)
    };
    match artifact.and_then(|artifact| artifact.rsplit_once('/')) {
        Some((group, artifact)) => (group.replace('/', "."), artifact.to_owned()),
        None => (String::new(), String::new()),
    }
}

/// A short text field of a multipart form.
fn form_field<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let (_, part) = body.split_once(&format!("name=\"{name}\""))?;
    let (_, value) = part.split_once("\r\n\r\n")?;
    value.split("\r\n").next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_and_artifact_of_what_maven_deploys() {
        let expected = ("com.example".to_owned(), "a".to_owned());
        for path in [
            "com/example/a/1.0/a-1.0.jar",
            "com/example/a/maven-metadata.xml.sha1",
            "com/example/a/1.0-SNAPSHOT/maven-metadata.xml",
        ] {
            assert_eq!(maven_package(path), expected, "{path}");
        }
        assert_eq!(maven_package("x"), (String::new(), String::new()));
    }

    #[test]
    fn the_name_in_an_upload() {
        let body = "--b\r\nContent-Disposition: form-data; name=\":action\"\r\n\r\nfile_upload\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nmy-package\r\n--b--\r\n";
        assert_eq!(form_field(body, "name"), Some("my-package"));
        assert_eq!(form_field(body, "version"), None);
    }
}
