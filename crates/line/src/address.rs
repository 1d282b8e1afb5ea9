//! Addresses of plain lines as a person writes them: `tcp://HOST:PORT`, `udp://HOST:PORT`,
//! `unix:PATH`, `unixgram:PATH`. Parsing does no I/O; names are resolved when a line is made.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// The longest path of a socket file in bytes: `sun_path` holds 108 with its NUL (unix(7)).
pub const SOCKET_PATH_BYTES_MAX: usize = 107;

/// Where a plain line leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `tcp://HOST:PORT`: a stream.
    Tcp(HostPort),
    /// `udp://HOST:PORT`: datagrams.
    Udp(HostPort),
    /// `unix:PATH`: a stream through a socket file.
    Unix(PathBuf),
    /// `unixgram:PATH`: datagrams through a socket file.
    Unixgram(PathBuf),
}

/// A machine and a port on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    pub host: String,
    /// 0 asks for any free port when listening.
    pub port: u16,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No `tcp://`, `udp://`, `unix:` or `unixgram:` in front.
    #[error("it names no wire: write tcp://, udp://, unix: or unixgram: in front")]
    NoScheme,
    /// A word before `://` that is none of ours.
    #[error("the wire {0:?} is not known: write tcp://, udp://, unix: or unixgram:")]
    UnknownScheme(String),
    /// Nothing where the host should be.
    #[error("it names no host: write for example tcp://127.0.0.1:9000")]
    NoHost,
    /// White space or a control character in the host.
    #[error("{0:?} is no host: write a name or an address")]
    BadHost(String),
    /// No colon and number at the end.
    #[error("it names no port: write for example tcp://127.0.0.1:9000")]
    NoPort,
    /// What stands for the port is not a number from 0 to 65535.
    #[error("{0:?} is no port: write a number from 0 to 65535")]
    BadPort(String),
    /// Colons in the host, but no brackets around it.
    #[error("an IPv6 address stands in brackets: write for example tcp://[::1]:9000")]
    NoBrackets,
    /// Nothing where the path should be.
    #[error("it names no socket file: write for example unix:/tmp/landline.sock")]
    NoPath,
    /// A path that the kernel cannot take.
    #[error("the socket file's path has {0} bytes, and the kernel takes 107: choose a shorter one")]
    PathTooLong(usize),
}

impl AddressError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoScheme => "address-no-scheme",
            Self::UnknownScheme(_) => "address-unknown-scheme",
            Self::NoHost => "address-no-host",
            Self::BadHost(_) => "address-bad-host",
            Self::NoPort => "address-no-port",
            Self::BadPort(_) => "address-bad-port",
            Self::NoBrackets => "address-no-brackets",
            Self::NoPath => "address-no-path",
            Self::PathTooLong(_) => "address-path-too-long",
        }
    }

    /// What its sentence names, if anything.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::UnknownScheme(text) | Self::BadHost(text) | Self::BadPort(text) => {
                Some(text.clone())
            }
            Self::PathTooLong(bytes) => Some(bytes.to_string()),
            _ => None,
        }
    }
}

impl Address {
    /// Whether it carries datagrams; else it carries a stream.
    pub fn is_datagram(&self) -> bool {
        matches!(self, Self::Udp(_) | Self::Unixgram(_))
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if let Some(rest) = text.strip_prefix("tcp://") {
            return rest.parse().map(Self::Tcp);
        }
        if let Some(rest) = text.strip_prefix("udp://") {
            return rest.parse().map(Self::Udp);
        }
        if let Some(rest) = text.strip_prefix("unix:") {
            return socket_path(rest).map(Self::Unix);
        }
        if let Some(rest) = text.strip_prefix("unixgram:") {
            return socket_path(rest).map(Self::Unixgram);
        }
        match text.split_once("://") {
            Some((scheme, _)) => Err(AddressError::UnknownScheme(scheme.into())),
            None => Err(AddressError::NoScheme),
        }
    }
}

fn socket_path(text: &str) -> Result<PathBuf, AddressError> {
    match text.len() {
        0 => Err(AddressError::NoPath),
        length if length > SOCKET_PATH_BYTES_MAX => Err(AddressError::PathTooLong(length)),
        _ => Ok(PathBuf::from(text)),
    }
}

impl FromStr for HostPort {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or(AddressError::NoBrackets)?;
                (host, after.strip_prefix(':').ok_or(AddressError::NoPort)?)
            }
            None => {
                let (host, port) = text.rsplit_once(':').ok_or(AddressError::NoPort)?;
                if host.contains(':') {
                    return Err(AddressError::NoBrackets);
                }
                (host, port)
            }
        };
        if host.is_empty() {
            return Err(AddressError::NoHost);
        }
        if host
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
        {
            return Err(AddressError::BadHost(host.into()));
        }
        let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| port.parse().ok()).flatten();
        let port = number.ok_or_else(|| AddressError::BadPort(port.into()))?;
        Ok(Self {
            host: host.into(),
            port,
        })
    }
}

impl HostPort {
    /// Every socket address that the host has now: never an empty list.
    pub async fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await?;
        let addresses: Vec<SocketAddr> = found.collect();
        if addresses.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the host has no address",
            ));
        }
        Ok(addresses)
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            return write!(out, "[{host}]:{port}");
        }
        write!(out, "{host}:{port}")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(place) => write!(out, "tcp://{place}"),
            Self::Udp(place) => write!(out, "udp://{place}"),
            Self::Unix(path) => write!(out, "unix:{}", path.display()),
            Self::Unixgram(path) => write!(out, "unixgram:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, AddressError>) {
        let parsed = text.parse::<Address>().map(|address| address.to_string());
        assert_eq!(parsed, expected.map(String::from), "{text}");
    }

    #[test]
    fn each_family_parses_and_shows_as_written() {
        for text in [
            "tcp://127.0.0.1:9000",
            "tcp://localhost:0",
            "tcp://[::1]:65535",
            "udp://0.0.0.0:1",
            "unix:relative.sock",
            "unix:/tmp/a b:c",
            "unixgram:/tmp/x",
        ] {
            check(text, Ok(text));
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        check("127.0.0.1:9000", Err(AddressError::NoScheme));
        check("", Err(AddressError::NoScheme));
        check(
            "http://a:1",
            Err(AddressError::UnknownScheme("http".into())),
        );
        check("tcp://:9000", Err(AddressError::NoHost));
        check("tcp://[]:9000", Err(AddressError::NoHost));
        check("tcp://a b:1", Err(AddressError::BadHost("a b".into())));
        check("tcp://host", Err(AddressError::NoPort));
        check("tcp://[::1]", Err(AddressError::NoPort));
        check("tcp://host:", Err(AddressError::BadPort(String::new())));
        check(
            "tcp://host:65536",
            Err(AddressError::BadPort("65536".into())),
        );
        check("tcp://host:+1", Err(AddressError::BadPort("+1".into())));
        check("tcp://host:-1", Err(AddressError::BadPort("-1".into())));
        check("tcp://::1:9000", Err(AddressError::NoBrackets));
        check("tcp://[::1:9000", Err(AddressError::NoBrackets));
        check("unix:", Err(AddressError::NoPath));
        check(
            &format!("unix:/{}", "a".repeat(107)),
            Err(AddressError::PathTooLong(108)),
        );
    }
}
