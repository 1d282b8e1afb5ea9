//! Reads the names in an open folder, some at a time. It looks at none of what they name.

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::fs::RawDir;
use rustix::io::Errno;

/// How many bytes of names are read at once: some 500. A folder that is being walked holds as many.
const BATCH_BYTES: usize = 16 * 1024;

/// A folder that is being read.
#[derive(Debug)]
pub(super) struct Folder {
    handle: Arc<OwnedFd>,
    /// Names that were read and not given yet, each with a NUL behind it.
    names: Vec<u8>,
    at: usize,
    has_ended: bool,
}

/// What names are read into, for any number of folders one after the other.
#[derive(Debug)]
pub(super) struct Batch(Vec<u8>);

impl Default for Batch {
    fn default() -> Self {
        Self(Vec::with_capacity(BATCH_BYTES))
    }
}

impl Folder {
    pub(super) fn new(handle: OwnedFd) -> Self {
        Self {
            handle: Arc::new(handle),
            names: Vec::new(),
            at: 0,
            has_ended: false,
        }
    }

    pub(super) fn handle(&self) -> &Arc<OwnedFd> {
        &self.handle
    }

    /// The next name, in the order of the file system, without `.` and `..`. After an error there is
    /// none.
    pub(super) fn next(&mut self, batch: &mut Batch) -> Option<Result<CString, Errno>> {
        while self.at == self.names.len() {
            if self.has_ended {
                return None;
            }
            if let Err(error) = self.fill(batch) {
                self.has_ended = true;
                return Some(Err(error));
            }
        }
        let name = CStr::from_bytes_until_nul(&self.names[self.at..]);
        let name = name.expect("a NUL stands behind each name").to_owned();
        self.at += name.as_bytes_with_nul().len();
        Some(Ok(name))
    }

    fn fill(&mut self, batch: &mut Batch) -> Result<(), Errno> {
        self.names.clear();
        self.at = 0;
        let room: &mut [MaybeUninit<u8>] = batch.0.spare_capacity_mut();
        let mut raw = RawDir::new(&*self.handle, room);
        loop {
            match raw.next() {
                None => self.has_ended = true,
                // The folder was removed meanwhile.
                Some(Err(Errno::NOENT)) => self.has_ended = true,
                Some(Err(error)) => return Err(error),
                Some(Ok(entry)) => {
                    let name = entry.file_name().to_bytes_with_nul();
                    if !matches!(name, b".\0" | b"..\0") {
                        self.names.extend_from_slice(name);
                    }
                }
            }
            if self.has_ended || raw.is_buffer_empty() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
impl Folder {
    pub(super) fn held_bytes(&self) -> usize {
        self.names.capacity()
    }
}
