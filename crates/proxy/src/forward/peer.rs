//! Who is at the other end of a loopback connection. Java sends no password to a proxy for https, so its listener asks
//! the system instead.

use tokio::net::TcpStream;

/// Returns true if the connection comes from a process of this user. Where the system does not say, nobody is.
pub(crate) fn is_this_user(stream: &TcpStream) -> bool {
    let (Ok(peer), Ok(own)) = (stream.peer_addr(), stream.local_addr()) else {
        return false;
    };
    system::owner(peer, own).is_some_and(|owner| owner == system::us())
}

#[cfg(target_os = "linux")]
mod system {
    use std::net::{IpAddr, SocketAddr};

    /// Java's sockets are of IPv6, which has IPv4's addresses behind a prefix (RFC 4291, 2.5.5.2).
    const SOCKETS: [(&str, &str); 2] = [
        ("/proc/self/net/tcp", ""),
        ("/proc/self/net/tcp6", "0000000000000000"),
    ];

    pub(super) fn us() -> u32 {
        rustix::process::geteuid().as_raw()
    }

    /// The owner of the socket that is the peer's end.
    pub(super) fn owner(peer: SocketAddr, own: SocketAddr) -> Option<u32> {
        SOCKETS.iter().find_map(|(path, prefix)| {
            let text = std::fs::read_to_string(path).ok()?;
            owner_in(&text, written(prefix, peer)?, written(prefix, own)?)
        })
    }

    /// `sl local_address rem_address st tx:rx tr:when retrnsmt uid …`, addresses as the processor has them in memory.
    fn owner_in(text: &str, peer: String, own: String) -> Option<u32> {
        text.lines().find_map(|line| {
            let fields: Vec<&str> = line.split_ascii_whitespace().collect();
            let is_it = fields.get(1) == Some(&&*peer) && fields.get(2) == Some(&&*own);
            is_it.then(|| fields.get(7)?.parse().ok())?
        })
    }

    fn written(prefix: &str, address: SocketAddr) -> Option<String> {
        let IpAddr::V4(ip) = address.ip() else {
            return None;
        };
        let mapped = match prefix {
            "" => String::new(),
            _ => format!("{prefix}{:08X}", u32::from_ne_bytes([0, 0, 0xff, 0xff])),
        };
        let number = u32::from_ne_bytes(ip.octets());
        Some(format!("{mapped}{number:08X}:{:04X}", address.port()))
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn the_owner_of_a_connection_is_found() {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let own = listener.local_addr().unwrap();
            // The second one is a socket of IPv6.
            for host in ["127.0.0.1", "::ffff:127.0.0.1"] {
                let _near = std::net::TcpStream::connect((host, own.port())).unwrap();
                let (_, peer) = listener.accept().unwrap();
                assert_eq!(super::owner(peer, own), Some(super::us()), "{host}");
            }
            assert_eq!(super::owner(own, own), None);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::net::SocketAddr;

    pub(super) fn us() -> u32 {
        0
    }

    pub(super) fn owner(_: SocketAddr, _: SocketAddr) -> Option<u32> {
        None
    }
}
