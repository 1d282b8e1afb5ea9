//! Files over a secure line: what is fetched, brought and listed by this end. It does not know how the
//! line was made, nor how files are read and placed.

mod asked;
mod error;
mod event;
mod receiving;
mod request;
mod sending;
mod tally;
mod waited_for;
mod worked;

use std::io;
use std::ops::ControlFlow;

use landline_frame::landline1::{
    DigestKind, Entry, FilesCall, GetCall, ListCall, Name, PutCall, Stream, TransferFrame,
};
use landline_service::Arrived;

use super::call_error::CallError;
use super::line::Line;
use super::stream_call::CallGuard;
use crate::session::{
    Answer, ClientSide, FILE_WINDOW_BYTES_FIRST, LineEnded, LinkLine, Traffic, on_thread,
};
use asked::named_as_asked;
use receiving::Place;
use tally::Tally;
use waited_for::Waits;
use worked::{Broken, Worked};

pub use error::TransferError;
pub use event::{TransferEvent, TransferReport};
pub use request::{GetRequest, GetTo, PutFrom, PutRequest, TransferRules};

impl Line {
    /// Fetches files and folders. `watch` is told of each step, on another thread.
    ///
    /// Dropped before its end, it tells `watch` nothing more and gives a stream no more bytes, but for
    /// what is being done at that moment. A file all of whose bytes have come may still get its name; of a
    /// large one a part may stay, with which the next transfer goes on.
    ///
    /// # Errors
    /// The call was refused, this end cannot begin, or the line ended. That single files failed is
    /// told by `watch` and counted in the report.
    pub async fn get(
        &mut self,
        request: GetRequest,
        watch: impl FnMut(TransferEvent) + Send + 'static,
    ) -> Result<TransferReport, TransferError> {
        let to = Place::open(request.to)?;
        let (paths, rules) = (request.paths, request.rules);
        let call = FilesCall::Get(GetCall {
            paths: paths.clone(),
            digests: vec![rules.digest],
            check: rules.check,
            window: FILE_WINDOW_BYTES_FIRST,
        });
        let peer = self.peer().to_string();
        self.transfer(call, paths.clone(), watch, move |line, digest, tally| {
            if let Place::Stream(_) = to {
                line.read_here();
            }
            to.receive(line, &paths, rules.landing(digest, peer), tally)
        })
        .await
    }

    /// Brings files and folders. `watch` is told of each step, on another thread.
    ///
    /// Dropped before its end, it tells `watch` nothing more, but for what is being told at that moment. At
    /// the far end a part of a large file may stay, with which the next transfer goes on.
    ///
    /// # Errors
    /// As for [`Line::get`].
    pub async fn put(
        &mut self,
        request: PutRequest,
        watch: impl FnMut(TransferEvent) + Send + 'static,
    ) -> Result<TransferReport, TransferError> {
        let (from, rules) = (request.from, request.rules);
        let call = FilesCall::Put(PutCall {
            to: request.to,
            digests: vec![rules.digest],
            force: rules.force,
            check: rules.check,
        });
        let asked = match &from {
            PutFrom::Paths(paths) => asked::names(paths),
            PutFrom::Stream { .. } => Vec::new(),
        };
        self.transfer(call, asked, watch, move |line, digest, tally| {
            from.send(line, digest, rules.check, tally)
        })
        .await
    }

    /// Tells what there is: of each path, or, if `inside` is set, what is in the folders that they
    /// name. `each` is given the entries as they come, and may break off. What could not be found is
    /// called as it was asked for.
    ///
    /// # Errors
    /// The call was refused, or the line ended.
    pub async fn list(
        &mut self,
        paths: Vec<Name>,
        inside: bool,
        mut each: impl FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), CallError> {
        let asked = paths.clone();
        let call = FilesCall::List(ListCall { paths, inside });
        let (guard, _) = self.begin_files(call).await?;
        let link = &self.link;
        loop {
            let arrived = link.until(|state| match state.traffic.take_arrivals() {
                Some(arrived) => Some(Ok(arrived)),
                None => state.check(state.call).err().map(Err),
            });
            match arrived.await {
                Ok(arrived) => {
                    for item in arrived {
                        match item {
                            Arrived::Frame(TransferFrame::Entry(mut entry)) => {
                                name_as_asked(&asked, &mut entry);
                                if each(entry).is_break() {
                                    return Ok(());
                                }
                            }
                            Arrived::Ended => return guard.done().await.map(drop),
                            Arrived::Frame(_) | Arrived::Bytes(_) => {}
                        }
                    }
                }
                // The call may have come to its end before anybody looked.
                Err(LineEnded::CallOver) => return guard.done().await.map(drop),
                Err(ended) => return Err(ended.into()),
            }
        }
    }

    async fn begin_files(
        &mut self,
        call: FilesCall,
    ) -> Result<(CallGuard, Option<DigestKind>), CallError> {
        let renew = |traffic: &mut Traffic| traffic.renew_transfer(Stream::Out);
        let number = self
            .begin_with(|session| session.files(call), renew)
            .await?;
        let guard = CallGuard::new(self.link.clone(), number);
        match self.answer().await? {
            Answer::Accepted(digest) => Ok((guard, digest)),
            _ => Err(CallError::Ended(LineEnded::CallOver)),
        }
    }

    /// Makes a call and has `work` done for it on a thread of its own.
    async fn transfer(
        &mut self,
        call: FilesCall,
        asked: Vec<Name>,
        watch: impl FnMut(TransferEvent) + Send + 'static,
        work: impl FnOnce(&mut LinkLine<ClientSide>, DigestKind, Tally) -> Worked + Send + 'static,
    ) -> Result<TransferReport, TransferError> {
        let (guard, digest) = self.begin_files(call).await?;
        // The session has seen to it that there is one.
        let digest = digest.unwrap_or(DigestKind::Blake3);
        let (mut line, thread) = self.link.transfer(Stream::In);
        let waits = Waits::new();
        let tally = Tally::new(asked, digest, watch, waits.seen());
        let worked = on_thread(move || work(&mut line, digest, tally));
        let worked = worked.map_err(TransferError::Thread)?.await;
        let report = match worked {
            Ok(Ok(report)) => report,
            Ok(Err(Broken::Error(error))) => return Err(error),
            Ok(Err(Broken::Ended(why))) => {
                guard.done().await?;
                let why = format!("the call ended before its files did: {why}");
                return Err(TransferError::Protocol(why));
            }
            Err(_) => {
                let panicked = io::Error::other("the thread of the transfer has panicked");
                return Err(TransferError::Thread(panicked));
            }
        };
        guard.done().await?;
        drop((thread, waits));
        Ok(report)
    }
}

fn name_as_asked(paths: &[Name], entry: &mut Entry) {
    let failure = entry.passed_over.as_ref();
    let asked = failure.and_then(|it| named_as_asked(paths, entry.ask, &entry.name, it));
    if let Some(asked) = asked {
        entry.name = asked;
    }
}
