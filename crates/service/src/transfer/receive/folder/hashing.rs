//! The digest of a file that comes, made on a thread of its own where the file is large: hashing takes
//! half as long as writing, and another core may have time for it. It does not know where the bytes go.

use std::mem::take;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use bytes::Bytes;

use super::super::super::fold::Digester;

/// From this size on a file has a thread, in bytes.
const THREAD_BYTES_MIN: u64 = 4 * 1024 * 1024;

/// The thread is given so many bytes at once: with fewer it would sleep and wake too often.
const BATCH_BYTES: usize = 1024 * 1024;

/// It is given no more pieces than this, however small they are.
const BATCH_PIECES_MAX: usize = 64;

/// How many batches wait for the thread, beside the one that it has and the one that is filled: 4 MiB
/// in all.
const BATCHES_MAX: usize = 2;

/// A chaining value.
type Value = [u8; 32];

/// A digest in the making.
pub(super) struct Hashing {
    /// As it was before the thread, while there is one.
    digester: Digester,
    thread: Option<Thread>,
    /// Of groups that are whole, as they are found to be.
    values: Vec<Value>,
}

impl Hashing {
    /// Goes on with a file that will have so many bytes, if that is known.
    pub(super) fn new(digester: Digester, size: Option<u64>) -> Self {
        let is_large = size.is_some_and(|size| size >= THREAD_BYTES_MIN);
        // Without a thread it is slower, no worse.
        let thread = is_large.then(|| Thread::start(&digester)).flatten();
        Self {
            digester,
            thread,
            values: Vec::new(),
        }
    }

    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &Bytes) {
        match &mut self.thread {
            Some(thread) => thread.take(bytes.clone()),
            None => self.digester.update(bytes, |it| self.values.push(it)),
        }
    }

    /// Takes so many zeros.
    pub(super) fn update_zeros(&mut self, count: u64) {
        match &mut self.thread {
            Some(thread) => thread.take_zeros(count),
            None => self.digester.update_zeros(count, |it| self.values.push(it)),
        }
    }

    /// The values of the groups that were found to be whole since this was asked last, in order. Those
    /// of the last bytes may come later.
    pub(super) fn values(&mut self) -> Vec<Value> {
        if let Some(thread) = &self.thread {
            self.values.extend(thread.values.try_iter());
        }
        take(&mut self.values)
    }

    /// Waits until all that was taken is hashed.
    pub(super) fn catch_up(&mut self) {
        if let Some(thread) = self.thread.take() {
            let (digester, values) = thread.finish();
            self.digester = digester;
            self.values.extend(values);
        }
    }

    /// The digest of all that was taken.
    pub(super) fn digest(&mut self) -> [u8; 32] {
        self.catch_up();
        self.digester.clone().finish()
    }
}

/// The thread that hashes, seen by who has the bytes. It ends when this is dropped.
struct Thread {
    hand_over: SyncSender<Work>,
    values: Receiver<Value>,
    handle: JoinHandle<Digester>,
    batch: Vec<Bytes>,
    batch_bytes: usize,
}

/// What is to be hashed next.
enum Work {
    Bytes(Vec<Bytes>),
    Zeros(u64),
}

impl Thread {
    /// `None`: the system gives no more threads.
    fn start(digester: &Digester) -> Option<Self> {
        let (hand_over, work) = sync_channel(BATCHES_MAX);
        let (tell, values) = channel();
        let digester = digester.clone();
        let run = move || hash_all(digester, &work, &tell);
        let handle = Builder::new().name("hashing".to_owned()).spawn(run).ok()?;
        Some(Self {
            hand_over,
            values,
            handle,
            batch: Vec::new(),
            batch_bytes: 0,
        })
    }

    fn take(&mut self, bytes: Bytes) {
        self.batch_bytes += bytes.len();
        self.batch.push(bytes);
        if self.batch_bytes >= BATCH_BYTES || self.batch.len() == BATCH_PIECES_MAX {
            self.hand_batch_over();
        }
    }

    fn take_zeros(&mut self, count: u64) {
        self.hand_batch_over();
        self.hand_over(Work::Zeros(count));
    }

    fn hand_batch_over(&mut self) {
        self.batch_bytes = 0;
        let batch = take(&mut self.batch);
        self.hand_over(Work::Bytes(batch));
    }

    fn hand_over(&self, work: Work) {
        // The thread is there until it is told, or it panicked: `finish` meets that.
        let _ = self.hand_over.send(work);
    }

    /// The digester once it has taken all, and the values that were not taken.
    fn finish(mut self) -> (Digester, Vec<Value>) {
        self.hand_batch_over();
        drop(self.hand_over);
        let digester = self
            .handle
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic));
        (digester, self.values.iter().collect())
    }
}

fn hash_all(mut digester: Digester, work: &Receiver<Work>, tell: &Sender<Value>) -> Digester {
    let note = |value| {
        // Who dropped the file does not want to know.
        let _ = tell.send(value);
    };
    for work in work {
        match work {
            Work::Bytes(batch) => batch.iter().for_each(|it| digester.update(it, note)),
            Work::Zeros(count) => digester.update_zeros(count, note),
        }
    }
    digester
}

#[cfg(test)]
mod tests {
    use landline_frame::landline1::{DigestKind, GROUP_BYTES};

    use super::*;

    const GROUP: usize = GROUP_BYTES as usize;

    /// What a file of bytes, zeros and bytes comes to, taken in pieces of that length.
    fn come_to(kind: DigestKind, size: u64, piece: usize) -> ([u8; 32], Vec<Value>) {
        let bytes = Bytes::from(vec![7; 3 * GROUP + 5]);
        let mut hashing = Hashing::new(Digester::new(kind), Some(size));
        assert_eq!(hashing.thread.is_some(), size >= THREAD_BYTES_MIN);
        let mut values = Vec::new();
        for round in 0..2 {
            for piece in bytes.chunks(piece) {
                hashing.update(&bytes.slice_ref(piece));
                values.extend(hashing.values());
            }
            if round == 0 {
                hashing.update_zeros(2 * GROUP_BYTES + 9);
            }
        }
        let digest = hashing.digest();
        values.extend(hashing.values());
        assert_eq!(digest, hashing.digest());
        (digest, values)
    }

    #[test]
    fn a_thread_comes_to_the_same() {
        for kind in [DigestKind::Blake3, DigestKind::Sha256] {
            let here = come_to(kind, 0, 4 * GROUP);
            for piece in [4 * GROUP, GROUP, 65_537, 3_001] {
                assert!(come_to(kind, THREAD_BYTES_MIN, piece) == here, "{piece}");
            }
        }
    }

    #[test]
    fn what_was_hashed_before_the_thread_counts() {
        let mut digester = Digester::new(DigestKind::Blake3);
        digester.update(&[1; GROUP], |_| {});
        let mut hashing = Hashing::new(digester, Some(THREAD_BYTES_MIN));
        hashing.update(&Bytes::from_static(&[2; 10]));
        let expected = blake3::hash(&[[1; GROUP].as_slice(), &[2; 10]].concat());
        assert_eq!(hashing.digest(), *expected.as_bytes());
    }

    #[test]
    fn what_is_taken_after_the_digest_counts_too() {
        let mut hashing = Hashing::new(Digester::new(DigestKind::Blake3), Some(THREAD_BYTES_MIN));
        hashing.update(&Bytes::from_static(b"ab"));
        assert_eq!(hashing.digest(), *blake3::hash(b"ab").as_bytes());
        hashing.update(&Bytes::from_static(b"c"));
        assert_eq!(hashing.digest(), *blake3::hash(b"abc").as_bytes());
    }
}
