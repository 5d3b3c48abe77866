//! How clients find a run's listeners: the URL with the run's secret, plain URLs for go, and the listener that Java needs.

use std::fmt::Display;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use codeartifact_auth::token::Secret;
use tokio::net::TcpListener;

use super::golang::plain as plain_go;
use super::proxy::{Proxy, USER};
use super::server::{Door, accept};
use super::stop::Stop;

/// 128 bits, in hexadecimal digits: no client has to encode them in a URL.
pub(crate) fn secret() -> Result<Secret, Stop> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Stop::Words(format!("no random numbers: {error}\n")))?;
    Ok(Secret::new(
        bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    ))
}

/// The URL with the run's secret, which clients are given.
pub(crate) fn url(secret: &Secret, address: impl Display) -> String {
    format!("http://{USER}:{}@{address}", secret.expose())
}

/// Where this machine's clients reach a listener: one at all of its addresses by loopback. go sends a request to `0.0.0.0`
/// through its proxy.
pub(crate) fn reached_at(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// The GOPROXY of plain URLs, if it is wanted.
pub(crate) fn goproxy(
    proxy: &Proxy,
    list: Option<&str>,
    address: impl Display,
) -> Result<Option<String>, Stop> {
    let Some(list) = list else { return Ok(None) };
    let plain = plain_go::goproxy(list, &proxy.reach, &proxy.secret, address);
    let connection = &proxy.reach.connection;
    plain.map(Some).ok_or_else(|| {
        Stop::Words(format!(
            "GOPROXY names no Go repository of connection `{connection}`\n  \
             hint: run `codeartifact setup go {connection}`, or leave --go out\n"
        ))
    })
}

/// Listens on loopback for Java, if that is wanted.
pub(crate) async fn java_door(
    proxy: &Arc<Proxy>,
    wanted: bool,
) -> io::Result<Option<(String, u16)>> {
    if !wanted {
        return Ok(None);
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(accept(Arc::clone(proxy), listener, Door::SameUser));
    Ok(Some((address.ip().to_string(), address.port())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_at_all_addresses_is_reached_by_loopback() {
        for (address, expected) in [
            ("0.0.0.0:3128", "127.0.0.1:3128"),
            ("[::]:3128", "[::1]:3128"),
            ("10.0.0.7:3128", "10.0.0.7:3128"),
        ] {
            assert_eq!(reached_at(address.parse().unwrap()).to_string(), expected);
        }
    }
}
