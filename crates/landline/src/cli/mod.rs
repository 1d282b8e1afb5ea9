//! The command line: what was typed (`arguments`), what a person is told (`ui`, `words`), and one
//! file a verb (`verbs`). Only here is anything parsed from argv, printed, or exited.

mod arguments;
mod config;
mod descriptor;
mod ending;
mod escape;
mod file_limit;
mod input;
mod instead;
mod logs;
mod own_addresses;
mod own_command;
mod printed;
mod progress;
mod shell_words;
mod shown_arrivals;
mod signals;
mod terminal;
mod trust_ending;
mod ui;
mod verbs;
mod words;

use std::process::ExitCode;
use std::sync::Arc;

use arguments::{Arguments, Verb};
use ending::Ending;
use ui::Ui;

/// Runs the program that argv asks for and says how it ended.
pub(crate) fn run() -> ExitCode {
    // Help, the version and wrong usage end here, whatever the config file says.
    let typed = match Arguments::typed() {
        Ok(typed) => typed,
        Err(error) => return instead::say(&error),
    };
    let arguments = match config::arguments(typed.config_file()) {
        Ok(with_file) => with_file.unwrap_or(typed),
        Err(ending) => return ending.tell(&Ui::new(&typed.habits)),
    };
    let ui = Arc::new(Ui::new(&arguments.habits));
    let ended = run_verb(arguments.verb, &ui);
    ended.unwrap_or_else(|ending| ending.tell(&ui))
}

fn run_verb(verb: Verb, ui: &Arc<Ui>) -> Result<ExitCode, Ending> {
    match verb {
        Verb::Listen(arguments) => on_runtime(verbs::listen::run(arguments, ui.clone())),
        Verb::Call(arguments) => on_runtime(verbs::call::run(arguments, ui.clone())),
        Verb::Tap(arguments) => on_runtime(verbs::tap::run(*arguments, ui.clone())),
        Verb::Exec(arguments) => on_runtime(verbs::exec::run(arguments, ui.clone())),
        Verb::Get(arguments) => on_runtime(verbs::get::run(arguments, ui.clone())),
        Verb::Put(arguments) => on_runtime(verbs::put::run(arguments, ui.clone())),
        Verb::Ls(arguments) => on_runtime(verbs::ls::run(arguments, ui.clone())),
        Verb::Serve(arguments) => on_runtime(verbs::serve::run(arguments, ui.clone())),
        Verb::Pair(arguments) => on_runtime(verbs::pair::run(arguments, ui.clone())),
        Verb::Ping(arguments) => on_runtime(verbs::ping::run(arguments, ui.clone())),
        Verb::Status(arguments) => on_runtime(verbs::status::run(arguments, ui.clone())),
        Verb::Id(arguments) => verbs::id::run(&arguments, ui),
        Verb::Lab(arguments) => on_runtime(verbs::lab::run(arguments, ui.clone())),
        Verb::Trust(arguments) => verbs::trust::run(arguments, ui),
        Verb::Completions { shell } => verbs::manual::completions(shell),
        Verb::Man => verbs::manual::man(),
        Verb::Later(words) => Err(verbs::later::refuse(&words)),
    }
}

/// One thread for everything: on sockets it beats several (the wake-up of another core costs more
/// than a short exchange), and files and hashing have threads of their own.
fn on_runtime(verb: impl Future<Output = Result<ExitCode, Ending>>) -> Result<ExitCode, Ending> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Ending::failed("runtime-failed").with("error", error))?;
    let ended = runtime.block_on(verb);
    // A thread that waits for the keyboard must not hold the exit up.
    runtime.shutdown_background();
    ended
}
