//! Tickets: all that one needs for first contact with a server, as one line of text to copy or scan.
//! It does not know which tickets a server still takes.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE32_NOPAD, BASE32_NOPAD_NOCASE};

use crate::hex::hex_text;
use crate::host_address::{ADDRESSES_MAX, HostAddress};
use crate::peer_id::PeerId;
use crate::proof::TicketSecret;

/// What a ticket's text starts with.
pub const TICKET_START: &str = "landline1-";

/// The longest text that is looked at, in bytes: [`ADDRESSES_MAX`] addresses of full length.
pub const TICKET_BYTES_MAX: usize = 4096;

/// The version of what follows [`TICKET_START`].
const VERSION: u8 = 1;

/// Bytes of the check at the end: the start of the SHA-256 of what stands before it. It tells a ticket
/// that was not copied whole; it keeps no secret.
const CHECK_BYTES: usize = 4;

/// Which of a server's tickets it is: 64 random bits, as text 16 hexadecimal digits. It is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId(pub(crate) [u8; 8]);

/// First contact in one line. Its text is `landline1-` and, in base32 (RFC 4648, read in either case,
/// written in lower case, without padding):
///
/// ```text
/// version 1 │ server's key hash 32 │ id 8 │ secret 16 │ count 1 │ addresses │ check 4
///                                     each address: length 1, then HOST:PORT in UTF-8
/// ```
///
/// Whoever has the text may pair once: it is a secret. `Debug` does not show that part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The server that made it. Whoever answers with another key is not that server.
    pub server: PeerId,
    /// Which one it is.
    pub id: TicketId,
    /// What both ends prove to know.
    pub secret: TicketSecret,
    addresses: Vec<HostAddress>,
}

/// Why there is no ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// The text does not start as tickets do.
    #[error("a ticket starts with {TICKET_START}")]
    NotATicket,
    /// It is no base32, is cut, goes on after its end, or its check does not fit.
    #[error("the ticket is damaged: it was not copied whole, or was changed")]
    Damaged,
    /// It was made by a later version of the program.
    #[error("the ticket has version {0}, which is not known: a newer landline made it")]
    Version(u8),
    /// It holds an address that is none.
    #[error("the ticket holds an address that is none")]
    Address,
    /// It would have no address, or more than [`ADDRESSES_MAX`].
    #[error("a ticket has 1 to {ADDRESSES_MAX} addresses, and this one would have {0}")]
    Addresses(usize),
    /// A ticket's id or a proof is not written in hexadecimal digits of the right number.
    #[error("a ticket's id has 16 hexadecimal digits, and a proof 64")]
    NotHex,
}

impl TicketError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotATicket => "trust-ticket-start",
            Self::Damaged => "trust-ticket-damaged",
            Self::Version(_) => "trust-ticket-version",
            Self::Address => "trust-ticket-address",
            Self::Addresses(_) => "trust-ticket-addresses",
            Self::NotHex => "trust-ticket-not-hex",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Version(version) => vec![("version", version.to_string())],
            Self::Addresses(count) => vec![
                ("count", count.to_string()),
                ("max", ADDRESSES_MAX.to_string()),
            ],
            Self::NotATicket | Self::Damaged | Self::Address | Self::NotHex => Vec::new(),
        }
    }
}

impl Ticket {
    /// A ticket of `server`, which is reached at `addresses`, best first.
    ///
    /// # Errors
    /// When there is no address, or more than [`ADDRESSES_MAX`].
    pub fn new(
        server: PeerId,
        id: TicketId,
        secret: TicketSecret,
        addresses: Vec<HostAddress>,
    ) -> Result<Self, TicketError> {
        match addresses.len() {
            1..=ADDRESSES_MAX => Ok(Self {
                server,
                id,
                secret,
                addresses,
            }),
            count => Err(TicketError::Addresses(count)),
        }
    }

    /// The same ticket, of a server that is reached at `address` and nowhere else.
    pub fn at(mut self, address: HostAddress) -> Self {
        self.addresses = vec![address];
        self
    }

