//! What was typed as what the library is asked for, or what is wrong with it. It connects to nothing.

use landline::ExecRequest;

use crate::cli::arguments::ExecArguments;
use crate::cli::ending::Ending;
use crate::cli::verbs::later;

/// The request that was typed; `stdin` says whether there is input to send.
pub(super) fn request(arguments: &ExecArguments, stdin: bool) -> Result<ExecRequest, Ending> {
    let host = &arguments.place;
    if let Some(option) = arguments.typed_for_plain() {
        return Err(Ending::usage("exec-option-plain")
            .with("option", option)
            .with("host", host));
    }
    if arguments.tty {
        return Err(later::not_yet("exec --tty"));
    }
    let argv = match (&arguments.shell, &arguments.command[..]) {
        (Some(line), []) => vec![line.clone()],
        (Some(_), _) => return Err(Ending::usage("exec-shell-and-program")),
        (None, []) => return Err(Ending::usage("exec-program-needed").with("host", host)),
        (None, words) => words.to_vec(),
    };
    Ok(ExecRequest {
        argv,
        env: arguments.env.clone(),
        dir: arguments.dir.clone(),
        timeout: arguments.timeout,
        shell: arguments.shell.is_some(),
        stdin,
    })
}
