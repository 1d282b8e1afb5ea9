//! What a server offers: services by name, and commands. It does not know who may use them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use landline_frame::landline1::is_service_name;
use landline_service::{Command, Echo, StreamService};

/// The names that landline/1 itself gives a meaning.
const TAKEN: [&str; 6] = ["exec", "files", "pair", "ping", "status", "chat"];

/// What a server offers. At first `echo`; `status` and `pair` are always there.
#[derive(Clone)]
pub struct Offer {
    services: BTreeMap<String, Arc<dyn StreamService>>,
    commands: Option<Arc<Command>>,
    files: Option<Arc<SharedFiles>>,
}

impl fmt::Debug for Offer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Offer").field(&self.names()).finish()
    }
}

/// Files for those who are granted folders.
pub(super) struct SharedFiles {
    /// The folder that a path without a share is in.
    pub(super) folder: PathBuf,
}

/// Why a service cannot be offered.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// The name is not 1 to 64 of `a` to `z`, `0` to `9`, `.`, `_`, `-`.
    #[error("{0:?} is no name of a service: write 1 to 64 of a to z, 0 to 9, '.', '_', '-'")]
    Name(String),
    /// The name has a meaning of its own in landline/1.
    #[error("the name {0:?} is landline's own")]
    Taken(String),
}

impl Offer {
    /// `echo` alone.
    pub fn new() -> Self {
        let echo: Arc<dyn StreamService> = Arc::new(Echo::default());
        Self {
            services: BTreeMap::from([("echo".to_owned(), echo)]),
            commands: None,
            files: None,
        }
    }

    /// Offers `service` too, to those who are granted `service:NAME`.
    ///
    /// # Errors
    /// When `name` is none, or landline's own.
    pub fn service(mut self, name: &str, service: impl StreamService) -> Result<Self, OfferError> {
        if !is_service_name(name) {
            return Err(OfferError::Name(name.to_owned()));
        }
        if TAKEN.contains(&name) {
            return Err(OfferError::Taken(name.to_owned()));
        }
        self.services.insert(name.to_owned(), Arc::new(service));
        Ok(self)
    }

    /// Offers commands, to those who are granted `exec`.
    pub fn commands(mut self, commands: Command) -> Self {
        self.commands = Some(Arc::new(commands));
        self
    }

    /// Offers files, to those who are granted `files:ro:DIR` and the like: from each one's own folders
    /// and no others. A path that names no share is in `folder`, for those who are granted it.
    pub fn files(mut self, folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        self.files = Some(Arc::new(SharedFiles { folder }));
        self
    }

    /// The names of all that is offered, in order.
    pub fn names(&self) -> Vec<&str> {
        let exec = self.commands.as_ref().map(|_| "exec");
        let mut names: Vec<&str> = self.services.keys().map(String::as_str).collect();
        names.extend(exec);
        names.extend(self.files.as_ref().map(|_| "files"));
        names.push("status");
        names.sort_unstable();
        names
    }

    pub(super) fn find(&self, name: &str) -> Option<&Arc<dyn StreamService>> {
        self.services.get(name)
    }

    pub(super) fn shared_files(&self) -> Option<&Arc<SharedFiles>> {
        self.files.as_ref()
    }

    pub(super) fn exec(&self) -> Option<&Arc<Command>> {
        self.commands.as_ref()
    }
}

impl Default for Offer {
    fn default() -> Self {
        Self::new()
    }
}
