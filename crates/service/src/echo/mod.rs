//! `echo`: each read comes back, in capitals and with a suffix where that is asked for.

mod datagrams;
mod sources;

use std::io;

use crate::call::{BoxFuture, Call, Settings, StreamService};

pub use sources::ECHO_SOURCES_MAX;

/// Sends back what it reads. A datagram is answered to its sender alone.
#[derive(Clone, Default)]
pub struct Echo {
    /// ASCII letters become capitals, as Python's `bytes.upper` does.
    pub upper: bool,
    /// Follows each reply.
    pub suffix: Vec<u8>,
    /// How many datagrams a second each source is answered (a second's worth at once); more are
    /// dropped. Default: any number. Beyond loopback a sender's address can be forged, and the
    /// answers turned on a victim. Streams know no such limit.
    pub rate: Option<u32>,
    /// The read size and the journal.
    pub settings: Settings,
}

impl Echo {
    /// Turns the `count` bytes at the start of `buffer` into the reply and returns its length. The
    /// buffer has room for the suffix behind what was read.
    fn reply(&self, buffer: &mut [u8], count: usize) -> usize {
        if self.upper {
            buffer[..count].make_ascii_uppercase();
        }
        let end = count + self.suffix.len();
        buffer[count..end].copy_from_slice(&self.suffix);
        end
    }
}

impl StreamService for Echo {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let recv = self.settings.recv;
            let mut buffer = vec![0; recv + self.suffix.len()];
            while let Some(count) = call.receive(&mut buffer[..recv]).await? {
                let end = self.reply(&mut buffer, count);
                call.send(&buffer[..end]).await?;
            }
            Ok(())
        })
    }
}
