//! How entries look: names as they are, or safe to show on a terminal; long lines with kind, mode, size
//! and time; objects. It does not know where they come from.

use std::io::{self, IsTerminal, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use landline::frame::landline1::{EntryKind, Mtime};
use serde_json::{Value, json};

use super::listing::Item;
use crate::cli::descriptor::Descriptor;
use crate::cli::escape::shown_bytes;
use crate::cli::verbs::files::{kind_name, named};

/// An hour as of ISO 8601, in the zone of whoever reads it.
const LOCAL: &str = "%Y-%m-%dT%H:%M:%S%:z";

/// Entries as lines.
pub(super) struct Lines {
    is_long: bool,
    is_terminal: bool,
}

impl Lines {
    /// For standard output, whatever that is.
    pub(super) fn new(is_long: bool) -> Self {
        Self {
            is_long,
            is_terminal: io::stdout().is_terminal(),
        }
    }

    /// Prints `items`, a line each.
    pub(super) fn print(&self, items: &[Item]) -> io::Result<()> {
        let mut out = io::BufWriter::new(Descriptor::stdout()?);
        let zone = TimeZone::system();
        let sizes = items.iter().map(|item| size(item).len());
        let width = sizes.max().unwrap_or_default();
        for item in items {
            if self.is_long {
                let time = local(item.mtime, &zone);
                let size = size(item);
                write!(out, "{} {size:>width$} {time} ", mode(item))?;
            }
            let name = item.name.as_bytes();
            match self.is_terminal {
                true => out.write_all(shown_bytes(name).as_bytes())?,
                false => out.write_all(name)?,
            }
            out.write_all(b"\n")?;
        }
        out.flush()
    }
}

/// An entry as an object.
pub(super) fn object(item: &Item) -> Value {
    let mut object = named(&item.name);
    object["type"] = json!(kind_name(item.kind));
    object["size"] = json!(item.size);
    object["mode"] = json!(format!("{:04o}", item.mode));
    object["mtime"] = json!(moment(item.mtime).map(|time| time.to_string()));
    object
}

/// A time that the calendar has: what a peer says may be any.
fn moment(time: Mtime) -> Option<Timestamp> {
    Timestamp::new(time.s, i32::try_from(time.ns).ok()?).ok()
}

fn local(time: Mtime, zone: &TimeZone) -> String {
    let time = moment(time).map(|time| time.to_zoned(zone.clone()));
    time.map_or_else(|| "-".to_owned(), |time| time.strftime(LOCAL).to_string())
}

fn size(item: &Item) -> String {
    let size = item.size.map(|size| size.to_string());
    size.unwrap_or_else(|| "-".to_owned())
}

/// The kind and the permission bits, as ls(1) has them.
fn mode(item: &Item) -> String {
    let kind = match item.kind {
        EntryKind::File => '-',
        EntryKind::Folder => 'd',
        EntryKind::Link => 'l',
        EntryKind::Other => '?',
    };
    let bits = (0..9).map(|at| match item.mode >> (8 - at) & 1 {
        0 => '-',
        _ => ['r', 'w', 'x'][at % 3],
    });
    [kind].into_iter().chain(bits).collect()
}

#[cfg(test)]
mod tests {
    use landline::frame::landline1::Name;

    use super::*;

    fn item(kind: EntryKind, mode: u32) -> Item {
        Item {
            name: Name::new(&b"a"[..]).expect("a name"),
            kind,
            size: Some(5),
            mode,
            mtime: Mtime {
                s: 1_700_000_000,
                ns: 5,
            },
        }
    }

    #[test]
    fn a_mode_is_as_ls_has_it() {
        assert_eq!(mode(&item(EntryKind::File, 0o644)), "-rw-r--r--");
        assert_eq!(mode(&item(EntryKind::Folder, 0o751)), "drwxr-x--x");
        assert_eq!(mode(&item(EntryKind::Link, 0o777)), "lrwxrwxrwx");
        assert_eq!(mode(&item(EntryKind::Other, 0)), "?---------");
    }

    #[test]
    fn a_time_is_local_to_people_and_utc_to_scripts() {
        let at = |s| Mtime { s, ns: 5 };
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(local(at(1_700_000_000), &zone), "2023-11-15T06:13:20+08:00");
        // No calendar has it.
        assert_eq!(local(at(i64::MAX), &zone), "-");
        let expected = json!({
            "name": "a", "type": "file", "size": 5, "mode": "0640",
            "mtime": "2023-11-14T22:13:20.000000005Z",
        });
        assert_eq!(object(&item(EntryKind::File, 0o640)), expected);
    }
}
