//! The examples of both READMEs, run as they stand: every `console` block in a folder of its own, a
//! line that ends in `&` waited for until it listens, and what is printed compared to the letter.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

struct Step {
    command: String,
    expected: String,
}

fn blocks(readme: &str) -> Vec<Vec<Step>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(readme);
    let text = std::fs::read_to_string(path).expect("the README is there");
    let block = |block: &str| steps(block.split_once("```").expect("a block ends").0);
    text.split("```console\n").skip(1).map(block).collect()
}

fn steps(block: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.into(),
                expected: String::new(),
            });
            continue;
        }
        let step = steps.last_mut().expect("a block begins with a command");
        step.expected.push_str(line);
        step.expected.push('\n');
    }
    steps
}

fn shell(command: &str, folder: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_landline"));
    let own = program.parent().expect("a program is in a folder");
    let path = std::env::join_paths([own, Path::new("/usr/bin"), Path::new("/bin")]);
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", command])
        .current_dir(folder)
        .env("LANDLINE_HOME", folder.join(".landline"))
        .env_remove("LANG")
        .env_remove("LC_ALL");
    shell.env("PATH", path.expect("no colon in a folder's name"));
    shell
}

/// A server of an example, ended when its block is.
struct Background(Child);

impl Background {
    fn start(command: &str, folder: &Path) -> Self {
        let mut server = shell(&format!("exec {command}"), folder);
        let mut child = server
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("sh runs");
        let mut said = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.starts_with("listening ") {
            line.clear();
            let read = said.read_line(&mut line).expect("standard error is text");
            assert!(read > 0, "{command} ended before it listened");
        }
        Self(child)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may be gone already: an example with --once ends by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(readme: &str) {
    let blocks = blocks(readme);
    assert!(blocks.len() >= 5, "{readme} has examples");
    for steps in blocks {
        let folder = tempfile::tempdir().expect("a folder");
        let mut servers = Vec::new();
        for Step { command, expected } in steps {
            if let Some(server) = command.strip_suffix(" &") {
                servers.push(Background::start(server, folder.path()));
                continue;
            }
            let output = shell(&command, folder.path()).output().expect("sh runs");
            let printed = String::from_utf8_lossy(&output.stdout);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(printed, expected, "{readme}: {command}\n{said}");
        }
    }
}

#[test]
fn english_examples_do_what_they_say() {
    run("README.md");
}

#[test]
fn chinese_examples_do_what_they_say() {
    run("README.zh-CN.md");
}

#[test]
fn both_readmes_show_the_same_commands() {
    let commands = |readme: &str| -> Vec<String> {
        blocks(readme)
            .into_iter()
            .flatten()
            .map(|step| step.command)
            .collect()
    };
    assert_eq!(commands("README.md"), commands("README.zh-CN.md"));
}
