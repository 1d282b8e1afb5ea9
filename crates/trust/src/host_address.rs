//! Where a machine that one trusts is reached: `HOST`, `HOST:PORT`, `[V6]:PORT`. It is written and
//! read here and nothing is looked up; lines know how to get there.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use crate::hex::serde_text;

/// The port where none is given: "LAND" on a telephone keypad.
pub const PORT_DEFAULT: u16 = 5263;

/// The longest host, in bytes. A domain name may have 253 (RFC 1035); with 247 a whole address, its
/// brackets and its port fit into 255, so that one byte tells its length in a ticket.
pub const HOST_BYTES_MAX: usize = 247;

/// The most addresses that are kept for one machine, in the address book and in a ticket.
pub const ADDRESSES_MAX: usize = 8;

/// A host and a port on it. As text an IPv6 address stands in brackets and the port always follows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostAddress {
    host: String,
    port: u16,
}

/// Why a text is no address of a machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostAddressError {
    /// A scheme in front: that asks for a plain wire.
    #[error("{0:?} asks for a plain wire: write HOST, HOST:PORT or [V6]:PORT")]
    Scheme(String),
    /// Nothing where the host should be, more than [`HOST_BYTES_MAX`] bytes, or signs that no host
    /// has.
    #[error("{0:?} names no host: write HOST, HOST:PORT or [V6]:PORT")]
    Host(String),
    /// What stands for the port is not a number from 1 to 65535.
    #[error("{0:?} is no port: write a number from 1 to 65535")]
    Port(String),
    /// An IPv6 address without brackets, or brackets around something else.
    #[error("{0:?}: an IPv6 address, and nothing else, stands in brackets")]
    Brackets(String),
}

impl HostAddressError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Scheme(_) => "trust-address-scheme",
            Self::Host(_) => "trust-address-host",
            Self::Port(_) => "trust-address-port",
            Self::Brackets(_) => "trust-address-brackets",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Scheme(text) | Self::Host(text) | Self::Port(text) | Self::Brackets(text) => {
                vec![("value", text.clone())]
            }
        }
    }
}

impl HostAddress {
    /// A host without brackets, and a port.
    ///
    /// # Errors
    /// When the host is no name and no address, or the port is 0.
    pub fn new(host: &str, port: u16) -> Result<Self, HostAddressError> {
        if port == 0 {
            return Err(HostAddressError::Port("0".to_owned()));
        }
        if host.len() > HOST_BYTES_MAX {
            return Err(HostAddressError::Host(host.to_owned()));
        }
        if host.contains(':') {
            let (address, zone) = host.split_once('%').unwrap_or((host, "0"));
            if address.parse::<Ipv6Addr>().is_err() || !is_plain_host(zone) {
                return Err(HostAddressError::Brackets(host.to_owned()));
            }
        } else if !is_plain_host(host) {
            return Err(HostAddressError::Host(host.to_owned()));
        }
        let host = host.to_owned();
        Ok(Self { host, port })
    }

    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, never 0.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for HostAddress {
    type Err = HostAddressError;

    fn from_str(text: &str) -> Result<Self, HostAddressError> {
        let wrong = |error: fn(String) -> HostAddressError| error(text.to_owned());
        if text.contains("://") {
            return Err(wrong(HostAddressError::Scheme));
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (host, after) = rest
                .split_once(']')
                .filter(|(host, _)| host.contains(':'))
                .ok_or_else(|| wrong(HostAddressError::Brackets))?;
            let port = match after.strip_prefix(':') {
                Some(port) => parse_port(port)?,
                None if after.is_empty() => PORT_DEFAULT,
                None => return Err(HostAddressError::Port(after.to_owned())),
            };
            return Self::new(host, port);
        }
        match text.split_once(':') {
            Some((_, port)) if port.contains(':') => Err(wrong(HostAddressError::Brackets)),
            Some((host, port)) => Self::new(host, parse_port(port)?),
            None => Self::new(text, PORT_DEFAULT),
        }
    }
}

impl fmt::Display for HostAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            write!(out, "[{host}]:{port}")
        } else {
            write!(out, "{host}:{port}")
        }
    }
}

serde_text!(HostAddress);

/// Digits only: a sign in front, which numbers may have, is none of a port's.
fn parse_port(text: &str) -> Result<u16, HostAddressError> {
    let is_number = text.bytes().all(|digit| digit.is_ascii_digit());
    let port = text.parse().ok().filter(|port| is_number && *port != 0);
    port.ok_or_else(|| HostAddressError::Port(text.to_owned()))
}

/// Whether `host` may be a domain name, in any script, or an IPv4 address.
fn is_plain_host(host: &str) -> bool {
    let is_plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '.' | '_');
    !host.is_empty() && !host.starts_with('-') && host.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_form() {
        let check = |text: &str, expected: &str| {
            let address: HostAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), expected);
            assert_eq!(expected.parse(), Ok(address));
        };
        check("office", "office:5263");
        check("office.example:9", "office.example:9");
        check("127.0.0.1:65535", "127.0.0.1:65535");
        check("[::1]", "[::1]:5263");
        check("[fe80::1%eth0]:70", "[fe80::1%eth0]:70");
        check("bücher.example", "bücher.example:5263");
    }

    #[test]
    fn what_is_no_address_says_why() {
        let check = |text: &str, key| {
            let error = text.parse::<HostAddress>().unwrap_err();
            assert_eq!(error.key(), key, "{text:?}: {error}");
        };
        check("tcp://office:1", "trust-address-scheme");
        for text in [
            "",
            ":1",
            "a b:1",
            "-x:1",
            "a/b",
            "a\n",
            "u@h",
            &"h".repeat(HOST_BYTES_MAX + 1),
        ] {
            check(text, "trust-address-host");
        }
        for text in ["h:", "h:0", "h:65536", "h:+1", "[::1]x", "[::1]:"] {
            check(text, "trust-address-port");
        }
        for text in ["::1", "[h]:1", "[::1", "[::g]:1", "[]:1", "[::1%]:1"] {
            check(text, "trust-address-brackets");
        }
    }
}
