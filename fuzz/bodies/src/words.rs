//! The words and the environment of a command: any bytes are refused, or strings that are written as the
//! very same bytes.

use landline_frame::landline1::Args;

use crate::vectors::{bytes, landline1};

/// Panics where `data`, with any share of variables, is not what its strings are written as.
pub fn check(data: &[u8]) {
    let ends = data.iter().filter(|byte| **byte == 0).count();
    let Ok(count) = u32::try_from(ends) else {
        return;
    };
    assert!(
        Args::decode(data.to_vec(), count + 1, 0).is_err(),
        "fewer came"
    );
    for env in 0..=count.min(4) {
        let words = count - env;
        let Ok(args) = Args::decode(data.to_vec(), words, env) else {
            continue;
        };
        assert_eq!(args.counts(), (words, env));
        assert_eq!(
            (args.words().count(), args.env().count()),
            (words as usize, env as usize)
        );
        assert_eq!(args.as_bytes(), data);
        assert_eq!(Args::new(args.words(), args.env()).as_ref(), Ok(&args));
    }
}

/// Words and variables of the vectors, taken and refused.
pub fn seeds() -> Vec<Vec<u8>> {
    let tables = ["words", "words_refused"].map(landline1);
    tables
        .iter()
        .flatten()
        .map(|row| bytes(row, "hex"))
        .collect()
}
