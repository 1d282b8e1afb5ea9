//! Text and bytes that nobody means well with: everything that reads them gives an error or a value,
//! never a panic. The bodies are those of the fuzz targets.

use landline_trust::{
    Book, Capability, Grants, HostAddress, Invites, PeerId, PeerName, Proof, Ticket, TicketId,
    parse,
};
use proptest::prelude::*;

/// Reads `text` as everything that text can be.
fn read_all(text: &str) {
    for flaw in [parse::<Book>(text).err(), parse::<Grants>(text).err()]
        .into_iter()
        .flatten()
    {
        assert!(
            (1..=1 + text.matches('\n').count()).contains(&flaw.line),
            "{flaw}"
        );
        assert!(!flaw.what.contains('\n'), "{flaw}");
    }
    let _ = parse::<Invites>(text);
    let _ = text.parse::<Capability>();
    let _ = text.parse::<HostAddress>();
    let _ = text.parse::<PeerId>();
    let _ = text.parse::<PeerName>();
    let _ = text.parse::<Proof>();
    let _ = text.parse::<Ticket>();
    let _ = text.parse::<TicketId>();
}

/// What files, tickets and capabilities are made of, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[\\[\\]{}\"'=,.:#\\\\ \\n-]",
        "peers|machines|tickets|key|name|addresses|capabilities|expires|secret",
        "(0f){32}",
        "(7a){8}",
        "2030-01-01T00:00:00Z",
        "echo|exec|exec:\\[\"a\"\\]|files:ro:/a|service:a",
        "landline1-[a-z2-7]{0,20}",
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
        read_all(&text);
    }

    #[test]
    fn any_pieces_are_read_without_panic(text in pieces()) {
        read_all(&text);
    }

    #[test]
    fn any_bytes_are_no_peer(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(PeerId::from_certificate(&bytes).is_err());
    }
}

#[test]
fn what_nests_deep_is_refused() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("[[", "]]"), ("a.", "")] {
        let deep = format!("a = {}1{}", open.repeat(20_000), close.repeat(20_000));
        read_all(&deep);
        read_all(&deep[4..]);
        assert!(parse::<Grants>(&deep).is_err());
    }
    let der: Vec<u8> = [0x30, 0x80].repeat(8_000);
    assert!(PeerId::from_certificate(&der).is_err());
}
