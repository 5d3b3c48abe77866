//! Addresses of a bus, as `DBUS_SESSION_BUS_ADDRESS` lists them. Only sockets of this machine count.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::Path;

use percent_encoding::percent_decode_str;

/// The sockets that the bus may listen on, in order.
#[derive(Debug, Clone)]
pub(crate) struct Address(Vec<SocketAddr>);

impl Address {
    /// Reads a list of addresses. Every entry may be the one in use, so one that is not local rules out all.
    pub(crate) fn parse(list: &str) -> Option<Self> {
        list.split(';').map(socket).collect::<Option<_>>().map(Self)
    }

    /// Takes the path of a socket as it is.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        Some(Self(vec![SocketAddr::from_pathname(path).ok()?]))
    }

    /// Connects to the first socket that accepts; fails as the last one does.
    pub(super) fn connect(&self) -> io::Result<UnixStream> {
        let none = Err(io::ErrorKind::NotFound.into());
        self.0.iter().fold(none, |connected, socket| {
            connected.or_else(|_| UnixStream::connect_addr(socket))
        })
    }
}

/// Other keys, as `guid`, do not say where the socket is.
fn socket(entry: &str) -> Option<SocketAddr> {
    let pairs = entry.strip_prefix("unix:")?.split(',');
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| {
        let value: Vec<u8> = percent_decode_str(value).collect();
        match key {
            "path" => SocketAddr::from_pathname(OsStr::from_bytes(&value)).ok(),
            "abstract" => without_file(&value),
            _ => None,
        }
    })
}

#[cfg(target_os = "linux")]
fn without_file(name: &[u8]) -> Option<SocketAddr> {
    use std::os::linux::net::SocketAddrExt;
    SocketAddr::from_abstract_name(name).ok()
}

#[cfg(not(target_os = "linux"))]
fn without_file(_name: &[u8]) -> Option<SocketAddr> {
    None
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    /// Paths as they are, abstract names after an `@`.
    fn parsed(list: &str) -> Option<Vec<String>> {
        let Address(sockets) = Address::parse(list)?;
        Some(sockets.iter().map(spelled).collect())
    }

    fn spelled(socket: &SocketAddr) -> String {
        #[cfg(target_os = "linux")]
        if let Some(name) = std::os::linux::net::SocketAddrExt::as_abstract_name(socket) {
            return format!("@{}", name.escape_ascii());
        }
        let path = socket.as_pathname().unwrap();
        path.as_os_str().as_bytes().escape_ascii().to_string()
    }

    #[test]
    fn lists_of_local_sockets_are_read() {
        let rows: [(&str, &[&str]); 8] = [
            ("unix:path=/run/user/1000/bus", &["/run/user/1000/bus"]),
            ("unix:path=/run/bus,guid=0a1b", &["/run/bus"]),
            ("unix:guid=0a1b,path=/run/bus", &["/run/bus"]),
            ("unix:path=/run/a%20b%2c%3b", &["/run/a b,;"]),
            ("unix:path=/run/%ff", &["/run/\\xff"]),
            ("unix:abstract=/tmp/dbus-x,guid=0", &["@/tmp/dbus-x"]),
            (
                "unix:abstract=x%20y;unix:path=/run/bus",
                &["@x y", "/run/bus"],
            ),
            ("unix:path=/a;unix:path=/b", &["/a", "/b"]),
        ];
        for (list, expected) in rows {
            assert_eq!(parsed(list).unwrap(), expected, "{list}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        let rows = [
            "",
            "autolaunch:",
            "tcp:host=example.com,port=1234",
            "unix:",
            "unix:guid=0",
            "unix:path",
            "unix:tmpdir=/tmp",
            "unix:runtime=yes",
            "unixexec:path=/bin/true",
            "unix:path=/run/bus;",
            "unix:path=/run/bus;tcp:host=example.com,port=1234",
            "unix:path=/run/%00",
        ];
        for list in rows {
            assert_eq!(parsed(list), None, "{list}");
        }
        assert_eq!(parsed(&format!("unix:path=/{}", "x".repeat(200))), None);
    }

    #[test]
    fn the_first_socket_that_accepts_is_used() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("bus");
        let missing = Address::of_path(&path).unwrap();
        let error = missing.connect().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let _listener = UnixListener::bind(&path).unwrap();
        let list = format!("unix:path=/nonexistent;unix:path={}", path.display());
        Address::parse(&list).unwrap().connect().unwrap();
    }
}
