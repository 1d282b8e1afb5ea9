//! The grants: which peers may do what here. Who is not in them may do nothing but ask to be paired.
//! It does not know where peers are.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};

use serde::{Deserialize, Serialize};

use crate::capability::{Access, Capability};
use crate::document::{Document, each_once};
use crate::file_error::Fault;
use crate::peer_id::PeerId;
use crate::peer_name::PeerName;
use crate::private_file::OTHERS_WRITE;

/// The fewest digits of a key that stand for the whole of it where a person names a peer: 32 bits.
const KEY_START_DIGITS_MIN: usize = 8;

/// Peers, by their keys, and what each may do. As TOML, a table for each:
///
/// ```toml
/// [peers.6e3a0a...]                 # the key, 64 digits
/// name = "laptop"
/// capabilities = ["echo", 'exec:["/bin/df","-h"]', "files:ro:/srv"]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grants {
    #[serde(default, deserialize_with = "each_once")]
    peers: BTreeMap<PeerId, Grant>,
}

/// What one peer may do. Nothing, if it is empty: the peer is known all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// What people call the peer here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PeerName>,
    /// What it may do.
    #[serde(default)]
    pub capabilities: BTreeSet<Capability>,
}

/// Why no peer is meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantsError {
    /// Nobody has that name or key.
    #[error(
        "no peer is called {0}: a peer is its name, its key, or the first {KEY_START_DIGITS_MIN} or more digits of it"
    )]
    Unknown(String),
    /// More than one has it.
    #[error("more than one peer is called {0}: name the one that is meant by its key")]
    Ambiguous(String),
    /// Somebody else has the new name.
    #[error("another peer is called {0} already")]
    Taken(PeerName),
}

impl GrantsError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        Fault::Caller
    }

    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "trust-peer-unknown",
            Self::Ambiguous(_) => "trust-peer-ambiguous",
            Self::Taken(_) => "trust-name-taken",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let name = match self {
            Self::Unknown(name) | Self::Ambiguous(name) => name.clone(),
            Self::Taken(name) => name.to_string(),
        };
        vec![("name", name)]
    }
}

impl Document for Grants {
    const HEADING: &'static str = "\
# Who may do what on this machine. A running `landline serve` takes changes at once; whoever is taken
# out is hung up on. Who is not named here may do nothing.
#
# [peers.KEY]                         # 64 digits, as `landline id` shows them there
# name = \"laptop\"
# capabilities = [\"echo\", \"exec\", 'exec:[\"/bin/df\",\"-h\"]', \"files:ro:/srv\", \"service:NAME\"]
";

    const MODE_REFUSED: u32 = OTHERS_WRITE;
}

impl Grant {
    /// Whether the peer may have bytes sent back.
    pub fn allows_echo(&self) -> bool {
        self.capabilities.contains(&Capability::Echo)
    }

    /// Whether the peer may run any command at all: as much as a shell.
    pub fn allows_any_exec(&self) -> bool {
        self.capabilities.contains(&Capability::Exec)
    }

    /// Whether the peer may run exactly this argv. Who may run no more than that chooses neither its
    /// folder nor its environment: see [`Grant::allows_any_exec`].
    pub fn allows_exec(&self, argv: &[OsString]) -> bool {
        self.capabilities.iter().any(|it| it.allows_exec(argv))
    }

    /// Whether the peer may have `/bin/sh -c` run this line.
    pub fn allows_shell(&self, line: &OsStr) -> bool {
        self.capabilities.iter().any(|it| it.allows_shell(line))
    }

    /// Whether the peer may call a service that the server has of its own. It is not to be asked about
    /// landline's services, which have questions of their own here.
    pub fn allows_service(&self, name: &str) -> bool {
        let mut all = self.capabilities.iter();
        all.any(|it| matches!(it, Capability::Service(own) if own == name))
    }

    /// What the peer may do with files, in the order of the capabilities' text.
    pub fn files(&self) -> impl Iterator<Item = &Capability> {
        let all = self.capabilities.iter();
        all.filter(|it| matches!(it, Capability::Files { .. }))
    }

    /// The folders that the peer may reach, and how, in the order of their capabilities' text.
    pub fn folders(&self) -> impl Iterator<Item = (Access, &str)> {
        self.capabilities.iter().filter_map(|it| match it {
            Capability::Files { access, folder } => Some((*access, folder.as_str())),
            Capability::Echo
            | Capability::Exec
            | Capability::ExecOnly(_)
            | Capability::Service(_) => None,
        })
    }
}

impl Grants {
    /// What `peer` may do; `None` for a peer that is not known.
    pub fn of(&self, peer: &PeerId) -> Option<&Grant> {
        self.peers.get(peer)
    }

    /// All peers, by key.
    pub fn peers(&self) -> impl Iterator<Item = (&PeerId, &Grant)> {
        self.peers.iter()
    }

