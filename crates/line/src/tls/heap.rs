//! Keeps the C library from giving memory back to the system between one piece of a transfer and the
//! next. It allocates nothing that lasts.

use std::hint::black_box;
use std::sync::Once;

/// What is allocated and freed, in bytes: pieces of a transfer are smaller.
const BLOCK_BYTES: usize = 1024 * 1024;

/// By default glibc gives back what is free at the top of its heap when that is more than 128 KiB, and
/// maps each block of 128 KiB anew. A transfer frees and takes more than that with each piece, and
/// pages newly taken cost as much as encrypting what goes into them. Freeing one mapped block makes
/// its size the new limit, and twice that the limit of the top (mallopt(3), `M_MMAP_THRESHOLD`): from
/// then on a process may keep 2 MiB that it does not use. Other allocators lose a microsecond.
pub(super) fn keep_warm() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(black_box(Vec::<u8>::with_capacity(BLOCK_BYTES))));
}
