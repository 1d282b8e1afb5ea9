//! Files that are brought: where they come from. It does not know the line.

use landline_frame::landline1::DigestKind;
use landline_service::{Found, Sending, TransferLine, Walk, send_files};

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
        let sending = Sending {
            digest,
            check,
            is_placed: true,
        };
        let sent = send_files(line, found, sending, &mut |event| tally.sent(event));
        sent.map_err(|end| Broken::Ended(end.0))?;
        Ok(tally.report())
    }
}
