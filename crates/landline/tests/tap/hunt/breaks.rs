//! Programs with a mistake: each is found, shrunk to one move, and shown again by the command that is
//! printed.

use super::{Found, Hunted, server, serving, tutorial_server};

#[test]
fn a_client_that_counts_ten_bytes_for_every_read() {
    let target = tutorial_server("command_server.py");
    let client = Hunted::script(
        "careless_client.py",
        &["echo a reply of some length", "a reply of some length\n"],
    );
    let found = Found::one_move(&client, &target.address, &["--only", "to-client"]);
    let (option, value) = found.its_move();
    assert_eq!(option, "--split-at");
    let at: u32 = value
        .strip_prefix("to-client:")
        .expect("that way")
        .parse()
        .expect("an offset");
    assert!(at > 4, "its length is read as it should be: {at}");
    found.says("found: the command takes one read");
    found.shows_again(&client);
}

#[test]
fn a_client_that_takes_one_read_for_a_whole_reply() {
    let target = serving(&["exec"]);
    let client = Hunted::script("hasty_client.py", &["echo hi", "hi\n"]);
    let found = Found::one_move(&client, &target.address, &["--only", "to-client"]);
    assert_eq!(found.its_move(), ("--split-at", "to-client:1"));
    let meaning = "the command takes one read for one message: it fails when byte 2 of the first \
                   reply comes ";
    found.says(meaning);
    found.shows_again(&client);
}

#[test]
fn a_server_that_takes_one_read_for_one_command() {
    let target = tutorial_server("command_server.py");
    let client = Hunted::script("exact_client.py", &["read", "echo hi", "hi\n"]);
    let found = Found::one_move(&client, &target.address, &["--only", "to-server"]);
    found.is_of_the_targets_reads();
    found.shows_again(&client);
}

#[test]
fn the_tutorials_client_that_takes_the_length_with_one_read() {
    let target = serving(&["exec"]);
    let client = Hunted::tutorial("command_client.py", &["echo hi"]);
    let found = Found::one_move(&client, &target.address, &["--only", "to-client"]);
    assert_eq!(found.its_move(), ("--split-at", "to-client:1"));
    let meaning = "the command takes the first 4 bytes of a message with one read";
    found.says(meaning);
}

#[test]
fn a_server_that_takes_two_lines_in_one_read_for_one() {
    let target = server("sticky_server.py");
    let client = Hunted::script("eager_client.py", &[]);
    let found = Found::one_move(&client, &target.address, &["--only", "to-server"]);
    assert_eq!(found.its_move(), ("--join-at", "to-server:4"));
    let meaning = "the target takes two messages that come in one read for one";
    found.says(meaning);
    found.shows_again(&client);
}
