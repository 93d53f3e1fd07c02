//! The files whose locks say which process of this host leases which block of ports.
//!
//! Every user of the host shares one directory, so nothing in it is trusted: no link is followed, no file is waited
//! for, and what a file says is only shown. The kernel frees a lock with its holder, however that ends.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, fchmod, fstat, openat, statat};

use crate::sys;

/// The directory that all relux processes of a host share.
const SHARED: &str = "/tmp/relux-ports";
/// How often a file may vanish between opening and locking it; a reaper takes it once.
const REOPENINGS: u32 = 8;
/// What is shown of a file that anybody may have written.
const LONGEST_OWNER: u64 = 200;

/// The lock files.
pub(super) struct Registry {
    /// The first one that can be used is.
    candidates: Vec<PathBuf>,
    open: Mutex<Option<Opened>>,
    /// Written into the files that this process holds.
    owner: String,
}

struct Opened {
    path: PathBuf,
    dir: OwnedFd,
    identity: (u64, u64),
    /// Why it is not the first candidate, if it is not.
    reason: Option<String>,
}

/// The lock of a block.
pub(super) enum Lock {
    /// Ours as long as the file is open.
    Held(File),
    /// Somebody else's.
    Foreign,
    /// This host cannot lock files, which leaves only the probe.
    Unavailable(String),
}

impl Registry {
    /// The registry of this host; `owner` tells people who holds a block.
    pub(super) fn of_host(owner: String) -> Self {
        let user = rustix::process::geteuid().as_raw();
        let own = std::env::var_os("XDG_RUNTIME_DIR")
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
            .map(|dir| dir.join("relux-ports"));
        let mut candidates = vec![PathBuf::from(SHARED)];
        candidates.extend(own);
        candidates.push(PathBuf::from(format!("{SHARED}-{user}")));
        Self::new(candidates, owner)
    }

    /// A registry in the first of these directories that can be used.
    pub(super) fn new(candidates: Vec<PathBuf>, owner: String) -> Self {
        Self {
            candidates,
            open: Mutex::new(None),
            owner,
        }
    }

    /// Why other users of the host do not take part, if so.
    pub(super) fn trouble(&self) -> Option<String> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().and_then(|open| {
            Some(format!(
                "{}, instead {} is used",
                open.reason.clone()?,
                open.path.display()
            ))
        })
    }

    /// Tries to lock a block. Never waits.
    pub(super) fn lock(&self, number: u16) -> Lock {
        for _ in 0..REOPENINGS {
            match self.try_lock(number) {
                Ok(Some(lock)) => return lock,
                Ok(None) => {}
                Err(error) => return Lock::Unavailable(error),
            }
        }
        Lock::Unavailable("its files are removed all the time".to_owned())
    }

    /// `None` if the file was removed meanwhile.
    fn try_lock(&self, number: u16) -> Result<Option<Lock>, String> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if !open.as_ref().is_some_and(Opened::is_in_place) {
            *open = Some(self.open_first()?);
        }
        let Some(place) = open.as_ref() else {
            return Ok(None);
        };
        let name = number.to_string();
        let mut file = open_lock(&place.dir, &name).map_err(|error| error.to_string())?;
        let identity = fstat(&file).map_err(|error| error.to_string())?;
        if FileType::from_raw_mode(identity.st_mode) != FileType::RegularFile {
            return Ok(Some(Lock::Foreign));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Some(Lock::Foreign)),
            Err(TryLockError::Error(error)) => return Err(error.to_string()),
        }
        if !is_at(&place.dir, &name, &identity) {
            return Ok(None);
        }
        // So that nothing that tidies up old files takes one that is in use.
        let _ = rustix::fs::futimens(&file, &NOW);
        let _ = file.set_len(0);
        let _ = file.write_all(self.owner.as_bytes());
        Ok(Some(Lock::Held(file)))
    }

    /// Whether others who want this block would meet our lock: the file may have been removed.
    pub(super) fn is_in_force(&self, number: u16, file: &File) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(place), Ok(identity)) = (open.as_ref(), fstat(file)) else {
            return false;
        };
        place.is_in_place() && is_at(&place.dir, &number.to_string(), &identity)
    }

    /// What the holder of a block says about itself; anybody may have written it.
    pub(super) fn owner(&self, number: u16) -> Option<String> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = openat(&open.as_ref()?.dir, number.to_string(), READ, Mode::empty()).ok()?;
        let mut text = Vec::new();
        File::from(file).take(LONGEST_OWNER).read_to_end(&mut text).ok()?;
        let text = crate::vm::visible(&String::from_utf8_lossy(&text));
        text.lines().next().map(str::to_owned)
    }

    fn open_first(&self) -> Result<Opened, String> {
        let mut reason = None;
        for path in &self.candidates {
            match open_dir(path) {
                Ok((dir, identity)) => {
                    return Ok(Opened {
                        path: path.clone(),
                        dir,
                        identity,
                        reason,
                    });
                }
                Err(error) => {
                    reason.get_or_insert(error);
                }
            }
        }
        Err(reason.unwrap_or_else(|| "there is no directory for it".to_owned()))
    }
}

