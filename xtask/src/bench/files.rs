//! The files bench: a gigabyte on tmpfs to a bare receiver (`load_file.c`), and `landline get`,
//! which verifies, beside MD5 alone. Then the cells of the secure line.

use std::ffi::OsString;
use std::fs;

use anyhow::Result;

use super::plan::{Cell, Check, Measured, Plan};
use super::served::{ONE, folder, size};
use super::shop::{Recipe, Shop};
use super::whole::timed;
use super::{files_memory, files_resume, files_secure, peers};

const TCP: &str = "tcp://127.0.0.1:0";
const LANDLINE: &str = "landline";
const MD5: &str = "MD5 alone (md-5 crate)";

/// The cells and the bars of limits.md.
pub(super) fn plan() -> Plan {
    let mut plan = Plan {
        cells: vec![serve(), get()],
        bars: Vec::new(),
    };
    plan.bar(
        "to a bare receiver",
        Check::AtLeast(1.3, LANDLINE, vec!["nginx"]),
    );
    plan.bar(
        "get, verified, to tmpfs",
        Check::AtLeast(0.9, "landline get", vec![MD5]),
    );
    files_secure::add(&mut plan);
    files_resume::add(&mut plan);
    files_memory::add(&mut plan);
    plan
}

fn landline(shop: &Shop) -> Result<Recipe> {
    let root = folder(shop)?.display().to_string();
    peers::landline(shop, TCP, &["files", "--root", &root])
}

fn serve() -> Cell {
    Cell::new("to a bare receiver", "GB/s")
        .with(LANDLINE, |shop| receive(shop, &landline(shop)?, "tutorial"))
        .with("nginx", |shop| {
            receive(shop, &peers::nginx(shop, &folder(shop)?)?, "http")
        })
        .with("C sendfile", |shop| {
            let file = folder(shop)?.join(ONE).display().to_string();
            receive(
                shop,
                &peers::own(shop, "files_sendfile", TCP, &[&file]),
                "tutorial",
            )
        })
        .with("tutorial (Python)", |shop| {
            let root = folder(shop)?.display().to_string();
            let recipe = peers::tutorial(shop, "tutorial_files.py", &[&root])?;
            receive(shop, &recipe, "tutorial")
        })
}

/// The first answer is not counted: it reads the file, and landline computes its MD5.
fn receive(shop: &Shop, recipe: &Recipe, kind: &str) -> Result<Measured> {
    let server = shop.serve(recipe)?;
    let ask = || shop.load("load_file", &[&server.address, kind, ONE, "1"]);
    ask()?;
    Measured::from(ask()?, "gigabytes_per_second", 1.0)
}

fn get() -> Cell {
    Cell::new("get, verified, to tmpfs", "GB/s")
        .with("landline get", |shop| {
            let server = shop.serve(&landline(shop)?)?;
            shop.load("load_file", &[&server.address, "tutorial", ONE, "1"])?;
            let to = shop.fresh("got");
            fs::create_dir_all(&to)?;
            let program = shop.landline()?.into();
            let words = ["get", &server.address, ONE, "--to"].map(OsString::from);
            let argv: Vec<OsString> = [program]
                .into_iter()
                .chain(words)
                .chain([to.clone().into()])
                .collect();
            let measured = timed(shop, &argv, size(shop));
            let length = fs::metadata(to.join(ONE)).map(|about| about.len());
            fs::remove_dir_all(&to)?;
            anyhow::ensure!(length? == size(shop), "what was got has another length");
            measured
        })
        .with(MD5, |shop| {
            let program = shop.target.join("release/xtask").into_os_string();
            timed(
                shop,
                &[
                    program,
                    "bench".into(),
                    "md5".into(),
                    folder(shop)?.join(ONE).into(),
                ],
                size(shop),
            )
        })
        .with("md5sum", |shop| {
            let program = shop.program("md5sum", "coreutils")?.into();
            timed(shop, &[program, folder(shop)?.join(ONE).into()], size(shop))
        })
        .with("hashlib (Python)", |shop| {
            let script = "import hashlib,sys\nhashlib.file_digest(open(sys.argv[1],'rb'),'md5')";
            let words = [shop.python()?.into(), "-c".into(), script.into()];
            let argv: Vec<OsString> = words
                .into_iter()
                .chain([folder(shop)?.join(ONE).into()])
                .collect();
            timed(shop, &argv, size(shop))
        })
}
