//! What a server does not let a caller do, or a caller does not do to a stranger: nothing runs, and a
//! sentence says why.

use landline::trust::TrustError;

use crate::stand::{Office, sentence};

/// Runs and expects a refusal in one sentence with `words` in it; nothing ran.
#[track_caller]
fn refused(office: &Office, line: &[&str], status: i32, words: &str) {
    let finished = office.run(&[&["exec"], line].concat());
    assert_eq!((finished.code, finished.out.len()), (status, 0), "{line:?}");
    assert!(
        sentence(&finished.err).contains(words),
        "{line:?}: {}",
        finished.err
    );
}

#[test]
fn variables_that_are_not_on_the_servers_list_are_refused() {
    let office = Office::open();
    for variable in [
        "LD_PRELOAD=/tmp/x.so",
        "LD_LIBRARY_PATH=/tmp",
        "PATH=/tmp",
        "USER=-f root",
        "HOME=/tmp",
        "IFS=x",
        "BASH_ENV=/tmp/x",
        "ENV=/tmp/x",
        "PS4=$(id)",
        "LANDLINE_HOME=/tmp",
        "FOO=bar",
        "LANGUAGE=x",
    ] {
        let name = variable.split('=').next().unwrap_or_default();
        refused(
            &office,
            &["office", "--env", variable, "--", "env"],
            255,
            name,
        );
    }
    // One that is taken does not take another with it.
    let both = [
        "office",
        "--env",
        "LANG=C",
        "--env",
        "LD_PRELOAD=x",
        "--",
        "env",
    ];
    refused(&office, &both, 255, "LD_PRELOAD");
    let hidden = "LANG=C\0LD_PRELOAD=x"
        .split('\0')
        .next()
        .unwrap_or_default();
    let ran = office.run(&[
        "exec",
        "office",
        "--env",
        hidden,
        "--",
        "sh",
        "-c",
        "echo $LD_PRELOAD",
    ]);
    assert_eq!(ran.well().text(), "\n");
}

#[test]
fn a_server_lists_the_variables_it_takes() {
    let office = Office::serving(&["--allow-exec", "--allow-env", "FOO,LD_*"], &["exec"]);
    let foo = [
        "exec",
        "office",
        "--env",
        "FOO=1",
        "--",
        "sh",
        "-c",
        "echo $FOO",
    ];
    assert_eq!(office.run(&foo).well().text(), "1\n");
    refused(
        &office,
        &["office", "--env", "LANG=C", "--", "env"],
        255,
        "LANG",
    );
    // Some are never taken, whatever the list says.
    refused(
        &office,
        &["office", "--env", "LD_PRELOAD=x", "--", "env"],
        255,
        "LD_PRELOAD",
    );
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let office = Office::open();
    for dir in ["/no/such/folder", "/bin/sh"] {
        refused(&office, &["office", "--dir", dir, "--", "pwd"], 255, dir);
    }
}

#[test]
fn commands_need_a_grant_and_a_server_that_runs_them() {
    let without_grant = Office::serving(&["--allow-exec"], &["echo"]);
    refused(
        &without_grant,
        &["office", "--", "true"],
        255,
        "landline trust grant",
    );
    let without_exec = Office::serving(&[], &["exec"]);
    refused(
        &without_exec,
        &["office", "--", "true"],
        255,
        "--allow-exec",
    );
}

#[test]
fn who_may_run_one_command_may_run_nothing_else() {
    let office = Office::serving(&["--allow-exec"], &[r#"exec:["echo","hi"]"#]);
    assert_eq!(office.ran(&["echo", "hi"]).well().text(), "hi\n");
    for line in [
        &["office", "--", "echo"][..],
        &["office", "--", "echo", "hi", "there"],
        &["office", "--", "/bin/echo", "hi"],
        &["office", "--shell", "echo hi"],
        &["office", "--dir", "/tmp", "--", "echo", "hi"],
        &["office", "--env", "LANG=C", "--", "echo", "hi"],
    ] {
        refused(&office, line, 255, "does not let");
    }
}

#[test]
fn only_the_machine_that_was_met_is_spoken_to() {
    let office = Office::open();
    refused(&office, &["elsewhere", "--", "true"], 255, "address book");
    let other = Office::open();
    let moved = office.caller().book().change(|book| {
        let key = book.find("office").expect("it is known").key;
        book.add(&"moved".parse()?, key, &[other.address.parse()?])?;
        Ok::<_, TrustError>(())
    });
    moved.expect("a name that is free");
    refused(
        &office,
        &["moved", "--", "true"],
        255,
        "another machine answers",
    );
    // A person may have taken the address away.
    let emptied = office.caller().book().change(|book| {
        let key = book.find("office").expect("it is known").key;
        book.add(&"nowhere".parse()?, key, &[])?;
        Ok::<_, TrustError>(())
    });
    emptied.expect("a name that is free");
    refused(
        &office,
        &["nowhere", "--", "true"],
        255,
        "no address of nowhere",
    );
    // The other way around: a machine that does not know us.
    let key = other.caller().book().read().expect("it is good");
    let key = key.find("office").expect("it is known").key;
    let known = office.caller().book().change(|book| {
        book.add(&"other".parse()?, key, &[other.address.parse()?])?;
        Ok::<_, TrustError>(())
    });
    known.expect("a name that is free");
    refused(
        &office,
        &["other", "--", "true"],
        255,
        "does not know this machine",
    );
}
