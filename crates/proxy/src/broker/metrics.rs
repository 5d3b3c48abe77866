//! What the broker counts, as Prometheus reads it. Labels have names of the configuration alone, never a caller's text.

use std::sync::Arc;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// How a question ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestOutcome {
    /// With a token that was in memory.
    Kept,
    /// With a token that had to be got first, by it or by another one before it.
    Awaited,
    /// The caller has no identity token that counts.
    Unproved,
    /// It may not have what it asked for.
    Denied,
    /// The question made no sense.
    Malformed,
    /// AWS, or the caller's issuer, gave nothing.
    Failed,
}

/// How a request to the forward proxy began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TunnelOutcome {
    Admitted,
    Unproved,
    Denied,
    Failed,
}

/// How a mint ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MintOutcome {
    Granted,
    Throttled,
    Failed,
}

impl RequestOutcome {
    /// Those that a connection can have.
    const OF_CONNECTION: [Self; 3] = [Self::Kept, Self::Awaited, Self::Failed];

    fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Awaited => "awaited",
            Self::Unproved => "unproved",
            Self::Denied => "denied",
            Self::Malformed => "malformed",
            Self::Failed => "failed",
        }
    }
}

impl TunnelOutcome {
    fn name(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Unproved => "unproved",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

impl MintOutcome {
    const ALL: [Self; 3] = [Self::Granted, Self::Throttled, Self::Failed];

    fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Throttled => "throttled",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    connection: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TunnelLabels {
    connection: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MintLabels {
    connection: String,
    outcome: &'static str,
}

/// All counters.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    mints: Family<MintLabels, Counter>,
    tunnels: Family<TunnelLabels, Counter>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("codeartifact_broker");
        let (requests, mints) = (Family::default(), Family::default());
        let tunnels = Family::default();
        registry.register(
            "requests",
            "Questions for a token, by connection and by how they ended",
            requests.clone(),
        );
        registry.register(
            "mints",
            "Tokens that AWS was asked for, by connection and by how it ended",
            mints.clone(),
        );
        registry.register(
            "tunnels",
            "Tunnels that builds asked the forward proxy for, by connection and by how they began",
            tunnels.clone(),
        );
        Self {
            registry: Arc::new(registry),
            requests,
            mints,
            tunnels,
        }
    }

    /// Shows a connection's counters before anything is counted: a rate needs the zero before the first one.
    pub(crate) fn know(&self, connection: &str) {
        for outcome in RequestOutcome::OF_CONNECTION {
            self.request(connection, outcome).inc_by(0);
        }
        self.tunnel(connection, TunnelOutcome::Admitted).inc_by(0);
        for outcome in MintOutcome::ALL {
            self.mint(connection, outcome).inc_by(0);
        }
    }

    /// `connection` is empty where none was found.
    pub(crate) fn asked(&self, connection: &str, outcome: RequestOutcome) {
        self.request(connection, outcome).inc();
    }

    pub(crate) fn minted(&self, connection: &str, outcome: MintOutcome) {
        self.mint(connection, outcome).inc();
    }

    pub(crate) fn tunnelled(&self, connection: &str, outcome: TunnelOutcome) {
        self.tunnel(connection, outcome).inc();
    }

    fn tunnel(&self, connection: &str, outcome: TunnelOutcome) -> Counter {
        let labels = TunnelLabels {
            connection: connection.to_owned(),
            outcome: outcome.name(),
        };
        self.tunnels.get_or_create_owned(&labels)
    }

    fn request(&self, connection: &str, outcome: RequestOutcome) -> Counter {
        let labels = RequestLabels {
            connection: connection.to_owned(),
            outcome: outcome.name(),
        };
        self.requests.get_or_create_owned(&labels)
    }

    fn mint(&self, connection: &str, outcome: MintOutcome) -> Counter {
        let labels = MintLabels {
            connection: connection.to_owned(),
            outcome: outcome.name(),
        };
        self.mints.get_or_create_owned(&labels)
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stable() {
        let metrics = Metrics::new();
        metrics.know("acme");
        metrics.asked("acme", RequestOutcome::Kept);
        metrics.asked("", RequestOutcome::Unproved);
        metrics.minted("acme", MintOutcome::Throttled);
        let text = metrics.text();
        for line in [
            r#"codeartifact_broker_requests_total{connection="acme",outcome="kept"} 1"#,
            r#"codeartifact_broker_requests_total{connection="acme",outcome="failed"} 0"#,
            r#"codeartifact_broker_requests_total{connection="",outcome="unproved"} 1"#,
            r#"codeartifact_broker_mints_total{connection="acme",outcome="throttled"} 1"#,
        ] {
            assert!(text.lines().any(|it| it == line), "{line} in {text}");
        }
    }
}
