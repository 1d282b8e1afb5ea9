//! Files on the secure line: one large file and many small ones, there and back, all verified at
//! both ends. The peers are what comes with ssh, against an sshd of the bench's own (`ssh.rs`),
//! rsync through it, and the bare pipe (`pipe.rs`).

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::plan::{Cell, Check, Measured, Plan};
use super::secure::{self, May};
use super::served::{self, ONE, SMALL};
use super::shop::{Ready, Recipe, Shop};
use super::ssh::Ssh;
use super::whole::timed_warm;

const LANDLINE: &str = "landline";
const PIPE: &str = "bare rustls pipe, BLAKE3";
const SSH_AES: &str = "ssh cat, aes128-gcm";
const SSH_AES_MASTER: &str = "ssh cat, aes128-gcm, ControlMaster";
const SCP: &str = "scp";
const SCP_AES: &str = "scp, aes128-gcm";
const SCP_AES_OLD: &str = "scp -O, aes128-gcm";
const SCP_TREE: &str = "scp -r";
const SFTP: &str = "sftp";
const SFTP_AES: &str = "sftp, aes128-gcm";
const RSYNC: &str = "rsync over ssh";
const RSYNC_AES: &str = "rsync over ssh, aes128-gcm";
/// The fastest that ssh has on a processor with instructions for AES.
const AES: [&str; 2] = ["-c", "aes128-gcm@openssh.com"];

const NULL: &str = "secure, one file to /dev/null";
const TMPFS: &str = "secure, one file to tmpfs";
const PUT: &str = "secure, put to tmpfs";
const MANY: &str = "secure, 10,000 small files";

/// Adds the cells and the bars of limits.md. Those against sftp and rsync are against what they do
/// unless told otherwise; with the fastest cipher they stand beside it.
pub(super) fn add(plan: &mut Plan) {
    plan.cells.extend([to_null(), to_tmpfs(), put(), many()]);
    let bars = [
        (NULL, 0.8, vec![PIPE]),
        (NULL, 2.0, vec![SSH_AES]),
        (TMPFS, 2.0, vec![SCP_AES, SCP_AES_OLD]),
        (TMPFS, 2.5, vec![SFTP]),
        (TMPFS, 3.0, vec![RSYNC]),
        (MANY, 3.0, vec![RSYNC]),
        (MANY, 20.0, vec![SCP_TREE]),
    ];
    for (cell, factor, peers) in bars {
        plan.bar(cell, Check::AtLeast(factor, LANDLINE, peers));
    }
}

fn to_null() -> Cell {
    let cat = |master: bool| {
        move |shop: &Shop| {
            let file = served::folder(shop)?.join(ONE);
            let ssh = Ssh::start(shop)?;
            let ssh = match master {
                true => ssh.with_master(shop, &AES)?,
                false => ssh,
            };
            let argv = ssh.exec(&AES, &format!("cat {}", file.display()));
            timed_warm(shop, &argv, served::size(shop), || Ok(()))
        }
    };
    Cell::new(NULL, "GB/s")
        .with(LANDLINE, |shop| {
            let _server = secure::serve_files(shop, &served::folder(shop)?, May::Read)?;
            let argv = secure::client(shop, &["get", secure::OFFICE, ONE, "--to", "-"])?;
            timed_warm(shop, &argv, served::size(shop), || Ok(()))
        })
        .with(PIPE, pipe)
        .with(SSH_AES_MASTER, cat(true))
        .with(SSH_AES, cat(false))
}

/// Both ends are this program itself, from its release build.
fn pipe(shop: &Shop) -> Result<Measured> {
    let file = served::folder(shop)?.join(ONE);
    let certificate = shop.fresh("certificate");
    let this = |verb: &str| -> Vec<OsString> {
        let program = shop.target.join("release/xtask").into_os_string();
        vec![program, "bench".into(), verb.into()]
    };
    let mut argv = this("pipe-serve");
    argv.extend([file.into(), certificate.clone().into()]);
    let server = shop.serve(&Recipe {
        argv,
        ready: Ready::Announces,
        whole: true,
    })?;
    let mut argv = this("pipe-get");
    argv.extend([server.address.into(), certificate.into()]);
    timed_warm(shop, &argv, served::size(shop), || Ok(()))
}

