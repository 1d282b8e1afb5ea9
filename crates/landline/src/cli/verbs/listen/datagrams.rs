//! `listen` on datagrams: the service that was named, in one loop over one socket.

use std::sync::Arc;

use landline::line::{Address, Datagrams};
use landline::serve_datagrams;
use landline::service::{Print, Relay, Settings};

use super::{binding, plain, streams};
use crate::cli::arguments::{ListenArguments, ServiceName};
use crate::cli::ending::Ending;
use crate::cli::shown_arrivals::ShownArrivals;
use crate::cli::signals::Stages;
use crate::cli::ui::Ui;

/// How many datagrams a second one source may have echoed beyond loopback, where its address may be
/// forged: enough to try a line by hand or by script, too few to drown anybody.
const OPEN_ECHO_RATE: u32 = 100;

/// Takes datagrams until the service is done or a signal ends it.
pub(super) async fn serve(
    arguments: &ListenArguments,
    address: &Address,
    settings: Settings,
    ui: &Arc<Ui>,
    stages: Stages,
) -> Result<(), Ending> {
    let (socket, open) = listen(address, arguments, ui).await?;
    let (stop, once, busy_poll) = (stages.stop, arguments.once, arguments.busy_poll);
    let shown = Arc::new(ShownArrivals::new(ui, stop.clone()));
    let served = match arguments.service {
        ServiceName::Echo => {
            let mut echo = streams::echo(arguments, settings);
            echo.rate = open.then_some(OPEN_ECHO_RATE);
            serve_datagrams(socket, &echo, stop, once, busy_poll).await
        }
        ServiceName::Print => {
            let print = Print {
                sink: shown.clone(),
                settings,
            };
            serve_datagrams(socket, &print, stop, once, busy_poll).await
        }
        ServiceName::Relay => {
            let relay = relay(arguments, settings);
            serve_datagrams(socket, &relay, stop, once, busy_poll).await
        }
        ServiceName::Answer | ServiceName::Exec | ServiceName::Files => {
            unreachable!("checked: it needs a stream")
        }
    };
    shown.ending()?;
    served.map_err(|error| Ending::failed("line-broke").with("error", error))
}

fn relay(arguments: &ListenArguments, settings: Settings) -> Relay {
    let mut relay = Relay::new(settings);
    relay.no_self = arguments.no_self;
    relay.expire = arguments.expire.unwrap_or(relay.expire);
    relay.members_max = arguments
        .members
        .map_or(relay.members_max, |members| members as usize);
    relay.rate = arguments.rate;
    relay.allow = (!arguments.allow.is_empty()).then(|| arguments.allow.clone());
    relay
}

/// The socket, and whether other machines reach it.
async fn listen(
    address: &Address,
    arguments: &ListenArguments,
    ui: &Ui,
) -> Result<(Datagrams, bool), Ending> {
    let (made, open) = match address {
        Address::Udp(place) => {
            let at = binding::socket_address(address, place, arguments, ui).await?;
            (Datagrams::udp(at), plain::is_open(at))
        }
        Address::Unixgram(path) => (Datagrams::unixgram(path), false),
        Address::Tcp(_) | Address::Unix(_) => unreachable!("a stream has its own loop"),
    };
    let socket = made.map_err(|error| plain::bind_failed(address, &error))?;
    ui.listening(&socket.address().to_string());
    Ok((socket, open))
}
