//! What we have put on a host: the list that says which files are ours.
//!
//! It lies on the host itself, so that any machine can go on where another one stopped. Only what stands in it may
//! ever be replaced or deleted; everything else there is somebody else's.

use super::target::{Answer, Connection, OWN, Trouble};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where it lies.
pub const PATH: &str = ".heartnet/manifest.json";
const VERSION: u32 = 1;

/// A file of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Half of the BLAKE3 hash of its content, in hexadecimal. Empty when we took it over without having seen it.
    pub hash: String,
    /// Its size in bytes.
    pub size: u64,
    /// The hash of its headers, on hosts that keep them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub headers: String,
}

/// A publication that has begun.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Files that are new: if one is there already, it is from this publication.
    pub planned: BTreeSet<String>,
    /// Files that are there in their new form.
    pub done: BTreeMap<String, Entry>,
}

/// The list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    version: u32,
    /// The name of the publication: its time and its content.
    pub id: String,
    /// The site's address.
    pub site: String,
    /// Every file of ours, by path.
    pub files: BTreeMap<String, Entry>,
    /// Set while a publication goes on, and after one that was cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

impl Manifest {
    /// An empty list.
    pub fn new(id: String, site: String) -> Self {
        Self { version: VERSION, id, site, ..Self::default() }
    }

    /// Reads the list of a host; `None` where there is none. One that cannot be read is a trouble: taking it for a
    /// first publication would put everything up anew and leave the old files behind for ever.
    pub fn read(connection: &mut dyn Connection) -> Answer<Option<Self>> {
        let Some(bytes) = connection.read(PATH)? else { return Ok(None) };
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| {
            Trouble::lasting(
                format!("公開先の {PATH} がこわれていて読めません（{error}）。「heartnet deploy adopt 公開先」で、いまあるファイルから作りなおせます。"),
                format!("{PATH} on the host is damaged ({error}); `heartnet deploy adopt` makes it anew"),
            )
        })?;
        if manifest.version > VERSION {
            return Err(Trouble::lasting(
                "公開先は、もっと新しい heartnet で公開されています。heartnet を新しくしてください。",
                "the host was published to by a newer heartnet; update this one",
            ));
        }
        // A list may have been tampered with: what leads out of the site is not ours.
        let mut manifest = manifest;
        manifest.files.retain(|path, _| is_path(path));
        if let Some(pending) = &mut manifest.pending {
            pending.planned.retain(|path| is_path(path));
            pending.done.retain(|path, _| is_path(path));
        }
        Ok(Some(manifest))
    }

    /// As bytes.
    pub fn bytes(&self) -> Vec<u8> {
        // Strings, numbers and maps of them cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// Whether a path stays within the site, and outside of our own folder.
pub fn is_path(path: &str) -> bool {
    let parts = || path.split('/');
    !path.is_empty()
        && !path.contains(['\\', '\0'])
        && parts().all(|part| !part.is_empty() && part != "." && part != "..")
        && parts().next() != Some(OWN)
}
