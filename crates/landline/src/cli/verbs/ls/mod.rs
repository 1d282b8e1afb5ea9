//! `ls HOST [PATH...]`: what was typed is looked up there, and what comes of it is sorted and printed. How
//! a line looks is in `shown`.

mod shown;

use std::process::ExitCode;
use std::sync::Arc;

use landline::Line;
use landline::frame::landline1::{Entry, EntryKind, Failure, Name};

use self::shown::Lines;
use super::far_path::{is_name, is_pattern, split};
use super::files::{self, Act, Deed, Objects, Stopped, failed};
use super::secure;
use crate::cli::arguments::LsArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

/// Lists what was typed.
pub(crate) async fn run(arguments: LsArguments, ui: Arc<Ui>) -> Result<ExitCode, Ending> {
    let objects = ui.json().then(Objects::new).transpose();
    let objects = objects.map_err(Ending::output)?;
    let listed = list(&arguments).await;
    let (listing, deed) = match listed {
        Ok(listed) => listed,
        Err(stopped) => {
            if let Some(objects) = &objects {
                objects.stopped(&stopped, &ui).map_err(Ending::output)?;
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

async fn list(arguments: &LsArguments) -> Result<(Listing, Deed), Stopped> {
    let host = &arguments.host;
    files::check_host(host, "ls")?;
    let paths: Result<Vec<Name>, Ending> =
        arguments.paths.iter().map(|it| files::name(it)).collect();
    let mut paths = paths?;
    if paths.is_empty() {
        paths.push(Name::default());
    }
    let deed = Deed {
        act: Act::List,
        host: host.clone(),
        about: files::about(&paths),
    };
    let mut line = secure::dial(host).await?;
    let mut lookup = Lookup {
        line: &mut line,
        deed: &deed,
        listing: Listing::default(),
    };
    lookup.all(&paths).await?;
    let mut listing = lookup.listing;
    line.leave().await;
    listing.items.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok((listing, deed))
}

/// Looks things up on a line.
struct Lookup<'a> {
    line: &'a mut Line,
    deed: &'a Deed,
    listing: Listing,
}

impl Lookup<'_> {
    /// One path is listed as it is. Of several, and of a pattern, it is to be seen where each name
    /// belongs: so it is asked first what they are, and then what is in the folders.
    async fn all(&mut self, paths: &[Name]) -> Result<(), Stopped> {
        if let [path] = paths
            && !is_pattern(split(path.as_bytes()).1)
        {
            return self.inside(path, b"").await;
        }
        let (named, folders): (Vec<Name>, Vec<Name>) = paths
            .iter()
            .cloned()
            .partition(|path| is_name(split(path.as_bytes()).1));
        let mut inside: Vec<(Name, Vec<u8>)> = folders
            .into_iter()
            .map(|path| (path.clone(), prefix(path.as_bytes())))
            .collect();
        if !named.is_empty() {
            self.kinds(&named, &mut inside).await?;
        }
        for (path, prefix) in inside {
            self.inside(&path, &prefix).await?;
        }
        Ok(())
    }

    /// Asks what `paths` are: files are listed, folders are to be looked into.
    async fn kinds(
        &mut self,
        paths: &[Name],
        inside: &mut Vec<(Name, Vec<u8>)>,
    ) -> Result<(), Stopped> {
        for entry in self.ask(paths.to_vec(), false).await? {
            let asked = usize::try_from(entry.ask).ok().and_then(|at| paths.get(at));
            let (folder, _) = split(asked.map_or(&[], Name::as_bytes));
            let whole = [folder, entry.name.as_bytes()].concat();
            match entry.kind {
                EntryKind::Folder if entry.passed_over.is_none() => {
                    if let Some(path) = Name::new(literal(folder, entry.name.as_bytes())) {
                        inside.push((path, prefix(&whole)));
                    }
                }
                _ => self.take(&whole, entry),
            }
        }
        Ok(())
    }

    /// Asks what is in `path`; each name is shown behind `prefix`.
    async fn inside(&mut self, path: &Name, prefix: &[u8]) -> Result<(), Stopped> {
        for entry in self.ask(vec![path.clone()], true).await? {
            let whole = [prefix, entry.name.as_bytes()].concat();
            self.take(&whole, entry);
        }
        Ok(())
    }

    /// Takes an entry under its whole name. What the server passes over when it sends is there to be
    /// listed all the same, if it has looked at it.
    fn take(&mut self, whole: &[u8], mut entry: Entry) {
        let name = Name::new(whole).unwrap_or_else(|| entry.name.clone());
        match entry.passed_over.take() {
            Some(failure) if entry.kind == EntryKind::File => {
                self.listing.failed.push((name, failure));
            }
            _ => self.listing.items.push((name, entry)),
        }
    }

    async fn ask(&mut self, paths: Vec<Name>, inside: bool) -> Result<Vec<Entry>, Stopped> {
        let mut entries = Vec::new();
        let listed = self
            .line
            .list(paths, inside, |entry| entries.push(entry))
            .await;
        listed.map_err(|error| self.deed.of_call(error))?;
        Ok(entries)
    }
}

/// What stands before the names of a folder's entries.
fn prefix(folder: &[u8]) -> Vec<u8> {
    match folder.last() {
        None | Some(b'/' | b':') => folder.to_vec(),
        Some(_) => [folder, b"/"].concat(),
    }
}

/// The path to `name` in `folder`, with no pattern in the name.
fn literal(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = folder.to_vec();
    for byte in name {
        match byte {
            b'*' | b'?' | b'[' => path.extend([b'[', *byte, b']']),
            plain => path.push(*plain),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_pattern_any_more() {
        let check = |folder: &str, name: &str, expected: &str| {
            assert_eq!(
                literal(folder.as_bytes(), name.as_bytes()),
                expected.as_bytes()
            );
        };
        check("a/", "b", "a/b");
        check("photos:", "what?[1]*", "photos:what[?][[]1][*]");
    }

    #[test]
    fn names_stand_behind_what_was_asked() {
        for (folder, expected) in [
            ("", ""),
            ("a", "a/"),
            ("a/", "a/"),
            ("photos:", "photos:"),
            (".", "./"),
        ] {
            assert_eq!(prefix(folder.as_bytes()), expected.as_bytes());
        }
    }
}
