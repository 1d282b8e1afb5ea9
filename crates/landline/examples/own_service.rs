//! A service of one's own on the secure line: it answers each line with the line turned around.
//!
//! One program, two machines' worth of trust in two folders: the server's, which lets the caller in,
//! and the caller's, which knows the server.

use std::io;

use landline::service::{BoxFuture, Call, Stop};
use landline::trust::{Capability, Home, HostAddress, TrustError};
use landline::{Offer, SecureServer, Service, dial, line::Listener};

struct Reverse;

impl Service for Reverse {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let mut buffer = vec![0; 1024];
            while let Some(count) = call.receive(&mut buffer).await? {
                buffer[..count].reverse();
                call.send(&buffer[..count]).await?;
            }
            Ok(())
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let [ours, theirs] = ["server", "caller"].map(|it| Home::in_folder(folder.path().join(it)));

    let server = SecureServer::new(&ours, Offer::new().service("reverse", Reverse)?)?;
    let listener = Listener::tcp("127.0.0.1:0".parse()?, 16)?;
    let address: HostAddress = listener.address()?.to_string()["tcp://".len()..].parse()?;
    let (caller, name) = (theirs.identity()?.peer_id(), "caller".parse()?);
    let may: Capability = "service:reverse".parse()?;
    ours.grants()
        .change(|grants| Ok::<_, TrustError>(grants.grant(caller, &name, [may])))?;
    let (key, name) = (server.peer_id(), "office".parse()?);
    theirs
        .book()
        .change(|book| Ok::<_, TrustError>(book.add(&name, key, &[address])?))?;

    let stop = Stop::new();
    let serving = {
        let stop = stop.clone();
        async move { server.run(listener, stop, Stop::new()).await }
    };
    let calling = async {
        let mut line = dial(&theirs, "office").await?;
        let mut call = line.call("reverse", None).await?;
        call.input.send("landline").await?;
        println!("{}", String::from_utf8(call.finish().await?)?);
        line.close().await;
        stop.cancel();
        Ok(())
    };
    tokio::join!(serving, calling).1
}
