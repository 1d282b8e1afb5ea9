//! The gate: a call that was asked for becomes a [`Permit`] only if it is offered and granted, and
//! nothing but a permit can be run. It does not know how.

use std::sync::Arc;

use landline_frame::landline1::{
    Args, Asked, Code, ExecCall, Failure, FilesCall, PairCall, StreamCall,
};
use landline_service::{Command, StreamService};
use landline_trust::Grant;

use super::need::Need;
use super::offer::{Offer, SharedFiles};

/// A call that may be run.
pub(super) enum Permit {
    Exec(Arc<Command>, ExecCall, Args),
    Files(Arc<SharedFiles>, FilesCall),
    Service(Arc<dyn StreamService>, StreamCall),
    Pair(PairCall),
    Status,
}

impl Permit {
    /// Checks what is asked for: whether it is offered, and whether `grant` has what it needs.
    pub(super) fn check(
        offer: &Offer,
        grant: &Grant,
        need: &Need,
        asked: Asked,
    ) -> Result<Self, Failure> {
        let permit = Self::find(offer, asked)?;
        match need.is_met(grant) {
            true => Ok(permit),
            false => Err(not_granted(need)),
        }
    }

    fn find(offer: &Offer, asked: Asked) -> Result<Self, Failure> {
        Ok(match asked {
            Asked::Exec(call, args) => {
                let commands = offer.exec().ok_or_else(no_commands)?;
                Self::Exec(commands.clone(), call, args)
            }
            Asked::Files(call) => {
                let files = offer.shared_files().ok_or_else(|| unknown("files"))?;
                Self::Files(files.clone(), call)
            }
            Asked::Stream(call) => {
                let service = offer.find(&call.service);
                let service = service.ok_or_else(|| unknown(&call.service))?;
                Self::Service(service.clone(), call)
            }
            Asked::Pair(call) => Self::Pair(call),
            Asked::Status => Self::Status,
        })
    }
}

fn no_commands() -> Failure {
    let why = "this server runs no commands: it was started without --allow-exec";
    Failure::new(Code::Unsupported, why)
}

fn unknown(service: &str) -> Failure {
    let why = format!("this server has no service \"{service}\"");
    Failure::new(Code::Unsupported, why)
}

fn not_granted(need: &Need) -> Failure {
    if let Need::Files(_) = need {
        return Failure::new(Code::NotGranted, "no folder is granted to this key");
    }
    let why = format!(
        "this key is not granted \"{}\" here: the server's owner can say `landline trust grant`",
        need.capability()
    );
    Failure::new(Code::NotGranted, why)
}
