//! One line from its first byte until it is known who came: the handshake, both HELLOs, and then the
//! way of a known key or of a stranger. It does not know what is called.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use landline_frame::landline1::{HANDSHAKE_MS_MAX, ServerSettled};
use landline_line::{SecureStream, Stream, TlsError};
use landline_service::Stop;
use landline_trust::PeerId;
use tokio::time::{Instant, timeout_at};

use super::half_open::Place;
use super::server::Host;
use super::{known, pairing};
use crate::peer_of_line::peer_of;
use crate::session::{Greeted, LineEnded, greet_client};

/// Why a line ended before it was known who came.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("{0}")]
    Tls(#[from] TlsError),
    #[error("{0}")]
    Hello(#[from] LineEnded),
    #[error("it took longer than 10 s")]
    Slow,
    #[error("others had to be let in")]
    Evicted,
}

/// Answers one line until it ends.
pub(super) async fn answer(host: Arc<Host>, stream: Stream, place: Place, stop: Stop) {
    let from = stream.peer.clone();
    let deadline = Instant::now() + Duration::from_millis(HANDSHAKE_MS_MAX);
    let met = tokio::select! {
        biased;
        () = stop.cancelled() => return,
        () = place.evicted() => Err(Refused::Evicted),
        met = timeout_at(deadline, meet(&host, stream)) => {
            met.unwrap_or(Err(Refused::Slow))
        }
    };
    let (line, peer, greeted) = match met {
        Ok(met) => met,
        Err(why) => return tracing::debug!(%from, %why, "line refused"),
    };
    let Greeted { session, rest, .. } = greeted;
    match session {
        ServerSettled::Known(session) => {
            drop(place);
            // Apart: while it is not known who comes, a line takes no room for its calls.
            Box::pin(known::serve(&host, line, peer, session, &rest, stop)).await;
        }
        ServerSettled::Stranger(session) => {
            let paired = pairing::answer(&host, line, peer, session, &rest, stop);
            let ended = tokio::select! {
                () = place.evicted() => Err(Refused::Evicted),
                ended = timeout_at(deadline, paired) => ended
                    .map_err(|_| Refused::Slow)
                    .and_then(|ended| ended.map_err(Refused::Hello)),
            };
            if let Err(why) = ended {
                tracing::debug!(%from, key = %peer, %why, "unknown key refused");
            }
        }
    }
}

type Met = (SecureStream, PeerId, Greeted<ServerSettled>);

async fn meet(host: &Host, stream: Stream) -> Result<Met, Refused> {
    let mut line = host.acceptor.accept(stream).await?;
    let peer = peer_of(&line).ok_or_else(|| {
        let unreadable = io::Error::from(io::ErrorKind::InvalidData);
        Refused::Tls(unreadable.into())
    })?;
    let is_known = || host.trusted.look().of(&peer).is_some();
    let greeted = greet_client(&mut line, is_known).await?;
    Ok((line, peer, greeted))
}
