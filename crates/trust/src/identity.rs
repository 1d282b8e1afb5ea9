//! This machine's own key, made on first use, and the certificate that carries it in a handshake. The
//! certificate's names and dates mean nothing; no other key of ours is made from this one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::Ed25519KeyPair;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ED25519};

use crate::file_error::{Fault, FileError};
use crate::lock::{LOCK_WAIT_MAX, Lock};
use crate::peer_id::PeerId;
use crate::private_file::{OTHERS_ANY, check_folder_of, make_folder, open, read_text, replace};

/// What the certificate calls its holder, since it must have some name.
const COMMON_NAME: &str = "landline";

/// The file of an exported key.
pub const EXPORTED_KEY: &str = "key.pem";

/// The file of an exported certificate.
pub const EXPORTED_CERTIFICATE: &str = "cert.pem";

/// One Ed25519 key, and a self-signed certificate made from it: always the same one.
pub struct Identity {
    key: KeyPair,
    certificate: rcgen::Certificate,
    peer_id: PeerId,
}

/// Why there is no identity, or why it was not exported.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Its file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file holds no Ed25519 key as PKCS#8 in PEM.
    #[error("{} holds no Ed25519 key (PKCS#8 in PEM)", .path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// A file stands already where one would be exported to.
    #[error("{} is there already and is not replaced", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
}

impl IdentityError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::File(error) => error.fault(),
            Self::NotAKey { .. } | Self::Exists { .. } => Fault::Caller,
        }
    }

    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::File(error) => error.key(),
            Self::NotAKey { .. } => "trust-not-a-key",
            Self::Exists { .. } => "trust-export-exists",
        }
    }

    /// The values that its sentence names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::File(error) => error.values(),
            Self::NotAKey { path } | Self::Exists { path } => {
                vec![("path", path.display().to_string())]
            }
        }
    }
}

impl Identity {
    /// The identity whose key is in the file at `path`. If there is none it is made, with the folder;
    /// two programs that do so at once end with one key.
    ///
    /// # Errors
    /// When the file cannot be read or made, others could have read or changed it, or it holds no key.
    pub fn open_or_make(path: &Path) -> Result<Self, IdentityError> {
        if let Some(identity) = Self::open(path)? {
            return Ok(identity);
        }
        let _lock = Lock::take(path, LOCK_WAIT_MAX)?;
        if let Some(identity) = Self::open(path)? {
            return Ok(identity);
        }
        let identity = Self::make();
        let pem = identity.key.serialize_pem();
        replace(path, |file| file.write_all(pem.as_bytes()))
            .map_err(|error| FileError::write(path, error))?;
        Ok(identity)
    }

    /// The identity whose key is in the file at `path`, `None` if there is no file.
    ///
    /// # Errors
    /// When the file cannot be read, others could have read or changed it, or it holds no key.
    pub fn open(path: &Path) -> Result<Option<Self>, IdentityError> {
        let Some((file, _)) = open(path, OTHERS_ANY)? else {
            return Ok(None);
        };
        check_folder_of(path)?;
        let text = read_text(path, file)?;
        let not_a_key = || IdentityError::NotAKey {
            path: path.to_owned(),
        };
        let key = KeyPair::from_pkcs8_pem_and_sign_algo(&text, &PKCS_ED25519);
        key.map(|key| Some(Self::of(key))).map_err(|_| not_a_key())
    }

    /// A new identity, in memory only.
    pub fn make() -> Self {
        // Version 1 of PKCS#8: OpenSSL, and with it Python, does not read version 2.
        let made = Ed25519KeyPair::generate().and_then(|key| key.to_pkcs8v1());
        let der = made.expect("the system gives random bytes");
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&der.as_ref().into(), &PKCS_ED25519);
        Self::of(key.expect("a key just made can be read"))
    }

    /// Who this machine is to others.
    pub fn peer_id(&self) -> PeerId {
        self.peer_id
    }

    /// The certificate, in DER.
    pub fn certificate_der(&self) -> &[u8] {
        self.certificate.der()
    }

    /// The private key as PKCS#8, in DER. Whoever has it is this machine.
    pub fn key_der(&self) -> &[u8] {
        self.key.serialized_der()
    }

    /// Writes the key to [`EXPORTED_KEY`], of mode 0600, and the certificate to
    /// [`EXPORTED_CERTIFICATE`] in `folder`, which is made if need be, and returns both paths.
    ///
    /// # Errors
    /// When one of the files is there already, or cannot be written. Then neither is left behind.
    pub fn export(&self, folder: &Path) -> Result<[PathBuf; 2], IdentityError> {
        make_folder(folder)?;
        let key = folder.join(EXPORTED_KEY);
        let certificate = folder.join(EXPORTED_CERTIFICATE);
        write_new(&key, 0o600, &self.key.serialize_pem())?;
        if let Err(error) = write_new(&certificate, 0o644, &self.certificate.pem()) {
            let _ = fs::remove_file(&key);
            return Err(error);
        }
        Ok([key, certificate])
    }

    fn of(key: KeyPair) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, COMMON_NAME);
        let certificate = params
            .self_signed(&key)
            .expect("an Ed25519 key signs anything");
        let raw = key.public_key_raw().try_into();
        let peer_id = PeerId::from_public_key(raw.expect("an Ed25519 key has 32 bytes"));
        Self {
            key,
            certificate,
            peer_id,
        }
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Identity({})", self.peer_id)
    }
}

