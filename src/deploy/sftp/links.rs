//! What a site that is replaced as a whole wants of SFTP: links.

use super::{Done, Running, Shared, Waiting, Way, is_missing};
use crate::deploy::plan::above;
use crate::deploy::releases::{Host, Links};
use crate::deploy::target::{Answer, Found, Trouble, temporary};
use russh_sftp::client::error::Error;
use russh_sftp::protocol::{FileAttributes, FileType, StatusCode};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

impl Host for Shared {
    fn links(&self) -> Answer<Box<dyn Links>> {
        Ok(Box::new(self.open()?))
    }
}

impl Way {
    fn no_links(&self, what: &str) -> Trouble {
        Trouble::lasting(
            format!(
                "サーバー {} ではリンクを作れない（{what}）ので、releases: を使えません。設定から releases: を消すと、ファイルごとに入れかえます。",
                self.host.host
            ),
            format!("{} cannot make links ({what}), which `releases` needs", self.host.host),
        )
    }

    /// Makes a symbolic link lead elsewhere.
    async fn lead(&self, link: &str, to: &str) -> Answer<()> {
        if !self.posix {
            return Err(self.no_links("posix-rename"));
        }
        let new = temporary(link);
        let place = self.place(&new);
        let _ = self.ask_if_there(&new, self.sftp.remove(&place)).await?;
        // OpenSSH has the two the other way round than the draft of the protocol.
        for (first, second) in [(to, place.as_str()), (place.as_str(), to)] {
            let _ = self.host.within(self.sftp.symlink(first, second)).await?;
            if self.leads(&new).await?.as_deref() == Some(to) {
                return self.replace(link, &new).await;
            }
        }
        Err(self.no_links("symlink"))
    }

    /// Folders in a folder.
    async fn names(&self, folder: &str) -> Answer<Vec<String>> {
        let place = self.place(folder);
        let Some(opened) = self.ask_if_there(folder, self.sftp.opendir(&place)).await? else { return Ok(Vec::new()) };
        let mut names = Vec::new();
        loop {
            match self.host.within(self.sftp.readdir(&opened.handle)).await? {
                Ok(some) => names.extend(some.files),
                Err(Error::Status(status)) if status.status_code == StatusCode::Eof => break,
                Err(error) => return Err(self.trouble(folder, &error)),
            }
        }
        self.ask(folder, self.sftp.close(&opened.handle)).await?;
        names.retain(|file| file.attrs.file_type() == FileType::Dir && file.filename != "." && file.filename != "..");
        Ok(names.into_iter().map(|file| file.filename).collect())
    }

