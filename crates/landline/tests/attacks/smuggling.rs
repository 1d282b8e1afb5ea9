//! What a call smuggles in: variables that make other code run, words that look like options, and
//! calls that are almost the one that was granted.

use landline::frame::landline1::Kind;
use serde_json::{Value, json};

use crate::stand::{Line, Opponent, Serving, Stand, call, frame, soon};

/// An exec as its parts: the words, the variables, and whatever else the CALL says.
async fn exec(
    line: &mut Line,
    argv: &[&[u8]],
    env: &[&[u8]],
    more: &[(&str, Value)],
) -> Result<(i64, Vec<u8>), String> {
    let mut asked =
        json!({"service": "exec", "args": argv.len(), "env": env.len(), "window": 65536});
    for (key, value) in more {
        asked[key] = value.clone();
    }
    let strings: Vec<u8> = argv
        .iter()
        .chain(env)
        .flat_map(|text| [text, &b"\0"[..]].concat())
        .collect();
    let end = frame(Kind::End.number(), br#"{"stream":"args"}"#);
    let args = frame(Kind::Args.number(), &strings);
    line.send(&[call(&asked), args, end].concat()).await;
    let mut out = Vec::new();
    loop {
        let (kind, payload) = soon(line.frame()).await.expect("it answers");
        let object = || serde_json::from_slice::<Value>(&payload).expect("an object");
        match Kind::from_number(kind) {
            Some(Kind::Data) => out.extend_from_slice(&payload),
            Some(Kind::Error) => {
                return Err(object()["code"].as_str().expect("a code").to_owned());
            }
            Some(Kind::Done) => return Ok((object()["exit"].as_i64().unwrap_or(-1), out)),
            _ => {}
        }
    }
}

async fn line(stand: &Stand, serving: &Serving) -> Line {
    let opponent = Opponent::of(&stand.identity("caller"));
    opponent.greet(&serving.address).await.0
}

fn code<T: std::fmt::Debug>(code: &str) -> Result<T, String> {
    Err(code.to_owned())
}

#[tokio::test]
async fn variables_that_make_other_code_run_are_refused() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec", "--allow-env", "*"]);
    stand.join(&serving, &["exec"]);
    let mut line = line(&stand, &serving).await;
    for variable in [
        &b"LD_PRELOAD=/tmp/evil.so"[..],
        b"LD_LIBRARY_PATH=/tmp",
        b"LD_AUDIT=/tmp/evil.so",
        b"PATH=/tmp",
        b"BASH_ENV=/tmp/evil.sh",
        b"BASH_FUNC_ls%%=() { id; }",
        b"ENV=/tmp/evil.sh",
        b"IFS=/",
        b"PS4=$(id)",
        b"SHELLOPTS=xtrace",
        b"USER=-f root",
        b"LOGNAME=root",
        b"HOME=/tmp",
        b"SHELL=/tmp/evil",
        b"GLIBC_TUNABLES=glibc.malloc.check=1",
        b"LANDLINE_HOME=/tmp",
        b"LANDLINE_CALL=1",
        b"A\nLD_PRELOAD=/tmp/evil.so",
        b"LC_ALL\n=C",
        b" LANG=C",
        b"LC_\x1b[2J=C",
    ] {
        let ran = exec(&mut line, &[b"/bin/true"], &[variable], &[]).await;
        assert_eq!(ran, code("env-refused"), "{}", variable.escape_ascii());
    }
    let ran = exec(
        &mut line,
        &[b"/bin/sh", b"-c", b"echo \"$FOO\""],
        &[b"FOO=a=b\n-x"],
        &[],
    );
    assert_eq!(ran.await, Ok((0, b"a=b\n-x\n".to_vec())));
    // Nothing of the right form is a protocol error, and ends the line.
    let ran = exec(&mut line, &[b"/bin/true"], &[b"=x"], &[]).await;
    assert_eq!(ran, code("protocol"));
}

#[tokio::test]
async fn a_program_sees_a_few_variables_of_the_servers_and_none_of_its_secrets() {
    let stand = Stand::new();
    let mut command = stand.landline(
        "server",
        &["serve", "--allow-exec", "--listen", "127.0.0.1:0"],
    );
    command
        .env("SECRET_TOKEN", "secret")
        .env("BASH_ENV", "/tmp/evil.sh")
        .env("USER", "keeper");
    let serving = Serving::start(command);
    stand.join(&serving, &["exec"]);
    let mut line = line(&stand, &serving).await;
    let env: [&[u8]; 2] = [b"LC_TIME=-f root", b"TZ=UTC"];
    let (exit, out) = exec(&mut line, &[b"env"], &env, &[])
        .await
        .expect("it runs");
    assert_eq!(exit, 0);
    let out = String::from_utf8(out).expect("it is text");
    let own = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "LANG",
        "LANDLINE_CALL",
    ];
    for variable in out.lines() {
        let name = variable.split('=').next().expect("a name");
        assert!(
            own.contains(&name) || ["LC_TIME", "TZ"].contains(&name),
            "{variable}"
        );
    }
    assert!(
        out.contains("USER=keeper\n") && out.contains("LC_TIME=-f root\n"),
        "{out}"
    );
    let refused = exec(&mut line, &[b"env"], &[b"FOO=x"], &[]).await;
    assert_eq!(refused, code("env-refused"));
}

