//! The settings of every call: given here, so that the SDK neither looks them up at length nor stumbles over them.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use super::transport::Transport;
use crate::endpoint::Partition;
use crate::error::{Failure, row};

/// The services whose endpoints a user may override, by the names that the shared files have for them.
const SERVICES: [&str; 4] = ["STS", "CodeArtifact", "SSO", "SSO OIDC"];

/// The name of the caller in the user agent: it reaches the other account's CloudTrail.
const APP_NAME: &str = "codeartifact-credential-helpers";

/// One call; a second try must fit into a helper's deadline.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);

/// The SDK's default of a second is meant for servers; here a person waits.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// Everything that the SDK would otherwise look up at length, panic about (a `retry_mode` of the CLI's) or leave
/// without limit is given here. What it still reads: endpoint overrides, FIPS and dual-stack switches.
pub(super) async fn load(
    region: &str,
    files: EnvConfigFiles,
    attempts: u32,
    transport: Transport,
) -> Result<SdkConfig, Box<Failure>> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .profile_files(files)
        .profile_name("default")
        .region(Region::new(region.to_owned()))
        .http_client(transport)
        .retry_config(retries(attempts))
        .timeout_config(timeouts())
        .identity_cache(IdentityCache::no_cache())
        .no_credentials();
    if let Ok(name) = AppName::new(APP_NAME) {
        loader = loader.app_name(name);
    }
    let settings = without_empty_endpoints(loader.load().await);
    check_endpoints(&settings)?;
    Ok(settings)
}

/// An empty override counts as unset, as in the AWS CLI. The SDK panics on it.
fn without_empty_endpoints(settings: SdkConfig) -> SdkConfig {
    let url = settings.endpoint_url().filter(|url| !url.is_empty());
    let url = url.map(str::to_owned);
    let mut filled = settings.to_builder();
    filled.set_endpoint_url(url);
    filled.set_service_config(Some(FilledOnly(settings)));
    filled.build()
}

#[derive(Debug)]
struct FilledOnly(SdkConfig);

impl LoadServiceConfig for FilledOnly {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let found = self.0.service_config()?.load_config(key);
        found.filter(|value| !value.is_empty())
    }
}

/// The SDK does not name the one that is not a URL.
fn check_endpoints(settings: &SdkConfig) -> Result<(), Box<Failure>> {
    for service in SERVICES {
        let url = endpoint_override(settings, service)?;
        if let Some(url) = url.filter(|url| !is_url(url)) {
            let failure = row::ENDPOINT_OVERRIDE_INVALID.with("service", service);
            return Err(failure.with("url", url));
        }
    }
    Ok(())
}

fn endpoint_override(
    settings: &SdkConfig,
    service: &'static str,
) -> Result<Option<String>, Box<Failure>> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .map_err(|error| row::BUG.with("reason", error))?;
    let of_service = settings
        .service_config()
        .and_then(|config| config.load_config(key));
    Ok(of_service.or_else(|| settings.endpoint_url().map(str::to_owned)))
}

/// CodeArtifact's API, unless a setting sends its calls to another host.
pub(super) fn usual_codeartifact_url(settings: &SdkConfig, region: &str) -> Option<String> {
    let is_moved = settings.use_fips() == Some(true)
        || settings.use_dual_stack() == Some(true)
        || endpoint_override(settings, "CodeArtifact").ok()?.is_some();
    let suffix = Partition::of_region(region).suffix;
    (!is_moved).then(|| format!("https://codeartifact.{region}.{suffix}/"))
}

/// The root of the URLs of CodeArtifact's API, as the SDK finds it. Its rules for endpoints: the service model.
pub(super) fn codeartifact_url(settings: &SdkConfig, region: &str) -> Result<String, Box<Failure>> {
    if let Some(url) = endpoint_override(settings, "CodeArtifact")? {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    let service = match settings.use_fips() {
        Some(true) => "codeartifact-fips",
        _ => "codeartifact",
    };
    let suffix = match settings.use_dual_stack() {
        Some(true) => "api.aws",
        _ => Partition::of_region(region).suffix,
    };
    Ok(format!("https://{service}.{region}.{suffix}"))
}

/// `http://` or `https://`, and a host behind it.
pub(super) fn is_url(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.starts_with(['/', '?', ':']) && !host.is_empty())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The largest pause leaves room for a `Retry-After` of seconds; the deadline ends what is too long.
fn retries(attempts: u32) -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(attempts)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(Duration::from_secs(20))
}

/// Connecting has a limit of its own in `transport`.
pub(super) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_codeartifact_has_no_usual_url() {
        let config = SdkConfig::builder;
        let rows = [
            (
                "us-east-1",
                config(),
                Some("https://codeartifact.us-east-1.amazonaws.com/"),
            ),
            (
                "cn-north-1",
                config(),
                Some("https://codeartifact.cn-north-1.amazonaws.com.cn/"),
            ),
            ("us-east-1", config().use_fips(true), None),
            ("us-east-1", config().use_dual_stack(true), None),
            (
                "us-east-1",
                config().endpoint_url("http://localhost:4566"),
                None,
            ),
        ];
        for (region, config, expected) in rows {
            let url = usual_codeartifact_url(&config.build(), region);
            assert_eq!(url.as_deref(), expected);
        }
    }

    #[test]
    fn an_endpoint_override_is_a_url() {
        let rows = [
            ("http://localhost:4566", true),
            ("https://vpce-1.sts.us-east-1.vpce.amazonaws.com/", true),
            ("http://127.0.0.1:1/h/sts.us-east-1.amazonaws.com", true),
            ("", false),
            ("localhost:4566", false),
            ("ftp://localhost", false),
            ("http://", false),
            ("http:///path", false),
            ("http://:80", false),
            ("http://local host", false),
            ("https://é", false),
        ];
        for (text, expected) in rows {
            assert_eq!(is_url(text), expected, "{text}");
        }
    }
}
