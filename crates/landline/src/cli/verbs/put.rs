//! `put HOST FILE...`: what was typed as what the library is asked for, or what is wrong with it.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use landline::frame::landline1::{Code, Failure, Name};
use landline::{PutFrom, PutRequest};

use super::far_path;
use super::files::{self, Act, Deed, Order, Outlet, Request};
use crate::cli::arguments::PutArguments;
use crate::cli::descriptor::Descriptor;
use crate::cli::ending::Ending;
use crate::cli::escape::shown_bytes;
use crate::cli::ui::Ui;

/// What stands for standard input.
const STDIN: &str = "-";

/// What is brought, and where to.
struct Load {
    from: PutFrom,
    to: Name,
    failed: Vec<(Name, Failure)>,
}

/// Brings what was typed.
pub(crate) async fn run(arguments: PutArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    files::run(|| order(&arguments), &ui).await
}

fn order(arguments: &PutArguments) -> Result<Order, Ending> {
    let host = &arguments.host;
    files::check_host(host, "put")?;
    let load = match &arguments.files[..] {
        [] => return Err(Ending::usage("put-file-needed").with("host", host)),
        [file] if file == STDIN => stdin(arguments)?,
        all if all.iter().any(|file| file == STDIN) => {
            return Err(Ending::usage("put-stdin-and-files"));
        }
        _ if arguments.name.is_some() => return Err(Ending::usage("put-name-without-stdin")),
        all => paths(all, arguments)?,
    };
    let is_typed = matches!(load.from, PutFrom::Stream { .. }) && io::stdin().is_terminal();
    let deed = Deed {
        act: Act::Put,
        host: host.clone(),
        about: match &arguments.to {
            Some(to) => vec![to.clone()],
            None => arguments.files.clone(),
        },
        forces: arguments.transfer.force,
    };
    let request = PutRequest {
        from: load.from,
        to: load.to,
        rules: arguments.transfer.rules(),
    };
    Ok(Order {
        deed,
        request: Request::Put(request),
        failed: load.failed,
        outlet: Outlet::default(),
        may_draw: !is_typed,
    })
}

/// Standard input, as the file that --as or the last part of --to names.
fn stdin(arguments: &PutArguments) -> Result<Load, Ending> {
    let to = arguments.to.clone().unwrap_or_default();
    let (to, name) = match &arguments.name {
        Some(name) => (to.as_bytes(), name.as_bytes()),
        None => {
            let (folder, name) = far_path::split(to.as_bytes());
            // The slash of `/name` stays, so that it is not taken for a path that begins here.
            let inner = folder.strip_suffix(b"/").filter(|rest| !rest.is_empty());
            (inner.unwrap_or(folder), name)
        }
    };
    if !far_path::is_name(name) {
        return Err(Ending::usage(match &arguments.name {
            Some(_) => "put-name-bad",
            None => "put-name-needed",
        })
        .with("host", &arguments.host)
        .with("name", shown_bytes(name)));
    }
    let too_long =
        |bytes: &[u8]| Ending::usage("transfer-path-too-long").with("bytes", bytes.len());
    Ok(Load {
        from: PutFrom::Stream {
            file: Descriptor::stdin().map_err(Ending::input)?.wide().into(),
            name: Name::new(name).ok_or_else(|| too_long(name))?,
        },
        to: Name::new(to).ok_or_else(|| too_long(to))?,
        failed: Vec::new(),
    })
}

/// The files that were named; of those that are not there it is known already.
fn paths(typed: &[OsString], arguments: &PutArguments) -> Result<Load, Ending> {
    let mut targets = HashSet::new();
    let (mut paths, mut failed) = (Vec::new(), Vec::new());
    for path in typed.iter().map(PathBuf::from) {
        if let Some(target) = path.file_name()
            && !targets.insert(target.to_owned())
        {
            let target = shown_bytes(target.as_bytes());
            return Err(Ending::usage("put-names-clash").with("target", target));
        }
        match path.symlink_metadata() {
            Err(error) => {
                let name = files::name(path.as_os_str())?;
                failed.push((name, Failure::new(Code::PathMissing, error.to_string())));
            }
            Ok(_) => paths.push(path),
        }
    }
    let to = arguments.to.as_deref().unwrap_or_default();
    Ok(Load {
        from: PutFrom::Paths(paths),
        to: files::name(to)?,
        failed,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Verb};

    fn typed(line: &str) -> PutArguments {
        let words = ["landline", "put", "office"].into_iter();
        let parsed = Arguments::try_parse_from(words.chain(line.split(' ')));
        let Verb::Put(put) = parsed.expect("a good line").verb else {
            panic!("put")
        };
        put
    }

    #[test]
    fn standard_input_is_named_by_as_or_by_to() {
        let check = |line: &str, folder: &str, name: &str| {
            let load = stdin(&typed(line)).expect("it has a name");
            let PutFrom::Stream { name: found, .. } = load.from else {
                panic!("a stream")
            };
            let found = (load.to.as_bytes(), found.as_bytes());
            assert_eq!(found, (folder.as_bytes(), name.as_bytes()), "{line}");
        };
        check("- --to notes.txt", "", "notes.txt");
        check("- --to reports/today.txt", "reports", "today.txt");
        check("- --to archive:today.txt", "archive:", "today.txt");
        check("- --to archive:a/b.txt", "archive:a", "b.txt");
        check("- --as x", "", "x");
        check("- --as x --to a/b", "a/b", "x");
        check("- --to /x", "/", "x");
        check("- --to //x", "/", "x");
        for nameless in [
            "-",
            "- --to a/",
            "- --to archive:",
            "- --to ..",
            "- --as a/b",
        ] {
            assert!(stdin(&typed(nameless)).is_err(), "{nameless}");
        }
    }

    #[test]
    fn what_is_not_there_does_not_hold_up_the_rest() {
        let load = paths(&["/dev".into(), "/none".into()], &typed("x")).expect("good names");
        assert!(matches!(load.from, PutFrom::Paths(paths) if paths == [PathBuf::from("/dev")]));
        let (name, failure) = &load.failed[0];
        assert_eq!(
            (name.as_bytes(), &*failure.code),
            (&b"/none"[..], "path-missing")
        );
        let clash = paths(&["/dev".into(), "x/dev".into()], &typed("x"));
        assert!(clash.is_err());
    }
}
