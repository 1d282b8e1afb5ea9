//! Median and spread of a few measurements. It knows nothing of what was measured.

/// What five rounds, or however many, come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) least: f64,
    pub(super) most: f64,
    pub(super) count: usize,
}

impl Spread {
    /// The spread of these values; none of no values.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (least, most) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Some(Self {
            median,
            least,
            most,
            count: sorted.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_middles() {
        let odd = Spread::of(&[5.0, 1.0, 3.0]).expect("three values");
        assert_eq!(
            odd,
            Spread {
                median: 3.0,
                least: 1.0,
                most: 5.0,
                count: 3
            }
        );
        let even = Spread::of(&[4.0, 1.0, 2.0, 9.0]).expect("four values");
        assert_eq!((even.median, even.least, even.most), (3.0, 1.0, 9.0));
        assert_eq!(Spread::of(&[7.0]).map(|one| one.median), Some(7.0));
        assert_eq!(Spread::of(&[]), None);
    }
}
