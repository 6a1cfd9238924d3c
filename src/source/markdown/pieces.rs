//! The pieces of a text. Those that an earlier build has kept stay packed until somebody shows the text: a build after
//! one edit reads ten thousand texts and shows one.

use super::Piece;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::RefCell;
use std::ops::Deref;
use std::sync::OnceLock;

thread_local! {
    /// Where they are packed: with room of their own each, texts that stay would lie among holes.
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// HTML with open ends.
#[derive(Debug, Default)]
pub struct Pieces {
    made: OnceLock<Box<[Piece]>>,
    /// As they were kept.
    packed: Box<[u8]>,
}

impl Pieces {
    /// Whether there are none, which is known without unpacking them.
    pub fn is_empty(&self) -> bool {
        // The number of pieces comes first.
        self.made.get().map_or(matches!(*self.packed, [] | [0, ..]), |made| made.is_empty())
    }
}

impl Deref for Pieces {
    type Target = [Piece];
    fn deref(&self) -> &[Piece] {
        // This program has written it, and its fingerprint was right.
        self.made.get_or_init(|| postcard::from_bytes(&self.packed).unwrap_or_default())
    }
}

impl From<Vec<Piece>> for Pieces {
    fn from(pieces: Vec<Piece>) -> Self {
        Self { made: pieces.into_boxed_slice().into(), packed: Box::default() }
    }
}

impl Clone for Pieces {
    fn clone(&self) -> Self {
        self.to_vec().into()
    }
}

impl PartialEq for Pieces {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Serialize for Pieces {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        ROOM.with_borrow_mut(|room| {
            room.clear();
            let packed = postcard::to_extend(&**self, std::mem::take(room)).map_err(serde::ser::Error::custom)?;
            let done = to.serialize_bytes(&packed);
            *room = packed;
            done
        })
    }
}

impl<'de> Deserialize<'de> for Pieces {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let packed = <&[u8]>::deserialize(from)?;
        Ok(Self { made: OnceLock::new(), packed: packed.into() })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn kept_pieces_are_the_same() {
        for pieces in [vec![], vec![Piece::Html("<p>本文".to_owned()), Piece::Asset("assets/a.jpg".to_owned())]] {
            let pieces = Pieces::from(pieces);
            let bytes = postcard::to_stdvec(&pieces).unwrap();
            let kept: Pieces = postcard::from_bytes(&bytes).unwrap();
            assert_eq!(kept.is_empty(), pieces.is_empty());
            assert!(kept.made.get().is_none());
            assert_eq!(kept, pieces);
            assert_eq!(kept.is_empty(), pieces.is_empty());
            assert_eq!(postcard::to_stdvec(&kept).unwrap(), bytes);
        }
    }
}
