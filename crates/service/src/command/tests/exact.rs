//! Arguments, environment, folder and exit: all as asked, or refused before anything runs.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::super::{Command, CommandEnd, CommandError, CommandRequest};
use super::{finish, open_by, program, refuse, shell, with_stdin};

/// Arguments that others split, expand, drop or take for options.
const TORTURE: [&[u8]; 18] = [
    b"",
    b" ",
    b"a b",
    b"'",
    b"\"",
    b"\\",
    b"\n",
    b"\r\n\t",
    b"*",
    b"$HOME",
    b"`id`",
    b"; false",
    b"-",
    b"--",
    b"-c",
    b"\xff\xfe",
    b"\x1b[2J",
    b"\xe4\xbd\xa0\xe5\xa5\xbd",
];

fn joined(strings: &[OsString]) -> Vec<u8> {
    let ended = strings
        .iter()
        .map(|one| [&one.clone().into_vec()[..], b"\0"].concat());
    ended.collect::<Vec<_>>().concat()
}

fn strings(bytes: impl IntoIterator<Item = Vec<u8>>) -> Vec<OsString> {
    bytes.into_iter().map(OsString::from_vec).collect()
}

/// Has a program say what it was given as arguments.
async fn check_arguments(arguments: Vec<OsString>) {
    let mut request = program(&[
        "sh",
        "-c",
        r#"printf '%s\0' "$@"; cat /proc/$$/cmdline >&2"#,
        "x",
    ]);
    request.argv.extend(arguments.iter().cloned());
    let finished = finish(request.clone()).await;
    finished.ends(CommandEnd::Exit(0));
    assert_eq!(finished.out, joined(&arguments));
    assert_eq!(finished.err, joined(&request.argv));
}

#[tokio::test]
async fn arguments_arrive_as_they_were_given() {
    check_arguments(strings(TORTURE.map(Vec::from))).await;
    let every_byte = (1..=u8::MAX).map(|byte| vec![byte]);
    check_arguments(strings(every_byte)).await;
    check_arguments(strings([vec![b'x'; 100_000], (1..=u8::MAX).collect()])).await;
}

#[tokio::test]
async fn the_program_has_the_name_that_it_was_called_by() {
    let finished = finish(program(&["cat", "/proc/self/cmdline"])).await;
    assert_eq!(finished.out, b"cat\0/proc/self/cmdline\0");
}

#[tokio::test]
async fn only_a_request_for_a_shell_gets_one() {
    assert_eq!(finish(program(&["echo", "$0; id"])).await.out, b"$0; id\n");
    assert_eq!(finish(shell("echo a; echo b")).await.out, b"a\nb\n");
    let finished = finish(shell("-e echo hi")).await;
    finished.ends(CommandEnd::Exit(127));
}

#[tokio::test]
async fn what_cannot_run_says_why_and_runs_nothing() {
    let folder = tempfile::tempdir().expect("a place for files");
    let write = |name: &str, text: &str| {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("it can be written");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("our own");
    };
    write("no-format", "no program");
    write("no-interpreter", "#!/no/such/interpreter\n");
    let inside = |name: &str| CommandRequest {
        dir: Some(folder.path().into()),
        ..program(&[name])
    };
    assert!(matches!(
        refuse(program(&["no-such-program"])).await,
        CommandError::ProgramMissing
    ));
    assert!(matches!(
        refuse(program(&[""])).await,
        CommandError::ProgramMissing
    ));
    assert!(matches!(
        refuse(inside("./none")).await,
        CommandError::ProgramMissing
    ));
    for name in ["./no-format", "./no-interpreter", "/"] {
        assert!(
            matches!(refuse(inside(name)).await, CommandError::NotExecutable),
            "{name}"
        );
    }
    for dir in ["/no/such/folder", "/bin/sh"] {
        let request = CommandRequest {
            dir: Some(dir.into()),
            ..program(&["true"])
        };
        assert!(
            matches!(refuse(request).await, CommandError::DirMissing),
            "{dir}"
        );
    }
    for request in [program(&[]), program(&["true", "a\0b"]), shell("a\0b")] {
        assert!(matches!(refuse(request).await, CommandError::Malformed(_)));
    }
    let two_lines = CommandRequest {
        shell: true,
        ..program(&["true", "true"])
    };
    assert!(matches!(
        refuse(two_lines).await,
        CommandError::Malformed(_)
    ));
    let long = "x".repeat(128 * 1024);
    assert!(matches!(
        refuse(program(&["true", &long])).await,
        CommandError::TooLarge
    ));
}

