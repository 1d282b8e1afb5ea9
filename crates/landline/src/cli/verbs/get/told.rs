//! What is told of files that come over a plain socket: to a person sentences, to a script (`--json`)
//! objects on standard output, a line each. It does not know how they come.

use std::time::Instant;

use data_encoding::HEXLOWER;
use landline::{FetchError, Fetched};
use serde_json::{Value, json};

use crate::cli::ending::Ending;
use crate::cli::ui::Ui;
use crate::cli::verbs::files::Objects;

/// Tells of each file, and of all of them at the end.
pub(super) struct Told<'a> {
    ui: &'a Ui,
    objects: Option<Objects>,
    begun: Instant,
    files: u64,
    failed: u64,
    bytes: u64,
}

impl<'a> Told<'a> {
    pub(super) fn new(ui: &'a Ui) -> Result<Self, Ending> {
        let objects = ui.json().then(Objects::new).transpose();
        Ok(Self {
            ui,
            objects: objects.map_err(Ending::output)?,
            begun: Instant::now(),
            files: 0,
            failed: 0,
            bytes: 0,
        })
    }

    /// Whether every file came.
    pub(super) fn all_came(&self) -> bool {
        self.failed == 0
    }

    /// A file came.
    pub(super) fn placed(&mut self, fetched: &Fetched) -> Result<(), Ending> {
        self.files += 1;
        self.bytes += fetched.bytes;
        let md5 = HEXLOWER.encode(&fetched.md5);
        let path = fetched.path.display().to_string();
        if self.objects.is_some() {
            let mut object = json!({
                "name": fetched.name, "path": path, "size": fetched.bytes, "md5": md5,
            });
            if let Some(announced) = &fetched.announced_name {
                object["announced"] = json!(announced);
            }
            return self.say("placed", object);
        }
        let name = ("name", fetched.name.clone());
        if let Some(announced) = &fetched.announced_name {
            let announced = ("announced", announced.clone());
            self.ui.note("get-other-name", &[name.clone(), announced]);
        }
        let bytes = ("bytes", fetched.bytes.to_string());
        let values = [name, ("path", path), bytes, ("md5", md5)];
        self.ui.summary("get-done", &values);
        Ok(())
    }

    /// A file did not come.
    pub(super) fn failed(&mut self, name: &str, error: &FetchError) -> Result<(), Ending> {
        self.failed += 1;
        let mut values = vec![("name", name.to_owned())];
        values.extend(error.values());
        if self.objects.is_none() {
            self.ui.error(error.key(), &values);
            return Ok(());
        }
        let message = self.ui.sentence(error.key(), &values);
        let object = json!({ "name": name, "code": error.key(), "message": message });
        self.say("failed", object)
    }

    /// That was all of them, or it ended before.
    pub(super) async fn ended(&self, ended: Result<u8, Ending>) -> Result<u8, Ending> {
        match (ended, &self.objects) {
            (Ok(status), Some(_)) => {
                let object = json!({
                    "files": self.files, "failed": self.failed, "bytes": self.bytes,
                    "seconds": self.begun.elapsed().as_secs_f64(), "status": status,
                });
                self.say("done", object).map(|()| status)
            }
            (Err(ending), Some(objects)) => {
                let stopped = ending.into();
                let said = objects.stopped(&stopped, self.ui).await;
                said.map_err(Ending::output)?;
                Err(stopped.ending)
            }
            (ended, None) => ended,
        }
    }

    fn say(&self, event: &str, object: Value) -> Result<(), Ending> {
        let said = self.objects.as_ref().map(|it| it.say(event, object));
        said.unwrap_or(Ok(())).map_err(Ending::output)
    }
}
