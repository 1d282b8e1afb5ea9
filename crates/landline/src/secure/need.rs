//! What a call needs to be granted, apart from the call itself: it is asked again when grants change
//! while the call runs. It does not know what is offered.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use landline_frame::landline1::{Args, Asked, ExecCall};
use landline_trust::{Capability, Grant};

/// What a call needs.
pub(super) enum Need {
    /// A key that is known, and no more.
    Nothing,
    /// `echo`.
    Echo,
    /// `service:NAME`.
    Service(String),
    /// `exec`, or `exec:[...]` of exactly this.
    Exec {
        argv: Vec<OsString>,
        /// `argv` is one line for the shell.
        is_shell: bool,
        /// The caller chooses the folder or variables.
        is_free: bool,
    },
    /// The folders that the key had been granted when it called, all of them; one at least.
    Files(Vec<Capability>),
}

impl Need {
    /// What `asked` needs, by a key that is granted `grant` at the moment.
    pub(super) fn of(asked: &Asked, grant: &Grant) -> Self {
        match asked {
            Asked::Files(_) => Self::Files(grant.files().cloned().collect()),
            Asked::Exec(call, args) => Self::of_exec(call, args),
            Asked::Stream(call) if call.service == "echo" => Self::Echo,
            Asked::Stream(call) => Self::Service(call.service.clone()),
            Asked::Pair(_) | Asked::Status => Self::Nothing,
        }
    }

    fn of_exec(call: &ExecCall, args: &Args) -> Self {
        Self::Exec {
            argv: words(args),
            is_shell: call.shell,
            is_free: call.dir.is_some() || call.env > 0,
        }
    }

    /// Whether `grant` has it.
    pub(super) fn is_met(&self, grant: &Grant) -> bool {
        match self {
            Self::Nothing => true,
            Self::Echo => grant.allows_echo(),
            Self::Service(name) => grant.allows_service(name),
            Self::Exec { is_free: true, .. } => grant.allows_any_exec(),
            Self::Exec { argv, is_shell, .. } if *is_shell => {
                argv.iter().all(|line| grant.allows_shell(line))
            }
            Self::Exec { argv, .. } => grant.allows_exec(argv),
            Self::Files(folders) => {
                let mut all = folders.iter();
                !folders.is_empty() && all.all(|it| grant.capabilities.contains(it))
            }
        }
    }

    /// The capability that would do, for people.
    pub(super) fn capability(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Echo => "echo".to_owned(),
            Self::Service(name) => format!("service:{name}"),
            Self::Exec { .. } => "exec".to_owned(),
            Self::Files(_) => "files:ro:DIR".to_owned(),
        }
    }
}

/// The words of an `exec`, as the system takes them.
pub(super) fn words(args: &Args) -> Vec<OsString> {
    args.words().map(owned).collect()
}

pub(super) fn owned(bytes: &[u8]) -> OsString {
    OsString::from_vec(OsStr::from_bytes(bytes).as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(argv: &[&str], shell: bool, dir: Option<&str>, env: &[(&str, &str)]) -> Need {
        let args = Args::new(argv, env.iter().copied()).expect("good words");
        let (words, variables) = args.counts();
        let call = ExecCall {
            args: words,
            env: variables,
            dir: dir.map(str::to_owned),
            timeout_ms: None,
            shell,
            stdin: false,
            window: 0,
        };
        Need::of(&Asked::Exec(call, args), &Grant::default())
    }

    fn grant(capability: &str) -> Grant {
        let capabilities = [capability.parse().expect("a capability")].into();
        Grant {
            name: None,
            capabilities,
        }
    }

    #[test]
    fn who_may_run_one_argv_may_run_nothing_else_about_it() {
        let one = grant(r#"exec:["/bin/df","-h"]"#);
        assert!(need(&["/bin/df", "-h"], false, None, &[]).is_met(&one));
        for other in [
            need(&["/bin/df"], false, None, &[]),
            need(&["df", "-h"], false, None, &[]),
            need(&["/bin/df", "-h", "-h"], false, None, &[]),
            need(&["/bin/df", "-h"], false, Some("/tmp"), &[]),
            need(&["/bin/df", "-h"], false, None, &[("LANG", "C")]),
            need(&["/bin/df -h"], true, None, &[]),
        ] {
            assert!(!other.is_met(&one));
            assert!(other.is_met(&grant("exec")));
            assert!(!other.is_met(&grant("echo")));
        }
    }
}
