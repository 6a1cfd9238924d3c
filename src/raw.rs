//! Rows, texts and fingerprints as they are kept: all at once, where serde alone would take number by number and
//! letter by letter.

use serde::{Deserialize, Serialize, Serializer};

/// Bytes among others.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Bytes<'a>(pub &'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(self.0)
    }
}

/// Bytes.
pub(crate) mod bytes {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        Ok(<&[u8]>::deserialize(from)?.to_vec())
    }
}

/// A text. The standard library's look at one takes as long as all else that is done with it.
pub(crate) mod text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(text.as_bytes())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        let bytes = <&[u8]>::deserialize(from)?;
        simdutf8::basic::from_utf8(bytes).map(str::to_owned).map_err(D::Error::custom)
    }
}

/// A fingerprint of which there are very many: serde alone would write it in sevens of bits.
pub(crate) mod print {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(print: &u128, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&print.to_le_bytes())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        let bytes = <&[u8]>::deserialize(from)?;
        bytes.try_into().map(u128::from_le_bytes).map_err(D::Error::custom)
    }
}

/// Rows of one kind of number.
macro_rules! rows {
    ($(#[$doc:meta])* $name:ident, $number:ty) => {
        $(#[$doc])*
        pub(crate) mod $name {
            use serde::{Deserialize as _, Deserializer, Serializer};

            pub(crate) fn serialize<S: Serializer>(row: &[$number], to: S) -> Result<S::Ok, S::Error> {
                // Into room that is there already, which is done many at a time.
                let mut bytes = vec![0; size_of_val(row)];
                let places = bytes.as_chunks_mut().0.iter_mut();
                places.zip(row).for_each(|(place, number)| *place = number.to_le_bytes());
                to.serialize_bytes(&bytes)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<$number>, D::Error> {
                let bytes = <&[u8]>::deserialize(from)?;
                Ok(bytes.as_chunks().0.iter().map(|number| <$number>::from_le_bytes(*number)).collect())
            }
        }
    };
}

rows!(
    /// Numbers of two bytes.
    shorts,
    u16
);
rows!(
    /// Numbers of four bytes.
    numbers,
    u32
);

/// A name and a fingerprint each.
pub(crate) mod prints {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(row: &[(u64, u64)], to: S) -> Result<S::Ok, S::Error> {
        let mut bytes = vec![0; size_of_val(row)];
        let places = bytes.as_chunks_mut::<8>().0.as_chunks_mut::<2>().0.iter_mut();
        places.zip(row).for_each(|(place, (name, print))| *place = [name.to_le_bytes(), print.to_le_bytes()]);
        to.serialize_bytes(&bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(u64, u64)>, D::Error> {
        let bytes = <&[u8]>::deserialize(from)?;
        let numbers = bytes.as_chunks::<8>().0.as_chunks().0.iter();
        Ok(numbers.map(|[name, print]| (u64::from_le_bytes(*name), u64::from_le_bytes(*print))).collect())
    }
}
