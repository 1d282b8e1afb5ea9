//! The digest of a file, made while its bytes pass. With BLAKE3 each group of 1 MiB has a chaining
//! value, and those of the groups that are there already fold into the file's ordinary hash: nothing
//! is read a second time.

use blake3::Hasher;
use blake3::hazmat::{HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};
use landline_frame::landline1::{DigestKind, GROUP_BYTES};
use sha2::{Digest as _, Sha256};

/// Zeros are hashed from here, in bytes at once.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

/// A BLAKE3 hash in the making.
///
/// The whole groups before the open one are held as the largest subtrees that they make, at most 64
/// values. A group is pushed only once more bytes come: the last one may be the root's own.
#[derive(Clone, Debug)]
pub struct Fold {
    /// Subtrees of whole groups, the largest and first one at the bottom.
    subtrees: Vec<[u8; 32]>,
    /// How many groups those are.
    groups: u64,
    open: Hasher,
    open_bytes: u64,
}

impl Default for Fold {
    fn default() -> Self {
        Self::new()
    }
}

impl Fold {
    /// Of a file's first byte on.
    pub fn new() -> Self {
        Self {
            subtrees: Vec::new(),
            groups: 0,
            open: Hasher::new(),
            open_bytes: 0,
        }
    }

    /// Of what follows the first `groups`, which make these subtrees; at least one byte has to
    /// follow. `None`: so many subtrees they do not make.
    pub fn resume(groups: u64, subtrees: &[[u8; 32]]) -> Option<Self> {
        if groups.count_ones() as usize != subtrees.len() || groups > u64::MAX / GROUP_BYTES {
            return None;
        }
        let mut fold = Self::new();
        fold.subtrees = subtrees.to_vec();
        fold.groups = groups;
        fold.open = open_at(groups);
        Some(fold)
    }

    /// Takes the next bytes, and tells the chaining value of each group as it becomes whole.
    pub fn update(&mut self, mut bytes: &[u8], mut whole: impl FnMut([u8; 32])) {
        while !bytes.is_empty() {
            if self.open_bytes == GROUP_BYTES {
                self.push(self.open.finalize_non_root());
            }
            let room = usize::try_from(GROUP_BYTES - self.open_bytes).unwrap_or(usize::MAX);
            let (taken, rest) = bytes.split_at(bytes.len().min(room));
            self.open.update(taken);
            self.open_bytes += taken.len() as u64;
            if self.open_bytes == GROUP_BYTES {
                whole(self.open.finalize_non_root());
            }
            bytes = rest;
        }
    }

    /// How many whole groups it has taken.
    pub fn groups(&self) -> u64 {
        self.groups + u64::from(self.open_bytes == GROUP_BYTES)
    }

    /// The subtrees of those groups, the largest first.
    pub fn subtrees(&self) -> Vec<[u8; 32]> {
        let mut whole = self.clone();
        if whole.open_bytes == GROUP_BYTES {
            whole.push(whole.open.finalize_non_root());
        }
        whole.subtrees
    }

    /// The file's hash.
    pub fn finish(mut self) -> [u8; 32] {
        let Some(first) = self.subtrees.first().copied() else {
            return *self.open.finalize().as_bytes();
        };
        let mut right = self.open.finalize_non_root();
        while self.subtrees.len() > 1 {
            let left = self.subtrees.pop().expect("there is more than one");
            right = merge_subtrees_non_root(&left, &right, Mode::Hash);
        }
        *merge_subtrees_root(&first, &right, Mode::Hash).as_bytes()
    }

    /// Puts a whole group behind the others: two subtrees of one size are one of twice the size.
    pub(super) fn push(&mut self, mut value: [u8; 32]) {
        let mut bits = self.groups;
        while bits & 1 == 1 {
            let left = self.subtrees.pop().expect("there is one for each bit");
            value = merge_subtrees_non_root(&left, &value, Mode::Hash);
            bits >>= 1;
        }
        self.subtrees.push(value);
        self.groups += 1;
        self.open = open_at(self.groups);
        self.open_bytes = 0;
    }
}

