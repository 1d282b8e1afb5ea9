//! Where everything of one identity lives: its key, its address book, its grants, its invites. It
//! knows the paths, and nothing of what the files hold.

use std::env;
use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, Xdg};

use crate::book::Book;
use crate::error::TrustError;
use crate::file_error::FileError;
use crate::grants::Grants;
use crate::identity::{Identity, IdentityError};
use crate::invites::Invites;
use crate::private_file::make_folder;
use crate::servers::{Announced, RunningServer, announce, running};
use crate::trust_file::TrustFile;

/// The variable that puts everything into one folder.
pub const HOME_VARIABLE: &str = "LANDLINE_HOME";

/// The folder of ours in each of the XDG places.
const OWN: &str = "landline";

/// The folders of one identity. Making a `Home` makes no folder: what is first written does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    config: PathBuf,
    data: PathBuf,
    state: PathBuf,
}

impl Home {
    /// Everything in one folder.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self::in_folders(folder.clone(), folder.clone(), folder)
    }

    /// What people edit in `config`, the key in `data`, what programs keep in `state`.
    pub fn in_folders(
        config: impl Into<PathBuf>,
        data: impl Into<PathBuf>,
        state: impl Into<PathBuf>,
    ) -> Self {
        let (config, data, state) = (config.into(), data.into(), state.into());
        Self {
            config,
            data,
            state,
        }
    }

    /// The home that the environment names: the folder [`HOME_VARIABLE`], which may be relative, or
    /// else `landline` in the XDG places (`~/.config`, `~/.local/share`, `~/.local/state`). This is
    /// the one place of this crate that reads the environment.
    ///
    /// # Errors
    /// When the variable is not set and the user has no home folder, or the folder of this process is
    /// gone.
    pub fn from_environment() -> Result<Self, TrustError> {
        match env::var_os(HOME_VARIABLE).filter(|it| !it.is_empty()) {
            Some(folder) => {
                // Absolute now, since a program may change its folder.
                let folder = std::path::absolute(&folder)
                    .map_err(|error| FileError::read(Path::new(&folder), error))?;
                Ok(Self::in_folder(folder))
            }
            None => {
                let places = Xdg::new().map_err(|_| TrustError::NoHome)?;
                let data = places.data_dir();
                let state = places.state_dir().unwrap_or_else(|| data.clone());
                let config = places.config_dir();
                Ok(Self::in_folders(
                    config.join(OWN),
                    data.join(OWN),
                    state.join(OWN),
                ))
            }
        }
    }

    /// Makes the folders, of mode 0700, that are not there yet.
    ///
    /// # Errors
    /// When one cannot be made, or others may write in one that is there.
    pub fn make(&self) -> Result<(), FileError> {
        [&self.config, &self.data, &self.state]
            .into_iter()
            .try_for_each(|it| make_folder(it))
    }

    /// The folder of what people edit.
    pub fn config_folder(&self) -> &Path {
        &self.config
    }

    /// The folder of the key.
    pub fn data_folder(&self) -> &Path {
        &self.data
    }

    /// The folder of what programs keep.
    pub fn state_folder(&self) -> &Path {
        &self.state
    }

    /// The folder of the journals of transfers, made by whoever writes the first.
    pub fn journal_folder(&self) -> PathBuf {
        self.state.join("journals")
    }

    /// The file of the key.
    pub fn key_file(&self) -> PathBuf {
        self.data.join("key.pem")
    }

    /// The file of settings, which people write and no program does.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The identity; its key is made if there is none yet.
    ///
    /// # Errors
    /// Those of [`Identity::open_or_make`].
    pub fn identity(&self) -> Result<Identity, IdentityError> {
        Identity::open_or_make(&self.key_file())
    }

    /// The address book.
    pub fn book(&self) -> TrustFile<Book> {
        TrustFile::new(self.config.join("book.toml"))
    }

    /// The grants.
    pub fn grants(&self) -> TrustFile<Grants> {
        TrustFile::new(self.config.join("grants.toml"))
    }

    /// The invites that wait.
    pub fn invites(&self) -> TrustFile<Invites> {
        TrustFile::new(self.state.join("invites.toml"))
    }

    /// Tells the others of this home that a server runs, until what is returned is dropped.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn announce(&self, server: &RunningServer) -> Result<Announced, FileError> {
        announce(&self.servers_folder(), server)
    }

    /// The servers that run on this home.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn running_servers(&self) -> Result<Vec<RunningServer>, FileError> {
        running(&self.servers_folder())
    }

    fn servers_folder(&self) -> PathBuf {
        self.state.join("servers")
    }
}
