//! How each program that can answer is started. It knows their command lines, and nothing of what
//! is measured.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::shop::{Ready, Recipe, Shop, free_port};

/// A recipe made for each measurement anew, since ports and socket files differ.
pub(super) type Cook = fn(&Shop) -> Result<Recipe>;

fn announced(argv: Vec<OsString>) -> Recipe {
    Recipe {
        argv,
        ready: Ready::Announces,
        whole: true,
    }
}

/// `landline listen ADDRESS ...`.
///
/// # Errors
/// There is no landline.
pub(super) fn landline(shop: &Shop, address: &str, service: &[&str]) -> Result<Recipe> {
    let mut argv: Vec<OsString> = vec![shop.landline()?.into(), "listen".into(), address.into()];
    argv.extend(service.iter().map(OsString::from));
    Ok(announced(argv))
}

/// A server that the bench built, on ADDRESS.
pub(super) fn own(shop: &Shop, name: &str, address: &str, more: &[&str]) -> Recipe {
    let mut argv = vec![shop.tool(name).into_os_string(), address.into()];
    argv.extend(more.iter().map(OsString::from));
    announced(argv)
}

/// The tutorial's program as a Python script.
///
/// # Errors
/// There is no Python.
pub(super) fn tutorial(shop: &Shop, script: &str, more: &[&str]) -> Result<Recipe> {
    let mut argv: Vec<OsString> = vec![shop.python()?.into(), shop.script(script).into()];
    argv.extend(more.iter().map(OsString::from));
    Ok(announced(argv))
}

/// An address for a socket file that is not there yet.
pub(super) fn fresh_unix(shop: &Shop) -> String {
    format!("unix:{}", shop.fresh("socket").display())
}

/// socat with its own echo, a pipe to itself; `service` is socat's second address.
///
/// # Errors
/// There is no socat.
pub(super) fn socat(shop: &Shop, service: &str) -> Result<Recipe> {
    let (program, at) = (shop.program("socat", "socat")?, free_port()?);
    let listen = format!(
        "TCP4-LISTEN:{},bind=127.0.0.1,reuseaddr,fork,backlog=1024",
        at.port()
    );
    let argv = vec![program.into(), listen.into(), service.into()];
    Ok(Recipe {
        argv,
        ready: Ready::Takes(at),
        whole: false,
    })
}

/// The same on a socket file.
///
/// # Errors
/// There is no socat.
pub(super) fn socat_unix(shop: &Shop) -> Result<Recipe> {
    let (program, file) = (shop.program("socat", "socat")?, shop.fresh("socket"));
    let listen = format!("UNIX-LISTEN:{},fork,backlog=1024", file.display());
    let argv = vec![program.into(), listen.into(), "PIPE".into()];
    Ok(Recipe {
        argv,
        ready: Ready::Makes(file),
        whole: false,
    })
}

/// ncat with a program for each client.
///
/// # Errors
/// There is no ncat.
pub(super) fn ncat(shop: &Shop, service: &str) -> Result<Recipe> {
    let (program, at) = (shop.program("ncat", "ncat")?, free_port()?);
    let port = at.port().to_string();
    let words = ["-l", "-k", "-m", "1100", "-e", service, "127.0.0.1", &port];
    let mut argv = vec![program.into_os_string()];
    argv.extend(words.map(OsString::from));
    Ok(Recipe {
        argv,
        ready: Ready::Takes(at),
        whole: false,
    })
}

/// redis with nothing kept on disk.
///
/// # Errors
/// There is no redis.
pub(super) fn redis(shop: &Shop) -> Result<Recipe> {
    let (program, at) = (shop.program("redis-server", "redis-server")?, free_port()?);
    let port = at.port().to_string();
    let words = [
        "--port",
        &port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ];
    let mut argv = vec![program.into_os_string()];
    argv.extend(words.map(OsString::from));
    Ok(Recipe {
        argv,
        ready: Ready::Takes(at),
        whole: true,
    })
}

/// nats-server as it comes.
///
/// # Errors
/// There is no nats-server.
pub(super) fn nats(shop: &Shop) -> Result<Recipe> {
    let (program, at) = (shop.program("nats-server", "nats-server")?, free_port()?);
    let argv = vec![program.into(), "-a".into(), "127.0.0.1".into(), "-p".into()];
    let argv = argv
        .into_iter()
        .chain([at.port().to_string().into()])
        .collect();
    Ok(Recipe {
        argv,
        ready: Ready::Takes(at),
        whole: true,
    })
}

/// nginx with Debian's defaults (sendfile and tcp_nopush on, a worker for each core), in a folder
/// of the bench's own.
///
/// # Errors
/// There is no nginx, or its folder cannot be made.
pub(super) fn nginx(shop: &Shop, root: &Path) -> Result<Recipe> {
    let (program, at) = (shop.program("nginx", "nginx-light")?, free_port()?);
    let prefix = shop.fresh("nginx");
    fs::create_dir_all(&prefix)?;
    let config = format!(
        "daemon off; pid nginx.pid; error_log stderr; worker_processes auto;\n\
         events {{ worker_connections 768; }}\n\
         http {{ sendfile on; tcp_nopush on; access_log off; default_type text/plain;\n\
         client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;\n\
         uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n\
         server {{ listen {at}; root {root}; }} }}\n",
        root = root.display()
    );
    let file = prefix.join("nginx.conf");
    fs::write(&file, config)?;
    let argv = vec![
        program.into(),
        "-p".into(),
        prefix.into(),
        "-e".into(),
        "stderr".into(),
        "-c".into(),
        file.into(),
    ];
    Ok(Recipe {
        argv,
        ready: Ready::Takes(at),
        whole: true,
    })
}
