//! What both ends of the secure line hold while files move: one large one and many small ones, there
//! and back.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};

use super::plan::{Cell, Check, Measured, Plan};
use super::resident::most_while;
use super::secure::{self, May};
use super::served::{self, ONE, SMALL};
use super::shop::{Server, Shop};

const NAME: &str = "secure, memory while files move";
/// What each end may hold, in MiB.
const MOST_MIB: f64 = 64.0;
/// Longer than any of these takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What moves.
type Move = fn(&Shop) -> Result<Moving>;

/// A server, what the client types, and the folder that is to be removed.
struct Moving {
    server: Server,
    argv: Vec<OsString>,
    to: PathBuf,
}

/// Each way: what is measured at the server, and at the client.
const WAYS: [(&str, &str, Move); 4] = [
    ("get, one file: server", "get, one file: client", |shop| {
        get(shop, ONE)
    }),
    (
        "get, small files: server",
        "get, small files: client",
        |shop| get(shop, SMALL),
    ),
    ("put, one file: server", "put, one file: client", |shop| {
        put(shop, ONE)
    }),
    (
        "put, small files: server",
        "put, small files: client",
        |shop| put(shop, SMALL),
    ),
];

/// Adds the cell and its bars.
pub(super) fn add(plan: &mut Plan) {
    let mut cell = Cell::new(NAME, "MiB of RssAnon at most");
    for (server, client, way) in WAYS {
        cell = cell
            .with(server, move |shop| {
                let moving = way(shop)?;
                let id = moving.server.held.id();
                moving.most(shop, |_client| id)
            })
            .with(client, move |shop| way(shop)?.most(shop, |client| client));
        plan.bar(NAME, Check::Below(MOST_MIB, server));
        plan.bar(NAME, Check::Below(MOST_MIB, client));
    }
    plan.cells.push(cell);
}

fn get(shop: &Shop, what: &str) -> Result<Moving> {
    let (folder, to) = (served::folder_with_small(shop)?, shop.fresh("got"));
    fs::create_dir(&to)?;
    let server = secure::serve_files(shop, &folder, May::Read)?;
    let mut argv = secure::client(shop, &["get", secure::OFFICE, what, "--to"])?;
    argv.push(to.clone().into());
    Ok(Moving { server, argv, to })
}

fn put(shop: &Shop, what: &str) -> Result<Moving> {
    let (folder, to) = (served::folder_with_small(shop)?, shop.fresh("put"));
    fs::create_dir(&to)?;
    let server = secure::serve_files(shop, &to, May::Write)?;
    let mut argv = secure::client(shop, &["put", secure::OFFICE])?;
    argv.push(folder.join(what).into());
    Ok(Moving { server, argv, to })
}

impl Moving {
    /// The most that one process holds meanwhile. `of` chooses it by the client's.
    fn most(self, shop: &Shop, of: impl Fn(u32) -> u32) -> Result<Measured> {
        let log = shop.fresh("log");
        let words = fs::File::create(&log)?;
        let mut client = shop.start(&self.argv, |command| {
            command.stdout(Stdio::null()).stderr(words);
        })?;
        let process = of(client.id());
        let most = most_while(&mut client, process, PATIENCE)
            .with_context(|| fs::read_to_string(&log).unwrap_or_default());
        fs::remove_dir_all(&self.to)?;
        Measured::from(most?, "most", 1.0 / f64::from(1 << 20))
    }
}