fn to_tmpfs() -> Cell {
    let scp = |options: &'static [&'static str]| {
        move |shop: &Shop| {
            let ssh = Ssh::start(shop)?;
            fetch_one(shop, ssh.scp(shop, options)?)
        }
    };
    let sftp = |options: &'static [&'static str]| {
        move |shop: &Shop| {
            let ssh = Ssh::start(shop)?;
            fetch_one(shop, ssh.sftp(shop, options)?)
        }
    };
    let rsync = |options: &'static [&'static str]| {
        move |shop: &Shop| {
            let ssh = Ssh::start(shop)?;
            fetch_one(shop, ssh.rsync(shop, options)?)
        }
    };
    Cell::new(TMPFS, "GB/s")
        .with(LANDLINE, |shop| {
            let _server = secure::serve_files(shop, &served::folder(shop)?, May::Read)?;
            let argv = secure::client(shop, &["get", secure::OFFICE, ONE, "--to"])?;
            into_new(shop, argv, served::size(shop), served::check_one)
        })
        .with(SCP_AES, scp(&AES))
        .with(SCP_AES_OLD, scp(&["-O", AES[0], AES[1]]))
        .with(SCP, scp(&[]))
        .with(SFTP_AES, sftp(&AES))
        .with(SFTP, sftp(&[]))
        .with(RSYNC_AES, rsync(&AES))
        .with(RSYNC, rsync(&[]))
}

/// The large file by one of ssh's relatives, into a new folder.
fn fetch_one(shop: &Shop, mut argv: Vec<OsString>) -> Result<Measured> {
    argv.push(Ssh::there(&served::folder(shop)?.join(ONE)));
    into_new(shop, argv, served::size(shop), served::check_one)
}

/// The rate, in GB/s, of a program that is told of a new folder last and brings so many bytes there.
/// The folder is made, looked at and removed while nothing is measured.
fn into_new(
    shop: &Shop,
    mut argv: Vec<OsString>,
    bytes: u64,
    check: fn(&Shop, &Path) -> Result<()>,
) -> Result<Measured> {
    let to = shop.fresh("got");
    fs::create_dir(&to)?;
    argv.push(to.clone().into());
    brought(shop, &argv, bytes, &to, check)
}

/// The same for a program that knows where it brings them, which may be at the server.
fn brought(
    shop: &Shop,
    argv: &[OsString],
    bytes: u64,
    to: &Path,
    check: fn(&Shop, &Path) -> Result<()>,
) -> Result<Measured> {
    let measured = timed_warm(shop, argv, bytes, || {
        check(shop, to)?;
        empty(to)
    });
    let checked = check(shop, to);
    fs::remove_dir_all(to)?;
    let measured = measured?;
    checked.map(|()| measured)
}

/// Removes what is in a folder, which a server may hold.
fn empty(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false => fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

fn put() -> Cell {
    let scp = |options: &'static [&'static str]| {
        move |shop: &Shop| {
            let ssh = Ssh::start(shop)?;
            let to = shop.fresh("put");
            fs::create_dir(&to)?;
            let mut argv = ssh.scp(shop, options)?;
            argv.extend([served::folder(shop)?.join(ONE).into(), Ssh::there(&to)]);
            brought(shop, &argv, served::size(shop), &to, served::check_one)
        }
    };
    Cell::new(PUT, "GB/s")
        .with(LANDLINE, |shop| {
            let to = shop.fresh("put");
            fs::create_dir(&to)?;
            let _server = secure::serve_files(shop, &to, May::Write)?;
            let mut argv = secure::client(shop, &["put", secure::OFFICE])?;
            argv.push(served::folder(shop)?.join(ONE).into());
            brought(shop, &argv, served::size(shop), &to, served::check_one)
        })
        .with(SCP_AES, scp(&AES))
        .with(SCP, scp(&[]))
}

fn many() -> Cell {
    Cell::new(MANY, "files/s")
        .with(LANDLINE, |shop| {
            let folder = served::folder_with_small(shop)?;
            let _server = secure::serve_files(shop, &folder, May::Read)?;
            fetch_small(
                shop,
                secure::client(shop, &["get", secure::OFFICE, SMALL, "--to"])?,
            )
        })
        .with(RSYNC, |shop| {
            let ssh = Ssh::start(shop)?;
            let mut argv = ssh.rsync(shop, &[])?;
            argv.push(Ssh::there(&served::folder_with_small(shop)?.join(SMALL)));
            fetch_small(shop, argv)
        })
        .with(SCP_TREE, |shop| {
            let ssh = Ssh::start(shop)?;
            let mut argv = ssh.scp(shop, &["-r"])?;
            argv.push(Ssh::there(&served::folder_with_small(shop)?.join(SMALL)));
            fetch_small(shop, argv)
        })
}

/// How many of the small files a second a program brings into a new folder.
fn fetch_small(shop: &Shop, argv: Vec<OsString>) -> Result<Measured> {
    let files = served::count(shop);
    let mut measured = into_new(shop, argv, served::small_bytes(shop), served::check_small)?;
    let seconds = measured.detail["seconds"].as_f64().unwrap_or(f64::NAN);
    measured.detail["files"] = files.into();
    Measured::from(measured.detail, "files", 1.0 / seconds)
}
