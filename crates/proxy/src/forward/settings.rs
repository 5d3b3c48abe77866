//! The settings that `codeartifact` hands to `codeartifact-proxy`: JSON in one argument, then the words of the command. Nothing in it is
//! secret; the connection is read from the configuration again.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::others::Others;

/// A run of the proxy.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// The connection's name in the configuration.
    pub connection: String,
    /// The other hosts that are reached.
    pub others: Others,
    /// Repositories that may be written to.
    pub publish: Vec<String>,
    /// The file that requests are noted in.
    pub journal: Option<PathBuf>,
    /// Java gets a listener and a trust store.
    pub java: bool,
    /// go gets plain URLs in place of the connection's in this list, which is its GOPROXY.
    pub go: Option<String>,
    /// The purpose of the run.
    pub purpose: Purpose,
}

/// The purpose of a run, which decides how long it lives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Purpose {
    /// One command, whose environment it makes.
    Command {
        /// In a network of its own, whose only way out is the proxy.
        isolate: bool,
    },
    /// Whoever has the variables, until it is ended.
    Serve {
        /// Certificates and the note for `proxy env` are here.
        directory: PathBuf,
        /// The address that it listens at.
        listen: SocketAddr,
    },
}
