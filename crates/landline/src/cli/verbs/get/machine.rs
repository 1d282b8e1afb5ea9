//! `get HOST PATH...`: what was typed as what the library is asked for, or what is wrong with it.

use std::collections::HashSet;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use landline::frame::landline1::Name;
use landline::{GetRequest, GetTo};

use crate::cli::arguments::GetArguments;
use crate::cli::ending::Ending;
use crate::cli::escape::shown_bytes;
use crate::cli::ui::Ui;
use crate::cli::verbs::far_path;
use crate::cli::verbs::files::{self, Act, Deed, Order, Outlet, Request};

/// Fetches what was typed.
pub(super) async fn run(arguments: &GetArguments, ui: &Arc<Ui>) -> Result<ExitCode, Ending> {
    files::run(|| order(arguments, ui), ui).await
}

fn order(arguments: &GetArguments, ui: &Ui) -> Result<Order, Ending> {
    let host = &arguments.place;
    if let Some(option) = arguments.typed_for_plain() {
        return Err(Ending::usage("get-option-plain")
            .with("option", option)
            .with("host", host));
    }
    if arguments.paths.is_empty() {
        return Err(Ending::usage("get-path-needed").with("host", host));
    }
    let paths: Result<Vec<Name>, Ending> =
        arguments.paths.iter().map(|it| files::name(it)).collect();
    let paths = paths?;
    let deed = Deed {
        act: Act::Get,
        host: host.clone(),
        about: arguments.paths.clone(),
        forces: arguments.transfer.force,
    };
    let (to, outlet) = match arguments.to_stdout() {
        true => stdout(ui)?,
        false => (folder(&arguments.to, &paths)?, Outlet::default()),
    };
    let rules = arguments.transfer.rules();
    Ok(Order {
        deed,
        request: Request::Get(GetRequest { paths, to, rules }),
        failed: Vec::new(),
        outlet,
        // No bar among the files' bytes.
        may_draw: !(arguments.to_stdout() && io::stdout().is_terminal()),
    })
}

fn stdout(ui: &Ui) -> Result<(GetTo, Outlet), Ending> {
    match ui.json() {
        true => Err(Ending::usage("get-json-and-stdout")),
        false => Outlet::open().map_err(Ending::output),
    }
}

fn folder(to: &Path, paths: &[Name]) -> Result<GetTo, Ending> {
    let mut targets = HashSet::new();
    for target in paths.iter().filter_map(far_path::target) {
        if !targets.insert(target) {
            let target = shown_bytes(target);
            return Err(Ending::usage("get-names-clash").with("target", target));
        }
    }
    match to.metadata() {
        Ok(found) if found.is_dir() => Ok(GetTo::Folder(to.to_owned())),
        Ok(_) => Err(files::folder_ending(
            to,
            &io::ErrorKind::NotADirectory.into(),
        )),
        Err(error) => Err(files::folder_ending(to, &error)),
    }
}