/// Writes a file that must not be there yet. Half a file is taken away again.
fn write_new(path: &Path, mode: u32, text: &str) -> Result<(), IdentityError> {
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path);
    let mut file = opened.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => IdentityError::Exists {
            path: path.to_owned(),
        },
        _ => FileError::write(path, error).into(),
    })?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = fs::remove_file(path);
        FileError::write(path, error).into()
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_key_is_made_once_and_gives_one_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home/key.pem");
        let made = Identity::open_or_make(&path).unwrap();
        let read = Identity::open_or_make(&path).unwrap();
        assert_eq!(made.peer_id(), read.peer_id());
        assert_eq!(made.certificate_der(), read.certificate_der());
        assert_eq!(made.key_der(), read.key_der());
        assert_eq!(
            PeerId::from_certificate(made.certificate_der()),
            Ok(made.peer_id())
        );
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_ne!(Identity::make().peer_id(), made.peer_id());
        assert!(!format!("{made:?}").contains("key"));
    }

    #[test]
    fn a_key_that_others_could_read_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let made = Identity::open_or_make(&path).unwrap();
        for loose in [0o640, 0o604, 0o610, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(loose)).unwrap();
            let error = Identity::open_or_make(&path).unwrap_err();
            assert_eq!(error.key(), "trust-file-too-open", "{loose:o}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert_eq!(
            Identity::open_or_make(&path).unwrap().peer_id(),
            made.peer_id()
        );
    }

    #[test]
    fn a_key_that_others_could_replace_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home/key.pem");
        Identity::open_or_make(&path).unwrap();
        let home = path.parent().unwrap();
        for (loose, refused) in [(0o770, true), (0o702, true), (0o755, false)] {
            fs::set_permissions(home, fs::Permissions::from_mode(loose)).unwrap();
            let opened = Identity::open_or_make(&path);
            assert_eq!(opened.is_err(), refused, "{loose:o}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let ecdsa = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let pem = Identity::make().key.serialize_pem();
        for text in ["", "key", &pem[..pem.len() / 2], &ecdsa.serialize_pem()] {
            replace(&path, |file| file.write_all(text.as_bytes())).unwrap();
            let error = Identity::open_or_make(&path).unwrap_err();
            assert_eq!(error.key(), "trust-not-a-key", "{text:?}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn an_export_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::make();
        let to = folder.path().join("out");
        let [key, certificate] = identity.export(&to).unwrap();
        assert_eq!(mode(&key), 0o600);
        assert_eq!(
            Identity::open(&key).unwrap().unwrap().peer_id(),
            identity.peer_id()
        );
        let pem = fs::read_to_string(&certificate).unwrap();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
        assert_eq!(
            Identity::make().export(&to).unwrap_err().key(),
            "trust-export-exists"
        );
        fs::remove_file(&key).unwrap();
        assert_eq!(
            identity.export(&to).unwrap_err().key(),
            "trust-export-exists"
        );
        assert!(!key.exists());
        assert_eq!(fs::read_to_string(&certificate).unwrap(), pem);
    }

    #[test]
    fn threads_that_race_end_with_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home/key.pem");
        let racers = [(); 8].map(|()| {
            let path = path.clone();
            std::thread::spawn(move || Identity::open_or_make(&path).unwrap().peer_id())
        });
        let found = racers.map(|racer| racer.join().unwrap());
        assert!(found.iter().all(|it| *it == found[0]), "{found:?}");
    }
}
