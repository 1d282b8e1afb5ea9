//! Both HELLOs on a secure line, for either side. Trust is not settled before; the caller keeps the
//! time. It does not know which keys are known.

use landline_frame::landline1::{
    ClientSession, ClientSettled, Control, Fresh, Hello, ServerSession, ServerSettled, SessionError,
};
use landline_line::SecureStream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::SOFTWARE;
use super::ended::LineEnded;

/// One read before the HELLO, in bytes: a good one is shorter.
const READ_BYTES: usize = 4096;

/// The far end's HELLO has come.
pub(crate) struct Greeted<Settled> {
    /// The session that follows.
    pub(crate) session: Settled,
    /// What the far end calls itself; anything at all.
    pub(crate) software: String,
    /// Bytes that came behind the HELLO.
    pub(crate) rest: Vec<u8>,
}

/// A server's greeting of a client. Whether its key is known is asked once its HELLO has come: it may
/// have let seconds pass since the handshake.
pub(crate) async fn greet_client(
    line: &mut SecureStream,
    is_known: impl FnOnce() -> bool,
) -> Result<Greeted<ServerSettled>, LineEnded> {
    let mut session = ServerSession::<Fresh>::new();
    let met = meet(line, |input| session.handle_bytes(input)).await;
    let (hello, rest) = told(line, met).await?;
    let (session, wire) = session.settle(is_known(), SOFTWARE)?;
    send(line, &wire).await?;
    Ok(Greeted {
        session,
        software: hello.software,
        rest,
    })
}

/// A client's greeting of a server.
pub(crate) async fn greet_server(
    line: &mut SecureStream,
) -> Result<Greeted<ClientSettled>, LineEnded> {
    let (mut session, wire) = ClientSession::<Fresh>::new(SOFTWARE)?;
    send(line, &wire).await?;
    let met = meet(line, |input| session.handle_bytes(input)).await;
    let (hello, rest) = told(line, met).await?;
    Ok(Greeted {
        session: session.settle(&hello)?,
        software: hello.software,
        rest,
    })
}

type Met = (Hello, Vec<u8>);

/// Reads until the HELLO is there.
async fn meet(
    line: &mut SecureStream,
    mut handle: impl FnMut(&mut &[u8]) -> Result<Option<Hello>, SessionError>,
) -> Result<Met, LineEnded> {
    loop {
        let mut bytes = Vec::with_capacity(READ_BYTES);
        if line.reader.read_buf(&mut bytes).await? == 0 {
            let when = "before HELLO";
            return Err(SessionError::CutShort { when }.into());
        }
        let mut input = &bytes[..];
        if let Some(hello) = handle(&mut input)? {
            return Ok((hello, input.to_vec()));
        }
    }
}

/// Tells the far end what was wrong with what it sent.
async fn told(line: &mut SecureStream, met: Result<Met, LineEnded>) -> Result<Met, LineEnded> {
    if let Err(LineEnded::Protocol(error)) = &met
        && !matches!(
            error,
            SessionError::Refused(_) | SessionError::CutShort { .. }
        )
        && let Ok(wire) = Control::Error(error.to_failure()).encode()
    {
        // The error itself is what matters; this is a courtesy.
        let _ = send(line, &wire).await;
        let _ = line.writer.shutdown().await;
    }
    met
}

/// Sends bytes that have to leave before anything comes back.
pub(crate) async fn send(line: &mut SecureStream, wire: &[u8]) -> Result<(), LineEnded> {
    line.writer.write_all(wire).await?;
    line.writer.flush().await?;
    Ok(())
}