/// The chaining value of the group with this number, which is whole.
pub(super) fn group_value(group: u64, bytes: &[u8]) -> [u8; 32] {
    open_at(group).update(bytes).finalize_non_root()
}

fn open_at(groups: u64) -> Hasher {
    let mut hasher = Hasher::new();
    hasher.set_input_offset(groups * GROUP_BYTES);
    hasher
}

/// A digest in the making, of either kind.
#[derive(Clone, Debug)]
pub enum Digester {
    /// BLAKE3.
    Blake3(Box<Fold>),
    /// SHA-256.
    Sha256(Sha256),
}

impl Digester {
    /// Of a file's first byte on.
    pub fn new(kind: DigestKind) -> Self {
        match kind {
            DigestKind::Blake3 => Self::Blake3(Box::default()),
            DigestKind::Sha256 => Self::Sha256(Sha256::new()),
        }
    }

    /// Takes the next bytes, and tells the chaining value of each group as it becomes whole, where
    /// groups have one.
    pub fn update(&mut self, bytes: &[u8], whole: impl FnMut([u8; 32])) {
        match self {
            Self::Blake3(fold) => fold.update(bytes, whole),
            Self::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// Takes so many zeros.
    pub fn update_zeros(&mut self, mut count: u64, mut whole: impl FnMut([u8; 32])) {
        while count > 0 {
            let piece = &ZEROS[..ZEROS
                .len()
                .min(usize::try_from(count).unwrap_or(usize::MAX))];
            self.update(piece, &mut whole);
            count -= piece.len() as u64;
        }
    }

    /// The file's digest.
    pub fn finish(self) -> [u8; 32] {
        match self {
            Self::Blake3(fold) => fold.finish(),
            Self::Sha256(hasher) => hasher.finalize().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GROUP: usize = 1024 * 1024;

    /// Bytes that differ from group to group.
    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|at| (at % 251 + at / GROUP) as u8).collect()
    }

    #[track_caller]
    fn check(bytes: &[u8], first_groups: usize, piece: usize) {
        let expected = *blake3::hash(bytes).as_bytes();
        let mut before = Fold::new();
        let mut values = 0;
        before.update(&bytes[..first_groups * GROUP], |_| values += 1);
        assert_eq!(
            (values, before.groups()),
            (first_groups, first_groups as u64)
        );
        let mut fold = Fold::resume(before.groups(), &before.subtrees()).expect("they fit");
        for piece in bytes[first_groups * GROUP..].chunks(piece) {
            fold.update(piece, |_| {});
        }
        assert_eq!(
            fold.finish(),
            expected,
            "{} bytes, {first_groups}",
            bytes.len()
        );
    }

    #[test]
    fn the_fold_of_any_groups_is_the_ordinary_hash() {
        for count in [
            0,
            1,
            GROUP - 1,
            GROUP,
            GROUP + 1,
            3 * GROUP,
            4 * GROUP,
            7 * GROUP + 5,
        ] {
            let bytes = bytes(count);
            for first in 0..count.div_ceil(GROUP).max(1) {
                check(&bytes, first, 64 * 1024);
            }
        }
    }

    #[test]
    fn zeros_count_as_bytes() {
        for kind in [DigestKind::Blake3, DigestKind::Sha256] {
            let mut of_zeros = Digester::new(kind);
            of_zeros.update_zeros(3 * GROUP as u64 + 7, |_| {});
            let mut of_bytes = Digester::new(kind);
            of_bytes.update(&vec![0; 3 * GROUP + 7], |_| {});
            assert_eq!(of_zeros.finish(), of_bytes.finish());
        }
    }

    #[test]
    fn subtrees_that_do_not_fit_are_none() {
        assert!(Fold::resume(3, &[[0; 32]]).is_none());
        assert!(Fold::resume(u64::MAX, &[[0; 32]; 64]).is_none());
        assert!(Fold::resume(0, &[]).is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn cuts_do_not_matter(
            count in 0..5 * GROUP, first in 0_usize..5, piece in 1_usize..3 * GROUP
        ) {
            let bytes = bytes(count);
            let first = first.min(count.saturating_sub(1) / GROUP);
            check(&bytes, first, piece);
        }
    }
}
