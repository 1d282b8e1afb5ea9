//! The streams of a call at its caller, and the guard that ends a call nobody waits for any more. It
//! does not know what is called.

use std::io;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use landline_frame::landline1::{
    ClientSession, Done, Json, Known, SessionError, Stream, WINDOW_BYTES_FIRST,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::call_error::CallError;
use super::line::Line;
use crate::session::{ClientSide, LineEnded, Link, StreamReader, StreamWriter};

/// The most that is taken of a stream at once, in bytes.
const PIECE_BYTES_MAX: usize = 256 * 1024;

/// A call of a service with bytes both ways. Dropping it ends the call.
///
/// A service that answers while it is sent to, as `echo` does, waits once nobody takes its answers, and
/// whoever sends to it then waits, too: take [`output`](Self::output) meanwhile, or let
/// [`exchange`](Self::exchange) do both.
pub struct StreamCall<'line> {
    /// What the service gets. Dropping it ends that stream.
    pub input: CallInput<'line>,
    /// What the service sends.
    pub output: CallOutput<'line>,
    guard: CallGuard,
}

/// A stream to the other end, also as [`AsyncWrite`]. Dropping it ends the stream.
pub struct CallInput<'line> {
    writer: StreamWriter<ClientSide>,
    line: PhantomData<&'line mut Line>,
}

/// A stream from the other end, also as [`AsyncRead`].
pub struct CallOutput<'line> {
    reader: StreamReader<ClientSide>,
    line: PhantomData<&'line mut Line>,
}

impl Line {
    /// Calls a service of the other end's own, or `echo`. `parameters` is a JSON value as text, if
    /// the service asks for one.
    ///
    /// # Errors
    /// The server refused (`unsupported`, `not-granted`), `parameters` is no JSON, or the line ended.
    pub async fn call(
        &mut self,
        service: &str,
        parameters: Option<&str>,
    ) -> Result<StreamCall<'_>, CallError> {
        let parameters = parameters.map(Json::parse).transpose();
        let parameters = parameters.map_err(|error| {
            let kind = landline_frame::landline1::Kind::Call;
            CallError::Unsayable(SessionError::Control { kind, error })
        })?;
        let call = landline_frame::landline1::StreamCall {
            service: service.to_owned(),
            window: WINDOW_BYTES_FIRST,
            parameters,
        };
        let number = self.begin(|session| session.stream(call)).await?;
        let guard = CallGuard::new(self.link.clone(), number);
        self.answer().await?;
        Ok(StreamCall {
            input: CallInput::new(self.link.clone(), number),
            output: CallOutput::new(self.link.clone(), number, Stream::Out),
            guard,
        })
    }
}

impl StreamCall<'_> {
    /// Sends bytes, ends the input, waits until the service has ended too, and gives all that it sent
    /// meanwhile, however much that is. A service need not take all of its input.
    ///
    /// # Errors
    /// The service failed, or the line ended.
    pub async fn exchange(self, bytes: impl Into<Bytes>) -> Result<Vec<u8>, CallError> {
        let Self {
            input,
            output,
            guard,
        } = self;
        let receiving = async { tokio::try_join!(output.collect(), guard.done()) };
        let (all, _) = while_sending(Some(input), bytes.into(), receiving).await?;
        Ok(all)
    }

    /// Ends the input, waits until the service has ended too, and gives what it still sent.
    ///
    /// # Errors
    /// The service failed, or the line ended.
    pub async fn finish(self) -> Result<Vec<u8>, CallError> {
        drop(self.input);
        let rest = self.output.collect().await?;
        self.guard.done().await?;
        Ok(rest)
    }
}

impl CallInput<'_> {
    pub(super) fn new(link: Arc<Link<ClientSide>>, call: u64) -> Self {
        Self {
            writer: StreamWriter::new(link, call, Stream::In),
            line: PhantomData,
        }
    }

    /// Sends bytes whole, waiting as long as the other end does not take them: for ever, where it waits
    /// in turn for this side to take what it has sent.
    ///
    /// # Errors
    /// The call is over, or the line ended.
    pub async fn send(&mut self, bytes: impl Into<Bytes>) -> Result<(), CallError> {
        Ok(self.writer.send(bytes.into()).await?)
    }
}

/// What `receiving` comes to, while `bytes` are sent and then the input's end. The other end need not take
/// them: what is wrong with the call is told by its end.
pub(super) async fn while_sending<T>(
    input: Option<CallInput<'_>>,
    bytes: Bytes,
    receiving: impl Future<Output = T>,
) -> T {
    let sending = async move {
        if let Some(mut input) = input {
            let _ = input.send(bytes).await;
        }
    };
    tokio::pin!(sending, receiving);
    tokio::select! {
        received = &mut receiving => received,
        () = &mut sending => receiving.await,
    }
}

impl Drop for CallInput<'_> {
    fn drop(&mut self) {
        // The call may be over.
        let _ = self.writer.end();
    }
}

impl CallOutput<'_> {
    pub(super) fn new(link: Arc<Link<ClientSide>>, call: u64, stream: Stream) -> Self {
        Self {
            reader: StreamReader::new(link, call, stream),
            line: PhantomData,
        }
    }

    /// The next bytes; none at the stream's end.
    ///
    /// # Errors
    /// The call failed, or the line ended.
    pub async fn next(&mut self) -> Result<Bytes, CallError> {
        Ok(self.reader.take(PIECE_BYTES_MAX).await?)
    }

    /// All that still comes.
    ///
    /// # Errors
    /// The call failed, or the line ended.
    pub async fn collect(mut self) -> Result<Vec<u8>, CallError> {
        let mut all = Vec::new();
        loop {
            let bytes = self.next().await?;
            if bytes.is_empty() {
                return Ok(all);
            }
            all.extend_from_slice(&bytes);
        }
    }
}

impl AsyncRead for CallOutput<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(cx, buffer)
    }
}

impl AsyncWrite for CallInput<'_> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.writer).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_shutdown(cx)
    }
}

/// A call that was made. Dropped before its end it is cancelled, and what still comes of it is
/// dropped until the line is free again.
pub(super) struct CallGuard {
    link: Arc<Link<ClientSide>>,
    call: u64,
}

impl CallGuard {
    pub(super) fn new(link: Arc<Link<ClientSide>>, call: u64) -> Self {
        Self { link, call }
    }

    /// How the call ended.
    pub(super) async fn done(&self) -> Result<Done, CallError> {
        let call = self.call;
        let done = self.link.until(|state| match &state.side.done {
            _ if state.call != call => Some(Err(LineEnded::CallOver.into())),
            Some(Ok(done)) => Some(Ok(done.clone())),
            Some(Err(failure)) => Some(Err(CallError::Failed(failure.clone()))),
            None => state.why_ended().map(|ended| Err(ended.into())),
        });
        done.await
    }

    /// Sends what the session makes, if the call is not over.
    pub(super) fn send(
        &self,
        make: impl FnOnce(&mut ClientSession<Known>) -> Result<Vec<u8>, SessionError>,
    ) {
        self.link.change(|state| {
            if state.check(self.call).is_ok()
                && let Ok(wire) = make(&mut state.side.session)
            {
                state.traffic.outgoing.push(wire);
            }
        });
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        self.send(|session| session.cancel());
        self.link.change(|state| {
            if state.call == self.call && state.side.done.is_none() {
                state.abandon();
            }
        });
    }
}
