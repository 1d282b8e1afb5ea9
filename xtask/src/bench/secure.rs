//! Two machines that trust each other: a `landline serve` with a home of its own, and the shop's
//! home, which it lets in. It knows the command line, and nothing of what is measured.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::shop::{Ready, Recipe, Server, Shop};

/// What the client calls the server.
pub(super) const OFFICE: &str = "office";

/// Starts a server that offers commands, and pairs the shop's home with it: both are new.
///
/// # Errors
/// There is no landline, or it has no such verbs, or they fail; with their last words.
pub(super) fn serve(shop: &Shop) -> Result<Server> {
    pair(shop, &["--allow-exec".into()], "exec".into())
}

/// What the client may do with the files of a server.
#[derive(Clone, Copy)]
pub(super) enum May {
    Read,
    Write,
}

/// The same for a server that offers the files of a folder.
///
/// # Errors
/// As [`serve`].
pub(super) fn serve_files(shop: &Shop, folder: &Path, may: May) -> Result<Server> {
    let mut grant = OsString::from(match may {
        May::Read => "files:ro:",
        May::Write => "files:rw:",
    });
    grant.push(folder);
    pair(shop, &[folder.into()], grant)
}

fn pair(shop: &Shop, options: &[OsString], grant: OsString) -> Result<Server> {
    let home = shop.fresh("server-home");
    let mut argv = at(shop, &home, &["serve", "--listen", "127.0.0.1:0"])?;
    argv.extend(options.iter().cloned());
    let server = shop.serve(&Recipe {
        argv,
        ready: Ready::Announces,
        whole: false,
    })?;
    let mut invite = at(
        shop,
        &home,
        &["trust", "invite", "--address", &server.address],
    )?;
    invite.extend(["--grant".into(), grant]);
    let ticket = shop.said(&invite)?;
    let file = shop.fresh("ticket");
    fs::write(&file, ticket)?;
    if shop.home().exists() {
        fs::remove_dir_all(shop.home())?;
    }
    let file = file.display().to_string();
    shop.said(&client(
        shop,
        &["pair", "--code-file", &file, "--as", OFFICE],
    )?)?;
    Ok(server)
}

/// landline as a machine with this home types it. env(1) makes way for it, so the process is its own.
///
/// # Errors
/// There is no landline.
pub(super) fn at(shop: &Shop, home: &Path, words: &[&str]) -> Result<Vec<OsString>> {
    let mut variable = OsString::from("LANDLINE_HOME=");
    variable.push(home);
    let mut argv = vec!["env".into(), variable];
    argv.extend(client(shop, words)?);
    Ok(argv)
}

/// landline as the client's machine types it.
///
/// # Errors
/// There is no landline.
pub(super) fn client(shop: &Shop, words: &[&str]) -> Result<Vec<OsString>> {
    let mut argv: Vec<OsString> = vec![shop.landline()?.into()];
    argv.extend(words.iter().map(OsString::from));
    Ok(argv)
}

/// A command at the server, as the client's machine types it.
///
/// # Errors
/// There is no landline.
pub(super) fn exec(shop: &Shop, command: &[&str]) -> Result<Vec<OsString>> {
    let mut argv = client(shop, &["exec", OFFICE, "--"])?;
    argv.extend(command.iter().map(OsString::from));
    Ok(argv)
}
