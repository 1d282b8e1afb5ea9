//! From a name that a peer asked for to an open file beneath the root. It does not know why the
//! file is wanted.

use std::fs::File;
use std::io;

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags;

use crate::files::refusal::Refusal;

/// Why a name is refused before anything is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadName {
    /// It starts at the file system's root.
    Absolute,
    /// It has a part `..`.
    Upwards,
    /// It has an empty part: it is empty, ends in `/`, or has two in a row.
    EmptyPart,
}

/// Refuses a name that no honest client asks for. A `\` is a character like others here.
pub(super) fn check(name: &str) -> Result<(), BadName> {
    if name.starts_with('/') {
        return Err(BadName::Absolute);
    }
    for part in name.split('/') {
        match part {
            ".." => return Err(BadName::Upwards),
            "" => return Err(BadName::EmptyPart),
            _ => {}
        }
    }
    Ok(())
}

/// Opens the regular file `name` beneath `root`. A FIFO without a writer or a device does not hold
/// it up (O_NONBLOCK, open(2)): what was opened is looked at, not what the name stood for before.
pub(super) fn open(root: &Dir, name: &str) -> Result<File, Refusal> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    let opened = root.open_with(name, &options);
    let file = opened.map_err(Refusal::of_open)?.into_std();
    let metadata = file.metadata().map_err(Refusal::Unreadable)?;
    if !metadata.is_file() {
        return Err(Refusal::NotAFile);
    }
    wait_for_reads(&file).map_err(Refusal::Unreadable)?;
    Ok(file)
}

/// Some file systems in user space (FUSE) would hand O_NONBLOCK on to each read.
fn wait_for_reads(file: &File) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(file)?;
    Ok(rustix::fs::fcntl_setfl(file, flags - OFlags::NONBLOCK)?)
}
