//! `id`: the key is made once, is for its owner alone, and can be handed to other programs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use landline::trust::Identity;

use crate::stand::{Stand, ran};

#[test]
fn first_use_makes_a_key_for_its_owner_alone() {
    let stand = Stand::new();
    let printed = stand.well("id");
    let key = stand.home().key_file();
    let mode = fs::metadata(&key).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o600);
    let peer = Identity::open(&key).unwrap().unwrap().peer_id();
    assert_eq!(printed, format!("{}\n{peer}\n", peer.words()));
    assert_eq!(stand.well("id"), printed);
    let object = stand.run("id --json").objects().remove(0);
    assert_eq!(object["key"], peer.to_string());
    assert_eq!(object["words"], peer.words());
}

#[test]
fn a_key_that_others_could_read_is_refused_with_what_to_do() {
    let stand = Stand::new();
    let printed = stand.well("id");
    let key = stand.home().key_file();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    for line in ["id", "trust invite --address office"] {
        let sentence = stand.fails(line, 2);
        let what_to_do = format!("chmod go= {}", key.display());
        assert!(
            sentence.contains("0640") && sentence.contains(&what_to_do),
            "{sentence}"
        );
    }
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(stand.well("id"), printed);
}

#[test]
fn an_export_can_be_used_and_replaces_nothing() {
    let stand = Stand::new();
    let exported = stand.run("id --export keys");
    let digits = exported.out.lines().nth(1).expect("two lines");
    assert!(
        exported.sentence().contains("keys/key.pem"),
        "{}",
        exported.err
    );
    let mode = fs::metadata(stand.path().join("keys/key.pem"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o600);
    let script = "import ssl, sys\n\
        sys.path.insert(0, sys.argv[1])\n\
        import landline\n\
        ssl.create_default_context().load_cert_chain('keys/cert.pem', 'keys/key.pem')\n\
        print(landline.identity(ssl.PEM_cert_to_DER_cert(open('keys/cert.pem').read())))";
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/python");
    let mut python = Command::new("python3");
    python.args(["-B", "-c", script]).arg(examples);
    let read = ran(&mut stand.place(python));
    assert_eq!(read.out.trim_end(), digits, "{}", read.err);
    let again = stand.fails("id --export keys", 2);
    assert!(again.contains("keys/key.pem"), "{again}");
}
