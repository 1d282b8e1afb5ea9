//! A disk of a size of its own, which nobody else sees: a tmpfs in a mount namespace (unshare(1)).
//! Only root can make one.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(super) struct SmallDisk {
    keeper: Child,
    _place: tempfile::TempDir,
    path: PathBuf,
}

impl SmallDisk {
    /// A disk with these options of tmpfs(5), or none where nobody may make one.
    pub(super) fn new(options: &str) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            println!("only root can make a small disk: not tried");
            return None;
        }
        let place = tempfile::tempdir().expect("a place");
        let script = "mount -t tmpfs -o \"$1\" small \"$0\" && echo made && exec cat";
        let mut keeper = Command::new("unshare")
            .args(["--mount", "sh", "-c", script])
            .arg(place.path())
            .arg(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare is there");
        let mut said = String::new();
        let mut out = BufReader::new(keeper.stdout.take().expect("it is piped"));
        out.read_line(&mut said).expect("it can be read");
        if said != "made\n" {
            println!("no disk can be mounted here: not tried");
            let _ = keeper.wait();
            return None;
        }
        let root = PathBuf::from(format!("/proc/{}/root", keeper.id()));
        let path = root.join(place.path().strip_prefix("/").expect("an absolute path"));
        Some(Self {
            keeper,
            _place: place,
            path,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}
