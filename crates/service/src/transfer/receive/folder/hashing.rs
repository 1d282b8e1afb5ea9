//! The digest of a file that comes, made on a thread of its own where the file is large: hashing takes
//! half as long as writing, and another core may have time for it. It does not know where the bytes go.

use std::mem::take;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use bytes::Bytes;
use landline_frame::landline1::GROUP_BYTES;

use super::super::super::fold::Digester;

/// From this size on a file has a thread, in bytes.
const THREAD_BYTES_MIN: u64 = 4 * 1024 * 1024;

/// The thread is given a group at once, 1 MiB, so that its value is known soon: with less it would sleep
/// and wake too often. It is given no more pieces than this, however small they are.
const BATCH_PIECES_MAX: usize = 64;

/// How many batches wait for the thread, beside the one that it has and the one that is filled: 4 MiB
/// in all.
const BATCHES_MAX: usize = 2;

/// Told the chaining value of each group as it becomes whole, in order, by whichever thread hashes.
pub(super) type Whole = Arc<dyn Fn([u8; 32]) + Send + Sync>;

/// A digest in the making.
pub(super) struct Hashing {
    /// As it was before the thread, while there is one.
    digester: Digester,
    thread: Option<Thread>,
    whole: Whole,
}

impl Hashing {
    /// Goes on with a file of which so many bytes are there, and which will have so many if that is
    /// known.
    pub(super) fn new(digester: Digester, at: u64, size: Option<u64>, whole: Whole) -> Self {
        let is_large = size.is_some_and(|size| size >= THREAD_BYTES_MIN);
        // Without a thread it is slower, no worse.
        let thread = is_large.then(|| Thread::start(&digester, at, &whole));
        Self {
            digester,
            thread: thread.flatten(),
            whole,
        }
    }

    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &Bytes) {
        match &mut self.thread {
            Some(thread) => thread.take(bytes.clone()),
            None => self.digester.update(bytes, &*self.whole),
        }
    }

    /// Takes so many zeros.
    pub(super) fn update_zeros(&mut self, count: u64) {
        match &mut self.thread {
            Some(thread) => thread.take_zeros(count),
            None => self.digester.update_zeros(count, &*self.whole),
        }
    }

    /// Waits until all that was taken is hashed.
    pub(super) fn catch_up(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.digester = thread.finish();
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
    handle: JoinHandle<Digester>,
    batch: Vec<Bytes>,
    /// How many bytes of the file were taken.
    at: u64,
}

/// What is to be hashed next.
enum Work {
    Bytes(Vec<Bytes>),
    Zeros(u64),
}

impl Thread {
    /// `None`: the system gives no more threads.
    fn start(digester: &Digester, at: u64, whole: &Whole) -> Option<Self> {
        let (hand_over, work) = sync_channel(BATCHES_MAX);
        let (digester, whole) = (digester.clone(), whole.clone());
        let run = move || hash_all(digester, &work, &*whole);
        let handle = Builder::new().name("hashing".to_owned()).spawn(run).ok()?;
        Some(Self {
            hand_over,
            handle,
            batch: Vec::new(),
            at,
        })
    }

    fn take(&mut self, bytes: Bytes) {
        let before = self.at / GROUP_BYTES;
        self.at += bytes.len() as u64;
        self.batch.push(bytes);
        if self.at / GROUP_BYTES > before || self.batch.len() == BATCH_PIECES_MAX {
            self.hand_batch_over();
        }
    }

    fn take_zeros(&mut self, count: u64) {
        self.hand_batch_over();
        self.at += count;
        self.hand_over(Work::Zeros(count));
    }

    fn hand_batch_over(&mut self) {
        let batch = take(&mut self.batch);
        self.hand_over(Work::Bytes(batch));
    }

    fn hand_over(&self, work: Work) {
        // The thread is there until it is told, or it panicked: `finish` meets that.
        let _ = self.hand_over.send(work);
    }

    /// The digester once it has taken all.
    fn finish(mut self) -> Digester {
        self.hand_batch_over();
        drop(self.hand_over);
        let digester = self.handle.join();
        digester.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

fn hash_all(mut digester: Digester, work: &Receiver<Work>, whole: &dyn Fn([u8; 32])) -> Digester {
    for work in work {
        match work {
            Work::Bytes(batch) => batch.iter().for_each(|it| digester.update(it, whole)),
            Work::Zeros(count) => digester.update_zeros(count, whole),
        }
    }
    digester
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use landline_frame::landline1::DigestKind;

    use super::*;

    const GROUP: usize = GROUP_BYTES as usize;

    fn nobody() -> Whole {
        Arc::new(|_| {})
    }

    /// What a file of bytes, zeros and bytes comes to, taken in pieces of that length, and its values.
    fn come_to(kind: DigestKind, size: u64, piece: usize) -> ([u8; 32], Vec<[u8; 32]>) {
        let bytes = Bytes::from(vec![7; 3 * GROUP + 5]);
        let values = Arc::new(Mutex::new(Vec::new()));
        let told = values.clone();
        let whole: Whole = Arc::new(move |value| told.lock().expect("whole").push(value));
        let mut hashing = Hashing::new(Digester::new(kind), 0, Some(size), whole);
        assert_eq!(hashing.thread.is_some(), size >= THREAD_BYTES_MIN);
        for round in 0..2 {
            for piece in bytes.chunks(piece) {
                hashing.update(&bytes.slice_ref(piece));
            }
            if round == 0 {
                hashing.update_zeros(2 * GROUP_BYTES + 9);
            }
        }
        let digest = hashing.digest();
        assert_eq!(digest, hashing.digest());
        let values = values.lock().expect("whole").clone();
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

    /// Nothing more may come for a long time.
    #[test]
    fn a_value_is_told_without_waiting_for_more_bytes() {
        let (tell, told) = std::sync::mpsc::channel();
        let whole: Whole = Arc::new(move |value| tell.send(value).expect("it listens"));
        let digester = Digester::new(DigestKind::Blake3);
        let mut hashing = Hashing::new(digester, 0, Some(THREAD_BYTES_MIN), whole);
        hashing.update(&Bytes::from(vec![1; GROUP - 1]));
        hashing.update(&Bytes::from(vec![1; 2]));
        told.recv().expect("a value");
    }

    #[test]
    fn what_was_hashed_before_the_thread_counts() {
        let mut digester = Digester::new(DigestKind::Blake3);
        digester.update(&[1; GROUP], |_| {});
        let mut hashing = Hashing::new(digester, GROUP_BYTES, Some(THREAD_BYTES_MIN), nobody());
        hashing.update(&Bytes::from_static(&[2; 10]));
        let expected = blake3::hash(&[[1; GROUP].as_slice(), &[2; 10]].concat());
        assert_eq!(hashing.digest(), *expected.as_bytes());
    }

    #[test]
    fn what_is_taken_after_the_digest_counts_too() {
        let digester = Digester::new(DigestKind::Blake3);
        let mut hashing = Hashing::new(digester, 0, Some(THREAD_BYTES_MIN), nobody());
        hashing.update(&Bytes::from_static(b"ab"));
        assert_eq!(hashing.digest(), *blake3::hash(b"ab").as_bytes());
        hashing.update(&Bytes::from_static(b"c"));
        assert_eq!(hashing.digest(), *blake3::hash(b"abc").as_bytes());
    }
}
