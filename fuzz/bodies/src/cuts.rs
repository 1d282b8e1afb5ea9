//! How bytes of a line may arrive: all at once, one by one, in pieces of any length. It does not know who
//! reads them.

use std::fmt::Debug;

/// What `play` makes of `data`, which must be the same however it is cut.
pub(crate) fn however_cut<T: PartialEq + Debug>(data: &[u8], play: impl Fn(Feed<'_>) -> T) -> T {
    let whole = play(Feed::new(vec![data]));
    let singly = play(Feed::new(data.chunks(1).collect()));
    assert_eq!(singly, whole, "a byte at a time and all at once");
    let irregular = play(Feed::new(irregular(data)));
    assert_eq!(irregular, whole, "in pieces and all at once");
    whole
}

/// Bytes that arrive piece by piece.
pub(crate) struct Feed<'a> {
    pieces: std::vec::IntoIter<&'a [u8]>,
    current: &'a [u8],
}

impl<'a> Feed<'a> {
    fn new(pieces: Vec<&'a [u8]>) -> Self {
        Self {
            pieces: pieces.into_iter(),
            current: &[],
        }
    }

    /// What `read` gives next, fed until it gives something; `None` once all has arrived and it wants
    /// more. Whoever wants more has taken all that there was.
    pub(crate) fn next<T, E>(
        &mut self,
        mut read: impl FnMut(&mut &'a [u8]) -> Result<Option<T>, E>,
    ) -> Option<Result<T, E>> {
        loop {
            match read(&mut self.current).transpose() {
                None => assert!(self.current.is_empty(), "bytes are left over"),
                some => return some,
            }
            self.current = self.pieces.next()?;
        }
    }
}

/// Pieces of 0 to 12 bytes, of lengths that the bytes themselves decide.
fn irregular(data: &[u8]) -> Vec<&[u8]> {
    let mut state = data.iter().fold(0xcbf2_9ce4_8422_2325, |state: u64, byte| {
        (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    let (mut pieces, mut rest) = (Vec::new(), data);
    while !rest.is_empty() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let length = (state >> 33) as usize % 13;
        let (piece, after) = rest.split_at(length.min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_all_of_the_bytes_in_order() {
        let data: Vec<u8> = (0..=255).collect();
        let pieces = irregular(&data);
        assert_eq!(pieces.concat(), data);
        let lengths: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
        assert!(lengths.contains(&0) && lengths.contains(&12), "{lengths:?}");
    }

    #[test]
    #[should_panic(expected = "a byte at a time")]
    fn a_reader_that_depends_on_cuts_is_found() {
        however_cut(b"ab", |mut feed| {
            feed.next(|input| Ok::<_, ()>((!input.is_empty()).then(|| std::mem::take(input).len())))
        });
    }

    #[test]
    #[should_panic(expected = "left over")]
    fn a_reader_that_leaves_bytes_is_found() {
        however_cut(b"ab", |mut feed| feed.next(|_| Ok::<Option<()>, ()>(None)));
    }
}
