//! `get ADDRESS`: files on the tutorial's wire, each verified before it takes its name.

use std::collections::HashSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::ExitCode;

use landline::frame::tutorial::{Endian, last_part};
use landline::line::{Address, ReadHalf, WriteHalf};
use landline::{Fault, FetchError, Fetcher};
use tokio::io::Join;

use super::told::Told;
use crate::cli::arguments::GetArguments;
use crate::cli::ending::Ending;
use crate::cli::escape::shown_bytes;
use crate::cli::input::{Input, Line};
use crate::cli::progress::Bar;
use crate::cli::ui::Ui;
use crate::cli::verbs::plain;

/// Fetches the files that were named, or those that are named at a prompt.
pub(super) async fn run(
    address: Address,
    arguments: &GetArguments,
    ui: &Ui,
) -> Result<ExitCode, Ending> {
    let mut told = Told::new(ui)?;
    let ended = fetch(address, arguments, ui, &mut told).await;
    told.ended(ended).await.map(ExitCode::from)
}

/// The exit status: the files that did not come have been told of.
async fn fetch(
    address: Address,
    arguments: &GetArguments,
    ui: &Ui,
    told: &mut Told<'_>,
) -> Result<u8, Ending> {
    let names = names(&arguments.paths)?;
    check_names(&names)?;
    let endian = plain::endian(arguments.endian);
    let mut getter = Getter {
        address,
        endian,
        to: &arguments.to,
        ui,
        told,
        line: None,
    };
    getter.connect().await?;
    let has_come = tokio::select! {
        ended = getter.run(&names) => ended?,
        // The file that is on its way goes with the future that fetches it.
        _ = tokio::signal::ctrl_c() => return Err(Ending::interrupted()),
    };
    match has_come {
        true => Ok(0),
        false => Ok(Ending::failed_and_said().status()),
    }
}

/// The names that were typed: the tutorial's wire has text only.
fn names(typed: &[OsString]) -> Result<Vec<String>, Ending> {
    let names = typed.iter().map(|name| match name.to_str() {
        Some(name) => Ok(name.to_owned()),
        None => Err(Ending::usage("get-name-not-text").with("name", shown_bytes(name.as_bytes()))),
    });
    names.collect()
}

/// Names that cannot be meant are refused before anything is fetched.
fn check_names(names: &[String]) -> Result<(), Ending> {
    let mut targets = HashSet::new();
    for name in names {
        let Some(target) = last_part(name) else {
            return Err(Ending::usage(FetchError::Name.key()).with("name", name));
        };
        if !targets.insert(target) {
            return Err(Ending::usage("get-names-clash").with("target", target));
        }
    }
    Ok(())
}

/// One person's wish for files, over one line after another.
struct Getter<'a, 'b> {
    address: Address,
    endian: Endian,
    to: &'a Path,
    ui: &'a Ui,
    told: &'a mut Told<'b>,
    line: Option<Fetcher<Join<ReadHalf, WriteHalf>>>,
}

impl Getter<'_, '_> {
    /// Whether every file came: at a prompt, somebody has seen which did not.
    async fn run(&mut self, names: &[String]) -> Result<bool, Ending> {
        if names.is_empty() {
            return self.prompt().await;
        }
        for name in names {
            self.fetch(name).await?;
        }
        Ok(self.told.all_came())
    }

    /// Fetches what is named, until `Q` or the end of the input.
    async fn prompt(&mut self) -> Result<bool, Ending> {
        let mut input = Input::start(&self.ui.sentence("prompt-get", &[]), self.ui)?;
        loop {
            match input.next().await? {
                Line::Text(name) if name.is_empty() => {}
                Line::Text(name) if name == b"Q" => break,
                Line::Text(name) => self.fetch(&String::from_utf8_lossy(&name)).await?,
                Line::End => break,
                Line::Interrupted => return Err(Ending::interrupted()),
            }
        }
        Ok(self.told.all_came() || input.typed)
    }

    async fn connect(&mut self) -> Result<(), Ending> {
        let stream = plain::dial(&self.address, "get").await?;
        self.line = Some(Fetcher::new(
            tokio::io::join(stream.reader, stream.writer),
            self.endian,
        ));
        Ok(())
    }

    /// Fetches one file and says how it went; a line that a refusal ended is made anew for the
    /// next. An error is one that no other file would escape.
    async fn fetch(&mut self, name: &str) -> Result<(), Ending> {
        if self.line.is_none() {
            self.connect().await?;
        }
        let line = self.line.as_mut().expect("connected above");
        let bar = Bar::new(name, self.ui);
        let fetched = line
            .fetch(name, self.to, |progress| bar.set(progress))
            .await;
        bar.clear();
        match fetched {
            Ok(fetched) => self.told.placed(&fetched),
            Err(error) => {
                if error.fault() != Fault::Caller {
                    self.line = None;
                }
                self.told.failed(name, &error)
            }
        }
    }
}
