//! Files that are brought: where they come from. It does not know the line.

use landline_frame::landline1::DigestKind;
use landline_service::{Found, TransferLine, Walk, send};

use super::request::PutFrom;
use super::tally::Tally;
use super::worked::{Broken, Worked};

impl PutFrom {
    /// Sends all of it.
    pub(super) fn send(
        self,
        line: &mut dyn TransferLine,
        digest: DigestKind,
        check: bool,
        mut tally: Tally,
    ) -> Worked {
        let found: Box<dyn Iterator<Item = Found>> = match self {
            Self::Paths(paths) => Box::new(Walk::local(paths)),
            Self::Stream { file, name } => Box::new(std::iter::once(Found::stream(name, 0, file))),
        };
        let sent = send(line, found, digest, check, true, &mut |event| {
            tally.sent(event)
        });
        sent.map_err(|_| Broken::Ended)?;
        Ok(tally.report())
    }
}
