//! What the verbs for trusted machines share: the line to HOST, and what its errors are to a person.

use std::num::NonZeroU16;
use std::time::Duration;

use landline::frame::landline1::{Code, Fault};
use landline::line::{Address, AddressError, TlsError};
use landline::trust::{Home, HostAddress, PeerName};
use landline::{CallError, DialError, Line, LineEnded};
use tokio::time::timeout;

use crate::cli::ending::Ending;
use crate::cli::trust_ending::trust_ending;

/// A line to the machine that is meant by `host`.
pub(crate) async fn dial(host: &str) -> Result<Line, Ending> {
    check(host)?;
    let home = Home::from_environment().map_err(trust_ending)?;
    landline::dial(&home, host).await.map_err(dial_ending)
}

/// Refuses what can be no machine: a plain wire, and what is neither a name nor an address.
fn check(host: &str) -> Result<(), Ending> {
    if host.parse::<Address>() != Err(AddressError::NoScheme) {
        return Err(Ending::usage("trust-address-scheme").with("value", host));
    }
    let is_name = |text: &str| text.parse::<PeerName>().is_ok();
    let is_port = |text: &str| text.parse::<NonZeroU16>().is_ok();
    let ported = host.rsplit_once(':');
    if is_name(host) || ported.is_some_and(|(name, port)| is_name(name) && is_port(port)) {
        return Ok(());
    }
    let address = host.parse::<HostAddress>();
    address.map(drop).map_err(trust_ending)
}

/// How long a machine may take to answer what needs no work: longer, and it has stopped answering,
/// though its line still stands.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// What comes of `answer`, which a machine that works gives at once.
pub(crate) async fn soon<T>(
    host: &str,
    answer: impl Future<Output = Result<T, CallError>>,
) -> Result<T, Ending> {
    match timeout(ANSWER_MAX, answer).await {
        Ok(answer) => answer.map_err(|error| call_ending(host, error)),
        Err(_) => Err(Ending::failed("dial-timed-out").with("address", host)),
    }
}

/// Why there is no line.
pub(crate) fn dial_ending(error: DialError) -> Ending {
    match error {
        DialError::Identity(error) => trust_ending(error),
        DialError::Book(error) => trust_ending(error),
        DialError::NotInBook { host } => Ending::failed("host-unknown").with("host", host),
        DialError::NoAddress { host } => Ending::failed("host-no-address")
            .with("host", host)
            .with("book", book()),
        DialError::Unreachable { address, error } => unreachable(&address, &error),
        DialError::WrongKey {
            address,
            expected,
            found,
        } => {
            let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
            Ending::failed("host-key-changed")
                .with("address", address)
                .with("expected", expected.join(", "))
                .with("found", found)
                .with("book", book())
        }
        DialError::Tls { address, error } => tls_ending(&address, &error),
        DialError::Greeting { address, error } => ended(&address, error),
        DialError::Unknown { address } => {
            Ending::failed("host-knows-us-not").with("address", address)
        }
    }
}

/// Where the address book is, for who has to edit it.
fn book() -> String {
    let home = Home::from_environment();
    home.map_or_else(
        |_| String::new(),
        |home| home.book().path().display().to_string(),
    )
}

fn unreachable(address: &str, error: &std::io::Error) -> Ending {
    let key = match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "dial-refused",
        std::io::ErrorKind::TimedOut => "dial-timed-out",
        _ => "dial-failed",
    };
    Ending::failed(key)
        .with("address", address)
        .with("error", error)
}

fn tls_ending(peer: &str, error: &TlsError) -> Ending {
    let value = error.value().unwrap_or_default();
    Ending::failed(error.key())
        .with("peer", peer)
        .with("error", value)
}

/// Why a line has ended.
pub(crate) fn ended(peer: &str, ended: LineEnded) -> Ending {
    match ended {
        LineEnded::Broken(error) => tls_ending(peer, &error),
        LineEnded::Failed(failure) => refused(&failure.code, &failure.message),
        LineEnded::Closed | LineEnded::CallOver => Ending::failed("hung-up"),
        LineEnded::Protocol(error) => Ending::failed("protocol-broken")
            .with("peer", peer)
            .with("error", error),
    }
}

/// Why a call has no result.
pub(crate) fn call_ending(peer: &str, error: CallError) -> Ending {
    match error {
        CallError::Failed(failure) => refused(&failure.code, &failure.message),
        CallError::Ended(error) => ended(peer, error),
        CallError::Unsayable(error) => Ending::usage("call-unsayable").with("error", error),
        CallError::Words(error) => Ending::usage("call-unsayable").with("error", error),
    }
}

/// What an ERROR of the server says: what it does not have or grant is no failure of a line.
fn refused(code: &str, message: &str) -> Ending {
    let known = Code::from_name(code);
    let key = match known {
        Some(code) if code.fault() == Fault::Caller => "call-refused",
        _ => "call-failed",
    };
    Ending::failed(key)
        .with("code", code)
        .with("message", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_falls_silent_is_waited_for_ten_seconds() {
        let started = tokio::time::Instant::now();
        let silent = soon::<()>("office", std::future::pending()).await;
        let ending = silent.expect_err("it says nothing");
        let (key, _) = ending.said().expect("a sentence");
        assert_eq!((*key, started.elapsed()), ("dial-timed-out", ANSWER_MAX));
    }
}
