//! Writes each target's seeds where cargo-fuzz looks for them: `fuzz/corpus/TARGET`. What a fuzzer found
//! there before stays.

// It talks to the person who runs it.
#![allow(clippy::print_stdout)]

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    for target in landline_fuzz::TARGETS {
        let folder = corpora.join(target.name);
        fs::create_dir_all(&folder)?;
        let seeds = (target.seeds)();
        for (index, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{index:03}")), seed)?;
        }
        println!("{} seeds in fuzz/corpus/{}", seeds.len(), target.name);
    }
    Ok(())
}
