//! Sockets that no shell inherits, and who holds the others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType};

/// A fresh socket, closed on exec.
#[cfg(not(target_vendor = "apple"))]
pub(crate) fn socket(family: AddressFamily, kind: SocketType) -> Result<OwnedFd, Errno> {
    rustix::net::socket_with(family, kind, rustix::net::SocketFlags::CLOEXEC, None)
}

/// The same where the flag can only be set afterwards.
#[cfg(target_vendor = "apple")]
pub(crate) fn socket(family: AddressFamily, kind: SocketType) -> Result<OwnedFd, Errno> {
    let socket = rustix::net::socket(family, kind, None)?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    Ok(socket)
}

/// A socket that keeps others from a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoundSocket {
    /// `TCP` or `UDP`.
    pub(crate) protocol: &'static str,
    /// Where it is bound.
    pub(crate) address: IpAddr,
    /// It belongs to a connection that is over; no process has it.
    pub(crate) closing: bool,
    inode: u64,
}

/// The sockets on a port of this host. Empty where the system does not tell.
pub(crate) fn sockets_on(port: u16) -> Vec<BoundSocket> {
    let mut all = Vec::new();
    for (file, protocol) in [
        ("/proc/net/tcp", "TCP"),
        ("/proc/net/tcp6", "TCP"),
        ("/proc/net/udp", "UDP"),
        ("/proc/net/udp6", "UDP"),
    ] {
        let table = std::fs::read_to_string(file).unwrap_or_default();
        all.extend(table.lines().skip(1).filter_map(|line| {
            let (socket, at) = parse(line, protocol)?;
            (at == port).then_some(socket)
        }));
    }
    all
}

/// The process that has the socket, if this user may see it.
pub(crate) fn process_of(socket: &BoundSocket) -> Option<i32> {
    let wanted = format!("socket:[{}]", socket.inode);
    super::all_processes().into_iter().find(|pid| {
        std::fs::read_dir(format!("/proc/{pid}/fd")).is_ok_and(|entries| {
            entries
                .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
                .any(|link| link.as_os_str() == wanted.as_str())
        })
    })
}

/// A line of `proc_net_tcp(5)`: number, local address, remote address, state, …, inode as the tenth field.
fn parse(line: &str, protocol: &'static str) -> Option<(BoundSocket, u16)> {
    let mut fields = line.split_ascii_whitespace();
    let (address, port) = fields.nth(1)?.split_once(':')?;
    let state = fields.nth(1)?;
    let inode: u64 = fields.nth(5)?.parse().ok()?;
    let socket = BoundSocket {
        protocol,
        address: parse_address(address)?,
        closing: inode == 0,
        inode,
    };
    // Whoever has such a connection is not who has the port: a client's end, or one accepted by a listener that is listed.
    let connected = protocol == "TCP" && matches!(state, "01" | "02");
    if connected {
        return None;
    }
    Some((socket, u16::from_str_radix(port, 16).ok()?))
}

/// Words of four bytes in the order of the machine.
fn parse_address(hex: &str) -> Option<IpAddr> {
    let words: Vec<[u8; 4]> = hex
        .as_bytes()
        .chunks(8)
        .map(|word| u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok())
        .map(|word| word.map(u32::to_ne_bytes))
        .collect::<Option<_>>()?;
    match *words.as_slice() {
        [word] => Some(Ipv4Addr::from(word).into()),
        [_, _, _, _] => Some(Ipv6Addr::from(<[u8; 16]>::try_from(words.concat()).ok()?).into()),
        _ => None,
    }
}

/// Whether locks there are not a matter of this host.
#[cfg(target_os = "linux")]
pub(crate) fn is_network_file_system(dir: impl AsFd) -> bool {
    /// NFS, SMB, CIFS, SMB2, AFS, CODA of statfs(2).
    const NETWORK: [u32; 6] = [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x5346_414f, 0x7375_7245];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the magic numbers have 32 bits"
    )]
    rustix::fs::fstatfs(dir).is_ok_and(|stat| NETWORK.contains(&(stat.f_type as u32)))
}

/// Elsewhere the directory of temporary files is taken to be local.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_network_file_system(_: impl AsFd) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn lines_of_the_kernel() {
        let line = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31415 1 0000000000000000 100 0 0 10 0";
        let (socket, port) = parse(line, "TCP").expect("a listener");
        assert_eq!((port, socket.inode, socket.closing), (8080, 31415, false));
        assert_eq!(socket.address, Ipv4Addr::LOCALHOST);
        let line = "   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 06 00000000:00000000 03:00000F2B 00000000     0        0 0 3 0000000000000000";
        let (socket, port) = parse(line, "TCP").expect("a closing connection");
        assert_eq!((port, socket.closing), (8080, true));
        assert_eq!(socket.address, Ipv6Addr::LOCALHOST);
        assert_eq!(parse("", "TCP"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_holder_of_a_port_is_found() {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let sockets = sockets_on(port);
        let [socket] = sockets.as_slice() else {
            panic!("{sockets:?}")
        };
        assert_eq!((socket.protocol, socket.closing), ("TCP", false));
        assert_eq!(process_of(socket), i32::try_from(std::process::id()).ok());
    }
}
