//! The config file beside argv and variables, for verbs of each kind; and what is wrong in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;

use crate::stand::{Ran, Stand, ran};

/// Runs `line` with one variable.
fn with_variable(stand: &Stand, line: &str, name: &str, value: &str) -> Ran {
    let words: Vec<&str> = line.split(' ').collect();
    ran(stand.landline(&words).env(name, value))
}

fn is_chinese(text: &str) -> bool {
    text.contains(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign))
}

#[test]
fn each_option_has_a_variable_and_a_mark_is_set_by_1() {
    let stand = Stand::new();
    stand.write("config.toml", "[trust.invite]\ngrant = [\"echo\"]\n");
    let invite = "trust invite --address h";
    let granted = with_variable(&stand, invite, "LANDLINE_GRANT", "exec");
    assert!(granted.err.contains("grants: exec"), "{}", granted.err);
    for (value, json) in [("1", true), ("yes", true), ("0", false), ("", false)] {
        let said = with_variable(&stand, "id", "LANDLINE_JSON", value);
        assert_eq!((said.code, said.out.starts_with('{')), (0, json), "{value}");
    }
    // Empty is as good as not there, for an option with a value too.
    for name in [
        "LANDLINE_GRANT",
        "LANDLINE_FOR",
        "LANDLINE_LANG",
        "LANDLINE_COLOR",
    ] {
        let said = with_variable(&stand, invite, name, "");
        assert!(said.err.contains("grants: echo"), "{name}: {}", said.err);
    }
    // It is for every service, as the file is.
    let serve = "listen tcp://192.0.2.1:0 answer hello --insecure";
    let said = with_variable(&stand, serve, "LANDLINE_UPPER", "1");
    assert_eq!(said.code, 255, "{}", said.err);
}

#[test]
fn a_variable_with_a_wrong_value_is_named() {
    let stand = Stand::new();
    for (name, value) in [("LANDLINE_FOR", "soon"), ("LANDLINE_JSON", "2")] {
        let said = with_variable(&stand, "trust invite --address h", name, value);
        assert_eq!(said.code, 2, "{}", said.err);
        assert!(said.err.contains(name), "{}", said.err);
    }
}

#[test]
fn argv_is_stronger_than_a_variable_and_that_than_the_file() {
    let stand = Stand::new();
    let text = "lang = \"zh-CN\"\n[trust.invite]\nfor = \"5m\"\naddress = [\"file:1\"]\n";
    stand.write("config.toml", text);
    let line = "trust invite";
    let said = stand.run(line);
    assert!(
        is_chinese(&said.err) && said.err.contains("5m"),
        "{}",
        said.err
    );
    assert!(said.err.contains("file:1"), "{}", said.err);
    let said = with_variable(&stand, line, "LANDLINE_FOR", "7m");
    assert!(
        said.err.contains("7m") && !said.err.contains("5m"),
        "{}",
        said.err
    );
    let said = with_variable(&stand, "trust invite --for 9m", "LANDLINE_FOR", "7m");
    assert!(
        said.err.contains("9m") && !said.err.contains("7m"),
        "{}",
        said.err
    );
    let said = with_variable(&stand, line, "LANDLINE_LANG", "en");
    assert!(
        !is_chinese(&said.err) && said.err.contains("5m"),
        "{}",
        said.err
    );
    let said = with_variable(&stand, "trust invite --lang zh-CN", "LANDLINE_LANG", "en");
    assert!(is_chinese(&said.err), "{}", said.err);
    let said = stand.run("trust invite --address typed:2");
    assert!(
        said.err.contains("typed:2") && !said.err.contains("file:1"),
        "{}",
        said.err
    );
}

