//! SIGHUP: the config file is read again, and what can change while lines stand does. A file that is
//! bad changes nothing.

use std::io;
use std::sync::Arc;

use landline::SecureServer;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use crate::cli::arguments::{ServeArguments, Verb};
use crate::cli::config;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

/// Reloads at each SIGHUP, until it is dropped.
pub(super) struct Reloads(JoinHandle<()>);

impl Drop for Reloads {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Watches for SIGHUP from now on.
pub(super) fn watch(server: SecureServer, ui: Arc<Ui>) -> io::Result<Reloads> {
    let mut hangups = signal(SignalKind::hangup())?;
    Ok(Reloads(tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            match reload(&server) {
                Ok(()) => ui.note("serve-reloaded", &[("services", server.offered().join(", "))]),
                Err(ending) => ending.note(&ui),
            }
        }
    })))
}

fn reload(server: &SecureServer) -> Result<(), Ending> {
    server.look_at_grants();
    if let Some(arguments) = again()? {
        server.offer(super::offer(&arguments)?);
    }
    Ok(())
}

/// What was typed, over the config file as it is now.
fn again() -> Result<Option<ServeArguments>, Ending> {
    let arguments = config::arguments_again()?;
    Ok(arguments.and_then(|arguments| match arguments.verb {
        Verb::Serve(arguments) => Some(arguments),
        _ => None,
    }))
}
