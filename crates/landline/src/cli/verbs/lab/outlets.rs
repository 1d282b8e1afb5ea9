//! Where pictures and packets go beside the text: files, or standard output in its place.

use std::io::Write;
use std::path::{Path, PathBuf};

use landline_lab::{LabError, Report, svg};

use super::shown::facts;
use crate::cli::arguments::LabArguments;
use crate::cli::ending::Ending;
use crate::cli::ui::Ui;

/// What was asked for, and what came for it so far.
pub(super) struct Outlets {
    svg: Option<PathBuf>,
    packets: Option<PathBuf>,
    /// The most pictures of one experiment.
    pictures_max: usize,
    name: String,
    reports: Vec<Report>,
}

impl Outlets {
    /// Those of the command line.
    pub(super) fn new(arguments: &LabArguments, ui: &Ui) -> Result<Self, Ending> {
        let outlets = Self {
            svg: arguments.svg.clone(),
            packets: arguments.write.clone(),
            pictures_max: if arguments.first_picture {
                1
            } else {
                usize::MAX
            },
            name: arguments.experiment.clone().unwrap_or_default(),
            reports: Vec::new(),
        };
        if arguments.experiment.is_none() && outlets.places().next().is_some() {
            return Err(Ending::usage("lab-name-needed"));
        }
        let streams = outlets.places().filter(|path| is_stdout(path)).count();
        if streams > 1 || (streams > 0 && ui.json()) {
            return Err(Ending::usage("lab-one-stdout"));
        }
        Ok(outlets)
    }

    fn places(&self) -> impl Iterator<Item = &PathBuf> {
        self.svg.iter().chain(&self.packets)
    }

    /// Whether standard output is free for text, or for objects.
    pub(super) fn shows_report(&self) -> bool {
        !self.places().any(|path| is_stdout(path))
    }

    /// Whether packets are to be kept.
    pub(super) fn takes_packets(&self) -> bool {
        self.packets.is_some()
    }

    /// Keeps what goes into files.
    pub(super) fn keep(&mut self, report: Report) {
        if self.places().next().is_some() {
            self.reports.push(report);
        }
    }

    /// Writes the files.
    pub(super) fn finish(self, ui: &Ui) -> Result<(), Ending> {
        if let Some(path) = &self.svg {
            match self.drawn(ui) {
                Ok(Some(drawn)) => write(path, drawn.as_bytes())?,
                Ok(None) => return Err(self.nothing("lab-no-picture", path)),
                Err(error) => return Err(super::failed(&self.name, &error)),
            }
        }
        if let Some(path) = &self.packets {
            // A pcapng file may have one section after the other.
            let packets = self.reports.iter().map(|report| &report.packets[..]);
            let packets = packets.collect::<Vec<_>>().concat();
            if packets.is_empty() {
                return Err(self.nothing("lab-no-packets", path));
            }
            write(path, &packets)?;
        }
        Ok(())
    }

    fn drawn(&self, ui: &Ui) -> Result<Option<String>, LabError> {
        let facts: Vec<_> = self.reports.iter().map(facts).collect();
        let words: Vec<_> = facts
            .iter()
            .map(|facts| |key: &str| ui.sentence(key, facts))
            .collect();
        let mut pictures: Vec<svg::Worded<'_>> = Vec::new();
        for (report, words) in self.reports.iter().zip(&words) {
            let drawn = report.pictures.iter().take(self.pictures_max);
            pictures.extend(drawn.map(|it| (it, words as _)));
        }
        match pictures.is_empty() {
            true => Ok(None),
            false => svg::draw(&pictures).map(Some),
        }
    }

    fn nothing(&self, key: &'static str, path: &Path) -> Ending {
        let ending = Ending::failed(key).with("name", &self.name);
        ending.with("path", path.display())
    }
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Ending> {
    if is_stdout(path) {
        let mut out = std::io::stdout().lock();
        return out
            .write_all(bytes)
            .and_then(|()| out.flush())
            .map_err(Ending::output);
    }
    std::fs::write(path, bytes).map_err(|error| {
        let ending = Ending::failed("lab-not-written").with("path", path.display());
        ending.with("error", error)
    })
}
