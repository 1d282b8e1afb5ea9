//! A service of one's own on the secure line: each read comes back turned around. Who may call it
//! needs the grant `service:reverse`; `LANDLINE_HOME` says whose key and grants are used.

#![allow(clippy::print_stdout)]

use std::io;

use landline::line::Listener;
use landline::service::{BoxFuture, Call, Stop};
use landline::trust::Home;
use landline::{Offer, Service, serve};

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
    let listener = Listener::tcp("127.0.0.1:0".parse()?, 64)?;
    println!("{}", listener.address()?);
    let offer = Offer::new().service("reverse", Reverse)?;
    serve(&Home::from_environment()?, listener, offer, Stop::new()).await?;
    Ok(())
}