impl Opened {
    fn is_in_place(&self) -> bool {
        rustix::fs::lstat(&self.path).is_ok_and(|stat| identity(&stat) == self.identity)
    }
}

const READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK);

const NOW: rustix::fs::Timestamps = {
    let now = rustix::fs::Timespec {
        tv_sec: 0,
        tv_nsec: rustix::fs::UTIME_NOW,
    };
    rustix::fs::Timestamps {
        last_access: now,
        last_modification: now,
    }
};

fn identity(stat: &Stat) -> (u64, u64) {
    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_sign_loss,
        reason = "the types differ between systems"
    )]
    (stat.st_dev as u64, stat.st_ino as u64)
}

fn is_at(dir: &OwnedFd, name: &str, stat: &Stat) -> bool {
    statat(dir, name, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|there| identity(&there) == identity(stat))
}

/// The directory, made if need be, if everybody can use it and nobody can take away what others put there.
fn open_dir(path: &Path) -> Result<(OwnedFd, (u64, u64)), String> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open = || {
        let _ = rustix::fs::mkdir(path, Mode::from_raw_mode(0o1777));
        let dir = rustix::fs::open(path, flags, Mode::empty())?;
        let mut stat = fstat(&dir)?;
        if stat.st_uid == rustix::process::geteuid().as_raw() && stat.st_mode & 0o7777 != 0o1777 {
            // The mode of a fresh directory lacks what the umask takes away.
            fchmod(&dir, Mode::from_raw_mode(0o1777))?;
            stat = fstat(&dir)?;
        }
        Ok((dir, stat))
    };
    let (dir, stat) = open().map_err(|error: io::Error| format!("cannot use {}: {error}", path.display()))?;
    if stat.st_mode & 0o1777 != 0o1777 {
        return Err(format!(
            "cannot use {}: it is not open to all users",
            path.display()
        ));
    }
    if sys::is_network_file_system(&dir) {
        return Err(format!(
            "cannot use {}: it is on a network file system",
            path.display()
        ));
    }
    Ok((dir, identity(&stat)))
}

fn open_lock(dir: &OwnedFd, name: &str) -> io::Result<File> {
    let write = READ.difference(OFlags::RDONLY) | OFlags::RDWR;
    let file = openat(dir, name, write, Mode::empty())
        // A lock needs no write access, which users without ownership may not have.
        .or_else(|error| match error {
            rustix::io::Errno::NOENT => Err(error),
            _ => openat(dir, name, READ, Mode::empty()),
        })
        .or_else(|error| match error {
            rustix::io::Errno::NOENT => {
                let file = openat(dir, name, write | OFlags::CREATE, Mode::from_raw_mode(0o666))?;
                let _ = fchmod(&file, Mode::from_raw_mode(0o666));
                Ok(file)
            }
            _ => Err(error),
        })?;
    Ok(File::from(file))
}
