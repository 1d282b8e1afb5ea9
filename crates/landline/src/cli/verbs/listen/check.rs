//! Mixtures of service, address and options that make no sense, each with what to write instead.

use landline::line::Address;

use crate::cli::arguments::{ListenArguments, ServiceName};
use crate::cli::ending::Ending;

/// Refuses what cannot be meant.
pub(super) fn mixture(arguments: &ListenArguments, address: &Address) -> Result<(), Ending> {
    use ServiceName::{Answer, Exec, Files, Relay};
    let service = arguments.service;
    if let Some(option) = arguments.misplaced() {
        return Err(refusal("option-misplaced", service).with("option", option));
    }
    if service == Answer && arguments.text.is_none() {
        return Err(refusal("answer-needs-text", service));
    }
    if matches!(service, Answer | Exec | Files) && address.is_datagram() {
        return Err(refusal("service-needs-stream", service));
    }
    if service == Relay && !address.is_datagram() {
        return Err(refusal("service-needs-datagrams", service));
    }
    Ok(())
}

fn refusal(key: &'static str, service: ServiceName) -> Ending {
    Ending::usage(key).with("service", service.name())
}
