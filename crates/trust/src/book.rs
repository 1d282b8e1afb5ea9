//! The address book: which machines this one knows by name, their keys, and where they are reached.
//! It does not know what they may do here: the grants do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::{Document, each_once};
use crate::file_error::Fault;
use crate::host_address::{ADDRESSES_MAX, HostAddress};
use crate::peer_id::PeerId;
use crate::peer_name::PeerName;
use crate::private_file::OTHERS_WRITE;

/// Names and the machines that have them. As TOML, a table for each:
///
/// ```toml
/// [machines.office]
/// key = "6e3a0a..."                       # 64 digits
/// addresses = ["office.example:5263"]     # tried in this order
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    #[serde(default, deserialize_with = "each_once")]
    machines: BTreeMap<PeerName, Machine>,
}

/// A machine of the address book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Its key. Whoever answers with another is not this machine.
    pub key: PeerId,
    /// Where it is reached, best first.
    #[serde(default)]
    pub addresses: Vec<HostAddress>,
}

/// Why the address book cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// The name belongs to another key. There is no way to set this aside but to remove the name.
    #[error("{name} is known with another key: known {known}, found {found}")]
    KeyChanged {
        /// The name.
        name: PeerName,
        /// The key that has the name.
        known: PeerId,
        /// The key that would have had it.
        found: PeerId,
    },
    /// Nobody has the name.
    #[error("no machine is called {0}")]
    Unknown(String),
    /// Somebody else has the name.
    #[error("another machine is called {0} already")]
    Taken(PeerName),
}

impl BookError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::KeyChanged { .. } => Fault::Peer,
            Self::Unknown(_) | Self::Taken(_) => Fault::Caller,
        }
    }

    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::KeyChanged { .. } => "trust-key-changed",
            Self::Unknown(_) => "trust-machine-unknown",
            Self::Taken(_) => "trust-name-taken",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::KeyChanged { name, known, found } => vec![
                ("name", name.to_string()),
                ("known", known.to_string()),
                ("found", found.to_string()),
            ],
            Self::Unknown(name) => vec![("name", name.clone())],
            Self::Taken(name) => vec![("name", name.to_string())],
        }
    }
}

impl Document for Book {
    const HEADING: &'static str = "\
# The machines that this one knows by name. Names lead to keys and addresses; a machine that answers
# with another key is not the one meant. `landline pair` adds them.
#
# [machines.office]
# key = \"...\"                           # 64 digits, as `landline id` shows them there
# addresses = [\"office.example:5263\"]   # tried in this order
";

    const MODE_REFUSED: u32 = OTHERS_WRITE;
}

impl Book {
    /// The machine that is called `name`.
    pub fn find(&self, name: &str) -> Option<&Machine> {
        self.machines.get(&name.parse::<PeerName>().ok()?)
    }

    /// All machines, by name.
    pub fn machines(&self) -> impl Iterator<Item = (&PeerName, &Machine)> {
        self.machines.iter()
    }

    /// The names that `key` has here, in order.
    pub fn names_of(&self, key: &PeerId) -> impl Iterator<Item = &PeerName> {
        let mine = self.machines.iter().filter(move |(_, it)| it.key == *key);
        mine.map(|(name, _)| name)
    }

    /// Adds a machine, or puts `addresses` before those that are known, the latest first; of all at
    /// most [`ADDRESSES_MAX`] are kept.
    ///
    /// # Errors
    /// When the name belongs to another key.
    pub fn add(
        &mut self,
        name: &PeerName,
        key: PeerId,
        addresses: &[HostAddress],
    ) -> Result<(), BookError> {
        let machine = self
            .machines
            .entry(name.clone())
            .or_insert_with(|| Machine {
                key,
                addresses: Vec::new(),
            });
        if machine.key != key {
            let (name, known, found) = (name.clone(), machine.key, key);
            return Err(BookError::KeyChanged { name, known, found });
        }
        let mut all: Vec<HostAddress> = Vec::new();
        for address in addresses.iter().chain(&machine.addresses) {
            if !all.contains(address) && all.len() < ADDRESSES_MAX {
                all.push(address.clone());
            }
        }
        machine.addresses = all;
        Ok(())
    }

    /// Gives a machine another name.
    ///
    /// # Errors
    /// When nobody has the old name, or somebody else has the new one.
    pub fn rename(&mut self, old: &str, new: &PeerName) -> Result<(), BookError> {
        let unknown = || BookError::Unknown(old.to_owned());
        let old_name = old.parse().map_err(|_| unknown())?;
        if !self.machines.contains_key(&old_name) {
            return Err(unknown());
        }
        if old_name != *new && self.machines.contains_key(new) {
            return Err(BookError::Taken(new.clone()));
        }
        if let Some(machine) = self.machines.remove(&old_name) {
            self.machines.insert(new.clone(), machine);
        }
        Ok(())
    }

