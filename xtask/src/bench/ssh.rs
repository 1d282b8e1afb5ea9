//! An sshd on loopback with keys and configuration of the bench's own, and its client: nobody's
//! `~/.ssh` is read or written. It knows nothing of what is measured.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::shop::{Ready, Recipe, Server, Shop, free_port};

/// Where Debian's sshd wants an empty folder; the service that starts it makes it anew each time.
const PRIVILEGES: &str = "/run/sshd";
/// What the client calls the server.
const HOST: &str = "bench";

/// A running sshd, and how to reach it.
pub(super) struct Ssh {
    program: PathBuf,
    config: PathBuf,
    /// The connection that others share, and its socket. It ends before the server does.
    master: Option<(Server, PathBuf)>,
    _sshd: Server,
}

impl Ssh {
    /// Starts one.
    ///
    /// # Errors
    /// There is no ssh or sshd, or it does not start.
    pub(super) fn start(shop: &Shop) -> Result<Self> {
        let program = shop.program("ssh", "openssh-client")?;
        let sshd = shop.program("sshd", "openssh-server")?;
        if !Path::new(PRIVILEGES).is_dir() {
            fs::create_dir(PRIVILEGES).context(PRIVILEGES)?;
        }
        let folder = keys(shop)?;
        let at = free_port()?;
        let (server, client) = (shop.fresh("sshd_config"), shop.fresh("ssh_config"));
        fs::write(&server, server_config(&folder, at.port()))?;
        fs::write(&client, client_config(&folder, at.port()))?;
        let argv = vec![
            sshd.into(),
            "-D".into(),
            "-e".into(),
            "-f".into(),
            server.into(),
        ];
        let sshd = shop.serve(&Recipe {
            argv,
            ready: Ready::Takes(at),
            whole: false,
        })?;
        Ok(Self {
            program,
            config: client,
            master: None,
            _sshd: sshd,
        })
    }

    /// The same with a connection that stands already, for all commands from now on
    /// (ControlMaster).
    ///
    /// # Errors
    /// It does not stand within five seconds.
    pub(super) fn with_master(mut self, shop: &Shop, options: &[&str]) -> Result<Self> {
        let socket = shop.fresh("master");
        let mut argv = self.client(options);
        argv.extend(["-M", "-N", "-S"].map(OsString::from));
        argv.extend([socket.clone().into(), HOST.into()]);
        let master = shop.serve(&Recipe {
            argv,
            ready: Ready::Makes(socket.clone()),
            whole: false,
        })?;
        self.master = Some((master, socket));
        Ok(self)
    }

    /// What to type for a command at the server.
    pub(super) fn exec(&self, options: &[&str], command: &str) -> Vec<OsString> {
        let mut argv = self.client(options);
        if let Some((_, socket)) = &self.master {
            argv.extend(["-S".into(), socket.into()]);
        }
        argv.extend([HOST, command].map(OsString::from));
        argv
    }

    /// A path at the server, as scp and its like write it.
    pub(super) fn there(path: &Path) -> OsString {
        let mut there = OsString::from(HOST);
        there.push(":");
        there.push(path);
        there
    }

    /// What to type for scp with these options, up to what it copies.
    ///
    /// # Errors
    /// There is no scp.
    pub(super) fn scp(&self, shop: &Shop, options: &[&str]) -> Result<Vec<OsString>> {
        self.copying(shop, "scp", options)
    }

    /// What to type for sftp with these options, up to what it fetches and where to.
    ///
    /// # Errors
    /// There is no sftp.
    pub(super) fn sftp(&self, shop: &Shop, options: &[&str]) -> Result<Vec<OsString>> {
        self.copying(shop, "sftp", options)
    }

    fn copying(&self, shop: &Shop, name: &str, options: &[&str]) -> Result<Vec<OsString>> {
        let program = shop.program(name, "openssh-client")?;
        Ok(self.reaching(program, options))
    }

    /// What to type for rsync through ssh with these options (of ssh), up to what it copies.
    ///
    /// # Errors
    /// There is no rsync.
    pub(super) fn rsync(&self, shop: &Shop, options: &[&str]) -> Result<Vec<OsString>> {
        let program = shop.program("rsync", "rsync")?;
        let ssh = self.client(options).join(OsStr::new(" ")); // no path of ours has a blank
        Ok(vec![program.into(), "-a".into(), "-e".into(), ssh])
    }

    fn client(&self, options: &[&str]) -> Vec<OsString> {
        self.reaching(self.program.clone(), options)
    }

    fn reaching(&self, program: PathBuf, options: &[&str]) -> Vec<OsString> {
        let mut argv = vec![program.into(), "-F".into(), self.config.clone().into()];
        argv.extend(options.iter().map(OsString::from));
        argv
    }
}

/// The folder with the server's key and the client's, made once in a run.
fn keys(shop: &Shop) -> Result<PathBuf> {
    let folder = shop.scratch.0.join("ssh");
    if !folder.exists() {
        let keygen = shop.program("ssh-keygen", "openssh-client")?;
        fs::create_dir(&folder)?;
        for name in ["host", "user"] {
            let words = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"];
            let mut argv = vec![keygen.clone().into_os_string()];
            argv.extend(words.map(OsString::from));
            argv.push(folder.join(name).into());
            shop.said(&argv)?;
        }
        let host = fs::read_to_string(folder.join("host.pub"))?;
        fs::write(folder.join("known"), format!("{HOST} {host}"))?;
    }
    Ok(folder)
}

/// Nothing that would slow it: no PAM, no name lookups, no mail, no login record. Under sshd bash
/// reads the account's `.bashrc` first, unless it is not the outermost shell: then what stands there
/// is not measured too.
fn server_config(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\n\
         AuthorizedKeysFile {folder}/user.pub\nStrictModes no\nPidFile none\n\
         PermitRootLogin prohibit-password\nPasswordAuthentication no\n\
         KbdInteractiveAuthentication no\nUsePAM no\nUseDNS no\nPrintMotd no\n\
         PrintLastLog no\nSetEnv SHLVL=1\nPermitUserRC no\nX11Forwarding no\nLogLevel ERROR\n\
         Subsystem sftp internal-sftp\n"
    )
}

fn client_config(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "Host {HOST}\nHostName 127.0.0.1\nPort {port}\nHostKeyAlias {HOST}\n\
         IdentityFile {folder}/user\nIdentitiesOnly yes\nIdentityAgent none\n\
         UserKnownHostsFile {folder}/known\nGlobalKnownHostsFile /dev/null\n\
         StrictHostKeyChecking yes\nBatchMode yes\nControlMaster no\nLogLevel ERROR\n"
    )
}