    /// The peer that a person means by `text`: a name, a key, its words, or the start of a key.
    ///
    /// # Errors
    /// When that is nobody, or more than one.
    pub fn find(&self, text: &str) -> Result<PeerId, GrantsError> {
        if let Ok(key) = text.parse::<PeerId>() {
            let known = self.peers.contains_key(&key).then_some(key);
            return known.ok_or_else(|| GrantsError::Unknown(text.to_owned()));
        }
        let by_name =
            |_: &PeerId, grant: &Grant| grant.name.as_ref().is_some_and(|it| it.as_str() == text);
        let by_words = |key: &PeerId, _: &Grant| key.words() == text;
        let start = text.to_ascii_lowercase();
        let is_start = start.len() >= KEY_START_DIGITS_MIN;
        let by_start = |key: &PeerId, _: &Grant| is_start && key.to_string().starts_with(&start);
        match self.only(text, by_name) {
            Err(GrantsError::Unknown(_)) => {}
            found => return found,
        }
        self.only(text, |key, grant| {
            by_words(key, grant) || by_start(key, grant)
        })
    }

    /// Lets `peer` do more: `capabilities` join those that it has. A peer that is not known yet gets
    /// `name`, or where that is taken `name-2` and so on; one that is known keeps its own, if it has
    /// one. The name that it has then is returned.
    pub fn grant(
        &mut self,
        peer: PeerId,
        name: &PeerName,
        capabilities: impl IntoIterator<Item = Capability>,
    ) -> PeerName {
        let free = name.free(|name| self.is_taken(name, &peer));
        let grant = self.peers.entry(peer).or_default();
        grant.capabilities.extend(capabilities);
        grant.name.get_or_insert(free).clone()
    }

    /// Takes all that `peer` may do, and forgets it. What it had is returned, if it was known.
    pub fn revoke(&mut self, peer: &PeerId) -> Option<Grant> {
        self.peers.remove(peer)
    }

    /// Calls a peer that is known something else.
    ///
    /// # Errors
    /// When it is not known, or another has the name.
    pub fn rename(&mut self, peer: &PeerId, name: &PeerName) -> Result<(), GrantsError> {
        if self.is_taken(name, peer) {
            return Err(GrantsError::Taken(name.clone()));
        }
        let grant = self.peers.get_mut(peer);
        grant
            .ok_or_else(|| GrantsError::Unknown(peer.to_string()))?
            .name = Some(name.clone());
        Ok(())
    }

    /// Whether somebody else than `peer` has the name.
    fn is_taken(&self, name: &PeerName, peer: &PeerId) -> bool {
        let mut others = self.peers.iter().filter(|(key, _)| *key != peer);
        others.any(|(_, grant)| grant.name.as_ref() == Some(name))
    }

