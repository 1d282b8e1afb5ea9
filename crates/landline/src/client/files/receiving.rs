//! Files that are fetched: the folder or stream that they go to. It does not know the line.

use std::fs::File;
use std::io::{self, Write};

use landline_frame::landline1::{DigestKind, Name};
use landline_service::{
    FolderPlacer, Landing, Receiving, StreamPlacer, TransferFault, TransferLine, is_asked, receive,
};

use super::error::TransferError;
use super::request::GetTo;
use super::tally::Tally;
use super::worked::{Broken, Worked};

/// Where files go.
pub(super) enum Place {
    Folder(File),
    Stream(Box<dyn Write + Send>),
}

impl Place {
    /// Opens the folder, which is to be there.
    pub(super) fn open(to: GetTo) -> Result<Self, TransferError> {
        let path = match to {
            GetTo::Stream(stream) => return Ok(Self::Stream(stream)),
            GetTo::Folder(path) => path,
        };
        let opened = File::open(&path).and_then(|folder| match folder.metadata()?.is_dir() {
            true => Ok(folder),
            false => Err(io::ErrorKind::NotADirectory.into()),
        });
        match opened {
            Ok(folder) => Ok(Self::Folder(folder)),
            Err(error) => Err(TransferError::Folder { path, error }),
        }
    }

    /// Takes what comes of `paths`.
    pub(super) fn receive(
        self,
        line: &mut dyn TransferLine,
        paths: &[Name],
        landing: Landing,
        mut tally: Tally,
    ) -> Worked {
        let belongs = |ask: u32, name: &Name| {
            let path = usize::try_from(ask).ok().and_then(|ask| paths.get(ask));
            path.is_some_and(|path| is_asked(path, name))
        };
        let how = Receiving {
            confirm: false,
            belongs: Some(&belongs),
        };
        match self {
            Self::Folder(folder) => {
                let placer = FolderPlacer::new(folder, landing);
                let mut placer = placer.map_err(|error| TransferError::Folder {
                    path: ".".into(),
                    error,
                })?;
                let received = receive(line, &mut placer, how, &mut |event| tally.received(event));
                received.map_err(fault)?;
            }
            Self::Stream(stream) => into_stream(line, stream, landing.digest, how, &mut tally)?,
        }
        Ok(tally.report())
    }
}

fn into_stream(
    line: &mut dyn TransferLine,
    stream: Box<dyn Write + Send>,
    digest: DigestKind,
    how: Receiving<'_>,
    tally: &mut Tally,
) -> Result<(), Broken> {
    let stream = tally.waited_for().guarded(stream);
    let mut placer = StreamPlacer::new(stream, digest);
    let received = receive(line, &mut placer, how, &mut |event| tally.received(event));
    if let Some(error) = placer.into_error() {
        return Err(TransferError::Stream(error).into());
    }
    received.map_err(fault)?;
    Ok(())
}

fn fault(fault: TransferFault) -> Broken {
    match fault {
        TransferFault::End(end) => Broken::Ended(end.0),
        TransferFault::NotAsked(name) => TransferError::Unasked { name }.into(),
        TransferFault::Protocol(why) => TransferError::Protocol(why).into(),
    }
}
