//! What a command put out, as far as it is kept: the end of it, and enough of all of it to tell
//! whether it was the same. It does not know who reads it.

use std::hash::{DefaultHasher, Hasher};

use tokio::io::{AsyncRead, AsyncReadExt};

/// The most of each output that is kept, in bytes: its end, where programs say why they failed. Two
/// outputs of two runs make 256 KiB.
pub(super) const KEPT_BYTES_MAX: usize = 64 * 1024;

/// One output of a command.
#[derive(Clone, Default)]
pub(super) struct Kept {
    end: Vec<u8>,
    bytes: u64,
    hasher: DefaultHasher,
}

impl Kept {
    /// Takes in all that comes, to its end.
    pub(super) async fn take_all(&mut self, mut from: impl AsyncRead + Unpin) {
        let mut buffer = [0; 8 * 1024];
        // A pipe that cannot be read any more has ended.
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            self.take(&buffer[..count]);
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hasher.write(bytes);
        self.end.extend_from_slice(bytes);
        if self.end.len() > 2 * KEPT_BYTES_MAX {
            self.end.drain(..self.end.len() - KEPT_BYTES_MAX);
        }
    }

    /// The end of it.
    pub(super) fn end(&self) -> &[u8] {
        &self.end[self.end.len().saturating_sub(KEPT_BYTES_MAX)..]
    }

    /// Whether both are the same, to the last byte. By 64 bits of hash: nobody is at work here who
    /// would look for two that collide.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let of = |it: &Self| (it.bytes, it.hasher.finish());
        of(self) == of(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn kept(parts: &[&[u8]]) -> Kept {
        let mut kept = Kept::default();
        kept.take_all(&parts.concat()[..]).await;
        kept
    }

    #[tokio::test]
    async fn the_end_is_kept_and_all_of_it_compared() {
        let long = vec![b'x'; 3 * KEPT_BYTES_MAX];
        let (one, other) = (kept(&[b"a", &long]).await, kept(&[b"b", &long]).await);
        assert_eq!(one.end(), vec![b'x'; KEPT_BYTES_MAX]);
        assert!(!one.is_same(&other));
        assert!(one.is_same(&kept(&[b"a", &long]).await));
        assert!(!one.is_same(&kept(&[b"a", &long, b"x"]).await));
    }
}
