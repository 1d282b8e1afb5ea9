//! Any error of trust in one type, for those who ask for several things at once.

use crate::book::BookError;
use crate::capability::CapabilityError;
use crate::file_error::{Fault, FileError};
use crate::grants::GrantsError;
use crate::host_address::HostAddressError;
use crate::identity::IdentityError;
use crate::invites::InviteError;
use crate::peer_id::PeerIdError;
use crate::peer_name::NameError;
use crate::ticket::TicketError;

/// What went wrong with trust.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The user has no home folder, and no variable names another.
    #[error("there is no home folder: set LANDLINE_HOME")]
    NoHome,
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The address book.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The grants.
    #[error(transparent)]
    Grants(#[from] GrantsError),
    /// An invite.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// A ticket.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// A capability.
    #[error(transparent)]
    Capability(#[from] CapabilityError),
    /// A name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// An address.
    #[error(transparent)]
    Address(#[from] HostAddressError),
    /// A key or a certificate.
    #[error(transparent)]
    PeerId(#[from] PeerIdError),
}

impl TrustError {
    /// Whose fault it is. Text that does not parse is the fault of who typed it; where a peer sent
    /// it, that is for whoever read it to know.
    pub fn fault(&self) -> Fault {
        match self {
            Self::File(error) => error.fault(),
            Self::Identity(error) => error.fault(),
            Self::Book(error) => error.fault(),
            Self::Grants(error) => error.fault(),
            Self::Invite(error) => error.fault(),
            Self::NoHome
            | Self::Ticket(_)
            | Self::Capability(_)
            | Self::Name(_)
            | Self::Address(_)
            | Self::PeerId(_) => Fault::Caller,
        }
    }

    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoHome => "trust-no-home",
            Self::File(error) => error.key(),
            Self::Identity(error) => error.key(),
            Self::Book(error) => error.key(),
            Self::Grants(error) => error.key(),
            Self::Invite(error) => error.key(),
            Self::Ticket(error) => error.key(),
            Self::Capability(error) => error.key(),
            Self::Name(error) => error.key(),
            Self::Address(error) => error.key(),
            Self::PeerId(error) => error.key(),
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoHome => Vec::new(),
            Self::File(error) => error.values(),
            Self::Identity(error) => error.values(),
            Self::Book(error) => error.values(),
            Self::Grants(error) => error.values(),
            Self::Invite(error) => error.values(),
            Self::Ticket(error) => error.values(),
            Self::Capability(error) => error.values(),
            Self::Name(error) => error.values(),
            Self::Address(error) => error.values(),
            Self::PeerId(error) => error.values(),
        }
    }
}