#[tokio::test]
async fn a_program_starts_in_its_folder_and_is_found_there() {
    let folder = tempfile::tempdir().expect("a place for files");
    let path = folder.path().canonicalize().expect("it is there");
    std::os::unix::fs::symlink("/bin/sh", path.join("my sh")).expect("a link");
    let request = CommandRequest {
        dir: Some(path.clone()),
        ..program(&["./my sh", "-c", "pwd"])
    };
    let said = String::from_utf8(finish(request).await.out).expect("text");
    assert_eq!(said.trim_end(), path.to_str().expect("a plain path"));
}

#[tokio::test]
async fn the_environment_is_a_small_base_and_what_is_allowed() {
    let mut request = program(&["env", "-0"]);
    let value = OsString::from_vec(b"a=\xff\n'\" ".into());
    request.env = vec![("LC_ALL".into(), value), ("TZ".into(), "".into())];
    let finished = finish(request).await;
    let mut names = Vec::new();
    for variable in finished
        .out
        .split(|byte| *byte == 0)
        .filter(|one| !one.is_empty())
    {
        let equals = variable
            .iter()
            .position(|byte| *byte == b'=')
            .expect("a name");
        names.push(String::from_utf8_lossy(&variable[..equals]).into_owned());
    }
    let known = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "LANG",
        "LC_ALL",
        "TZ",
        "LANDLINE_CALL",
    ];
    assert!(
        names.iter().all(|name| known.contains(&name.as_str())),
        "{names:?}"
    );
    let asked = b"LC_ALL=a=\xff\n'\" \0";
    assert!(finished.out.windows(asked.len()).any(|part| part == asked));
    assert!(names.iter().any(|name| name == "PATH"));
}

#[tokio::test]
async fn variables_are_not_smuggled() {
    let smuggled = [
        "LD_PRELOAD",
        "USER",
        "PATH",
        "IFS",
        "BASH_ENV",
        "FOO",
        "A=B",
        "A\nB",
        "",
    ];
    for name in smuggled {
        let mut request = program(&["true"]);
        request.env = vec![("LANG".into(), "C".into()), (name.into(), "-f root".into())];
        let error = refuse(request).await;
        assert!(
            matches!(error, CommandError::EnvRefused(_)),
            "{name}: {error}"
        );
    }
    let mut request = program(&["true"]);
    request.env = vec![("LANG".into(), "C\0LD_PRELOAD=x".into())];
    assert!(matches!(refuse(request).await, CommandError::EnvRefused(_)));
}

#[tokio::test]
async fn a_server_may_allow_other_variables() {
    let mut command = Command::new().expect("this kernel has subreapers");
    command.env_allow = vec!["MY_*".into()];
    let mut request = program(&["printenv", "MY_OWN"]);
    request.env = vec![("MY_OWN".into(), "-f root".into())];
    let finished = open_by(command, request).finish().await.expect("allowed");
    assert_eq!(finished.out, b"-f root\n");
}

#[tokio::test]
async fn exit_statuses_and_signals_are_exact() {
    let each: Vec<_> = (0..=255).collect();
    // A few at a time: the machine has other tests to run.
    for some in each.chunks(16) {
        let running = some
            .iter()
            .map(|status| super::open(program(&["sh", "-c", &format!("exit {status}")])));
        for (session, status) in running.collect::<Vec<_>>().into_iter().zip(some) {
            session
                .finish()
                .await
                .expect("a shell")
                .ends(CommandEnd::Exit(*status));
        }
    }
    for signal in [1, 2, 3, 6, 9, 10, 11, 12, 13, 14, 15, 34, 64] {
        let line = format!("ulimit -c 0; kill -{signal} $$; sleep 1000");
        finish(shell(&line)).await.ends(CommandEnd::Signal(signal));
    }
}

#[tokio::test]
async fn without_stdin_there_is_nothing_to_read() {
    let finished = finish(shell("cat; readlink /proc/self/fd/0")).await;
    assert_eq!(finished.out, b"/dev/null\n");
    let finished = finish(with_stdin(shell("cat; echo done"))).await;
    assert_eq!(finished.out, b"done\n");
}
