//! MD5 alone, in one thread, with the crate that landline uses: the ceiling of a verifying `get`.
//! The files bench runs this in a process of its own, from the release build of xtask.

use std::fs::File;
use std::io::Read;

use anyhow::{Context, Result};
use md5::{Digest, Md5};

/// As much as a receiver takes at once.
const CHUNK: usize = 256 * 1024;

/// Prints the MD5 of a file.
///
/// # Errors
/// It cannot be read.
pub(super) fn print(path: &str) -> Result<()> {
    let digest = of(File::open(path).context(path.to_owned())?)?;
    println!("{digest}  {path}");
    Ok(())
}

fn of(mut file: impl Read) -> Result<String> {
    let mut digest = Md5::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            length => digest.update(&chunk[..length]),
        }
    }
    Ok(digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_md5() {
        let digest = super::of(&b"hello"[..]).expect("a digest");
        assert_eq!(digest, "5d41402abc4b2a76b9719d911017c592");
    }
}
