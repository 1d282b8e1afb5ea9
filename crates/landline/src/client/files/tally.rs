//! Counts what a transfer does while it tells of it, whichever way it goes. It does not know who is
//! told.

use landline_frame::landline1::{DigestKind, Failure, Name};
use landline_service::{ReceiveEvent, SendEvent};

use super::event::{TransferEvent, TransferReport};

/// What has happened in a transfer, and who is told.
pub(super) struct Tally {
    report: TransferReport,
    watch: Box<dyn FnMut(TransferEvent) + Send>,
}

impl Tally {
    pub(super) fn new(
        digest_kind: DigestKind,
        watch: impl FnMut(TransferEvent) + Send + 'static,
    ) -> Self {
        let report = TransferReport {
            files: 0,
            same: 0,
            failed: 0,
            passed_over: 0,
            bytes: 0,
            digest: None,
            digest_kind,
        };
        let watch = Box::new(watch);
        Self { report, watch }
    }

    /// What it has come to.
    pub(super) fn report(self) -> TransferReport {
        self.report
    }
