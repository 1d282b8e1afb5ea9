//! Who may call a plain service: on this wire nobody says who he is, but the kernel knows whose a
//! socket of this machine is.

use std::io;
use std::net::SocketAddr;

#[cfg(target_os = "linux")]
use landline_line::Owners;
use landline_line::Stream;
use landline_service::{Journal, Notice};

/// Who may call.
#[derive(Debug)]
pub struct Admission(Rule);

#[derive(Debug)]
enum Rule {
    Anyone,
    #[cfg(target_os = "linux")]
    OwnUser(Owners),
}

impl Admission {
    /// Whoever reaches the line.
    pub fn anyone() -> Self {
        Self(Rule::Anyone)
    }

    /// On TCP, only sockets of this machine that this process's own user or root owns: those of
    /// other machines have no owner here and are refused. On unix lines, whose file decides, and on
    /// systems other than Linux, whoever reaches the line.
    ///
    /// # Errors
    /// The kernel cannot be asked (sock_diag(7)).
    pub fn own_user() -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        return Ok(Self(Rule::OwnUser(Owners::new()?)));
        #[cfg(not(target_os = "linux"))]
        return Ok(Self(Rule::Anyone));
    }

    /// Whether `stream` may call; if not, why is noted.
    pub(crate) fn admits(&self, stream: &Stream, journal: &dyn Journal) -> bool {
        let Some((ours, theirs)) = stream.ends else {
            return true;
        };
        let Some(reason) = self.refusal(ours, theirs) else {
            return true;
        };
        journal.note(Notice::new(&stream.peer, "client-refused").with("reason", reason));
        false
    }

    /// Why a caller on TCP is refused. Whatever cannot be found out is a reason.
    fn refusal(&self, ours: SocketAddr, theirs: SocketAddr) -> Option<String> {
        match &self.0 {
            Rule::Anyone => None,
            #[cfg(target_os = "linux")]
            Rule::OwnUser(owners) => {
                let own = rustix::process::geteuid().as_raw();
                match owners.owner(theirs, ours) {
                    Ok(Some(owner)) if owner == own || owner == 0 => None,
                    Ok(Some(owner)) => Some(format!("uid {owner}")),
                    Ok(None) => Some("uid ?".into()),
                    Err(error) => Some(error.to_string()),
                }
            }
        }
    }
}