    /// Forgets a machine.
    ///
    /// # Errors
    /// When nobody has the name.
    pub fn remove(&mut self, name: &str) -> Result<Machine, BookError> {
        let removed = name
            .parse()
            .ok()
            .and_then(|name: PeerName| self.machines.remove(&name));
        removed.ok_or_else(|| BookError::Unknown(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{parse, render};

    fn name(text: &str) -> PeerName {
        text.parse().unwrap()
    }

    fn address(text: &str) -> HostAddress {
        text.parse().unwrap()
    }

    const KEY: PeerId = PeerId::from_bytes([7; 32]);
    const OTHER: PeerId = PeerId::from_bytes([8; 32]);

    #[test]
    fn a_machine_is_found_by_its_name() {
        let mut book = Book::default();
        book.add(&name("office"), KEY, &[address("a:1"), address("b:2")])
            .unwrap();
        book.add(&name("office"), KEY, &[address("c:3"), address("b:2")])
            .unwrap();
        let machine = book.find("office").unwrap();
        assert_eq!(machine.key, KEY);
        assert_eq!(machine.addresses, ["c:3", "b:2", "a:1"].map(address));
        assert_eq!(book.find("Office"), None);
        assert_eq!(book.find("a/b"), None);
        let many: Vec<_> = (1..20).map(|port| address(&format!("h:{port}"))).collect();
        book.add(&name("office"), KEY, &many).unwrap();
        assert_eq!(
            book.find("office").unwrap().addresses,
            many[..ADDRESSES_MAX]
        );
    }

    #[test]
    fn a_known_name_never_takes_another_key() {
        let mut book = Book::default();
        book.add(&name("office"), KEY, &[]).unwrap();
        let before = book.clone();
        let error = book
            .add(&name("office"), OTHER, &[address("evil:1")])
            .unwrap_err();
        assert_eq!(
            (error.key(), error.fault()),
            ("trust-key-changed", Fault::Peer)
        );
        assert_eq!(book, before);
    }

    #[test]
    fn names_change_and_go() {
        let mut book = Book::default();
        book.add(&name("a"), KEY, &[]).unwrap();
        book.add(&name("b"), OTHER, &[]).unwrap();
        assert_eq!(
            book.rename("a", &name("b")).unwrap_err().key(),
            "trust-name-taken"
        );
        assert_eq!(
            book.rename("x", &name("y")).unwrap_err().key(),
            "trust-machine-unknown"
        );
        book.rename("a", &name("a")).unwrap();
        book.rename("a", &name("c")).unwrap();
        assert_eq!(book.names_of(&KEY).collect::<Vec<_>>(), [&name("c")]);
        assert_eq!(book.remove("c").unwrap().key, KEY);
        assert_eq!(book.remove("c").unwrap_err().key(), "trust-machine-unknown");
        assert_eq!(book.machines().count(), 1);
    }

    #[test]
    fn a_book_is_text_and_back() {
        let mut book = Book::default();
        book.add(&name("办公室.2"), KEY, &[address("[::1]:70")])
            .unwrap();
        let text = render("", &book).unwrap();
        assert_eq!(parse::<Book>(&text).unwrap(), book, "{text}");
        assert!(text.contains(&format!("key = \"{KEY}\"")), "{text}");
    }

    #[test]
    fn a_bad_book_says_where() {
        let check = |text: String, line, what: &str| {
            let flaw = parse::<Book>(&text).unwrap_err();
            assert_eq!(flaw.line, line, "{flaw}");
            assert!(flaw.what.contains(what), "{flaw}");
        };
        check(
            "\n[machines.a]\nkey = \"12\"\n".into(),
            3,
            "64 hexadecimal digits",
        );
        check(
            format!("\n[machines.\"a/b\"]\nkey = \"{KEY}\"\n"),
            2,
            "must not hold '/'",
        );
        check(
            format!("[machines.a]\nkey = \"{KEY}\"\naddresses = [\"h:0\"]"),
            3,
            "no port",
        );
        check(
            format!("[machines.a]\nkey = \"{KEY}\"\nadresses = []"),
            3,
            "adresses",
        );
        check("[machine.a]\n".into(), 1, "machine");
        check("[machines.a]\naddresses = []\n".into(), 1, "key");
    }
}
