//! Which addresses the proxy connects to, once a name is resolved. A build must not reach through it what is not
//! reachable from outside: this machine, its network, its cloud's metadata service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns true for an address of the public Internet: other hosts may be there.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match unwrapped(address) {
        IpAddr::V4(address) => !is_here(address) && !is_private(address),
        // fc00::/7 is private.
        IpAddr::V6(address) => !is_here_v6(address) && address.segments()[0] & 0xfe00 != 0xfc00,
    }
}

/// Returns true for an address where a repository or its files may be: those of VPC endpoints are private. What answers
/// there must prove by its certificate that it is AWS.
pub(crate) fn is_elsewhere(address: IpAddr) -> bool {
    match unwrapped(address) {
        IpAddr::V4(address) => !is_here(address),
        IpAddr::V6(address) => !is_here_v6(address),
    }
}

/// This machine, this link, or no single host.
fn is_here(address: Ipv4Addr) -> bool {
    let first = address.octets()[0];
    first == 0
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || first >= 240
}

fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    address.is_private()
        // Carriers' and clouds' own (RFC 6598), protocol assignments, benchmarks.
        || (first == 100 && second & 0xc0 == 64)
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && second & 0xfe == 18)
}

fn is_here_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.segments()[0] & 0xffc0 == 0xfe80
        // EC2's metadata service.
        || address == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
        || address == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)
}

/// The IPv4 address that an IPv6 one stands for: mapped, compatible, NAT64 (RFC 6052) or 6to4.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(wrapped) = address else {
        return address;
    };
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match wrapped.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let rows = [
            // address, public, elsewhere
            ("52.94.236.1", true, true),
            ("2600:1f18::1", true, true),
            ("10.0.0.5", false, true),
            ("172.16.3.4", false, true),
            ("172.32.0.1", true, true),
            ("192.168.1.1", false, true),
            ("100.64.0.1", false, true),
            ("198.18.0.1", false, true),
            ("fd12::1", false, true),
            ("127.0.0.1", false, false),
            ("127.1.2.3", false, false),
            ("0.0.0.0", false, false),
            ("0.1.2.3", false, false),
            ("169.254.169.254", false, false),
            ("169.254.170.2", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
            ("::1", false, false),
            ("::", false, false),
            ("fe80::1", false, false),
            ("fd00:ec2::254", false, false),
            ("ff02::1", false, false),
            ("::ffff:127.0.0.1", false, false),
            ("::ffff:10.0.0.1", false, true),
            ("::ffff:52.94.236.1", true, true),
            ("::169.254.169.254", false, false),
            ("64:ff9b::7f00:1", false, false),
            ("64:ff9b::a9fe:a9fe", false, false),
            ("2002:7f00:1::", false, false),
        ];
        for (text, public, elsewhere) in rows {
            let address = text.parse().unwrap();
            assert_eq!(is_public(address), public, "{text}");
            assert_eq!(is_elsewhere(address), elsewhere, "{text}");
        }
    }
}
