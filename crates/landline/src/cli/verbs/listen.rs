//! `listen`: one service on one plain socket, until a signal.

use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;
use std::sync::Arc;

use landline::line::{Address, HostPort, Listener};
use landline::service::{Answer, Echo, Settings, StreamService};
use landline::{Admission, Server};

use super::plain;
use crate::cli::arguments::{ListenArguments, ServiceName};
use crate::cli::ending::Ending;
use crate::cli::signals;
use crate::cli::ui::Ui;

/// Listens until the service is done or a signal ends it.
pub(crate) async fn run(arguments: ListenArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let address = plain::address(&arguments.address)?;
    check(&arguments, &address)?;
    raise_file_limit();
    let signals =
        signals::watch().map_err(|error| Ending::failed("runtime-failed").with("error", error))?;
    let settings = Settings {
        recv: arguments.recv_bytes(),
        journal: ui.clone(),
    };
    let service = stream_service(&arguments, settings)?;
    let listener = listen(&address, &arguments, &ui).await?;
    let server = Server {
        service,
        journal: ui.clone(),
        admission: admission(&arguments),
        one_at_a_time: arguments.one_at_a_time,
        once: arguments.once,
        grace: arguments.grace,
        busy_poll: arguments.busy_poll,
    };
    server.run(listener, signals.stop, signals.end_now).await;
    Ok(ExitCode::SUCCESS)
}

/// Mixtures that make no sense.
fn check(arguments: &ListenArguments, address: &Address) -> Result<(), Ending> {
    if let Some(option) = arguments.misplaced() {
        let name = name(arguments.service);
        return Err(Ending::usage("option-misplaced")
            .with("option", option)
            .with("service", name));
    }
    if arguments.service == ServiceName::Answer && arguments.text.is_none() {
        return Err(Ending::usage("answer-needs-text"));
    }
    use ServiceName::{Answer, Exec, Files, Relay};
    let wrong = match arguments.service {
        Answer | Exec | Files => address.is_datagram().then_some("service-needs-stream"),
        Relay => (!address.is_datagram()).then_some("service-needs-datagrams"),
        _ => None,
    };
    match wrong {
        Some(key) => Err(Ending::usage(key).with("service", name(arguments.service))),
        None => Ok(()),
    }
}

fn name(service: ServiceName) -> String {
    format!("{service:?}").to_lowercase()
}

fn stream_service(
    arguments: &ListenArguments,
    settings: Settings,
) -> Result<Arc<dyn StreamService>, Ending> {
    let bytes = |text: &Option<std::ffi::OsString>| {
        text.as_deref()
            .map(|text| text.as_bytes().to_vec())
            .unwrap_or_default()
    };
    Ok(match arguments.service {
        ServiceName::Answer => Arc::new(Answer {
            text: bytes(&arguments.text),
            settings,
        }),
        ServiceName::Echo => Arc::new(Echo {
            upper: arguments.upper,
            suffix: bytes(&arguments.suffix),
            settings,
        }),
        _ => return Err(Ending::usage("not-yet").with("verb", name(arguments.service))),
    })
}

fn admission(arguments: &ListenArguments) -> Admission {
    match arguments.service {
        ServiceName::Exec if !arguments.insecure => Admission::OwnUser,
        _ => Admission::Anyone,
    }
}

async fn listen(
    address: &Address,
    arguments: &ListenArguments,
    ui: &Ui,
) -> Result<Listener, Ending> {
    let made = match address {
        Address::Tcp(place) => {
            let at = socket_address(address, place, arguments, ui).await?;
            Listener::tcp(at, arguments.backlog)
        }
        Address::Unix(path) | Address::Unixgram(path) => Listener::unix(path, arguments.backlog),
        Address::Udp(_) => unreachable!("checked: this service is on streams"),
    };
    let listener = made.map_err(|error| cannot_bind(address, &error))?;
    let at = listener
        .address()
        .map_err(|error| cannot_bind(address, &error))?;
    ui.listening(&at.to_string());
    Ok(listener)
}

/// The first address of `place`, if it may be bound: beyond loopback only when that was asked for,
/// and said.
async fn socket_address(
    address: &Address,
    place: &HostPort,
    arguments: &ListenArguments,
    ui: &Ui,
) -> Result<SocketAddr, Ending> {
    let found = place.resolve().await;
    let at = found.map_err(|error| plain::unreachable(address, &error))?[0];
    if at.ip().to_canonical().is_loopback() {
        return Ok(at);
    }
    if !arguments.insecure {
        return Err(Ending::usage("insecure-needed").with("address", address));
    }
    let service = name(arguments.service);
    ui.note(
        "insecure-open",
        &[("address", address.to_string()), ("service", service)],
    );
    Ok(at)
}

fn cannot_bind(address: &Address, error: &std::io::Error) -> Ending {
    use std::io::ErrorKind;
    let key = match error.kind() {
        ErrorKind::AddrInUse => "bind-in-use",
        ErrorKind::PermissionDenied => "bind-not-permitted",
        ErrorKind::AddrNotAvailable => "bind-not-here",
        ErrorKind::AlreadyExists => "bind-not-a-socket",
        _ => "bind-failed",
    };
    Ending::failed(key)
        .with("address", address)
        .with("error", error)
}

/// A client is a file, and the soft limit is often 1,024 where the hard one allows many more.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where it cannot be raised, as many clients as before are served.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    );
}
