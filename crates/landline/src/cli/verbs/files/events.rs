//! `--json`: what happens to files as objects on standard output, a line each. It does not know what is
//! done to them.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::{BASE64, HEXLOWER};
use landline::frame::landline1::{DigestKind, EntryKind, Failure, Name};
use landline::{TransferEvent, TransferReport};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::stopped::Stopped;
use crate::cli::descriptor::Descriptor;
use crate::cli::escape;
use crate::cli::ui::{JSON_VERSION, Ui};

/// How often it is said at most how far a file is: ten times a second.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// How long a run that a signal ended tries to say so.
const LAST_WORD_MAX: Duration = Duration::from_millis(200);

/// Standard output, where objects go: of whichever thread, whole lines only, and none after the last.
#[derive(Clone)]
pub(crate) struct Objects(Arc<Mutex<Option<Descriptor>>>);

impl Objects {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Some(Descriptor::stdout()?)))))
    }

    /// Says that `event` happened, with what else `object` holds.
    pub(crate) fn say(&self, event: &str, mut object: Value) -> io::Result<()> {
        object["v"] = json!(JSON_VERSION);
        object["event"] = json!(event);
        self.write(&object, false)
    }

    fn write(&self, object: &Value, is_last: bool) -> io::Result<()> {
        let line = escape::shown_object(object) + "\n";
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match out.as_mut() {
            Some(to) => to.write_all(line.as_bytes())?,
            None => return Ok(()),
        }
        if is_last {
            *out = None;
        }
        Ok(())
    }

    /// The transfer ended so, and this run ends with `status`.
    pub(super) fn done(
        &self,
        report: &TransferReport,
        time: Duration,
        status: u8,
    ) -> io::Result<()> {
        let object = json!({
            "files": report.files, "same": report.same, "failed": report.failed,
            "passed_over": report.passed_over, "bytes": report.bytes,
            "seconds": time.as_secs_f64(), "status": status,
        });
        self.say("done", object)
    }

    /// There is no end of the transfer to tell of: this is the last object. What a signal ended waits
    /// for no reader.
    pub(crate) async fn stopped(&self, stopped: &Stopped, ui: &Ui) -> io::Result<()> {
        let Some((key, values)) = stopped.ending.said() else {
            return Ok(());
        };
        let (code, by) = match &stopped.code {
            Some(code) => (code.as_str(), "server"),
            None => (*key, "landline"),
        };
        let object = json!({
            "v": JSON_VERSION, "event": "failed", "code": code, "by": by,
            "status": stopped.ending.status(), "message": ui.sentence(key, values),
        });
        if !stopped.at_once {
            return self.write(&object, true);
        }
        let objects = self.clone();
        let written = spawn_blocking(move || objects.write(&object, true));
        // The transfer's thread may stand in the way, or a full pipe: then it is not said.
        let _ = timeout(LAST_WORD_MAX, written).await;
        Ok(())
    }
}

/// The objects of one transfer.
pub(super) struct Events {
    objects: Objects,
    digest: DigestKind,
    /// The file whose bytes go, and how many of them are there.
    current: Option<(Name, Option<u64>, u64)>,
    moved: u64,
    said_at: Instant,
}

impl Events {
    pub(super) fn new(objects: Objects, digest: DigestKind) -> Self {
        Self {
            objects,
            digest,
            current: None,
            moved: 0,
            said_at: Instant::now(),
        }
    }

    /// Says what happened.
    pub(super) fn tell(&mut self, event: &TransferEvent) -> io::Result<()> {
        match event {
            TransferEvent::Found { name, kind, size } => {
                let mut object = named(name);
                object["type"] = json!(kind_name(*kind));
                object["size"] = json!(size);
                self.objects.say("found", object)
            }
            TransferEvent::Started {
                name,
                size,
                resumed_from,
            } => {
                self.current = Some((name.clone(), *size, *resumed_from));
                let mut object = named(name);
                object["size"] = json!(size);
                object["resumed_from"] = json!(resumed_from);
                self.objects.say("started", object)
            }
            TransferEvent::Moved { bytes } => self.moved(*bytes),
            TransferEvent::Placed { name, size, digest } => {
                let mut object = named(name);
                object["size"] = json!(size);
                object[digest_name(self.digest)] = json!(HEXLOWER.encode(digest));
                self.objects.say("placed", object)
            }
            TransferEvent::Same { name } => self.objects.say("same", named(name)),
            TransferEvent::PassedOver { name, failure } => {
                self.objects.say("passed-over", failed(name, failure))
            }
            TransferEvent::Failed { name, failure } => {
                self.objects.say("failed", failed(name, failure))
            }
        }
    }

    fn moved(&mut self, bytes: u64) -> io::Result<()> {
        self.moved += bytes;
        let Some((name, size, there)) = &mut self.current else {
            return Ok(());
        };
        *there += bytes;
        let now = Instant::now();
        if now.duration_since(self.said_at) < PROGRESS_EVERY {
            return Ok(());
        }
        self.said_at = now;
        let mut object = named(name);
        object["bytes"] = json!(there);
        object["size"] = json!(size);
        object["moved"] = json!(self.moved);
        self.objects.say("progress", object)
    }
}

/// An object that names a file, as text or, where that is none, in base64.
pub(crate) fn named(name: &Name) -> Value {
    match std::str::from_utf8(name.as_bytes()) {
        Ok(text) => json!({ "name": text }),
        Err(_) => json!({ "name_b64": BASE64.encode(name.as_bytes()) }),
    }
}

/// An object about a file with which something is wrong.
pub(crate) fn failed(name: &Name, failure: &Failure) -> Value {
    let mut object = named(name);
    object["code"] = json!(failure.code);
    object["message"] = json!(failure.message);
    object
}

/// What an entry is, in an object.
pub(crate) fn kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "file",
        EntryKind::Folder => "folder",
        EntryKind::Link => "link",
        EntryKind::Other => "other",
    }
}

/// What a digest is called.
pub(super) fn digest_name(kind: DigestKind) -> &'static str {
    match kind {
        DigestKind::Blake3 => "blake3",
        DigestKind::Sha256 => "sha256",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_or_base64() {
        let check = |bytes: &[u8], expected: Value| {
            let name = Name::new(bytes).expect("a name");
            assert_eq!(named(&name), expected);
        };
        check("é\u{1b}".as_bytes(), json!({"name": "é\u{1b}"}));
        check(b"a\xff", json!({"name_b64": "Yf8="}));
    }
}
