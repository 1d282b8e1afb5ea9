//! Standard output as the place where files go. It does not know which.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use landline::GetTo;

use crate::cli::descriptor::Descriptor;

/// Whether files go to standard output, and whether it takes them still.
#[derive(Clone, Default)]
pub(crate) struct Outlet(Option<Arc<AtomicBool>>);

/// Standard output, and who is told when it takes no more.
struct Watched {
    out: Descriptor,
    is_broken: Arc<AtomicBool>,
}

impl Outlet {
    /// Standard output for files, and what tells of it.
    pub(crate) fn open() -> io::Result<(GetTo, Self)> {
        let is_broken = Arc::<AtomicBool>::default();
        let out = Watched {
            out: Descriptor::stdout()?.wide(),
            is_broken: is_broken.clone(),
        };
        Ok((GetTo::Stream(Box::new(out)), Self(Some(is_broken))))
    }

    /// Whether files go there.
    pub(super) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it takes no more: the end of the transfer tells why.
    pub(super) fn is_broken(&self) -> bool {
        let is_broken = self.0.as_ref();
        is_broken.is_some_and(|it| it.load(Ordering::Relaxed))
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        if written.is_err() {
            self.is_broken.store(true, Ordering::Relaxed);
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
