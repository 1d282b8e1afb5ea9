//! How much credit the receiver of a stream gives back, and when. It does not know what is received.

/// The credit of one stream, at its receiver.
pub(super) struct Window {
    /// Credit for what was taken, not yet given back.
    owed: u64,
    /// How much the far end may have sent beyond what was taken.
    bytes: u64,
    bytes_max: u64,
}

impl Window {
    /// A window of so many bytes at first, and at most.
    pub(super) fn new(bytes: u64, bytes_max: u64) -> Self {
        Self {
            owed: 0,
            bytes,
            bytes_max,
        }
    }

    /// So many bytes more were taken.
    pub(super) fn taken(&mut self, bytes: u64) {
        self.owed += bytes;
    }

    /// Whether credit is worth a frame now.
    pub(super) fn owes(&self) -> bool {
        self.owed >= self.bytes / 4
    }

    /// The credit that is worth a frame now; it is taken to be given.
    ///
    /// It goes back in quarters of the window, so that the far end does not stand still while the
    /// CREDIT travels, and few such frames are needed. With each the window doubles: a long stream is
    /// not to wait for the other end's core to wake up, which takes as long as 256 KiB do, and a short
    /// one never has more than the first window.
    pub(super) fn owed(&mut self) -> Option<u64> {
        if !self.owes() {
            return None;
        }
        let grown = (2 * self.bytes).min(self.bytes_max);
        let more = grown - self.bytes;
        self.bytes = grown;
        Some(std::mem::take(&mut self.owed) + more)
    }
}
