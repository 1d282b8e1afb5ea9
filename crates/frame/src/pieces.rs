//! Taking bytes that may arrive in pieces: a fixed number of them, or as many as are there.
//! It does not know what they mean.

/// `N` bytes that may arrive one at a time.
#[derive(Clone, Debug)]
pub(crate) struct Fixed<const N: usize> {
    bytes: [u8; N],
    held: usize,
}

impl<const N: usize> Fixed<N> {
    pub(crate) fn new() -> Self {
        Self {
            bytes: [0; N],
            held: 0,
        }
    }

    /// Takes what it lacks from the front of `input`; gives the `N` bytes and starts again once it
    /// has them all.
    pub(crate) fn take(&mut self, input: &mut &[u8]) -> Option<[u8; N]> {
        let piece = take_front(input, (N - self.held) as u64);
        self.bytes[self.held..self.held + piece.len()].copy_from_slice(piece);
        self.held += piece.len();
        if self.held < N {
            return None;
        }
        self.held = 0;
        Some(self.bytes)
    }

    /// How many bytes it still lacks; `None` when it holds none at all.
    pub(crate) fn owed(&self) -> Option<u64> {
        (self.held > 0).then_some((N - self.held) as u64)
    }
}

/// Cuts at most `count_max` bytes off the front of `input`.
pub(crate) fn take_front<'a>(input: &mut &'a [u8], count_max: u64) -> &'a [u8] {
    let count = usize::try_from(count_max).map_or(input.len(), |most| most.min(input.len()));
    let (front, rest) = input.split_at(count);
    *input = rest;
    front
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_add_up_and_the_next_one_starts_afresh() {
        let mut four = Fixed::<4>::new();
        assert_eq!(four.take(&mut &b"ab"[..]), None);
        assert_eq!(four.owed(), Some(2));
        let mut input = &b"cdef"[..];
        assert_eq!(four.take(&mut input), Some(*b"abcd"));
        assert_eq!((input, four.owed()), (&b"ef"[..], None));
        assert_eq!(four.take(&mut input), None);
        assert_eq!(four.take(&mut &b"gh"[..]), Some(*b"efgh"));
    }

    #[test]
    fn the_front_is_never_longer_than_the_input() {
        let mut input = &b"abc"[..];
        assert_eq!(take_front(&mut input, u64::MAX), b"abc");
        assert_eq!(take_front(&mut input, 1), b"");
    }
}