#[tokio::test]
async fn what_looks_like_an_option_is_a_word() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["exec"]);
    let mut line = line(&stand, &serving).await;
    let words: [&[u8]; 6] = [b"printf", b"[%s]", b"-e", b"--", b"\xff\xfe", b"a\nb"];
    let ran = exec(&mut line, &words, &[], &[]).await;
    assert_eq!(ran, Ok((0, b"[-e][--][\xff\xfe][a\nb]".to_vec())));
    for program in [
        &b"-c"[..],
        b"--help",
        b"-",
        b"",
        b"--",
        b"-rf /",
        b"a b",
        b"ls -l",
    ] {
        let ran = exec(&mut line, &[program, b"id"], &[], &[]).await;
        assert_eq!(ran, code("program-missing"), "{}", program.escape_ascii());
    }
    for dir in ["-P", "--", "-", "~", "$HOME", "", "/etc/passwd"] {
        let ran = exec(&mut line, &[b"pwd"], &[], &[("dir", json!(dir))]).await;
        assert_eq!(ran, code("dir-missing"), "{dir}");
    }
    // A line for the shell that begins as an option is a command that is not there.
    let ran = exec(&mut line, &[b"-c id"], &[], &[("shell", json!(true))]).await;
    assert_eq!(ran, Ok((127, Vec::new())));
}

#[tokio::test]
async fn a_host_that_looks_like_an_option_or_a_command_is_only_refused() {
    let stand = Stand::new();
    for host in [
        "-oProxyCommand=touch ran",
        "$(touch ran)",
        "`touch ran`",
        "--listen",
        "a;touch ran",
    ] {
        let ran = stand.run("caller", &["ping", "--", host], "").await;
        // 2: it is no host at all; 255: it is in no address book.
        assert!(matches!(ran.code, 2 | 255), "{host}: {}", ran.err);
        assert!(ran.out.is_empty(), "{host}");
        crate::stand::sentence(&ran.err);
    }
    assert!(!stand.path().join("ran").exists());
    let typed = stand.run("caller", &["ping", "-oProxyCommand=x"], "").await;
    assert_eq!(typed.code, 2, "{}", typed.err);
}

#[tokio::test]
async fn a_grant_of_one_argv_is_that_argv_and_nothing_about_it() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &[r#"exec:["/bin/echo","a b"]"#]);
    let mut line = line(&stand, &serving).await;
    let granted: [&[u8]; 2] = [b"/bin/echo", b"a b"];
    type Asked<'a> = (&'a [&'a [u8]], &'a [&'a [u8]], &'a [(&'a str, Value)]);
    let (root, here) = ([("dir", json!("/"))], [("dir", json!("."))]);
    let shell = [("shell", json!(true))];
    let almost: [Asked<'_>; 15] = [
        (&[b"/bin/echo"], &[], &[]),
        (&[b"/bin/echo", b"a b", b"c"], &[], &[]),
        (&[b"/bin/echo", b"a", b"b"], &[], &[]),
        (&[b"/bin/echo", b"a b", b""], &[], &[]),
        (&[b"/bin/echo", b"a b\n"], &[], &[]),
        (&[b"/bin/echo a b"], &[], &[]),
        (&[b"echo", b"a b"], &[], &[]),
        (&[b"/bin//echo", b"a b"], &[], &[]),
        (&[b"/usr/bin/../../bin/echo", b"a b"], &[], &[]),
        (&[b"/bin/sh", b"-c", b"/bin/echo 'a b'"], &[], &[]),
        (&granted, &[b"LANG=C"], &[]),
        (&granted, &[], &root),
        (&granted, &[], &here),
        (&[b"/bin/echo 'a b'"], &[], &shell),
        (&[b"id"], &[], &shell),
    ];
    for (argv, env, more) in almost {
        let ran = exec(&mut line, argv, env, more).await;
        assert_eq!(ran, code("not-granted"), "{argv:?} {env:?} {more:?}");
    }
    let ran = exec(&mut line, &granted, &[], &[]).await;
    assert_eq!(ran, Ok((0, b"a b\n".to_vec())));
    // Of what it is, neither the time nor the input is said by the grant.
    let more = [("timeout_ms", json!(10_000)), ("dir", Value::Null)];
    let ran = exec(&mut line, &granted, &[], &more).await;
    assert_eq!(ran, Ok((0, b"a b\n".to_vec())));
}

#[tokio::test]
async fn a_grant_of_one_line_for_the_shell_is_that_line() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &[r#"exec:["/bin/sh","-c","echo $0"]"#]);
    let mut line = line(&stand, &serving).await;
    let shell = [("shell", json!(true))];
    for other in [
        &b"echo $0; id"[..],
        b"echo $0\nid",
        b" echo $0",
        b"echo $0 ",
        b"",
    ] {
        let ran = exec(&mut line, &[other], &[], &shell).await;
        assert_eq!(ran, code("not-granted"), "{}", other.escape_ascii());
    }
    let (exit, _) = exec(&mut line, &[b"echo $0"], &[], &shell)
        .await
        .expect("granted");
    assert_eq!(exit, 0);
}

#[tokio::test]
async fn whoever_may_run_nothing_does_not_learn_what_is_there() {
    let stand = Stand::new();
    let serving = stand.serve(&["--allow-exec"]);
    stand.join(&serving, &["echo"]);
    let mut line = line(&stand, &serving).await;
    for argv in [&b"/bin/true"[..], b"/no/such/program", b"/etc/passwd"] {
        let ran = exec(&mut line, &[argv], &[], &[]).await;
        assert_eq!(ran, code("not-granted"));
    }
    let dir = [("dir", json!("/no/such/folder"))];
    assert_eq!(
        exec(&mut line, &[b"/bin/true"], &[], &dir).await,
        code("not-granted")
    );
}
