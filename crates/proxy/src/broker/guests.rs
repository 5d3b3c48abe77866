//! The broker as a forward proxy, for builds of strangers' code: they never see a token. The password in the proxy's URL is the
//! job's identity token; its connections' hosts are answered as `forward` does, each tenant's with its own tokens. All share
//! one certificate authority, which vouches for these hosts alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::MappedHosts;
use codeartifact_auth::environment::{AWS_CA_BUNDLE, Environment};
use codeartifact_auth::user_file::read_text;
use http::{HeaderMap, header};

use super::Broker;
use super::audit::AuditLine;
use super::clients::{Caller, allowed};
use super::config::ProxyConfig;
use super::metrics::TunnelOutcome;
use super::minting::Minting;
use super::oidc::Unproved;
use crate::authority::{Authority, system_roots};
use crate::forward::{
    Journal, Modules, Origin, Others, Proxy, Reach, Reception, Refusal, Stop, keep, narrowed,
    secret,
};

/// A proxy for each connection.
pub(crate) struct Guests {
    broker: Arc<Broker>,
    proxies: BTreeMap<String, Arc<Proxy>>,
}

/// What the proxies are made of.
pub(crate) struct Parts<'a> {
    pub(crate) config: &'a ProxyConfig,
    pub(crate) environment: &'a Environment,
    pub(crate) hosts: &'a MappedHosts,
    pub(crate) minting: &'a Minting,
}

impl Parts<'_> {
    /// The proxies of these connections, and their authority's certificate.
    pub(crate) fn proxies(
        &self,
        connections: &[Arc<Connection>],
    ) -> Result<(BTreeMap<String, Arc<Proxy>>, String), Stop> {
        let reaches = connections.iter().map(|connection| {
            let connection = Arc::new(narrowed(Connection::clone(connection)));
            (Reach::of(&connection, self.hosts, &[]), connection)
        });
        let reaches: Vec<_> = reaches.collect();
        let hosts: BTreeSet<&str> = reaches
            .iter()
            .flat_map(|(reach, _)| reach.hosts())
            .collect();
        let authority = Arc::new(self.authority(hosts.into_iter())?);
        let certificate = authority.pem();
        let origin = Arc::new(self.origin()?);
        let others = self.config.others.as_deref().unwrap_or("refuse");
        let others: Others = others.parse().map_err(|reason| {
            Stop::Configuration(format!("[proxy]: others = \"{others}\": {reason}\n"))
        })?;
        let mut proxies = BTreeMap::new();
        for (reach, connection) in reaches {
            let proxy = Proxy {
                authority: Arc::clone(&authority),
                tokens: self.minting.tokens(&connection),
                sessions: self.minting.sessions(&connection),
                modules: Modules::new(connection.go_private.clone()),
                origin: Arc::clone(&origin),
                others: others.clone(),
                journal: Journal::default(),
                keep: keep(&reach.connection, self.environment)?,
                secret: secret()?,
                reach,
            };
            proxies.insert(proxy.reach.connection.clone(), Arc::new(proxy));
        }
        Ok((proxies, certificate))
    }

    fn authority<'a>(&self, hosts: impl Iterator<Item = &'a str>) -> Result<Authority, Stop> {
        let now = UNIX_EPOCH + Duration::from_secs(self.environment.now().0);
        let path = &self.config.key;
        let wrong = |reason: String| Stop::Configuration(format!("{}: {reason}\n", path.display()));
        let key = read_text(path).map_err(|error| wrong(error.to_string()))?;
        Authority::for_fleet(now, hosts, &key).map_err(|error| wrong(error.to_string()))
    }

    fn origin(&self) -> Result<Origin, Stop> {
        let aws = self.environment.variable(AWS_CA_BUNDLE).map(PathBuf::from);
        let roots = system_roots(self.environment, aws.iter().map(|it| -> &Path { it }))
            .map_err(|error| Stop::Io("read the certificate authorities", error))?;
        Origin::new(self.environment, &roots)
            .map_err(|error| Stop::Words(format!("TLS cannot be set up: {error}\n")))
    }
}

impl Guests {
    pub(crate) fn new(broker: Arc<Broker>, proxies: BTreeMap<String, Arc<Proxy>>) -> Self {
        Self { broker, proxies }
    }

    /// The proxy for a host, among those that are `allowed`. `user` may name one.
    fn choose(
        &self,
        user: &str,
        host: &str,
        allowed: &BTreeSet<&str>,
    ) -> Result<Arc<Proxy>, Refusal> {
        let mine = || {
            let mine = allowed.iter().filter_map(|name| self.proxies.get(*name));
            mine.filter(|proxy| !allowed.contains(user) || proxy.reach.connection == user)
        };
        let fits: Vec<_> = mine().filter(|it| it.reach.has_host(host)).collect();
        match fits[..] {
            [proxy] => Ok(Arc::clone(proxy)),
            // No connection's host: any proxy judges it in the same way.
            [] => mine().next().map(Arc::clone).ok_or_else(|| {
                Refusal::Denied("no connection of the broker is open to this job".to_owned())
            }),
            [first, second, ..] => Err(Refusal::Denied(format!(
                "connections `{}` and `{}` are both for {host}: name one as the user in the proxy's URL",
                first.reach.connection, second.reach.connection
            ))),
        }
    }

    async fn who(&self, token: &str) -> Result<Caller, (TunnelOutcome, Refusal)> {
        let verified = self.broker.issuers.verify(token).await;
        verified.map_err(|unproved| match unproved {
            Unproved::Token(words) => (TunnelOutcome::Unproved, Refusal::Unproved(words)),
            Unproved::Keys(words) => {
                let words =
                    format!("codeartifact proxy: the issuer's keys cannot be read: {words}");
                (TunnelOutcome::Failed, Refusal::Failed(words))
            }
        })
    }

    fn refuse(&self, caller: Option<&Caller>, outcome: TunnelOutcome, refusal: Refusal) -> Refusal {
        self.broker.metrics.tunnelled("", outcome);
        let words = refusal.to_string();
        let reason = words.lines().next().unwrap_or_default();
        let line = AuditLine::new("refused", &self.broker.environment).because(reason);
        self.broker.refusals.note(line, caller);
        refusal
    }
}

impl Reception for Guests {
    async fn admit(&self, headers: &HeaderMap, host: &str) -> Result<Arc<Proxy>, Refusal> {
        // Clients that first ask without a password are usual, and no line of the audit.
        let (user, token) = password(headers).ok_or_else(|| {
            Refusal::Unproved("the proxy's URL has no identity token as its password".to_owned())
        })?;
        let caller = match self.who(&token).await {
            Ok(caller) => caller,
            Err((outcome, refusal)) => return Err(self.refuse(None, outcome, refusal)),
        };
        let allowed = allowed(&self.broker.clients, &caller);
        match self.choose(&user, host, &allowed) {
            Ok(proxy) => {
                let name = &proxy.reach.connection;
                self.broker.metrics.tunnelled(name, TunnelOutcome::Admitted);
                Ok(proxy)
            }
            Err(refusal) => Err(self.refuse(Some(&caller), TunnelOutcome::Denied, refusal)),
        }
    }
}

fn password(headers: &HeaderMap) -> Option<(String, String)> {
    let sent = headers.get(header::PROXY_AUTHORIZATION)?.to_str().ok()?;
    let (scheme, pair) = sent.split_once(' ')?;
    let pair = STANDARD.decode(pair.trim()).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (user, password) = pair.split_once(':')?;
    let is_basic = scheme.eq_ignore_ascii_case("basic");
    is_basic.then(|| (user.to_owned(), password.to_owned()))
}
