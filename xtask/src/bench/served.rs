//! What is served: one large file and a tree of small ones, all in memory, and what must be there
//! once it has been moved. It knows nobody who moves it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use walkdir::WalkDir;

use super::shop::Shop;

/// The large file.
pub(super) const ONE: &str = "one.bin";
/// The folder of small files, in folders.
pub(super) const SMALL: &str = "small";
/// The length of each.
const SMALL_BYTES: usize = 4096;
/// How many folders they are in.
const SMALL_FOLDERS: usize = 10;

/// The length of the large file.
pub(super) fn size(shop: &Shop) -> u64 {
    if shop.quick { 256 << 20 } else { 1 << 30 }
}

/// How many small files there are.
pub(super) fn count(shop: &Shop) -> usize {
    if shop.quick { 1_000 } else { 10_000 }
}

/// How many bytes are in them.
pub(super) fn small_bytes(shop: &Shop) -> u64 {
    (count(shop) * SMALL_BYTES) as u64
}

/// The folder that is served, with the large file in it, which is written once: random bytes, and so
/// in memory already when it is measured.
///
/// # Errors
/// It cannot be written.
pub(super) fn folder(shop: &Shop) -> Result<PathBuf> {
    let folder = shop.scratch.0.join("served");
    let file = folder.join(ONE);
    if !file.exists() {
        fs::create_dir_all(&folder)?;
        random(&file, size(shop))?;
        // The first who writes a copy shall not be the one who fetches that memory from the host.
        let copy = shop.fresh("touched");
        fs::copy(&file, &copy)?;
        fs::remove_file(&copy)?;
    }
    Ok(folder)
}

fn random(file: &Path, bytes: u64) -> Result<()> {
    let mut random = File::open("/dev/urandom")?.take(bytes);
    io::copy(&mut random, &mut File::create(file)?)?;
    Ok(())
}

/// The same folder, with the small files in it too.
///
/// # Errors
/// They cannot be written.
pub(super) fn folder_with_small(shop: &Shop) -> Result<PathBuf> {
    let folder = folder(shop)?;
    let small = folder.join(SMALL);
    if !small.exists() {
        let mut random = File::open("/dev/urandom")?;
        let mut content = [0; SMALL_BYTES];
        for inner in 0..SMALL_FOLDERS {
            let inner = small.join(inner.to_string());
            fs::create_dir_all(&inner)?;
            for name in 0..count(shop) / SMALL_FOLDERS {
                random.read_exact(&mut content)?;
                fs::write(inner.join(format!("{name}.bin")), content)?;
            }
        }
    }
    Ok(folder)
}

/// That the large file has come into `folder`.
///
/// # Errors
/// It has not, or not all of it.
pub(super) fn check_one(shop: &Shop, folder: &Path) -> Result<()> {
    let length = fs::metadata(folder.join(ONE))?.len();
    ensure!(length == size(shop), "{length} bytes have come");
    Ok(())
}

/// That the small files have come into `folder`.
///
/// # Errors
/// They have not, or not all of them.
pub(super) fn check_small(shop: &Shop, folder: &Path) -> Result<()> {
    let mut whole = 0;
    for entry in WalkDir::new(folder.join(SMALL)) {
        let about = entry?.metadata()?;
        if about.is_file() && usize::try_from(about.len())? == SMALL_BYTES {
            whole += 1;
        }
    }
    ensure!(whole == count(shop), "{whole} files have come");
    Ok(())
}
