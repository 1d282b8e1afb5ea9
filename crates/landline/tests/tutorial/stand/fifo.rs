//! A FIFO through which a command tells its test where it is, or is kept waiting, without polling.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};

use super::{Folder, patience};

/// A FIFO in a folder.
pub(crate) struct Fifo {
    /// Its path, as an argument.
    pub(crate) name: String,
    end: File,
}

impl Fifo {
    /// Makes it. Both ends are held open, so that opening it never blocks anyone.
    pub(crate) fn new(folder: &Folder, name: &str) -> Self {
        Self::at(folder.path(), name)
    }

    /// The same in any folder.
    pub(crate) fn at(folder: &Path, name: &str) -> Self {
        let path = folder.join(name);
        mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o666), 0).expect("a free name");
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let mut options = OpenOptions::new();
        let end = options
            .read(true)
            .write(true)
            .custom_flags(flags)
            .open(&path);
        let name = path
            .to_str()
            .expect("a temporary folder has a plain name")
            .to_owned();
        Self {
            name,
            end: end.expect("it was just made"),
        }
    }

    /// The next line that a command writes into it, with the newline cut off.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            let limit = Timespec::try_from(patience()).expect("a wait of seconds");
            let mut ends = [PollFd::new(&self.end, PollFlags::IN)];
            let ready = poll(&mut ends, Some(&limit)).expect("a FIFO can be waited for");
            assert!(ready > 0, "nothing came through {}", self.name);
            let mut byte = [0];
            self.end.read_exact(&mut byte).expect("something is there");
            line.push(byte[0]);
        }
        line.pop();
        String::from_utf8(line).expect("commands write text")
    }

    /// The next line as a process id.
    #[track_caller]
    pub(crate) fn process_id(&mut self) -> u32 {
        self.line()
            .trim()
            .parse()
            .expect("the command wrote its process id")
    }

    /// Gives a waiting reader one line.
    pub(crate) fn release(&mut self) {
        self.end.write_all(b"go\n").expect("a FIFO takes a line");
    }
}
