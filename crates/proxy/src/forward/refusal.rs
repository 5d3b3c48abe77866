//! The refusals: each says what is refused, and the setting that would allow it. They are answers to a client, so they
//! are seen in a build's log; nothing in them is secret, and nothing of a client's headers is repeated.

use std::fmt;

use http::StatusCode;

/// A request that is not forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The request is not clear about where it ends or what it is for.
    Unclear(&'static str),
    /// The path can be read in two ways.
    Path(&'static str),
    /// The host belongs to the connection, the repository does not.
    Repository { url: String, connection: String },
    /// A method that writes.
    Method { method: String, repository: String },
    /// Another host, and none is allowed.
    Host { host: String },
    /// Another host that is this machine, its network or its cloud's metadata service.
    Address { host: String },
    /// The run's secret is missing or another run's.
    Stranger,
    /// The caller's identity token is missing or counts for nothing, said in words.
    Unproved(String),
    /// The caller may use no connection for this host, or more than one.
    Denied(String),
    /// A way to reach a repository that would send the token in clear text.
    Plain { host: String },
    /// A module for Go that is not there, and that no other proxy is asked for.
    Module(String),
    /// AWS gets more calls than its quota allows.
    Busy(String),
    /// The repository cannot be asked.
    Failed(String),
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Unclear(_) | Self::Path(_) => StatusCode::BAD_REQUEST,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Stranger | Self::Unproved(_) => StatusCode::PROXY_AUTHENTICATION_REQUIRED,
            Self::Failed(_) => StatusCode::BAD_GATEWAY,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Repository { .. }
            | Self::Host { .. }
            | Self::Address { .. }
            | Self::Denied(_)
            | Self::Module(_)
            | Self::Plain { .. } => StatusCode::FORBIDDEN,
        }
    }

    /// A word for the journal.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Unclear(_) => "unclear",
            Self::Path(_) => "path",
            Self::Repository { .. } => "repository",
            Self::Method { .. } => "method",
            Self::Host { .. } => "host",
            Self::Address { .. } => "address",
            Self::Stranger => "stranger",
            Self::Unproved(_) => "unproved",
            Self::Denied(_) => "denied",
            Self::Plain { .. } => "plain",
            Self::Module(_) => "module",
            Self::Busy(_) => "busy",
            Self::Failed(_) => "failed",
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::Unclear(_) | Self::Path(_) => {
                "package managers send no such request; update the client".to_owned()
            }
            Self::Repository { url, connection } => {
                format!("add {url} to [connections.{connection}]")
            }
            Self::Method { method, repository } if publishes(method) => {
                format!("start with --publish {repository}")
            }
            Self::Method { .. } => {
                "no setting allows it; run the command outside of the build".to_owned()
            }
            // `tunnel` is for the usual port alone.
            Self::Host { host } if host.contains(':') => {
                format!("start with --others {host}; for a broker, `others` in [proxy]")
            }
            Self::Host { host } => {
                format!(
                    "start with --others tunnel, or --others {host}; for a broker, `others` in [proxy]"
                )
            }
            Self::Address { .. } => "name the host in NO_PROXY to reach it directly".to_owned(),
            Self::Stranger => "use the proxy URL of this run, which holds its secret".to_owned(),
            Self::Unproved(_) => {
                "the password in the proxy's URL must be a fresh identity token of the job"
                    .to_owned()
            }
            Self::Denied(_) => {
                "the broker's [[clients]] decide who may read what: ask those who run it".to_owned()
            }
            Self::Plain { .. } => "use https://".to_owned(),
            Self::Module(_) | Self::Busy(_) | Self::Failed(_) => {
                "run `codeartifact test` outside of the build".to_owned()
            }
        }
    }
}

/// Tells whether `--publish` lets a method through.
fn publishes(method: &str) -> bool {
    matches!(method, "POST" | "PUT")
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("codeartifact proxy: ")?;
        match self {
            Self::Unclear(reason) => write!(formatter, "the request {reason}")?,
            Self::Path(reason) => write!(formatter, "the path {reason}")?,
            Self::Repository { url, connection } => {
                write!(formatter, "connection `{connection}` does not have {url}")?;
            }
            Self::Method { method, .. } if !publishes(method) => {
                write!(formatter, "{method} neither reads nor publishes")?;
            }
            Self::Method { method, repository } => {
                write!(
                    formatter,
                    "{method} writes, and `{repository}` is open for reading only"
                )?;
            }
            Self::Host { host } => write!(formatter, "{host} is not a host of this connection")?,
            Self::Address { host } => {
                write!(
                    formatter,
                    "{host} is on this machine or in its private network"
                )?;
            }
            Self::Stranger => formatter.write_str("this is another run's proxy")?,
            Self::Unproved(words) | Self::Denied(words) => formatter.write_str(words)?,
            Self::Plain { host } => write!(formatter, "{host} is only reached by https")?,
            // With a hint of its own.
            Self::Module(words) | Self::Busy(words) => {
                return writeln!(formatter, "{}", words.trim_end());
            }
            Self::Failed(words) => return writeln!(formatter, "{}", words.trim_end()),
        }
        write!(formatter, "\n  hint: {}\n", self.hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_what_would_allow_it() {
        let rows = [
            (
                Refusal::Repository {
                    url: "https://h/npm/other/".into(),
                    connection: "acme".into(),
                },
                403,
                "codeartifact proxy: connection `acme` does not have https://h/npm/other/\n  \
                 hint: add https://h/npm/other/ to [connections.acme]\n",
            ),
            (
                Refusal::Method {
                    method: "PUT".into(),
                    repository: "my-repo".into(),
                },
                405,
                "codeartifact proxy: PUT writes, and `my-repo` is open for reading only\n  \
                 hint: start with --publish my-repo\n",
            ),
            (
                Refusal::Method {
                    method: "DELETE".into(),
                    repository: "my-repo".into(),
                },
                405,
                "codeartifact proxy: DELETE neither reads nor publishes\n  \
                 hint: no setting allows it; run the command outside of the build\n",
            ),
            (
                Refusal::Host {
                    host: "git.example.com:8443".into(),
                },
                403,
                "codeartifact proxy: git.example.com:8443 is not a host of this connection\n  \
                 hint: start with --others git.example.com:8443; for a broker, `others` in [proxy]\n",
            ),
            (
                Refusal::Host {
                    host: "index.example.com".into(),
                },
                403,
                "codeartifact proxy: index.example.com is not a host of this connection\n  \
                 hint: start with --others tunnel, or --others index.example.com; for a broker, `others` in [proxy]\n",
            ),
        ];
        for (refusal, status, text) in rows {
            assert_eq!(refusal.status(), status);
            assert_eq!(refusal.to_string(), text);
        }
    }
}
