//! `ls HOST [PATH...]`: what was typed is looked up there, and what comes of it is sorted and printed. How
//! a line looks is in `shown`.

mod shown;

use std::process::ExitCode;
use std::sync::Arc;

use landline::frame::landline1::{Entry, Failure, Name};

use self::shown::Lines;
use super::files::{self, Act, Deed, Objects, Stopped, failed};
use super::{far_path, secure};
use crate::cli::arguments::LsArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

/// Lists what was typed.
pub(crate) async fn run(arguments: LsArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    files::check_host(&arguments.host, "ls")?;
    let objects = ui.json().then(Objects::new).transpose();
    let objects = objects.map_err(Ending::output)?;
    let deed = Deed {
        act: Act::List,
        host: arguments.host.clone(),
        about: arguments.paths.clone(),
        forces: false,
    };
    let listing = match list(&arguments, &deed).await {
        Ok(listing) => listing,
        Err(stopped) => {
            if let Some(objects) = &objects {
                let said = objects.stopped(&stopped, &ui).await;
                said.map_err(Ending::output)?;
            }
            return Err(stopped.ending);
        }
    };
    let lines = Lines::new(arguments.long);
    match &objects {
        Some(objects) => listing
            .items
            .iter()
            .try_for_each(|(name, entry)| objects.say("entry", shown::object(name, entry))),
        None => lines.print(&listing.items),
    }
    .map_err(Ending::output)?;
    for (name, failure) in &listing.failed {
        match &objects {
            Some(objects) => objects
                .say("failed", failed(name, failure))
                .map_err(Ending::output)?,
            None => {
                let (key, values) = deed.of_file(name, failure);
                ui.error(key, &values);
            }
        }
    }
    match listing.failed.is_empty() {
        true => Ok(ExitCode::SUCCESS),
        false => Err(Ending::failed_and_said()),
    }
}

/// What is there, and what could not be listed.
#[derive(Default)]
struct Listing {
    items: Vec<(Name, Entry)>,
    failed: Vec<(Name, Failure)>,
}

async fn list(arguments: &LsArguments, deed: &Deed) -> Result<Listing, Stopped> {
    let asked: Result<Vec<Name>, Ending> =
        arguments.paths.iter().map(|it| files::name(it)).collect();
    let mut asked = asked?;
    if asked.is_empty() {
        asked.push(Name::default());
    }
    let mut line = secure::dial(&deed.host).await?;
    let mut listing = Listing::default();
    let listed = line.list(asked.clone(), true, |entry| listing.take(&asked, entry));
    listed.await.map_err(|error| deed.of_call(error))?;
    for (name, _) in &mut listing.failed {
        *name = deed.as_typed(name);
    }
    line.leave().await;
    listing.items.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(listing)
}

impl Listing {
    /// Takes an entry of one of the paths that were asked for.
    fn take(&mut self, asked: &[Name], mut entry: Entry) {
        let at = usize::try_from(entry.ask).ok();
        let path = at.and_then(|at| asked.get(at));
        let path = path.map_or(&[][..], Name::as_bytes);
        let is_alone = asked.len() == 1 && !far_path::is_pattern(path);
        if let Some(failure) = entry.passed_over.take() {
            self.failed.push((entry.name, failure));
            return;
        }
        let before = if is_alone { b"" } else { before(path) };
        let name = Name::new([before, entry.name.as_bytes()].concat());
        let name = name.unwrap_or_else(|| entry.name.clone());
        self.items.push((name, entry));
    }
}

/// What stands before the names of entries, so that they are whole paths: the names begin with what
/// was asked for, or with what is in it where a path is of what is in a folder. What a pattern in the
/// middle of a path stood for, nobody says.
fn before(asked: &[u8]) -> &[u8] {
    let (before, _) = far_path::split(far_path::trimmed(asked));
    match far_path::is_pattern(before) {
        true => b"",
        false => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_paths_where_several_were_asked_for() {
        let check = |asked: &str, expected: &str| {
            assert_eq!(before(asked.as_bytes()), expected.as_bytes(), "{asked}");
        };
        check("a", "");
        check("a/", "");
        check("a/b", "a/");
        check("a/b//", "a/");
        check("a/.", "a/");
        check("photos:", "photos:");
        check("photos:a", "photos:");
        check("photos:a/*.jpg", "photos:a/");
        check("*/b", "");
        check("", "");
        check(".", "");
    }
}
