//! Files over a secure line: what is fetched, brought and listed by this end. It does not know how the
//! line was made.

mod event;
mod request;

use landline_frame::landline1::{Entry, Name};

use super::call_error::CallError;
use super::line::Line;

pub use event::{TransferEvent, TransferReport};
pub use request::{GetRequest, GetTo, PutFrom, PutRequest, TransferRules};

/// Why a transfer did not come to its end. What was placed stands; what can go on later, can.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The call was refused, or the line ended.
    #[error(transparent)]
    Call(#[from] CallError),
    /// This end cannot begin: the folder is not there, or cannot be used.
    #[error("{path}: {error}", path = .path.display())]
    Folder {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The other end sends what nobody asked for.
    #[error("the other end sent {name:?}, which nobody asked for")]
    Unasked {
        /// The name.
        name: Name,
    },
    /// What everything goes to cannot be written any more: a pipe whose reader left, a full disk.
    #[error("{0}")]
    Stream(std::io::Error),
}

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
        let _ = (request, watch);
        todo!()
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
        let _ = (request, watch);
        todo!()
    }

    /// Tells what there is: of each path, or, if `inside` is set, what is in the folders that they
    /// name. `each` is given the entries as they come.
    ///
    /// # Errors
    /// The call was refused, or the line ended.
    pub async fn list(
        &mut self,
        paths: Vec<Name>,
        inside: bool,
        each: impl FnMut(Entry),
    ) -> Result<(), CallError> {
        let _ = (paths, inside, each);
        todo!()
    }
}
