//! What passed in one direction, counted: reads, writes, their sizes, and what became of the edges
//! of messages.

use super::decoder::Marks;

/// The number of classes of a histogram: sizes of 0, of 1, of 2 to 3, of 4 to 7, and so on to 65,536
/// and more.
const CLASSES: usize = 18;

/// What passed in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many reads gave bytes.
    pub reads: u64,
    /// How many bytes they gave.
    pub read_bytes: u64,
    /// How many writes took bytes.
    pub writes: u64,
    /// How many bytes they took.
    pub written_bytes: u64,
    /// How many messages were seen to their end.
    pub messages: u64,
    /// How many of them began in an earlier read than the one that they ended in.
    pub cut: u64,
    /// How many of them began in a read that held bytes of another before them. One may be both.
    pub stuck: u64,
    /// How many datagrams were lost that no move asked for.
    pub lost: u64,
    sizes: [u64; CLASSES],
}

impl Tally {
    /// Counts one read, and what its bytes are if they were decoded.
    pub fn count_read(&mut self, bytes: usize, marks: Option<&Marks>) {
        self.reads += 1;
        self.read_bytes += bytes as u64;
        self.sizes[class(bytes)] += 1;
        if let Some(marks) = marks {
            let messages = &marks.messages;
            self.messages += messages.len() as u64;
            self.cut += messages.iter().filter(|it| it.is_cut).count() as u64;
            self.stuck += messages.iter().filter(|it| it.is_stuck).count() as u64;
        }
    }

    /// Counts one write.
    pub fn count_write(&mut self, bytes: usize) {
        self.writes += 1;
        self.written_bytes += bytes as u64;
    }

    /// How many reads had which sizes, from the smallest that was seen to the largest: the least and
    /// the most of each class, and how many.
    pub fn histogram(&self) -> Vec<(u64, Option<u64>, u64)> {
        let seen = |count: &u64| *count > 0;
        let Some(first) = self.sizes.iter().position(seen) else {
            return Vec::new();
        };
        let last = self.sizes.iter().rposition(seen).unwrap_or(first);
        (first..=last)
            .map(|class| {
                let (least, most) = bounds(class);
                (least, most, self.sizes[class])
            })
            .collect()
    }
}

fn class(bytes: usize) -> usize {
    let bits = usize::BITS - bytes.leading_zeros();
    (bits as usize).min(CLASSES - 1)
}

fn bounds(class: usize) -> (u64, Option<u64>) {
    match class {
        0 => (0, Some(0)),
        _ if class == CLASSES - 1 => (1 << (class - 1), None),
        _ => (1 << (class - 1), Some((1 << class) - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tap::{Decoder, Direction, Format};

    #[test]
    fn sizes_fall_into_classes() {
        let mut tally = Tally::default();
        for bytes in [0, 1, 5, 6, 7, 70_000] {
            tally.count_read(bytes, None);
        }
        let histogram = tally.histogram();
        assert_eq!(histogram[..2], [(0, Some(0), 1), (1, Some(1), 1)]);
        assert_eq!(histogram[3], (4, Some(7), 3));
        assert_eq!(histogram.last(), Some(&(65_536, None, 1)));
        assert_eq!(Tally::default().histogram(), []);
    }

    #[test]
    fn edges_that_moved_are_counted() {
        let check = |reads: &[&str], expected: (u64, u64, u64)| {
            let mut decoder = Decoder::new(Format::Lines, Direction::ToClient);
            let mut tally = Tally::default();
            for read in reads {
                let marks = decoder.handle_bytes(read.as_bytes());
                tally.count_read(read.len(), Some(&marks));
            }
            let counted = (tally.messages, tally.cut, tally.stuck);
            assert_eq!(counted, expected, "{reads:?}");
        };
        check(&["a\n", "b\n"], (2, 0, 0));
        check(&["a", "b\n"], (1, 1, 0));
        check(&["a", "b", "c\n"], (1, 1, 0));
        check(&["a\nb\nc\n"], (3, 0, 2));
        check(&["a\nb", "\n"], (2, 1, 1));
        // What is never whole counts in nothing.
        check(&["a\nb"], (1, 0, 0));
        check(&["one\ntw", "o\nthree\nfour"], (3, 1, 2));
    }
}
