//! A machine called `office` that runs `landline serve`, and a caller who has it in the address book.
//! Both live in a folder of the test's own, and the server ends with its test.

use std::ffi::OsStr;
use std::process::Command;

use landline::trust::{Capability, Home, HostAddress, PeerId, TrustError};

use super::{Finished, Folder, Process};

/// The two homes, and the server that runs.
pub(crate) struct Office {
    folder: Folder,
    /// The server's process.
    pub(crate) server: Process,
    /// Where it listens: HOST:PORT.
    pub(crate) address: String,
    #[allow(dead_code, reason = "not every test starts it anew")]
    start: Start,
}

/// How a server is started, each time.
struct Start {
    options: Vec<String>,
    listen: String,
    around: Around,
}

/// What a server's command becomes before it runs.
pub(crate) type Around = Box<dyn Fn(Command) -> Command>;

impl Office {
    /// A server that runs commands, for a caller who may run any.
    pub(crate) fn open() -> Self {
        Self::serving(&["--allow-exec"], &["echo", "exec"])
    }

    /// A server with these options, for a caller who may do what `capabilities` say.
    pub(crate) fn serving(options: &[&str], capabilities: &[&str]) -> Self {
        Self::serving_in(Folder::new(), options, capabilities)
    }

    /// The same in a folder that is there.
    pub(crate) fn serving_in(folder: Folder, options: &[&str], capabilities: &[&str]) -> Self {
        let around = Box::new(|command| command);
        Self::serving_around(folder, options, capabilities, ("127.0.0.1:0", around))
    }

    /// The same, whose server listens there and runs as what its command becomes.
    pub(crate) fn serving_around(
        folder: Folder,
        options: &[&str],
        capabilities: &[&str],
        (listen, around): (&str, Around),
    ) -> Self {
        let homes = Homes(&folder);
        homes.grant(
            homes.of("caller").identity().expect("a new home").peer_id(),
            capabilities,
        );
        let start = Start {
            options: options.iter().map(ToString::to_string).collect(),
            listen: listen.to_owned(),
            around,
        };
        let (server, address) = start.run(&folder);
        Self {
            folder,
            server,
            address,
            start,
        }
    }

    /// Starts the server anew, and lets the caller know where it is now. What runs is killed.
    #[allow(dead_code, reason = "not every test starts it anew")]
    pub(crate) fn restart(&mut self) {
        self.server.signal(rustix::process::Signal::KILL);
        (self.server, self.address) = self.start.run(&self.folder);
    }

    /// The caller's home.
    pub(crate) fn caller(&self) -> Home {
        Homes(&self.folder).of("caller")
    }

    /// A folder for whatever a test needs; the server started in it.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// landline with these words, in the caller's home.
    pub(crate) fn landline(&self, words: &[&str]) -> Command {
        landline(&self.caller(), words)
    }

    /// `landline exec office -- WORDS`.
    pub(crate) fn exec(&self, words: &[impl AsRef<OsStr>]) -> Command {
        let mut command = self.landline(&["exec", "office", "--"]);
        command.args(words);
        command
    }

    /// `landline exec office -- sh -c SCRIPT sh WORDS`.
    pub(crate) fn script(&self, script: &str, words: &[&str]) -> Command {
        self.exec(&[&["sh", "-c", script, "sh"], words].concat())
    }

    /// Runs landline with these words to its end, without input.
    #[track_caller]
    pub(crate) fn run(&self, words: &[&str]) -> Finished {
        Process::start(self.landline(words)).finish()
    }

    /// Runs a program there to its end, without input.
    #[track_caller]
    pub(crate) fn ran(&self, words: &[impl AsRef<OsStr>]) -> Finished {
        Process::start(self.exec(words)).finish()
    }
}

impl Start {
    /// Starts the server and waits until it listens: where.
    fn run(&self, folder: &Folder) -> (Process, String) {
        let homes = Homes(folder);
        let words = ["serve", "--listen", &self.listen];
        let mut command = landline(&homes.of("server"), &words);
        command.args(&self.options).current_dir(folder.path());
        let server = Process::start((self.around)(command));
        let line = server.says("listening ");
        let address = line.rsplit(' ').next().expect("a line has a last word");
        homes.know("office", address);
        (server, address.to_owned())
    }
}

/// The binary under test on `home`, with nothing in its environment that would change its words.
fn landline(home: &Home, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_landline"));
    command.args(words);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("LC_") || text.starts_with("LANDLINE_") || text == "LANGUAGE" {
            command.env_remove(&name);
        }
    }
    command.env("LANG", "C.UTF-8").env("NO_COLOR", "1");
    command.env("LANDLINE_HOME", home.config_folder());
    command
}

/// The homes in a folder.
struct Homes<'a>(&'a Folder);

impl Homes<'_> {
    fn of(&self, name: &str) -> Home {
        Home::in_folder(self.0.path().join(name))
    }

    /// The server lets `peer` do what `capabilities` say.
    fn grant(&self, peer: PeerId, capabilities: &[&str]) {
        let parsed = capabilities.iter().map(|text| text.parse::<Capability>());
        let granted = self.of("server").grants().change(|grants| {
            let capabilities = parsed.collect::<Result<Vec<_>, _>>()?;
            grants.grant(peer, &"caller".parse()?, capabilities);
            Ok::<_, TrustError>(())
        });
        granted.expect("the test's texts are good");
    }

    /// The caller knows the server as `name`.
    fn know(&self, name: &str, address: &str) {
        let key = self.of("server").identity().expect("it serves").peer_id();
        let known = self.of("caller").book().change(|book| {
            book.add(&name.parse()?, key, &[address.parse::<HostAddress>()?])?;
            Ok::<_, TrustError>(())
        });
        known.expect("the test's texts are good");
    }
}
