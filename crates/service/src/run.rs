//! Datagrams one behind the other in one piece of memory: built once, then sent to many. It does
//! not know how they are sent.

/// Datagrams in order, to leave as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    bytes: &'a [u8],
    sizes: &'a [usize],
}

impl<'a> Run<'a> {
    /// The bytes of all of them.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The size of each: together as long as the bytes.
    pub fn sizes(&self) -> &'a [usize] {
        self.sizes
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// What follows the first `count`.
    pub fn after(&self, count: usize) -> Self {
        let (gone, sizes) = self.sizes.split_at(count);
        let bytes = &self.bytes[gone.iter().sum()..];
        Self { bytes, sizes }
    }

    /// Each in turn.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.bytes;
        self.sizes.iter().map(move |&size| {
            let (first, others) = rest.split_at(size);
            rest = others;
            first
        })
    }
}

/// Where a run is built. Cleared, it keeps its memory.
#[derive(Clone, Debug, Default)]
pub struct RunBuffer {
    bytes: Vec<u8>,
    sizes: Vec<usize>,
}

impl RunBuffer {
    /// Adds one datagram.
    pub fn push(&mut self, datagram: &[u8]) {
        self.bytes.extend_from_slice(datagram);
        self.sizes.push(datagram.len());
    }

    /// Adds one datagram that `write` appends to what is there.
    pub(crate) fn push_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        write(&mut self.bytes);
        self.sizes.push(self.bytes.len() - start);
    }

    /// Takes the first `count` away.
    pub fn drop_first(&mut self, count: usize) {
        let bytes: usize = self.sizes.drain(..count).sum();
        self.bytes.drain(..bytes);
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.sizes.clear();
    }

    /// All that is there.
    pub fn run(&self) -> Run<'_> {
        Run {
            bytes: &self.bytes,
            sizes: &self.sizes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_gives_back_what_was_put_in() {
        let mut buffer = RunBuffer::default();
        let datagrams: [&[u8]; 4] = [b"one", b"", b"three", b"4"];
        for datagram in datagrams {
            buffer.push(datagram);
        }
        assert!(buffer.run().iter().eq(datagrams));
        assert!(
            buffer
                .run()
                .after(2)
                .iter()
                .eq(datagrams[2..].iter().copied())
        );
        buffer.drop_first(3);
        assert!(buffer.run().iter().eq([&b"4"[..]]));
        buffer.drop_first(1);
        assert!(buffer.run().is_empty() && buffer.run().bytes().is_empty());
    }
}
