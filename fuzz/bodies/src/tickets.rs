//! Tickets: any text is refused or is a ticket, and a ticket has one text.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE32_NOPAD;
use landline_trust::{TICKET_START, Ticket};

/// How many bytes of the SHA-256 stand at a ticket's end.
const CHECK_BYTES: usize = 4;

/// Panics where `data` as a ticket's text, or as what a right check is put to, is a ticket that is written
/// otherwise.
pub fn check(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        check_text(text);
    }
    check_text(&text_of(data));
}

/// Tickets as text, and as the bytes before their check.
pub fn seeds() -> Vec<Vec<u8>> {
    let hosts = [
        &["office.example:5263"][..],
        &["[::1]:70", "10.0.0.1:5263", "b\u{fc}ro:1"],
        &[],
    ];
    let bytes = hosts.map(bytes_of);
    let texts = bytes
        .iter()
        .map(|bytes| text_of(bytes).into_bytes())
        .collect();
    [bytes.to_vec(), texts].concat()
}

fn check_text(text: &str) {
    if let Ok(ticket) = text.parse::<Ticket>() {
        let written = ticket.to_string();
        assert_eq!(written, text.trim_ascii().to_ascii_lowercase());
        assert_eq!(written.parse(), Ok(ticket));
    }
}

/// The text of a ticket whose bytes before the check are these.
fn text_of(bytes: &[u8]) -> String {
    let hash = digest(&SHA256, bytes);
    let whole = [bytes, &hash.as_ref()[..CHECK_BYTES]].concat();
    let text = BASE32_NOPAD.encode(&whole).to_ascii_lowercase();
    format!("{TICKET_START}{text}")
}

/// A ticket of version 1, up to its check.
fn bytes_of(addresses: &[&str]) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend([1; 32].iter().chain(&[2; 8]).chain(&[3; 16]));
    bytes.push(addresses.len() as u8);
    for address in addresses {
        bytes.push(address.len() as u8);
        bytes.extend(address.as_bytes());
    }
    bytes
}
