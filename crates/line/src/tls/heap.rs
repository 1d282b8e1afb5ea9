//! Keeps the C library from giving memory back to the system between one piece of a transfer and the
//! next. It allocates nothing that lasts.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

/// By default glibc gives back what is free at the top of its heap when that is more than 128 KiB, and
/// maps each block of 128 KiB anew. A transfer frees and takes more than that with each piece, and
/// pages newly taken cost as much as encrypting what goes into them. Freeing one mapped block makes
/// its size the new limit, and twice that the limit of the top (mallopt(3), `M_MMAP_THRESHOLD`): from
/// then on a process may keep twice `block_bytes` that it does not use. Other allocators lose a
/// microsecond.
pub fn keep_warm(block_bytes: usize) {
    static LARGEST: AtomicUsize = AtomicUsize::new(0);
    if LARGEST.fetch_max(block_bytes, Ordering::Relaxed) < block_bytes {
        drop(black_box(Vec::<u8>::with_capacity(block_bytes)));
    }
}
