//! How files go, whichever way: the options that `get` and `put` share.

use clap::{Args, ValueEnum};
use landline::TransferRules;
use landline::frame::landline1::DigestKind;

/// The options of a transfer on the secure line.
#[derive(Debug, Args)]
pub(crate) struct TransferArguments {
    /// Replace what stands there already; else it is kept, and said
    #[arg(long)]
    pub(crate) force: bool,
    /// Read again, at both ends, what is there already, and compare; else size and time tell
    #[arg(long)]
    pub(crate) check: bool,
    /// How files are verified; sha256 for an end without BLAKE3, and then nothing goes on in the
    /// middle of a file
    #[arg(long, value_name = "KIND", default_value = "blake3")]
    pub(crate) digest: Digest,
}

/// A digest as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Digest {
    /// BLAKE3
    Blake3,
    /// SHA-256
    Sha256,
}

impl TransferArguments {
    /// The rules that were typed.
    pub(crate) fn rules(&self) -> TransferRules {
        let digest = match self.digest {
            Digest::Blake3 => DigestKind::Blake3,
            Digest::Sha256 => DigestKind::Sha256,
        };
        TransferRules {
            force: self.force,
            check: self.check,
            digest,
            journals: None,
        }
    }
}
