//! First contact at the caller: a ticket is shown to the machine that made it, which proves in turn
//! that it did, and then it is in the address book. It does not know where the ticket came from.

use std::collections::BTreeSet;
use std::time::Duration;

use landline_frame::landline1::{
    ClientSession, ClientSettled, Failure, HANDSHAKE_MS_MAX, PairCall, PairReply, Stranger,
};
use landline_line::SecureStream;
use landline_trust::{
    BookError, Home, HostAddress, IdentityError, PeerId, PeerName, Proof, Ticket, TrustError,
    proof_of_client, proof_of_server,
};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::call_error::CallError;
use super::dial::{DialError, Met, meet};
use super::line::Line;
use crate::host_name::host_name;
use crate::session::{Greeted, LineEnded, send};

/// One read of the answer, in bytes.
const READ_BYTES: usize = 4096;

/// A machine that one has paired with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairedWith {
    /// What it is called in the address book from now on.
    pub name: PeerName,
    /// Its key.
    pub key: PeerId,
    /// Where it answered.
    pub address: HostAddress,
    /// What one may do there, as it says.
    pub granted: Vec<String>,
}

/// Why there is no pairing.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// This machine's key cannot be used or made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The address book cannot be read or changed.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The machine could not be reached, or is another.
    #[error(transparent)]
    Dial(#[from] DialError),
    /// It did not take the ticket: unknown, used, or expired.
    #[error("the ticket was refused: {0}")]
    Refused(Failure),
    /// The line ended before the answer.
    #[error("{0}")]
    Line(#[from] LineEnded),
    /// It took the ticket and could not prove that it had made it. Nothing was kept.
    #[error("the other machine could not prove that it made the ticket")]
    NotProven,
}

/// Pairs with the machine that made `ticket`, and puts it into the home's address book: as `name`, or
/// as it calls itself where that is free.
///
/// # Errors
/// When the machine is not reached or is another, refuses the ticket, or cannot prove that it made
/// it; or the book cannot be changed, for example because `name` belongs to another key.
pub async fn pair(
    home: &Home,
    ticket: &Ticket,
    name: Option<&PeerName>,
) -> Result<PairedWith, PairError> {
    let identity = home.identity()?;
    // Before the ticket is used up.
    check_name(home, name, ticket.server)?;
    let keys = BTreeSet::from([ticket.server]);
    let met = meet(&identity, ticket.addresses(), &keys).await?;
    let ours = identity.peer_id();
    let proof = proof_of_client(&ticket.secret, &ours, &ticket.server);
    let call = PairCall {
        ticket: ticket.id.to_string(),
        proof: *proof.as_bytes(),
        name: host_name(),
    };
    let address = met.address.clone();
    let reply = answered(met, call).await?;
    let expected = proof_of_server(&ticket.secret, &ours, &ticket.server);
    if Proof::from_bytes(reply.proof) != expected {
        return Err(PairError::NotProven);
    }
    let name = remember(home, ticket, &address, name, &reply.name)?;
    Ok(PairedWith {
        name,
        key: ticket.server,
        address,
        granted: reply.granted,
    })
}

fn check_name(home: &Home, name: Option<&PeerName>, key: PeerId) -> Result<(), TrustError> {
    let Some(name) = name else { return Ok(()) };
    match home.book().read()?.find(name.as_str()) {
        Some(machine) if machine.key != key => Err(BookError::KeyChanged {
            name: name.clone(),
            known: machine.key,
            found: key,
        }
        .into()),
        _ => Ok(()),
    }
}

async fn answered(met: Met, call: PairCall) -> Result<PairReply, PairError> {
    let Met {
        line,
        peer,
        greeted,
        ..
    } = met;
    let Greeted {
        session,
        software,
        rest,
    } = greeted;
    match session {
        ClientSettled::Known(session) => {
            let mut line = Line::start(line, peer, session, software, &rest);
            let reply = line.call_pair(call).await;
            line.close().await;
            reply.map_err(|error| match error {
                CallError::Failed(failure) => PairError::Refused(failure),
                CallError::Ended(ended) => PairError::Line(ended),
                CallError::Unsayable(error) => PairError::Line(error.into()),
                CallError::Words(_) => unreachable!("pair has no words"),
            })
        }
        ClientSettled::Stranger(session) => {
            let asked = ask(line, session, call, rest);
            let asked = timeout(Duration::from_millis(HANDSHAKE_MS_MAX), asked).await;
            asked.unwrap_or(Err(PairError::Line(LineEnded::Closed)))
        }
    }
}

/// Makes the one call that a stranger may.
async fn ask(
    mut line: SecureStream,
    mut session: ClientSession<Stranger>,
    call: PairCall,
    mut bytes: Vec<u8>,
) -> Result<PairReply, PairError> {
    let wire = session.pair(call).map_err(LineEnded::from)?;
    send(&mut line, &wire).await?;
    loop {
        let answer = session.handle_bytes(&mut &bytes[..]);
        if let Some(answer) = answer.map_err(LineEnded::from)? {
            return answer.map_err(PairError::Refused);
        }
        bytes.clear();
        bytes.reserve(READ_BYTES);
        let count = line.reader.read_buf(&mut bytes).await;
        if count.map_err(LineEnded::from)? == 0 {
            return Err(LineEnded::Closed.into());
        }
    }
}

/// Puts the machine into the address book, the address that worked first.
fn remember(
    home: &Home,
    ticket: &Ticket,
    reached: &HostAddress,
    name: Option<&PeerName>,
    told: &str,
) -> Result<PeerName, TrustError> {
    let mut addresses = vec![reached.clone()];
    let others = ticket
        .addresses()
        .iter()
        .filter(|address| *address != reached);
    addresses.extend(others.cloned());
    home.book().change(|book| {
        let known = book.names_of(&ticket.server).next().cloned();
        let chosen = name.cloned().or(known).unwrap_or_else(|| {
            let told: Option<PeerName> = told.parse().ok();
            let told = told.unwrap_or_else(|| words_of(&ticket.server));
            told.free(|name| book.find(name.as_str()).is_some())
        });
        book.add(&chosen, ticket.server, &addresses)?;
        Ok::<_, TrustError>(chosen)
    })
}

/// Two words of a key, for a machine that calls itself nothing that is a name.
fn words_of(key: &PeerId) -> PeerName {
    let words = key.words();
    let two: Vec<&str> = words.split('-').take(2).collect();
    two.join("-").parse().expect("two words are a name")
}
