//! A server and a caller that trust each other as far as a test says.

use std::time::Duration;

use landline::line::Listener;
use landline::service::{Command, Stop};
use landline::trust::{Capability, Home, HostAddress, PeerId, PeerName, TrustError};
use landline::{GRACE, Line, Offer, SecureServer};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// Longer than anything here takes, shorter than a person waits.
pub(crate) const LATE: Duration = Duration::from_secs(20);

/// A running server, and the homes of both sides. Dropping it stops the server.
pub(crate) struct Stand {
    pub(crate) server_home: Home,
    pub(crate) caller_home: Home,
    pub(crate) server: SecureServer,
    pub(crate) address: HostAddress,
    pub(crate) stop: Stop,
    pub(crate) running: JoinHandle<()>,
    _folder: TempDir,
}

impl Stand {
    /// A server with commands, which lets the caller do what `capabilities` say.
    pub(crate) async fn new(capabilities: &[&str]) -> Self {
        let commands = Command::new().expect("this process adopts orphans");
        Self::offering(Offer::new().commands(commands), capabilities).await
    }

    /// A server that offers something of its own.
    pub(crate) async fn offering(offer: Offer, capabilities: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a place for files");
        let home = |name| Home::in_folder(folder.path().join(name));
        let (server_home, caller_home) = (home("server"), home("caller"));
        let server = SecureServer::new(&server_home, offer, GRACE).expect("a new home is good");
        let any = "127.0.0.1:0".parse().expect("an address");
        let listener = Listener::tcp(any, 64).expect("a port is free");
        let address = listener.address().expect("it listens").to_string();
        let address: HostAddress = address["tcp://".len()..].parse().expect("an address");
        let stop = Stop::new();
        let running = {
            let (server, stop) = (server.clone(), stop.clone());
            tokio::spawn(async move { server.run(listener, stop, Stop::new()).await })
        };
        let stand = Self {
            server_home,
            caller_home,
            server,
            address,
            stop,
            running,
            _folder: folder,
        };
        stand.grant(stand.caller(), capabilities);
        stand.know("office", stand.server.peer_id());
        stand
    }

    /// The caller's key.
    pub(crate) fn caller(&self) -> PeerId {
        self.caller_home.identity().expect("a new home").peer_id()
    }

    /// Lets `peer` do more.
    pub(crate) fn grant(&self, peer: PeerId, capabilities: &[&str]) {
        let name: PeerName = "caller".parse().expect("a name");
        let parsed = capabilities.iter().map(|it| it.parse::<Capability>());
        let parsed: Vec<Capability> = parsed.map(|it| it.expect("a capability")).collect();
        let granted = self.server_home.grants().change(|grants| {
            grants.grant(peer, &name, parsed.clone());
            Ok::<_, TrustError>(())
        });
        granted.expect("the grants can be changed");
    }

    /// Takes all from the caller.
    pub(crate) fn revoke(&self) {
        let caller = self.caller();
        let revoked = self.server_home.grants().change(|grants| {
            grants.revoke(&caller);
            Ok::<_, TrustError>(())
        });
        revoked.expect("the grants can be changed");
    }

    /// Has the caller expect `key` at the server's address.
    pub(crate) fn know(&self, name: &str, key: PeerId) {
        let name: PeerName = name.parse().expect("a name");
        let address = [self.address.clone()];
        let known = self.caller_home.book().change(|book| {
            book.add(&name, key, &address)?;
            Ok::<_, TrustError>(())
        });
        known.expect("the book can be changed");
    }

    /// A line of the caller to the server.
    pub(crate) async fn dial(&self) -> Line {
        let dialed = landline::dial(&self.caller_home, "office").await;
        dialed.expect("they trust each other")
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.stop.cancel();
        self.running.abort();
    }
}

/// The result of `future`, which must not take forever.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LATE, future)
        .await
        .expect("it takes less than 20 s")
}
