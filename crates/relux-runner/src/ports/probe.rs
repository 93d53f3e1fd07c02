//! Whether anything on this host uses a port, and which ports are worth asking about.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, bind, sockopt};

use super::BLOCK;
use crate::sys;

/// Where the kernel's own range begins if it does not say.
const EPHEMERAL: u16 = 32768;

/// Whether nobody uses the port: a plain bind succeeds on all addresses of both families, for streams and datagrams.
/// Connections that are still closing count as use, because a service that does not set `SO_REUSEADDR` fails on them.
pub(super) fn is_free(port: u16) -> bool {
    let everywhere: [(AddressFamily, SocketAddr); 2] = [
        (AddressFamily::INET, (Ipv4Addr::UNSPECIFIED, port).into()),
        (AddressFamily::INET6, (Ipv6Addr::UNSPECIFIED, port).into()),
    ];
    everywhere.iter().all(|&(family, address)| {
        [SocketType::STREAM, SocketType::DGRAM]
            .into_iter()
            .all(|kind| can_bind(family, kind, address))
    })
}

fn can_bind(family: AddressFamily, kind: SocketType, address: SocketAddr) -> bool {
    let socket = match sys::socket(family, kind) {
        Ok(socket) => socket,
        // What does not exist here is in nobody's use.
        Err(Errno::AFNOSUPPORT | Errno::PROTONOSUPPORT) => return true,
        Err(_) => return false,
    };
    if family == AddressFamily::INET6 {
        let _ = sockopt::set_ipv6_v6only(&socket, true);
    }
    !matches!(bind(&socket, &address), Err(Errno::ADDRINUSE | Errno::ACCESS))
}

/// Above the privileged ports and below those that the kernel gives to outgoing connections.
pub(super) fn default_range() -> (u16, u16) {
    let number = |file: &str| -> Option<u16> {
        let text = fs::read_to_string(file).ok()?;
        text.split_ascii_whitespace().next()?.parse().ok()
    };
    range_below(
        number("/proc/sys/net/ipv4/ip_unprivileged_port_start"),
        number("/proc/sys/net/ipv4/ip_local_port_range"),
    )
}

fn range_below(unprivileged: Option<u16>, ephemeral: Option<u16>) -> (u16, u16) {
    let first = unprivileged.unwrap_or(1024).max(1024);
    let ephemeral = ephemeral.unwrap_or(EPHEMERAL);
    let end = if ephemeral > first.saturating_add(BLOCK) {
        ephemeral
    } else {
        EPHEMERAL.max(first.saturating_add(BLOCK))
    };
    (first, end - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_range_is_below_the_ephemeral_ports() {
        assert_eq!(range_below(Some(1024), Some(32768)), (1024, 32767));
        assert_eq!(range_below(Some(80), Some(10000)), (1024, 9999));
        assert_eq!(range_below(None, None), (1024, 32767));
        // A host that gives all of its ports to outgoing connections leaves nothing below.
        assert_eq!(range_below(Some(1024), Some(1024)), (1024, 32767));
        let (first, last) = default_range();
        assert!(first >= 1024 && last > first);
    }
}
