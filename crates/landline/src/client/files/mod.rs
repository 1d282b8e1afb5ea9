//! Files over a secure line: what is fetched, brought and listed by this end. It does not know how the
//! line was made, nor how files are read and placed.

mod error;
mod event;
mod request;
mod tally;

use landline_frame::landline1::{
    DigestKind, Entry, FilesCall, GetCall, ListCall, Name, PutCall, Stream, TransferFrame,
};
use landline_service::{Arrived, Sources, TransferLine};

use super::call_error::CallError;
use super::line::Line;
use super::stream_call::CallGuard;
use crate::session::{Answer, ClientSide, FILE_WINDOW_BYTES_FIRST, LineEnded, LinkLine, Traffic, on_thread};
use tally::Tally;

pub use error::TransferError;
pub use event::{TransferEvent, TransferReport};
pub use request::{GetRequest, GetTo, PutFrom, PutRequest, TransferRules};

impl Line {
    /// Fetches files and folders. `watch` is told of each step, on another thread.
    ///
    /// # Errors
    /// The call was refused, this end cannot begin, or the line ended. That single files failed is
    /// told by `watch` and counted in the report.
    pub async fn get(
        &mut self,
        request: GetRequest,
        watch: impl FnMut(TransferEvent) + Send + 'static,
    ) -> Result<TransferReport, TransferError> {
        let call = FilesCall::Get(GetCall {
            paths: request.paths.clone(),
            digests: request.rules.digests(),
            check: request.rules.check,
            window: FILE_WINDOW_BYTES_FIRST,
        });
        self.transfer(call, Stream::In, watch, |line, digest, tally| {
            receive(line, request, digest, tally)
        })
        .await
    }

    /// Brings files and folders. `watch` is told of each step, on another thread.
    ///
    /// # Errors
    /// As for [`Line::get`].
    pub async fn put(
        &mut self,
        request: PutRequest,
        watch: impl FnMut(TransferEvent) + Send + 'static,
    ) -> Result<TransferReport, TransferError> {
        let call = FilesCall::Put(PutCall {
            to: request.to.clone(),
            digests: request.rules.digests(),
            force: request.rules.force,
            check: request.rules.check,
        });
        self.transfer(call, Stream::In, watch, |line, digest, tally| {
            send(line, request, digest, tally)
        })
        .await
    }
