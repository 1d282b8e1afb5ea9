//! SIGHUP: the config file is read again, and what can change while lines stand does. A file that is
//! bad changes nothing.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use landline::SecureServer;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use crate::cli::arguments::{Arguments, Verb};
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
pub(super) fn watch(
    server: SecureServer,
    config: Option<PathBuf>,
    ui: Arc<Ui>,
) -> io::Result<Reloads> {
    let mut hangups = signal(SignalKind::hangup())?;
    Ok(Reloads(tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            match reload(&server, config.as_deref()) {
                Ok(()) => ui.note(
                    "serve-reloaded",
                    &[("services", server.offered().join(", "))],
                ),
                Err(ending) => ending.note(&ui),
            }
        }
    })))
}

fn reload(server: &SecureServer, config: Option<&Path>) -> Result<(), Ending> {
    server.look_at_grants();
    // Without a file what was typed is all there is; it was good when the server started.
    let arguments = config::arguments(config)?.or_else(|| Arguments::typed().ok());
    if let Some(Verb::Serve(arguments)) = arguments.map(|arguments| arguments.verb) {
        server.offer(super::offer(&arguments)?);
    }
    Ok(())
}
