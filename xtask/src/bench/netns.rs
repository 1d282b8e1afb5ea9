//! A network of the bench's own, with nothing in it but loopback, whose congestion control is reno:
//! the default elsewhere may be bbr, which slows bulk on loopback two to three times. It knows
//! nothing of what runs in it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};

const CONGESTION: &str = "/proc/sys/net/ipv4/tcp_congestion_control";

/// The network that this run used.
pub(super) struct Network {
    /// Whether it is the bench's own.
    pub(super) own: bool,
    /// The congestion control of TCP lines in it.
    pub(super) congestion: String,
}

/// Moves the calling thread, and all it starts from now on, into a network of its own; without the
/// right to do so it says so and stays. The network goes when the last process in it ends.
///
/// # Errors
/// The network was made but cannot be set up.
pub(super) fn enter() -> Result<Network> {
    match unshare(CloneFlags::CLONE_NEWNET) {
        Ok(()) => {}
        Err(Errno::EPERM) => {
            eprintln!("bench: not root, so no network of its own: all run in the machine's");
            return Ok(Network {
                own: false,
                congestion: congestion()?,
            });
        }
        Err(error) => return Err(error).context("unshare a network"),
    }
    let up = Command::new("ip")
        .args(["link", "set", "lo", "up"])
        .status();
    if !up.context("ip (Debian package iproute2)")?.success() {
        bail!("ip link set lo up failed");
    }
    fs::write(CONGESTION, "reno").context(CONGESTION)?;
    Ok(Network {
        own: true,
        congestion: congestion()?,
    })
}

fn congestion() -> Result<String> {
    Ok(fs::read_to_string(CONGESTION)
        .context(CONGESTION)?
        .trim()
        .to_owned())
}
