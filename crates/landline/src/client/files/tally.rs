//! Counts what a transfer does while it tells of it, whichever way it goes. It does not know who is
//! told.

use landline_frame::landline1::{Code, DigestKind, EntryKind, Failure, Name};
use landline_service::{ReceiveEvent, SendEvent};

use super::asked::named_as_asked;
use super::event::{TransferEvent, TransferReport};
use super::waited_for::WaitedFor;

/// What has happened in a transfer, and who is told.
pub(super) struct Tally {
    /// The paths that were named.
    asked: Vec<Name>,
    report: TransferReport,
    watch: Box<dyn FnMut(TransferEvent) + Send>,
    waited_for: WaitedFor,
}

impl Tally {
    pub(super) fn new(
        asked: Vec<Name>,
        digest_kind: DigestKind,
        watch: impl FnMut(TransferEvent) + Send + 'static,
        waited_for: WaitedFor,
    ) -> Self {
        Self {
            asked,
            report: TransferReport::new(digest_kind),
            watch: Box::new(watch),
            waited_for,
        }
    }

    /// Whether anybody waits for the transfer still.
    pub(super) fn waited_for(&self) -> &WaitedFor {
        &self.waited_for
    }

    fn tell(&mut self, event: TransferEvent) {
        if self.waited_for.is_true() {
            (self.watch)(event);
        }
    }

    /// What the transfer has come to.
    pub(super) fn report(self) -> TransferReport {
        self.report
    }

    pub(super) fn received(&mut self, event: ReceiveEvent<'_>) {
        match event {
            ReceiveEvent::Found { name, size } => self.found(name, EntryKind::File, size),
            ReceiveEvent::Folder { name } => self.found(name, EntryKind::Folder, None),
            ReceiveEvent::Started {
                name,
                size,
                resumed_from,
                ..
            } => self.started(name, size, resumed_from),
            ReceiveEvent::Received { bytes } => self.moved(bytes),
            ReceiveEvent::Placed { name, size, digest } => self.placed(name, size, digest),
            ReceiveEvent::Same { name } => self.same(name),
            ReceiveEvent::Passed { ask, name, failure } => self.passed_over(ask, name, failure),
            ReceiveEvent::Refused { name, failure } | ReceiveEvent::Failed { name, failure } => {
                self.failed(name, failure);
            }
        }
    }

    pub(super) fn sent(&mut self, event: SendEvent<'_>) {
        match event {
            SendEvent::Found(entry) => self.found(&entry.name, entry.kind, entry.size),
            SendEvent::Passed { entry, failure } => {
                self.passed_over(entry.ask, &entry.name, failure)
            }
            SendEvent::Started {
                name,
                size,
                begins_at,
            } => self.started(name, size, begins_at),
            SendEvent::Sent { bytes } => self.moved(bytes),
            // It counts once it is placed.
            SendEvent::Ended { .. } => {}
            SendEvent::Placed { name, size, digest } => self.placed(name, size, *digest),
            SendEvent::Skipped { name } => self.same(name),
            SendEvent::Refused { name, failure } => self.failed(name, failure),
            SendEvent::Failed { name, failure } => {
                self.failed(name.unwrap_or(&Name::default()), failure);
            }
        }
    }

    fn found(&mut self, name: &Name, kind: EntryKind, size: Option<u64>) {
        let name = name.clone();
        self.tell(TransferEvent::Found { name, kind, size });
    }

    fn started(&mut self, name: &Name, size: Option<u64>, resumed_from: u64) {
        self.tell(TransferEvent::Started {
            name: name.clone(),
            size,
            resumed_from,
        });
    }

    fn moved(&mut self, bytes: u64) {
        self.report.bytes += bytes;
        self.tell(TransferEvent::Moved { bytes });
    }

    fn placed(&mut self, name: &Name, size: u64, digest: [u8; 32]) {
        self.report.files += 1;
        self.report.digest = Some(digest);
        self.tell(TransferEvent::Placed {
            name: name.clone(),
            size,
            digest,
        });
    }

    fn same(&mut self, name: &Name) {
        self.report.same += 1;
        self.tell(TransferEvent::Same { name: name.clone() });
    }

    /// Links, devices and the like are never sent: that is no failure, unless they were named. All else
    /// is.
    fn passed_over(&mut self, ask: u32, name: &Name, failure: &Failure) {
        if let Some(asked) = named_as_asked(&self.asked, ask, name, failure) {
            return self.failed(&asked, failure);
        }
        if failure.known() != Some(Code::NotRegular) {
            return self.failed(name, failure);
        }
        self.report.passed_over += 1;
        self.tell(TransferEvent::PassedOver {
            name: name.clone(),
            failure: failure.clone(),
        });
    }

    fn failed(&mut self, name: &Name, failure: &Failure) {
        self.report.failed += 1;
        self.tell(TransferEvent::Failed {
            name: name.clone(),
            failure: failure.clone(),
        });
    }
}