#[test]
fn verbs_on_plain_sockets_have_their_tables() {
    let stand = Stand::new();
    let text = "[exec]\nencoding = \"nonsense\"\n[call]\nraw = true\n";
    stand.write("config.toml", text);
    let exec = "exec tcp://127.0.0.1:1 -- ls";
    assert!(stand.fails(exec, 2).contains("nonsense"));
    // Nobody listens on port 1: what was asked for was understood.
    let variable = with_variable(&stand, exec, "LANDLINE_ENCODING", "gbk");
    assert_eq!(variable.code, 255, "{}", variable.err);
    let typed = "exec --encoding gbk tcp://127.0.0.1:1 -- ls";
    let typed = with_variable(&stand, typed, "LANDLINE_ENCODING", "bogus");
    assert_eq!(typed.code, 255, "{}", typed.err);
    assert!(stand.fails("call udp://127.0.0.1:1", 2).contains("--raw"));
    stand.write(
        "config.toml",
        "[get]\nto = \"nowhere\"\nendian = \"middle\"\n",
    );
    let said = stand.fails("get tcp://127.0.0.1:1 a", 2);
    assert!(
        said.contains("config.toml, line 3: endian") && said.contains("middle"),
        "{said}"
    );
}

#[test]
fn listen_reads_as_much_as_the_file_says() {
    let stand = Stand::new();
    stand.write("config.toml", "[listen]\nrecv = 3\nonce = true\n");
    let check = |arguments: &[&str], expected: &str| {
        let path = stand.path().join("print.sock");
        let address = format!("unixgram:{}", path.display());
        let words = [&["listen", &address, "print"], arguments].concat();
        let mut command = stand.landline(&words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut listening = command.spawn().expect("the program is there");
        let mut said = std::io::BufReader::new(listening.stderr.take().expect("a pipe"));
        let mut line = String::new();
        std::io::BufRead::read_line(&mut said, &mut line).expect("it says text");
        assert!(line.starts_with("listening "), "{line}");
        let socket = UnixDatagram::unbound().expect("a socket");
        socket.send_to(b"hello world", &path).expect("it listens");
        let output = listening.wait_with_output().expect("it ends after one");
        let printed = String::from_utf8(output.stdout).expect("it prints text");
        assert!(printed.contains(expected), "{printed}");
    };
    check(&[], "cut to 3");
    check(&["--recv", "5"], "cut to 5");
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_key() {
    let check = |text: &str, place: &str| {
        let stand = Stand::new();
        let path = stand.write("config.toml", text);
        for line in ["trust", "call tcp://127.0.0.1:1"] {
            let sentence = stand.fails(line, 2);
            let place = format!("{}, line {place}", path.display());
            assert!(sentence.contains(&place), "{place} in {sentence}");
        }
    };
    check("[listen]\nrevc = 1\n", "2: revc");
    check("\n\ncolour = \"never\"\n", "3: colour");
    check("[listen]\nrecv = \"many\"\n", "2: recv");
    check("[listen]\nrecv = 0\n", "2: recv");
    check("color = never\n", "1");
    check("[listen]\nonce = true\nonce = true\n", "3");
}

#[test]
fn help_is_there_whatever_the_file_says() {
    let stand = Stand::new();
    stand.write("config.toml", "nonsense\n");
    assert!(stand.well("--help").contains("config.toml"));
    assert!(stand.well("listen --help").contains("--recv"));
    assert!(stand.well("--version").starts_with("landline "));
}

#[test]
fn a_file_that_others_may_change_is_refused() {
    let stand = Stand::new();
    let path = stand.write("config.toml", "color = \"never\"\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    let sentence = stand.fails("trust", 2);
    assert!(
        sentence.contains(&format!("chmod go-w {}", path.display())),
        "{sentence}"
    );
}

#[test]
fn without_landline_home_it_is_in_the_xdg_place() {
    let stand = Stand::new();
    let folder = stand.path().join("settings/landline");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), "lang = \"zh-CN\"\n").unwrap();
    let mut command = stand.landline(&["trust"]);
    command
        .env_remove("LANDLINE_HOME")
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_STATE_HOME")
        .env("HOME", stand.path())
        .env("XDG_CONFIG_HOME", stand.path().join("settings"));
    let said = ran(&mut command);
    assert!(is_chinese(&said.err), "{}", said.err);
}
