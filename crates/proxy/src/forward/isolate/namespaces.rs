//! The system's part: namespaces, mounts, and the loopback of a new network.

use std::fs;
use std::io;
use std::path::Path;

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with,
};

const NOTHING: Option<&str> = None;

/// A user, network, mount and process namespace, in which this user has its own number.
pub(super) fn enter_first() -> io::Result<()> {
    enter(
        CloneFlags::CLONE_NEWUSER
            | CloneFlags::CLONE_NEWNET
            | CloneFlags::CLONE_NEWNS
            | CloneFlags::CLONE_NEWPID
            | CloneFlags::CLONE_NEWIPC,
    )?;
    // What is mounted here is not seen outside.
    Ok(mount(
        NOTHING,
        "/",
        NOTHING,
        MsFlags::MS_REC | MsFlags::MS_PRIVATE,
        NOTHING,
    )?)
}

/// One more user namespace: mounts that come from another one's cannot be undone in it.
pub(super) fn enter_second() -> io::Result<()> {
    enter(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS)
}

fn enter(flags: CloneFlags) -> io::Result<()> {
    let (user, group) = (nix::unistd::geteuid(), nix::unistd::getegid());
    unshare(flags)?;
    // Without this the kernel takes no group from a user who is not root.
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1"))
}

/// An empty directory over a directory, an empty device over anything else.
pub(super) fn hide(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
        return Ok(mount(
            Some("tmpfs"),
            path,
            Some("tmpfs"),
            flags,
            Some("size=64k,mode=0700"),
        )?);
    }
    Ok(mount(
        Some("/dev/null"),
        path,
        NOTHING,
        MsFlags::MS_BIND,
        NOTHING,
    )?)
}

pub(super) fn mount_proc() -> io::Result<()> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    Ok(mount(Some("proc"), "/proc", Some("proc"), flags, NOTHING)?)
}

pub(super) fn end_with_parent() -> io::Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

/// Sends one message of rtnetlink(7): interface 1, which is `lo`, is up.
pub(super) fn bring_up_loopback() -> io::Result<()> {
    // `NETLINK_ROUTE` is 0, the default.
    let protocol = None;
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        protocol,
    )?;
    send(&socket, &up_request(), SendFlags::empty())?;
    let mut answer = [0; 64];
    let (length, _) = recv(&socket, &mut answer[..], RecvFlags::empty())?;
    // A header of 16 bytes, then the error's number, negative.
    let code = answer
        .get(16..20)
        .filter(|_| length >= 20)
        .and_then(|it| it.try_into().ok());
    match code.map(i32::from_ne_bytes) {
        Some(0) => Ok(()),
        Some(code) => Err(io::Error::from_raw_os_error(-code)),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// `nlmsghdr` and `ifinfomsg` of linux/netlink.h and linux/rtnetlink.h.
fn up_request() -> Vec<u8> {
    const LENGTH: u32 = 32;
    const NEW_LINK: u16 = 16;
    const REQUEST_AND_ACK: u16 = 1 | 4;
    const SEQUENCE: u32 = 1;
    const LOOPBACK: i32 = 1;
    const UP: u32 = 1;
    let mut request = Vec::new();
    request.extend(LENGTH.to_ne_bytes());
    request.extend(NEW_LINK.to_ne_bytes());
    request.extend(REQUEST_AND_ACK.to_ne_bytes());
    request.extend(SEQUENCE.to_ne_bytes());
    // From the kernel's view, to itself; then family, padding and type, none of them said.
    request.extend([0; 4 + 4]);
    request.extend(LOOPBACK.to_ne_bytes());
    request.extend(UP.to_ne_bytes());
    request.extend(UP.to_ne_bytes());
    request
}
