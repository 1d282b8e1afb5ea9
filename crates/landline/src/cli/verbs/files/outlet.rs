//! Standard output as the place where files go. It does not know which.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use landline::GetTo;

use crate::cli::descriptor::Descriptor;

/// Whether standard output takes files still.
#[derive(Clone, Default)]
pub(crate) struct Outlet(Arc<AtomicBool>);

/// Standard output, and who is told when it takes no more.
struct Watched {
    out: Descriptor,
    outlet: Outlet,
}

impl Outlet {
    /// Standard output for files, and what tells of it.
    pub(crate) fn open() -> io::Result<(GetTo, Self)> {
        let outlet = Self::default();
        let out = Watched {
            out: Descriptor::stdout()?.wide(),
            outlet: outlet.clone(),
        };
        Ok((GetTo::Stream(Box::new(out)), outlet))
    }

    /// Whether it takes no more: the end of the transfer tells why.
    pub(super) fn is_broken(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        if written.is_err() {
            self.outlet.0.store(true, Ordering::Relaxed);
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
