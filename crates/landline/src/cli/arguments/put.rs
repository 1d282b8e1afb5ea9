//! `put HOST FILE...`: what may be typed.

use std::ffi::OsString;

use clap::Args;

use super::transfer::TransferArguments;

const EXAMPLES: &str = "\
Examples:
  landline put office notes.txt photos                files, and folders with all that is in them
  landline put office *.csv --to reports/2024         into that folder there
  landline put office photos --to archive:            into the share called archive
  pg_dump shop | landline put office - --to shop.sql  what comes on standard input, as that file
  landline put office disk.img                        again, after an end in the middle: it goes on
";

const NOTES: &str = "\
DIR counts from the folder that is served there; SHARE:DIR from another one. A file takes its name
only once it is there whole and verified. What stands there already is kept, unless it is the same,
or --force is given. Links and devices in folders are passed over. With `-` for FILE, the name is
that of --as, or else the last part of --to.

Exit status: 0 when all is there; 255 when something is not there in the end; 2 for wrong use; 130
after Ctrl-C, 143 after SIGTERM: the same command goes on where it stopped.

With --json, standard output carries one object a line, as `landline get --help` tells: found,
started, progress, placed, same, passed-over, failed, done.
";

/// Bring files to a machine that you trust, each verified before it takes its name there.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = NOTES)]
pub(crate) struct PutArguments {
    /// A machine of the address book, or its HOST:PORT
    pub(crate) host: String,
    /// What to bring; it is named after the last part of it. `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// The folder there to put files in [default: the one that is served]
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<OsString>,
    /// What to call what comes on standard input
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) name: Option<OsString>,
    #[command(flatten)]
    pub(crate) transfer: TransferArguments,
}
