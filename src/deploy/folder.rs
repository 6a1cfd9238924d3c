//! A folder of this machine: a mounted share, the document root of its own web server.

use super::config::Config;
use super::headers::Headers;
use super::plan::above;
use super::releases::{Host, Links, Releases};
use super::target::{Answer, Connection, Found, LOCK, Lock, OWN, Target, Trouble, temporary};
use crate::source::{in_words, name_of};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

struct Folder {
    path: PathBuf,
}

/// Opens the target.
pub(super) fn open(config: &Config) -> Answer<Box<dyn Target>> {
    let folder = Folder { path: PathBuf::from(&config.path) };
    Ok(if config.releases { Box::new(Releases::new(folder)) } else { Box::new(folder) })
}

fn trouble(path: &Path, error: &io::Error) -> Trouble {
    Trouble::lasting(format!("{}: {}", path.display(), in_words(error)), format!("{}: {error}", path.display()))
}

impl Target for Folder {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        Ok(Box::new(Self { path: self.path.clone() }))
    }

    fn jobs(&self) -> usize {
        4
    }
}

impl Folder {
    /// Where a file lies; nothing may be written through a link that leads elsewhere.
    fn place(&self, path: &str) -> Answer<PathBuf> {
        let mut place = self.path.clone();
        for part in path.split('/') {
            place.push(part);
            if place.is_symlink() {
                return Err(Trouble::lasting(
                    format!("{} はリンクなので、さわりません。", place.display()),
                    format!("{} is a link and is not touched", place.display()),
                ));
            }
        }
        Ok(place)
    }
}

/// All files below a folder, their paths relative to it.
fn list(root: &Path) -> Answer<Vec<Found>> {
    if !root.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(root).min_depth(1) {
        let entry =
            entry.map_err(|error| Trouble::lasting(format!("{}: 読めません。", root.display()), error.to_string()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = name_of(root, entry.path());
        let size = entry.metadata().map_or(0, |found| found.len());
        found.push(Found { path, size });
    }
    Ok(found)
}

/// What others have closed stays closed, but not to ourselves.
#[cfg(unix)]
fn like(old: &Path, new: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(old)?.permissions().mode() | 0o700;
    fs::set_permissions(new, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn like(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn symlink(to: &str, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(not(unix))]
fn symlink(_: &str, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

impl Host for Folder {
    fn links(&self) -> Answer<Box<dyn Links>> {
        Ok(Box::new(Self { path: self.path.clone() }))
    }
}

impl Links for Folder {
    fn leads(&mut self, link: &str) -> Answer<Option<String>> {
        let place = self.path.join(link);
        match fs::read_link(&place) {
            Ok(to) => Ok(Some(to.to_string_lossy().into_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Trouble::lasting(
                format!("{} はリンクではないので、さわりません。", place.display()),
                format!("{} is no link and is not touched: {error}", place.display()),
            )),
        }
    }

    fn lead(&mut self, link: &str, to: &str) -> Answer<()> {
        let place = self.path.join(link);
        let new = self.path.join(temporary(link));
        let _ = fs::remove_file(&new);
        symlink(to, &new).and_then(|()| fs::rename(&new, &place)).map_err(|error| trouble(&place, &error))
    }

    fn below(&mut self, folder: &str) -> Answer<Vec<Found>> {
        list(&self.place(folder)?)
    }

    fn folders(&mut self, folder: &str) -> Answer<Vec<String>> {
        let place = self.place(folder)?;
        let entries = match fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(trouble(&place, &error)),
        };
        let entries = entries.collect::<io::Result<Vec<_>>>().map_err(|error| trouble(&place, &error))?;
        let folders = entries.iter().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        Ok(folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
    }

    fn twin(&mut self, from: &str, to: &str, paths: &[String]) -> Answer<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        fs::create_dir_all(&to).map_err(|error| trouble(&to, &error))?;
        let mut made = BTreeSet::new();
        for path in paths {
            for folder in above(path).filter(|folder| made.insert(*folder)) {
                let (old, new) = (from.join(folder), to.join(folder));
                match fs::create_dir(&new).and_then(|()| like(&old, &new)) {
                    Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(trouble(&new, &error)),
                    _ => {}
                }
            }
            let (old, new) = (from.join(path), to.join(path));
            // Some disks have no hard links, and not every file of somebody else's may be linked.
            fs::hard_link(&old, &new).or_else(|_| fs::copy(&old, &new).map(drop)).map_err(|error| {
                let Trouble { ja, en, .. } = trouble(&old, &error);
                Trouble::lasting(
                    format!("{ja} 新しい公開に持っていけないので、止めました。読む許可をつけるか、別の場所に移してください。"),
                    format!("{en}; it cannot be taken along into the new publication"),
                )
            })?;
        }
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> Answer<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        fs::rename(&from, &to).map_err(|error| trouble(&to, &error))
    }

    fn clear(&mut self, folder: &str) -> Answer<()> {
        let place = self.place(folder)?;
        match fs::remove_dir_all(&place) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(trouble(&place, &error)),
            _ => Ok(()),
        }
    }
}

impl Connection for Folder {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        let place = self.place(path)?;
        match fs::read(&place) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble(&place, &error)),
        }
    }

    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        let place = self.place(path)?;
        match fs::symlink_metadata(&place) {
            Ok(found) => Ok((!found.is_dir()).then_some(found.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble(&place, &error)),
        }
    }

    fn is_folder(&mut self, path: &str) -> Answer<bool> {
        Ok(self.place(path)?.is_dir())
    }

    fn list(&mut self) -> Answer<Vec<Found>> {
        list(&self.path)
    }

    fn put(&mut self, path: &str, content: &[u8], _: &Headers) -> Answer<()> {
        let place = self.place(path)?;
        let new = self.path.join(temporary(path));
        let write = || {
            place.parent().map_or(Ok(()), fs::create_dir_all)?;
            let mut file = File::create(&new)?;
            file.write_all(content)?;
            // A power cut after the renaming must not leave an empty page.
            file.sync_data()?;
            fs::rename(&new, &place)
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&new);
            trouble(&place, &error)
        })
    }

    fn delete(&mut self, path: &str) -> Answer<()> {
        let place = self.place(path)?;
        match fs::remove_file(&place) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(trouble(&place, &error)),
            _ => {}
        }
        let mut folder = place.parent();
        while let Some(above) = folder.filter(|above| *above != self.path) {
            // Only an empty one lets itself be removed.
            if fs::remove_dir(above).is_err() {
                break;
            }
            folder = above.parent();
        }
        Ok(())
    }

    fn lock(&mut self, text: &str) -> Answer<Lock> {
        let place = self.path.join(LOCK);
        fs::create_dir_all(self.path.join(OWN)).map_err(|error| trouble(&place, &error))?;
        match File::options().write(true).create_new(true).open(&place) {
            Ok(mut file) => {
                file.write_all(text.as_bytes()).map(|()| Lock::Held).map_err(|error| trouble(&place, &error))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Ok(Lock::Taken(fs::read_to_string(&place).unwrap_or_default()))
            }
            Err(error) => Err(trouble(&place, &error)),
        }
    }

    fn unlock(&mut self) -> Answer<()> {
        let place = self.path.join(LOCK);
        match fs::remove_file(&place) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(trouble(&place, &error)),
            _ => Ok(()),
        }
    }
}
