//! A service on a secure line: the call's two streams become the two ends of its [`Call`]. It does
//! not know what the service says.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use landline_frame::landline1::{Code, Failure, Stream, StreamCall, WINDOW_BYTES_FIRST};
use landline_service::{BoxFuture, Call, CallReader, CallWriter, StreamService, copy_file};

use super::known::{Ended, KnownLine, stopped_failure};
use crate::session::{LineEnded, ServerSide, StreamReader, StreamWriter};

/// Has `service` answer the call, until it is done or the client cancels.
pub(super) async fn run(
    line: &KnownLine,
    service: &dyn StreamService,
    asked: StreamCall,
) -> Result<Ended, LineEnded> {
    line.send(|side| side.session.accept(WINDOW_BYTES_FIRST))?;
    let link = &line.link;
    let reader = StreamReader::new(link.clone(), 0, Stream::In);
    let writer = StreamWriter::new(link.clone(), 0, Stream::Out);
    let call = Call::new(
        Box::new(reader),
        Box::new(writer),
        line.shown.clone(),
        line.stop.clone(),
    );
    let was_stopped = call.was_stopped();
    let parameters = asked
        .parameters
        .map(|parameters| parameters.as_str().to_owned());
    let served = tokio::select! {
        biased;
        served = service.serve(call.with_parameters(parameters)) => served,
        () = link.until(|state| state.side.is_cancelled.then_some(())) => Ok(()),
    };
    if let Err(error) = served {
        tracing::info!(peer = %line.shown, service = %asked.service, %error, "service failed");
        let why = "the service failed";
        return Ok(Ended::Failed(Failure::new(Code::Internal, why)));
    }
    if was_stopped.load(Ordering::Relaxed) {
        // It may have taken half of what was sent: that is no good end.
        return Ok(Ended::Failed(stopped_failure()));
    }
    link.change(|state| state.traffic.incoming(Stream::In).discard());
    // Where the service has said so itself there is nothing to say.
    let _ = link.send_end(0, Stream::Out);
    line.send(|side| side.session.send_done(None, false))
}

impl CallReader for StreamReader<ServerSide> {
    /// The END of its stream is the FIN of such a line.
    fn peer_gone(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.all_came())
    }
}

impl CallWriter for StreamWriter<ServerSide> {
    fn send_file<'a>(
        &'a mut self,
        file: &'a Arc<File>,
        range: Range<u64>,
    ) -> BoxFuture<'a, io::Result<u64>> {
        Box::pin(copy_file(file, range, self))
    }
}
