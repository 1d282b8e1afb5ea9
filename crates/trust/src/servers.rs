//! The servers that run on this home now: where they are reached and what they serve, for whoever
//! makes an invite. A record lives as long as its server, however that ends.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::document::{Document, parse, render};
use crate::file_error::FileError;
use crate::hex;
use crate::host_address::HostAddress;
use crate::private_file::{OTHERS_WRITE, make_folder, open, read_text, write_new};
use crate::proof::random;

/// The most records that are looked at: more servers on one home are not expected.
pub const SERVERS_MAX: usize = 64;

/// What ends a record's name.
const ENDING: &str = "toml";

/// What a running server says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunningServer {
    /// Where it is reached, best first.
    #[serde(default)]
    pub addresses: Vec<HostAddress>,
    /// The folder that it serves, an absolute path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Its process.
    #[serde(default)]
    pub process: u32,
}

/// The record of a server that runs. Dropping it takes the record away; if the program is killed, the
/// lock on the record goes, and the next one who looks takes it away.
#[derive(Debug)]
pub struct Announced {
    path: PathBuf,
    #[expect(dead_code, reason = "the open file is the lock")]
    file: File,
}

impl Document for RunningServer {
    const HEADING: &'static str = "# A server that runs; its record goes with it.\n";

    const MODE_REFUSED: u32 = OTHERS_WRITE;
}

/// Tells in `folder`, which is made if need be, that a server runs.
///
/// # Errors
/// When the record cannot be written.
pub(crate) fn announce(folder: &Path, server: &RunningServer) -> Result<Announced, FileError> {
    make_folder(folder)?;
    let name = hex::encode(&random::<8>());
    let path = folder.join(&name).with_extension(ENDING);
    let text = render("", server).map_err(|flaw| FileError::bad(&path, flaw.line, flaw.what))?;
    // Locked before it has a name that others look at: they never take it for one left behind.
    let hidden = folder.join(format!(".{name}"));
    let written = write_new(&hidden, |file| {
        file.lock()?;
        file.write_all(text.as_bytes())
    });
    let placed = written.and_then(|file| fs::rename(&hidden, &path).map(|()| file));
    match placed {
        Ok(file) => Ok(Announced { path, file }),
        Err(error) => {
            let _ = fs::remove_file(&hidden);
            Err(FileError::write(&path, error))
        }
    }
}

/// The servers that run, as they said in `folder`; none if nobody ever did. Records of servers that
/// were killed are taken away; what cannot be read is passed over.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn running(folder: &Path) -> Result<Vec<RunningServer>, FileError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FileError::read(folder, error)),
    };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let records = paths.filter(|path| path.extension().is_some_and(|it| it == ENDING));
    let mut records: Vec<PathBuf> = records.take(SERVERS_MAX).collect();
    records.sort();
    Ok(records.iter().filter_map(|path| look(path)).collect())
}

/// What the record at `path` says, if its server runs.
fn look(path: &Path) -> Option<RunningServer> {
    let (file, _) = open(path, RunningServer::MODE_REFUSED).ok()??;
    // Shared, so that two who look at once do not take each other for the server.
    if file.try_lock_shared().is_ok() {
        let _ = fs::remove_file(path);
        return None;
    }
    parse(&read_text(path, file).ok()?).ok()
}

impl Drop for Announced {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(port: u16) -> RunningServer {
        RunningServer {
            addresses: vec![HostAddress::new("::1", port).unwrap()],
            folder: Some("/srv/a b".to_owned()),
            process: 7,
        }
    }

    #[test]
    fn servers_are_known_while_they_run() {
        let folder = tempfile::tempdir().unwrap();
        let records = folder.path().join("servers");
        assert_eq!(running(&records).unwrap(), []);
        let first = announce(&records, &server(1)).unwrap();
        let second = announce(&records, &server(2)).unwrap();
        assert_eq!(running(&records).unwrap().len(), 2);
        drop(first);
        assert_eq!(running(&records).unwrap(), [server(2)]);
        drop(second);
        assert_eq!(running(&records).unwrap(), []);
        assert_eq!(fs::read_dir(&records).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_server_left_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join("0.toml");
        fs::write(&left, "process = 7\n").unwrap();
        assert_eq!(running(folder.path()).unwrap(), []);
        assert!(!left.exists());
    }

    #[test]
    fn a_bad_record_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let bad = folder.path().join("0.toml");
        fs::write(&bad, "proces = 7\n").unwrap();
        let held = File::open(&bad).unwrap();
        held.lock().unwrap();
        let good = announce(folder.path(), &server(1)).unwrap();
        assert_eq!(running(folder.path()).unwrap(), [server(1)]);
        drop(good);
    }
}
