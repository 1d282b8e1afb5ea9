//! Which of many numbers are marked, one bit for each. It does not know what they number.

use std::collections::VecDeque;

/// How many numbers one word marks.
const WORD: u64 = 64;

/// A set of numbers that are put in from small to large: it holds one bit for each number from the
/// smallest to the largest one in it, so that a million take 122 KiB.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    words: VecDeque<u64>,
    /// The number of the first word's first bit.
    start: u64,
}

impl Marks {
    /// Puts in `number`, which is larger than all before it.
    pub(super) fn insert(&mut self, number: u64) {
        if self.words.is_empty() {
            self.start = number - number % WORD;
        }
        let word = (number - self.start) / WORD;
        while self.words.len() as u64 <= word {
            self.words.push_back(0);
        }
        if let Some(last) = self.words.back_mut() {
            *last |= 1 << (number % WORD);
        }
    }

    /// Takes out `number`, and tells whether it was there.
    pub(super) fn remove(&mut self, number: u64) -> bool {
        let Some((index, bit)) = self.place(number) else {
            return false;
        };
        let was = self.words[index] & bit != 0;
        self.words[index] &= !bit;
        while self.words.front() == Some(&0) {
            self.words.pop_front();
            self.start += WORD;
        }
        was
    }

    pub(super) fn contains(&self, number: u64) -> bool {
        let place = self.place(number);
        place.is_some_and(|(index, bit)| self.words[index] & bit != 0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn place(&self, number: u64) -> Option<(usize, u64)> {
        let from_start = number.checked_sub(self.start)?;
        let index = usize::try_from(from_start / WORD).ok()?;
        (index < self.words.len()).then_some((index, 1 << (number % WORD)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn it_is_a_set() {
        let (mut marks, mut set) = (Marks::default(), BTreeSet::new());
        let mut state = 1_u64;
        for number in 0..5_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005) + 1;
            if state >> 62 != 0 {
                marks.insert(number * 3);
                set.insert(number * 3);
            }
            let taken = (state >> 33) % (number * 3 + 2);
            assert_eq!(marks.contains(taken), set.contains(&taken), "{taken}");
            assert_eq!(marks.remove(taken), set.remove(&taken), "{taken}");
        }
        for number in set {
            assert!(!marks.is_empty() && marks.remove(number), "{number}");
        }
        assert!(marks.is_empty() && !marks.remove(u64::MAX));
    }

    #[test]
    fn what_is_taken_out_in_order_takes_no_room() {
        let mut marks = Marks::default();
        for number in 0..100_000 {
            marks.insert(number);
            assert!(number < 500 || marks.remove(number - 500));
            assert!(marks.words.len() <= 10);
        }
    }
}
