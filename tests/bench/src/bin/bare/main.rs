//! The least that a program does to get a token through roles: the same signed requests over the same TLS library,
//! in as few round trips as they can take, and no SDK. It knows one way (keys from the environment, a proxy, one CA
//! file) and explains no failure.
//!
//!     bench-bare REGION DOMAIN OWNER [ROLE [EXTERNAL-ID]]…      an external id may be `-`: none

mod channel;
mod credentials;

use std::io::Write;

use anyhow::{Context, bail};
use channel::{Channel, Roots};
use credentials::Credentials;

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let token = runtime.block_on(token(&arguments))?;
    writeln!(std::io::stdout(), "{token}")?;
    Ok(())
}

async fn token(arguments: &[String]) -> anyhow::Result<String> {
    let [region, domain, owner, roles @ ..] = arguments else {
        bail!("usage: bench-bare REGION DOMAIN OWNER [ROLE EXTERNAL-ID]…");
    };
    let roots = Roots::from_environment()?;
    let host = format!("codeartifact.{region}.amazonaws.com");
    let last = tokio::spawn(Channel::open(host, roots.clone()));
    let credentials = assume(roles, region, roots).await?;
    let target =
        format!("/v1/authorization-token?domain={domain}&domain-owner={owner}&duration=43200");
    let mut channel = last.await??;
    let signed = credentials.sign(region, "codeartifact", channel.host(), &target, "")?;
    let answer = channel.post(&target, signed, String::new()).await?;
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    let token = answer["authorizationToken"].as_str();
    Ok(token.context("no token in the answer")?.to_owned())
}

/// Walks the chain over one connection.
async fn assume(roles: &[String], region: &str, roots: Roots) -> anyhow::Result<Credentials> {
    let mut credentials = Credentials::from_environment()?;
    if roles.is_empty() {
        return Ok(credentials);
    }
    let mut channel = Channel::open(format!("sts.{region}.amazonaws.com"), roots).await?;
    for pair in roles.chunks(2) {
        let body = assume_role(pair);
        let signed = credentials.sign(region, "sts", channel.host(), "/", &body)?;
        let answer = channel.post("/", signed, body).await?;
        credentials = Credentials::from_xml(&answer)?;
    }
    Ok(credentials)
}

fn assume_role(pair: &[String]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", &pair[0]),
        ("RoleSessionName", "bench"),
        ("DurationSeconds", "3600"),
    ]);
    if let Some(external_id) = pair.get(1).filter(|external_id| *external_id != "-") {
        form.append_pair("ExternalId", external_id);
    }
    form.finish()
}
