//! A line in memory, for tests and for programs that talk to themselves.

use crate::stream::Stream;

/// How much each direction holds before its writer waits, in bytes.
pub const MEMORY_LINE_BYTES: usize = 64 * 1024;

/// Both ends of a line that never leaves the process.
pub fn pair() -> (Stream, Stream) {
    let (near, far) = tokio::io::duplex(MEMORY_LINE_BYTES);
    (Stream::of_memory(near), Stream::of_memory(far))
}