    /// Where the server is reached, best first: 1 to [`ADDRESSES_MAX`].
    pub fn addresses(&self) -> &[HostAddress] {
        &self.addresses
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![VERSION];
        bytes.extend(self.server.as_bytes());
        bytes.extend(self.id.0);
        bytes.extend(self.secret.0);
        bytes.push(u8::try_from(self.addresses.len()).map_err(|_| fmt::Error)?);
        for address in &self.addresses {
            let text = address.to_string();
            bytes.push(u8::try_from(text.len()).map_err(|_| fmt::Error)?);
            bytes.extend(text.into_bytes());
        }
        bytes.extend(check_of(&bytes));
        let text = BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        write!(out, "{TICKET_START}{text}")
    }
}

impl FromStr for Ticket {
    type Err = TicketError;

    /// Reads a ticket, with white space around it left out. What comes is hostile: it is looked at
    /// only within [`TICKET_BYTES_MAX`].
    fn from_str(text: &str) -> Result<Self, TicketError> {
        let text = text.trim_ascii();
        let start = text.get(..TICKET_START.len());
        if !start.is_some_and(|start| start.eq_ignore_ascii_case(TICKET_START)) {
            return Err(TicketError::NotATicket);
        }
        if text.len() > TICKET_BYTES_MAX {
            return Err(TicketError::Damaged);
        }
        let encoded = &text.as_bytes()[TICKET_START.len()..];
        let bytes = BASE32_NOPAD_NOCASE
            .decode(encoded)
            .map_err(|_| TicketError::Damaged)?;
        let (bytes, check) = bytes.split_last_chunk().ok_or(TicketError::Damaged)?;
        if check_of(bytes) != *check {
            return Err(TicketError::Damaged);
        }
        read(bytes)
    }
}

hex_text!(TicketId, 8, TicketError, TicketError::NotHex);

fn check_of(bytes: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = digest(&SHA256, bytes);
    std::array::from_fn(|index| hash.as_ref()[index])
}

fn read(mut bytes: &[u8]) -> Result<Ticket, TicketError> {
    let [version] = take(&mut bytes)?;
    if version != VERSION {
        return Err(TicketError::Version(version));
    }
    let server = PeerId::from_bytes(take(&mut bytes)?);
    let id = TicketId(take(&mut bytes)?);
    let secret = TicketSecret(take(&mut bytes)?);
    let [count] = take(&mut bytes)?;
    // Counted before they are read, so that no more memory is taken than for a good ticket.
    if !(1..=ADDRESSES_MAX).contains(&usize::from(count)) {
        return Err(TicketError::Addresses(usize::from(count)));
    }
    let addresses: Result<_, _> = (0..count).map(|_| read_address(&mut bytes)).collect();
    let addresses = addresses?;
    if !bytes.is_empty() {
        return Err(TicketError::Damaged);
    }
    Ticket::new(server, id, secret, addresses)
}

/// An address in the one form in which it is written, so that each ticket has one text.
fn read_address(bytes: &mut &[u8]) -> Result<HostAddress, TicketError> {
    let [length] = take(bytes)?;
    let (text, rest) = bytes
        .split_at_checked(length.into())
        .ok_or(TicketError::Damaged)?;
    *bytes = rest;
    let text = std::str::from_utf8(text).map_err(|_| TicketError::Address)?;
    let address: HostAddress = text.parse().map_err(|_| TicketError::Address)?;
    let is_plain = address.to_string() == text;
    is_plain.then_some(address).ok_or(TicketError::Address)
}

