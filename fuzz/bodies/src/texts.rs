//! What people type and copy: capabilities, addresses, names, keys. Any text is refused, or is written as
//! a text that means the same.

use std::fmt::{Debug, Display};
use std::path::Path;
use std::str::FromStr;

use landline_trust::{
    CAPABILITY_BYTES_MAX, Capability, HostAddress, PeerId, PeerName, Proof, TicketId,
};

/// Panics where `data` as one of them means something else once it was written.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    check_as::<Capability>(text);
    check_as::<HostAddress>(text);
    check_as::<PeerId>(text);
    check_as::<PeerName>(text);
    check_as::<Proof>(text);
    check_as::<TicketId>(text);
    if let Ok(capability) = Capability::parse_in(text, Path::new("/srv/data")) {
        assert_eq!(capability.to_string().parse(), Ok(capability));
    }
}

/// One of each, and the longest folder there is.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut texts: Vec<String> = [
        "echo",
        "exec",
        r#"exec:["/bin/df","-h","\u00e9\n\""]"#,
        "files:ro:/srv/a:b c",
        "files:rw:here/../there",
        "files:wo:.",
        "service:x-1.b_c",
        "office.example:5263",
        "b\u{fc}ro",
        "[fe80::1%eth0]:70",
        "[::ffff:1.2.3.4]",
        "127.0.0.1:1",
        "\u{529e}\u{516c}\u{5ba4}-2",
    ]
    .map(str::to_owned)
    .into();
    texts.extend(
        ["0a", "Fb"]
            .iter()
            .flat_map(|byte| [8, 32].map(|count| byte.repeat(count))),
    );
    let longest = CAPABILITY_BYTES_MAX - "files:ro:".len();
    texts.push(format!("files:ro:{}", "d".repeat(longest)));
    texts.into_iter().map(String::into_bytes).collect()
}

fn check_as<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string().parse().ok(), Some(read));
    }
}
