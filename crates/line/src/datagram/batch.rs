//! The datagrams of one drain: one buffer, made once, and a slot for each datagram in it.

use super::Peer;

/// The most datagrams that one batch takes: as many as one run carries.
pub const BATCH_DATAGRAMS_MAX: usize = 64;

/// The most that one batch holds, in bytes: 4 MiB, 64 datagrams of the largest size. A batch for
/// longer ones takes fewer of them, at least one.
pub const BATCH_BYTES_MAX: usize = 4 << 20;

/// The longest run that the kernel hands over joined (udp(7), `UDP_GRO`).
const COALESCED_BYTES_MAX: usize = 64 << 10;

/// Where the kernel cannot tell the whole size of a datagram that it cut, nothing is ever cut by
/// it: no datagram is longer than this.
const WHOLE_BYTES: Option<usize> = if cfg!(target_os = "linux") {
    None
} else {
    Some(64 << 10)
};

/// What one drain brought, in the order of arrival.
///
/// It allocates when it is made and never later.
#[derive(Debug)]
pub struct Batch {
    pub(super) room: Vec<u8>,
    /// The bytes of room that each datagram has.
    pub(super) stride: usize,
    /// What the kernel says beside a datagram; empty where nothing is asked for.
    pub(super) control: Vec<u8>,
    recv: usize,
    datagrams_max: usize,
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    start: usize,
    /// The whole size, which may be more than was taken.
    size: usize,
    sender: Option<Peer>,
}

impl Batch {
    pub(super) fn new(datagrams: usize, recv: usize) -> Self {
        let stride = WHOLE_BYTES.unwrap_or(recv).clamp(1, BATCH_BYTES_MAX);
        let fitting = BATCH_DATAGRAMS_MAX.min(BATCH_BYTES_MAX / stride);
        let datagrams_max = datagrams.clamp(1, fitting);
        Self {
            room: vec![0; stride * datagrams_max],
            stride,
            control: Vec::new(),
            recv: recv.min(BATCH_BYTES_MAX),
            datagrams_max,
            slots: Vec::with_capacity(datagrams_max),
        }
    }

    /// Room for one joined run.
    #[cfg(target_os = "linux")]
    pub(super) fn coalesced(recv: usize) -> Self {
        Self {
            room: vec![0; COALESCED_BYTES_MAX],
            stride: COALESCED_BYTES_MAX,
            control: nix::cmsg_space!(i32),
            recv,
            datagrams_max: BATCH_DATAGRAMS_MAX,
            slots: Vec::with_capacity(BATCH_DATAGRAMS_MAX),
        }
    }

    /// How many datagrams there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The bytes of the datagram at `index`, at most as many as the batch was made for.
    pub fn bytes(&self, index: usize) -> &[u8] {
        let Slot { start, size, .. } = self.slots[index];
        &self.room[start..start + size.min(self.recv)]
    }

    /// Who sent the datagram at `index`. `None`: a unix socket without a name, which cannot be
    /// answered.
    pub fn sender(&self, index: usize) -> Option<&Peer> {
        self.slots[index].sender.as_ref()
    }

    /// The whole size of the datagram at `index` where it is longer than its bytes here.
    pub fn cut_from(&self, index: usize) -> Option<usize> {
        let size = self.slots[index].size;
        (size > self.recv).then_some(size)
    }

    pub(super) fn is_full(&self) -> bool {
        self.slots.len() >= self.datagrams_max
    }

    pub(super) fn datagrams_max(&self) -> usize {
        self.datagrams_max
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
    }

    /// Where the next datagram goes when they are taken one by one.
    pub(super) fn next_room(&mut self) -> &mut [u8] {
        let start = self.slots.len() * self.stride;
        &mut self.room[start..start + self.stride]
    }

    /// Notes the datagram of `size` bytes that begins at `start` in the room.
    pub(super) fn push(&mut self, start: usize, size: usize, sender: Option<Peer>) {
        self.slots.push(Slot {
            start,
            size,
            sender,
        });
    }
}
