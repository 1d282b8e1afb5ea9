//! The bare pipe: a file from one process to another by TLS 1.3 (rustls, AES-128-GCM) on plain
//! blocking sockets, with BLAKE3 at both ends in the copy loop, and nothing else. It is the
//! yardstick of the secure line's files: what verifying and encrypting cost on this machine. The
//! bench runs both ends from the release build of xtask. It is the one place in xtask that meets
//! rustls and rcgen.
//!
//! One line carries the file's length in 8 bytes, its content, its hash, and TLS's own goodbye.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use blake3::Hasher;
use rustls::client::UnbufferedClientConnection;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::unbuffered::{ConnectionState, UnbufferedStatus};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig, ServerConnection};

/// What the sender reads, hashes, encrypts and sends at a time. Of 64 KiB to 4 MiB this was the
/// fastest: rustls gives the kernel at most 64 records of 16 KiB in one call, and that is all.
const SEND_BYTES: usize = 1024 * 1024;
/// What the receiver takes from the kernel at a time; 64 KiB to 1 MiB made no difference.
const RECEIVE_BYTES: usize = 256 * 1024;
/// Freed once, a piece of this size teaches glibc to keep what is freed. Else the records of one
/// chunk go back to the kernel, and the next chunk takes them from there again: 5 % of all.
const FREED_ONCE_BYTES: usize = 8 * 1024 * 1024;
/// More than the longest record: a part of one stays until the rest of it comes.
const RECORD_BYTES_MAX: usize = 17 * 1024;
/// More than any flight of the receiver's handshake.
const FLIGHT_BYTES_MAX: usize = 16 * 1024;
/// What the sender's certificate is for. Nobody looks it up.
const NAME: &str = "localhost";

/// Sends `file` to each who connects, one after the other. Its new certificate goes into the file
/// `certificate` before it says `listening ADDRESS`.
///
/// # Errors
/// It cannot listen. What fails with one receiver is said, and the next is served.
pub(super) fn serve(file: &str, certificate: &str) -> Result<()> {
    drop(black_box(vec![0_u8; FREED_ONCE_BYTES]));
    let (shown, config) = credentials()?;
    fs::write(certificate, &shown).context(certificate.to_owned())?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening {}", listener.local_addr()?);
    loop {
        let (socket, _) = listener.accept()?;
        let content = File::open(file).context(file.to_owned())?;
        let length = content.metadata()?.len();
        if let Err(error) = send(content, length, socket, Arc::clone(&config)) {
            eprintln!("bench: {error:#}");
        }
    }
}

/// A new certificate, and what the sender needs to show it.
fn credentials() -> Result<(CertificateDer<'static>, Arc<ServerConfig>)> {
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()])?;
    let shown = CertificateDer::from(made.cert);
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![shown.clone()], key)?;
    config.send_tls13_tickets = 0;
    Ok((shown, Arc::new(config)))
}

/// The one cipher that both ends offer.
fn provider() -> Arc<CryptoProvider> {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites = vec![aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256];
    Arc::new(provider)
}

fn send(
    mut content: impl Read,
    length: u64,
    mut socket: TcpStream,
    config: Arc<ServerConfig>,
) -> Result<()> {
    socket.set_nodelay(true)?;
    let mut tls = ServerConnection::new(config)?;
    tls.set_buffer_limit(None);
    while tls.is_handshaking() {
        tls.complete_io(&mut socket)?;
    }
    tls.writer().write_all(&length.to_be_bytes())?;
    let (mut digest, mut chunk) = (Hasher::new(), vec![0; SEND_BYTES]);
    loop {
        let length = content.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        digest.update(&chunk[..length]);
        tls.writer().write_all(&chunk[..length])?;
        flush(&mut tls, &mut socket)?;
    }
    tls.writer().write_all(digest.finalize().as_bytes())?;
    tls.send_close_notify();
    flush(&mut tls, &mut socket)
}

fn flush(tls: &mut ServerConnection, socket: &mut TcpStream) -> Result<()> {
    while tls.wants_write() {
        tls.write_tls(socket)?;
    }
    Ok(())
}

/// Takes the file from there, checks its length and its hash, and throws it away.
///
/// # Errors
/// It is not what was sent.
pub(super) fn get(address: &str, certificate: &str) -> Result<()> {
    let shown = fs::read(certificate).context(certificate.to_owned())?;
    receive(&address.parse()?, shown.into()).map(drop)
}

