//! `serve`: answers machines that are trusted, until it is told to stop. What it says on the way is in
//! `welcome`, where it listens in `places`, and what a reload changes in `reload`.

mod places;
mod reload;
mod welcome;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use landline::service::Command;
use landline::trust::{Home, RunningServer};
use landline::{Offer, SecureServer, ServeError};
use tokio::task::JoinSet;

use crate::cli::arguments::ServeArguments;
use crate::cli::ending::Ending;
use crate::cli::file_limit::raise_file_limit;
use crate::cli::trust_ending::trust_ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::later;
use crate::cli::{logs, signals};

/// Serves until a signal ends it.
pub(crate) async fn run(arguments: ServeArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    if arguments.web.is_some() {
        return Err(later::not_yet("serve --web"));
    }
    let folder = folder(arguments.folder.as_deref())?;
    let cannot_start = |error| Ending::failed("runtime-failed").with("error", error);
    let stages = signals::watch_but_hang_up().map_err(cannot_start)?;
    logs::start(&ui);
    raise_file_limit();
    let home = Home::from_environment().map_err(trust_ending)?;
    let server = SecureServer::new(&home, offer(&arguments)?, arguments.grace);
    let server = server.map_err(serve_ending)?;
    let (listeners, reached) = places::listen(&arguments).await?;
    let _announced = home
        .announce(&RunningServer {
            addresses: reached,
            folder: folder.to_str().map(str::to_owned),
            process: std::process::id(),
        })
        .map_err(trust_ending)?;
    let _reloads = reload::watch(server.clone(), arguments.config.clone(), ui.clone())
        .map_err(cannot_start)?;
    let mut loops = JoinSet::new();
    for (listener, shown) in listeners {
        ui.listening(&shown);
        let (server, stop) = (server.clone(), stages.stop.clone());
        let end_now = stages.end_now.clone();
        loops.spawn(async move { server.run(listener, stop, end_now).await });
    }
    welcome::say(&ui, &server, &folder);
    while loops.join_next().await.is_some() {}
    Ok(ExitCode::SUCCESS)
}

/// The folder that is offered, as an absolute path.
fn folder(typed: Option<&Path>) -> Result<PathBuf, Ending> {
    let typed = typed.unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| {
        Ending::failed("root-failed")
            .with("root", typed.display())
            .with("error", error)
    };
    let folder = typed.canonicalize().map_err(failed)?;
    match folder.is_dir() {
        true => Ok(folder),
        false => Err(failed(std::io::ErrorKind::NotADirectory.into())),
    }
}

/// What is offered, as was typed.
fn offer(arguments: &ServeArguments) -> Result<Offer, Ending> {
    let offer = Offer::new().files(folder(arguments.folder.as_deref())?);
    if !arguments.allow_exec {
        return Ok(offer);
    }
    let commands = Command::new();
    let mut commands =
        commands.map_err(|error| Ending::failed("runtime-failed").with("error", error))?;
    if !arguments.allow_env.is_empty() {
        commands.env_allow.clone_from(&arguments.allow_env);
    }
    Ok(offer.commands(commands))
}

fn serve_ending(error: ServeError) -> Ending {
    match error {
        ServeError::Identity(error) => trust_ending(error),
        ServeError::File(error) => trust_ending(error),
        ServeError::Tls(error) => {
            let value = error.value().unwrap_or_default();
            Ending::failed(error.key()).with("error", value)
        }
    }
}
