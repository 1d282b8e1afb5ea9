//! `files` at the server: a call, its shares, and the thread that serves it. It does not know how files
//! are read or placed.

use std::path::PathBuf;
use std::sync::Arc;

use landline_frame::landline1::{
    Code, DigestKind, Failure, FilesCall, GetCall, ListCall, PutCall, Stream,
};
use landline_service::{ShareAccess, Shares, TransferEnd, TransferLine};
use landline_trust::Access;

use super::known::{Ended, KnownLine};
use super::offer::SharedFiles;
use super::server::Host;
use crate::session::{FILE_WINDOW_BYTES_FIRST, LineEnded, Link, LinkLine, ServerSide};

/// Serves a call of files out of, or into, the folders that the key is granted.
pub(super) async fn run(
    line: &KnownLine,
    host: &Host,
    files: &Arc<SharedFiles>,
    folders: Vec<(Access, PathBuf)>,
    call: FilesCall,
) -> Result<Ended, LineEnded> {
    let (end, guard) = line.link.transfer(Stream::Out);
    let served = Served {
        link: line.link.clone(),
        line: end,
        peer: line.peer.to_string(),
        journals: host.home.journal_folder(),
    };
    let files = files.clone();
    let serving = move || {
        let shares = Shares::open(Some(&files.folder), folders.into_iter().map(share));
        match call {
            FilesCall::Get(call) => served.get(&shares, &call),
            FilesCall::Put(call) => served.put(&shares, &call),
            FilesCall::List(call) => served.list(&shares, &call),
        }
    };
    let mut serving = tokio::task::spawn_blocking(serving);
    let served = tokio::select! {
        biased;
        served = &mut serving => served,
        () = line.link.until(|state| state.side.is_cancelled.then_some(())) => {
            drop(guard);
            let _ = serving.await;
            let why = "the client wants no more";
            return Ok(Ended::Failed(Failure::new(Code::GivenUp, why)));
        }
    };
}

fn share((access, folder): (Access, PathBuf)) -> (ShareAccess, PathBuf) {
    let access = match access {
        Access::Read => ShareAccess::Read,
        Access::ReadWrite => ShareAccess::ReadWrite,
        Access::Write => ShareAccess::Write,
    };
    (access, folder)
}