/// The next `N` bytes.
fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], TicketError> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(TicketError::Damaged)?;
    *bytes = rest;
    Ok(*taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ticket(addresses: &[&str]) -> Ticket {
        let addresses = addresses.iter().map(|it| it.parse().unwrap()).collect();
        let server = PeerId::from_bytes([1; 32]);
        Ticket::new(server, TicketId([2; 8]), TicketSecret([3; 16]), addresses).unwrap()
    }

    fn text_of(bytes: &[u8]) -> String {
        let whole = [bytes, &check_of(bytes)].concat();
        format!("{TICKET_START}{}", BASE32_NOPAD.encode(&whole))
    }

    fn bytes_of(ticket: &Ticket) -> Vec<u8> {
        let text = ticket.to_string();
        let mut bytes = BASE32_NOPAD_NOCASE
            .decode(&text.as_bytes()[TICKET_START.len()..])
            .unwrap();
        bytes.truncate(bytes.len() - CHECK_BYTES);
        bytes
    }

    #[test]
    fn a_ticket_is_one_word_and_back() {
        let ticket = ticket(&["office.example:5263", "[::1]:70"]);
        let text = ticket.to_string();
        assert!(
            text[TICKET_START.len()..]
                .bytes()
                .all(|it| it.is_ascii_alphanumeric()),
            "{text}"
        );
        assert_eq!(text.parse(), Ok(ticket.clone()));
        assert_eq!(
            format!(" {}\r\n", text.to_uppercase()).parse(),
            Ok(ticket.clone())
        );
        assert!(!format!("{ticket:?}").contains("3, 3"));
    }

    #[test]
    fn the_longest_ticket_is_taken() {
        let host = format!("{}:65535", "h".repeat(crate::HOST_BYTES_MAX));
        let longest = ticket(&[&*host; ADDRESSES_MAX]);
        assert!(longest.to_string().len() <= TICKET_BYTES_MAX);
        assert_eq!(longest.to_string().parse(), Ok(longest));
    }

    #[test]
    fn a_ticket_that_was_not_copied_whole_is_told() {
        let text = ticket(&["office:5263"]).to_string();
        for length in TICKET_START.len()..text.len() {
            assert_eq!(
                text[..length].parse::<Ticket>(),
                Err(TicketError::Damaged),
                "{length}"
            );
        }
        for index in TICKET_START.len()..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[index] = if changed[index] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                changed.parse::<Ticket>(),
                Err(TicketError::Damaged),
                "{index}"
            );
        }
        assert_eq!(
            format!("{text}a").parse::<Ticket>(),
            Err(TicketError::Damaged)
        );
        assert_eq!(
            "landline2-aa".parse::<Ticket>(),
            Err(TicketError::NotATicket)
        );
    }

    #[test]
    fn what_checks_but_is_no_ticket_is_refused() {
        let good = bytes_of(&ticket(&["office:5263"]));
        let check = |change: &dyn Fn(&mut Vec<u8>), expected| {
            let mut bytes = good.clone();
            change(&mut bytes);
            assert_eq!(text_of(&bytes).parse::<Ticket>(), Err(expected));
        };
        check(&|bytes| bytes[0] = 2, TicketError::Version(2));
        check(&|bytes| bytes[57] = 0, TicketError::Addresses(0));
        check(&|bytes| bytes[57] = 255, TicketError::Addresses(255));
        check(&|bytes| bytes[57] = 2, TicketError::Damaged);
        check(&|bytes| bytes[58] = 255, TicketError::Damaged);
        check(&|bytes| bytes[59] = b'/', TicketError::Address);
        check(&|bytes| bytes[59] = 0xff, TicketError::Address);
        check(&|bytes| bytes.push(0), TicketError::Damaged);
        check(&|bytes| bytes.truncate(40), TicketError::Damaged);
        check(&|bytes| bytes.clear(), TicketError::Damaged);
        // `office` alone means the same address, and is not how a ticket writes it.
        check(
            &|bytes| {
                bytes.truncate(65);
                bytes[58] = 6;
            },
            TicketError::Address,
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_ticket_or_an_error(text in "(landline1-|)[a-z2-7]{0,300}") {
            let _ = text.parse::<Ticket>();
        }

        #[test]
        fn bytes_that_check_have_one_text(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            if let Ok(read) = text_of(&bytes).parse::<Ticket>() {
                prop_assert_eq!(bytes_of(&read), bytes);
            }
        }

        #[test]
        fn any_ticket_goes_there_and_back(
            server: [u8; 32], id: [u8; 8], secret: [u8; 16],
            hosts in prop::collection::vec("[a-z0-9][a-z0-9.-]{0,40}", 1..=ADDRESSES_MAX), port in 1u16..,
        ) {
            let address = |host: &String| HostAddress::new(host, port).unwrap();
            let addresses = hosts.iter().map(address).collect();
            let server = PeerId::from_bytes(server);
            let ticket = Ticket::new(server, TicketId(id), TicketSecret(secret), addresses).unwrap();
            prop_assert_eq!(ticket.to_string().parse(), Ok(ticket));
        }
    }
}
