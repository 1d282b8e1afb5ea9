//! `--write`: the capture on its way into a file. A file that takes no more ends the capture and
//! nothing else.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use landline::tap::{Capture, Event};

use crate::cli::arguments::TapArguments;
use crate::cli::ending::Ending;
use crate::cli::signals;
use crate::cli::ui::Ui;

/// A capture that is being written.
pub(super) struct CaptureFile {
    path: PathBuf,
    ui: Arc<Ui>,
    open: Mutex<Option<Open>>,
}

struct Open {
    file: File,
    capture: Capture,
    /// How many bytes of whole blocks the file holds.
    whole_bytes: u64,
}

impl CaptureFile {
    /// Makes the file anew, readable for its owner alone, since it holds all that passes.
    pub(super) fn create(
        path: &Path,
        arguments: &TapArguments,
        ui: Arc<Ui>,
    ) -> Result<Self, Ending> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true).mode(0o600);
        let failed = |error: io::Error| {
            Ending::failed("tap-capture-failed")
                .with("path", path.display())
                .with("error", error)
        };
        signals::outlive_file_lengths().map_err(failed)?;
        let file = match is_output(path) {
            true => output(),
            false => options.open(path),
        };
        let file = file.map_err(failed)?;
        let mut open = Open {
            file,
            capture: Capture::new(SystemTime::now(), &arguments.listen, &arguments.target),
            whole_bytes: 0,
        };
        open.append().map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            ui,
            open: Mutex::new(Some(open)),
        })
    }

    /// Takes one event. Each is in the file before the tap goes on: a tap that is killed leaves a
    /// whole capture.
    pub(super) fn note(&self, event: &Event<'_>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(capture) = open.as_mut() else {
            return;
        };
        capture.capture.handle_event(event);
        let Err(error) = capture.append() else {
            return;
        };
        // A block that was written in part would spoil what stands before it.
        drop(capture.file.set_len(capture.whole_bytes));
        *open = None;
        let path = self.path.display().to_string();
        let values = [("path", path), ("error", error.to_string())];
        self.ui.error("tap-capture-lost", &values);
    }
}

/// Whether a capture goes to standard output.
pub(super) fn is_output(path: &Path) -> bool {
    path == "-"
}

fn output() -> io::Result<File> {
    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

impl Open {
    fn append(&mut self) -> io::Result<()> {
        let bytes = self.capture.take();
        self.file.write_all(&bytes)?;
        self.whole_bytes += bytes.len() as u64;
        Ok(())
    }
}