    async fn leads(&self, link: &str) -> Answer<Option<String>> {
        match self.host.within(self.sftp.readlink(self.place(link))).await? {
            Ok(names) => Ok(names.files.into_iter().next().map(|name| name.filename)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(Error::Status(_)) => Err(Trouble::lasting(
                format!("サーバーの {} はリンクではないので、さわりません。", self.place(link)),
                format!("{} on the host is no link and is not touched", self.place(link)),
            )),
            Err(error) => Err(self.trouble(link, &error)),
        }
    }

    async fn twin(&mut self, from: &str, to: &str, paths: &[String]) -> Answer<()> {
        let folders: BTreeSet<String> = paths.iter().flat_map(|path| above(path)).map(str::to_owned).collect();
        self.make_folders(&self.place(&format!("{to}/"))).await?;
        let sftp = &self.sftp;
        let folder = |folder: String| -> Waiting<'_> {
            let [old, new] = [from, to].map(|above| self.place(&format!("{above}/{folder}")));
            Box::pin(async move {
                // What others have closed stays closed, but not to ourselves.
                let mode = sftp.stat(old).await?.attrs.permissions.map(|mode| mode & 0o7777 | 0o700);
                sftp.mkdir(new, FileAttributes { permissions: mode, ..FileAttributes::empty() }).await.map(|_| Done::Ok)
            })
        };
        // By name a folder comes before what is in it.
        self.all(to, folders.into_iter().map(folder)).await?;
        let places = paths.iter().map(|path| [from, to].map(|folder| self.place(&format!("{folder}/{path}"))));
        let refused = Mutex::new(Vec::new());
        let link = |(at, [from, to]): (usize, [String; 2])| -> Waiting<'_> {
            let refused = &refused;
            Box::pin(async move {
                match sftp.hardlink(from, to).await {
                    Ok(_) => {}
                    Err(Error::Status(status)) => {
                        refused.lock().unwrap_or_else(PoisonError::into_inner).push((at, status));
                    }
                    Err(error) => return Err(error),
                }
                Ok(Done::Ok)
            })
        };
        self.all(to, places.enumerate().map(link)).await?;
        let refused = refused.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, status)) = refused.first().filter(|_| refused.len() == paths.len()) {
            return Err(self.no_links(&format!("hardlink: {}", status.error_message)));
        }
        // Not every file of somebody else's may be linked: it is copied over here.
        for path in refused.iter().filter_map(|(at, _)| paths.get(*at)) {
            self.copy(&format!("{from}/{path}"), &format!("{to}/{path}")).await?;
        }
        Ok(())
    }

    async fn copy(&mut self, from: &str, to: &str) -> Answer<()> {
        let found = self.ask(from, self.sftp.stat(self.place(from))).await?.attrs;
        let Some(content) = self.read(from).await? else { return Ok(()) };
        self.put(to, &content).await?;
        let mode = FileAttributes { permissions: found.permissions, ..FileAttributes::empty() };
        // Who may read it is theirs to say; that it cannot be said is no reason to stop.
        let _ = self.host.within(self.sftp.setstat(self.place(to), mode)).await?;
        Ok(())
    }

    async fn clear(&mut self, folder: &str) -> Answer<()> {
        let (files, folders) = self.list(folder).await?;
        let sftp = &self.sftp;
        let remove = |found: Found| -> Waiting<'_> {
            let place = self.place(&found.path);
            Box::pin(async move { sftp.remove(place).await.map(|_| Done::Ok) })
        };
        self.all(folder, files.into_iter().map(remove)).await?;
        let remove = |folder: String| -> Waiting<'_> {
            let place = self.place(&folder);
            Box::pin(async move { sftp.rmdir(place).await.map(|_| Done::Ok) })
        };
        // From within outwards.
        self.all(folder, folders.into_iter().rev().map(remove)).await?;
        let _ = self.ask_if_there(folder, sftp.rmdir(self.place(folder))).await?;
        let place = self.place(folder);
        self.folders.retain(|known| !known.starts_with(&place));
        Ok(())
    }
}

impl Links for Running {
    fn leads(&mut self, link: &str) -> Answer<Option<String>> {
        self.runtime.block_on(self.way.leads(link))
    }

    fn lead(&mut self, link: &str, to: &str) -> Answer<()> {
        self.runtime.block_on(self.way.lead(link, to))
    }

    fn below(&mut self, folder: &str) -> Answer<Vec<Found>> {
        let (mut found, _) = self.runtime.block_on(self.way.list(folder))?;
        let above = format!("{folder}/");
        for one in &mut found {
            one.path = one.path.strip_prefix(&above).unwrap_or(&one.path).to_owned();
        }
        Ok(found)
    }

    fn folders(&mut self, folder: &str) -> Answer<Vec<String>> {
        self.runtime.block_on(self.way.names(folder))
    }

    fn twin(&mut self, from: &str, to: &str, paths: &[String]) -> Answer<()> {
        self.runtime.block_on(self.way.twin(from, to, paths))
    }

    fn rename(&mut self, from: &str, to: &str) -> Answer<()> {
        let way = &mut self.way;
        let (old, new) = (way.place(from), way.place(to));
        self.runtime.block_on(way.ask(to, way.sftp.rename(&old, &new)))?;
        way.folders.retain(|known| *known != old && !known.starts_with(&format!("{old}/")));
        Ok(())
    }

    fn clear(&mut self, folder: &str) -> Answer<()> {
        self.runtime.block_on(self.way.clear(folder))
    }
}
