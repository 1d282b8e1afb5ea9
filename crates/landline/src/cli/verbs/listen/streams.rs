//! `listen` on a stream: the service that was named, behind the accept loop.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use landline::line::{Address, Listener};
use landline::service::{Answer, Echo, Exec, Files, Print, Settings, StreamService};
use landline::{Admission, Server};

use super::{binding, plain};
use crate::cli::arguments::{ListenArguments, ServiceName};
use crate::cli::ending::Ending;
use crate::cli::file_limit::raise_file_limit;
use crate::cli::shown_arrivals::ShownArrivals;
use crate::cli::signals::Stages;
use crate::cli::ui::Ui;

/// Answers callers until the service is done or a signal ends it.
pub(super) async fn serve(
    arguments: &ListenArguments,
    address: &Address,
    settings: Settings,
    ui: &Arc<Ui>,
    stages: Stages,
) -> Result<(), Ending> {
    raise_file_limit();
    let shown = Arc::new(ShownArrivals::new(ui, stages.stop.clone()));
    let (service, exec) = service(arguments, settings, &shown)?;
    let listener = listen(address, arguments, ui).await?;
    let admission = match exec.is_some() && !arguments.insecure {
        true => Admission::own_user().map_err(cannot_start)?,
        false => Admission::anyone(),
    };
    let server = Server {
        service,
        journal: ui.clone(),
        admission,
        one_at_a_time: arguments.one_at_a_time,
        once: arguments.once,
        grace: arguments.grace,
        busy_poll: arguments.busy_poll,
    };
    server.run(listener, stages.stop, stages.end_now).await;
    if let Some(exec) = exec {
        exec.ended().await;
    }
    shown.ending()
}

type Chosen = (Arc<dyn StreamService>, Option<Arc<Exec>>);

/// The service that was named, and once more as itself if it runs commands.
fn service(
    arguments: &ListenArguments,
    settings: Settings,
    shown: &Arc<ShownArrivals>,
) -> Result<Chosen, Ending> {
    let service: Arc<dyn StreamService> = match arguments.service {
        ServiceName::Answer => Arc::new(Answer {
            text: bytes(&arguments.text),
            settings,
        }),
        ServiceName::Echo => Arc::new(echo(arguments, settings)),
        ServiceName::Files => Arc::new(files(arguments, settings)?),
        ServiceName::Exec => {
            let exec = Arc::new(exec(arguments, settings)?);
            return Ok((exec.clone(), Some(exec)));
        }
        ServiceName::Print => Arc::new(Print {
            sink: shown.clone(),
            settings,
        }),
        ServiceName::Relay => unreachable!("checked: it needs datagrams"),
    };
    Ok((service, None))
}

/// The echo that was asked for, on whatever line.
pub(super) fn echo(arguments: &ListenArguments, settings: Settings) -> Echo {
    let suffix = bytes(&arguments.suffix);
    Echo {
        upper: arguments.upper,
        suffix,
        rate: None,
        settings,
    }
}

fn bytes(text: &Option<OsString>) -> Vec<u8> {
    text.as_deref()
        .map(|text| text.as_bytes().to_vec())
        .unwrap_or_default()
}

fn files(arguments: &ListenArguments, settings: Settings) -> Result<Files, Ending> {
    let root = arguments.root.as_deref().unwrap_or(Path::new("."));
    Files::open(root, settings).map_err(|error| {
        Ending::failed("root-failed")
            .with("root", root.display())
            .with("error", error)
    })
}

fn exec(arguments: &ListenArguments, settings: Settings) -> Result<Exec, Ending> {
    let mut exec = Exec::new(settings).map_err(cannot_start)?;
    exec.output_max = arguments.output_max.unwrap_or(exec.output_max);
    Ok(exec)
}

fn cannot_start(error: std::io::Error) -> Ending {
    Ending::failed("runtime-failed").with("error", error)
}

async fn listen(
    address: &Address,
    arguments: &ListenArguments,
    ui: &Ui,
) -> Result<Listener, Ending> {
    let made = match address {
        Address::Tcp(place) => {
            let at = binding::socket_address(address, place, arguments, ui).await?;
            Listener::tcp(at, arguments.backlog)
        }
        Address::Unix(path) => Listener::unix(path, arguments.backlog),
        Address::Udp(_) | Address::Unixgram(_) => {
            unreachable!("a datagram address is served by its own loop")
        }
    };
    let listener = made.map_err(|error| plain::bind_failed(address, &error))?;
    let at = listener
        .address()
        .map_err(|error| plain::bind_failed(address, &error))?;
    ui.listening(&at.to_string());
    Ok(listener)
}
