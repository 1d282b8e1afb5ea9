//! Changes bytes as fuzzers do, the same way in each run. It does not know what the bytes mean.

/// Bytes at which readers change their mind.
const TELLING: &[u8] = b"\0\x01\x7f\x80\x81\xc1\xff\n\r\t \"'\\/{}[]#=.,:-+0159eu";

/// The most that a change repeats or takes over, in bytes.
const PIECE_BYTES_MAX: usize = 48;

/// Makes inputs out of seeds.
pub(crate) struct Mutator {
    state: u64,
}

impl Mutator {
    /// One whose inputs depend on `name` alone.
    pub(crate) fn new(name: &str) -> Self {
        let state = name.bytes().fold(7, |state: u64, byte| {
            state.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Self { state }
    }

    /// One of the seeds, changed in one to four places.
    pub(crate) fn change(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let other = &seeds[self.below(seeds.len())];
            self.change_once(&mut input, other);
        }
        input
    }

    fn change_once(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(input.len() + 1);
        let end = input.len().min(at + self.below(PIECE_BYTES_MAX));
        match self.below(7) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.telling(),
            2 => input.truncate(at),
            3 => drop(input.drain(at..end)),
            4 => {
                let piece = input[at..end].to_vec();
                drop(input.splice(at..at, piece));
            }
            5 => {
                let from = self.below(other.len() + 1);
                let to = other.len().min(from + self.below(PIECE_BYTES_MAX));
                drop(input.splice(at..end, other[from..to].iter().copied()));
            }
            _ => input.insert(at, self.telling()),
        }
    }

    fn telling(&mut self) -> u8 {
        TELLING[self.below(TELLING.len())]
    }

    /// A number below `bound`, by splitmix64.
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % bound
    }
}

#[test]
fn inputs_differ_and_are_the_same_in_each_run() {
    let seeds = [b"first seed".to_vec(), b"second".to_vec(), Vec::new()];
    let inputs = |name| {
        let mut mutator = Mutator::new(name);
        (0..200).map(|_| mutator.change(&seeds)).collect::<Vec<_>>()
    };
    let first = inputs("a");
    assert_eq!(first, inputs("a"));
    assert_ne!(first, inputs("b"));
    let mut different = first.clone();
    different.sort();
    different.dedup();
    assert!(different.len() > 100, "{}", different.len());
}