    /// The one peer that fits.
    fn only(
        &self,
        text: &str,
        fits: impl Fn(&PeerId, &Grant) -> bool,
    ) -> Result<PeerId, GrantsError> {
        let mut found = self.peers.iter().filter(|(key, grant)| fits(key, grant));
        match (found.next(), found.next()) {
            (Some((key, _)), None) => Ok(*key),
            (None, _) => Err(GrantsError::Unknown(text.to_owned())),
            (Some(_), Some(_)) => Err(GrantsError::Ambiguous(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{parse, render};

    const KEY: PeerId = PeerId::from_bytes([7; 32]);
    const OTHER: PeerId = PeerId::from_bytes([8; 32]);

    fn name(text: &str) -> PeerName {
        text.parse().unwrap()
    }

    fn capability(text: &str) -> Capability {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_may_do_anything_at_first() {
        let mut grants = Grants::default();
        assert_eq!(grants.of(&KEY), None);
        grants.grant(KEY, &name("a"), []);
        let grant = grants.of(&KEY).unwrap();
        let argv = [OsString::from("true")];
        assert!(!grant.allows_echo() && !grant.allows_exec(&argv) && !grant.allows_any_exec());
        assert!(!grant.allows_shell(OsStr::new("true")));
        assert_eq!(grant.folders().count(), 0);
    }

    #[test]
    fn grants_add_up_until_all_is_revoked() {
        let mut grants = Grants::default();
        grants.grant(KEY, &name("a"), [capability("echo")]);
        grants.grant(KEY, &name("b"), [capability(r#"exec:["/bin/df"]"#)]);
        grants.grant(
            KEY,
            &name("b"),
            [capability("files:wo:/srv/in"), capability("echo")],
        );
        let grant = grants.of(&KEY).unwrap();
        assert_eq!(grant.name, Some(name("a")));
        assert_eq!(grant.capabilities.len(), 3);
        assert!(grant.allows_echo() && grant.allows_exec(&["/bin/df".into()]));
        assert!(!grant.allows_exec(&["/bin/ls".into()]) && !grant.allows_any_exec());
        assert_eq!(
            grant.folders().collect::<Vec<_>>(),
            [(Access::Write, "/srv/in")]
        );
        assert!(grants.revoke(&KEY).is_some());
        assert_eq!(grants.of(&KEY), None);
        assert_eq!(grants.revoke(&KEY), None);
    }

    #[test]
    fn a_service_of_its_own_is_granted_by_its_name_alone() {
        let mut grants = Grants::default();
        grants.grant(KEY, &name("a"), [capability("service:exec")]);
        let grant = grants.of(&KEY).unwrap();
        assert!(grant.allows_service("exec"));
        assert!(!grant.allows_service("exe") && !grant.allows_service(""));
        assert!(!grant.allows_any_exec() && !grant.allows_exec(&["exec".into()]));
        grants.grant(OTHER, &name("b"), [capability("exec"), capability("echo")]);
        let grant = grants.of(&OTHER).unwrap();
        assert!(!grant.allows_service("exec") && !grant.allows_service("echo"));
    }

    #[test]
    fn a_peer_is_found_by_name_key_words_and_start_of_key() {
        let mut grants = Grants::default();
        grants.grant(KEY, &name("laptop"), []);
        assert_eq!(grants.grant(OTHER, &name("laptop"), []), name("laptop-2"));
        let hex = KEY.to_string();
        for text in ["laptop", &hex, &hex.to_uppercase(), &KEY.words(), &hex[..8]] {
            assert_eq!(grants.find(text), Ok(KEY), "{text}");
        }
        for text in [
            "",
            "lap",
            &hex[..7],
            &PeerId::from_bytes([9; 32]).to_string(),
        ] {
            assert_eq!(
                grants.find(text).unwrap_err().key(),
                "trust-peer-unknown",
                "{text}"
            );
        }
        assert_eq!(
            grants.rename(&OTHER, &name("laptop")).unwrap_err().key(),
            "trust-name-taken"
        );
        grants.rename(&OTHER, &name("desk")).unwrap();
        assert_eq!(grants.find("desk"), Ok(OTHER));
    }

    #[test]
    fn a_name_that_an_editor_gave_twice_is_nobody() {
        let text = format!("[peers.{KEY}]\nname = \"a\"\n[peers.{OTHER}]\nname = \"a\"\n");
        let grants: Grants = parse(&text).unwrap();
        assert_eq!(grants.find("a").unwrap_err().key(), "trust-peer-ambiguous");
    }

    #[test]
    fn grants_are_text_and_back() {
        let mut grants = Grants::default();
        let all = [
            "exec",
            "files:ro:/a b",
            r#"exec:["/bin/df","-h"]"#,
            "service:w",
        ];
        let all = all.map(capability);
        grants.grant(KEY, &name("a"), all);
        let text = render("", &grants).unwrap();
        assert_eq!(parse::<Grants>(&text).unwrap(), grants, "{text}");
    }

    #[test]
    fn a_key_in_capitals_keeps_its_comments_and_its_place() {
        let key = PeerId::from_bytes([0xab; 32]);
        let small = format!(
            "# mine\n[peers.{key}]  # upstairs\nname = \"a\" # Anna\ncapabilities = []\n\n\
             # second\n[peers.{OTHER}]\ncapabilities = []\n"
        );
        let capitals = small.replace(&key.to_string(), &key.to_string().to_uppercase());
        let mut grants: Grants = parse(&capitals).unwrap();
        assert_eq!(render(&capitals, &grants).unwrap(), small);
        grants.grant(key, &name("a"), [capability("echo")]);
        let changed = small.replacen("[]", "[\"echo\"]", 1);
        assert_eq!(render(&capitals, &grants).unwrap(), changed);
    }

    #[test]
    fn bad_grants_say_where() {
        let check = |text: String, line, what: &str| {
            let flaw = parse::<Grants>(&text).unwrap_err();
            assert_eq!(flaw.line, line, "{flaw}");
            assert!(flaw.what.contains(what), "{flaw}");
        };
        check("\n[peers.laptop]\n".into(), 2, "64 hexadecimal digits");
        check(
            format!("[peers.{KEY}]\n\ncapabilities = [\"exce\"]\n"),
            3,
            "exce",
        );
        check(format!("[peers.{KEY}]\ncapability = []\n"), 2, "capability");
        check(format!("[peers.{KEY}]\n[peers.{KEY}]\n"), 2, "duplicate");
        let upper = "AB".repeat(32);
        let lower = upper.to_lowercase();
        let twice = format!("[peers.{upper}]\n[peers.{lower}]\ncapabilities = ['exec']\n");
        check(twice, 2, "stands twice");
    }
}