/// How many bytes came.
fn receive(address: &SocketAddr, certificate: CertificateDer<'static>) -> Result<u64> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate)?;
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    let mut receiver = Receiver {
        socket,
        tls: UnbufferedClientConnection::new(Arc::new(config), ServerName::try_from(NAME)?)?,
        incoming: vec![0; RECEIVE_BYTES + RECORD_BYTES_MAX],
        from: 0,
        to: 0,
        outgoing: Vec::with_capacity(FLIGHT_BYTES_MAX),
    };
    let mut content = Content::default();
    loop {
        match receiver.step(&mut content)? {
            Next::Step => {}
            Next::Receive => receiver.receive()?,
            Next::End => return content.check(),
        }
    }
}

/// The receiving end. rustls decrypts where the kernel put the bytes, and hands them out there.
struct Receiver {
    socket: TcpStream,
    tls: UnbufferedClientConnection,
    incoming: Vec<u8>,
    /// What of `incoming` is yet to be decrypted.
    from: usize,
    to: usize,
    outgoing: Vec<u8>,
}

/// What the receiver must do next.
enum Next {
    Step,
    Receive,
    End,
}

impl Receiver {
    /// Lets rustls take one step: of the handshake, or one record.
    fn step(&mut self, content: &mut Content) -> Result<Next> {
        let waiting = &mut self.incoming[self.from..self.to];
        let UnbufferedStatus {
            mut discard, state, ..
        } = self.tls.process_tls_records(waiting);
        let next = match state? {
            ConnectionState::ReadTraffic(mut traffic) => {
                while let Some(record) = traffic.next_record() {
                    let record = record?;
                    discard += record.discard;
                    content.take(record.payload)?;
                }
                Next::Step
            }
            ConnectionState::EncodeTlsData(mut flight) => {
                let start = self.outgoing.len();
                self.outgoing.resize(FLIGHT_BYTES_MAX, 0);
                let encoded = flight.encode(&mut self.outgoing[start..]);
                let length = encoded.map_err(|error| anyhow!("{error}"))?;
                self.outgoing.truncate(start + length);
                Next::Step
            }
            ConnectionState::TransmitTlsData(flight) => {
                self.socket.write_all(&self.outgoing)?;
                self.outgoing.clear();
                flight.done();
                Next::Step
            }
            ConnectionState::BlockedHandshake | ConnectionState::WriteTraffic(_) => Next::Receive,
            ConnectionState::PeerClosed | ConnectionState::Closed => Next::End,
            other => bail!("TLS came to {other:?}"),
        };
        self.from += discard;
        Ok(next)
    }

    /// Takes more from the kernel, behind the part of a record that may be left.
    fn receive(&mut self) -> Result<()> {
        self.incoming.copy_within(self.from..self.to, 0);
        self.to -= self.from;
        self.from = 0;
        let count = self.socket.read(&mut self.incoming[self.to..])?;
        ensure!(count > 0, "the sender has gone");
        self.to += count;
        Ok(())
    }
}

/// What has come of a file.
#[derive(Default)]
struct Content {
    length: Option<u64>,
    count: u64,
    digest: Hasher,
    /// What the sender says the digest is.
    said: Vec<u8>,
}

impl Content {
    /// Takes a record. The length is one of its own.
    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(length) = self.length else {
            let bytes = bytes
                .try_into()
                .context("it does not begin with a length")?;
            self.length = Some(u64::from_be_bytes(bytes));
            return Ok(());
        };
        let left = usize::try_from(length - self.count).unwrap_or(usize::MAX);
        let (content, digest) = bytes.split_at(left.min(bytes.len()));
        self.digest.update(content);
        self.count += content.len() as u64;
        self.said.extend_from_slice(digest);
        Ok(())
    }

    fn check(&self) -> Result<u64> {
        ensure!(self.length == Some(self.count), "it ended early");
        let digest = self.digest.finalize();
        ensure!(self.said == digest.as_bytes(), "its hash differs");
        Ok(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_arrives() {
        let bytes = vec![7; 3 * SEND_BYTES + 5];
        let (shown, config) = credentials().expect("a certificate");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let length = bytes.len() as u64;
        let sender = std::thread::spawn(move || {
            let (socket, _) = listener.accept().expect("a receiver");
            send(&bytes[..], length, socket, config)
        });
        let received = receive(&address, shown).expect("all of it");
        assert_eq!(received, length);
        sender.join().expect("no panic").expect("it was sent");
    }

    #[test]
    fn what_differs_is_refused() {
        let digest = blake3::hash(b"hello");
        let cases: [(&[&[u8]], bool); 4] = [
            (&[b"hel", b"lo", digest.as_bytes()], true),
            (&[b"hallo", digest.as_bytes()], false),
            (&[b"hell"], false),
            (&[b"hello"], false),
        ];
        for (records, right) in cases {
            let mut content = Content::default();
            content.take(&5_u64.to_be_bytes()).expect("a length");
            for record in records {
                content.take(record).expect("a record");
            }
            assert_eq!(content.check().is_ok(), right, "{records:?}");
        }
    }
}
