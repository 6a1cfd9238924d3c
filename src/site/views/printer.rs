//! Writes a view down so that two are the same exactly if their bytes are. Nobody reads it again: no escapes, no
//! numbers in letters, and what was written down once is only named ([`super::Value`]).

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use std::fmt::Error;
use std::ops::Range;

/// What is written, and where the fields of the outermost struct stand in it.
#[derive(Debug, Default)]
pub(super) struct Printer {
    pub bytes: Vec<u8>,
    pub fields: Vec<(&'static str, Range<usize>)>,
    depth: usize,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Sign {
    Nothing,
    Something,
    Bool,
    Signed,
    Unsigned,
    Float,
    Text,
    Bytes,
    Begin,
    End,
}

impl Printer {
    fn sign(&mut self, sign: Sign) {
        self.bytes.push(sign as u8);
    }

    fn put(&mut self, sign: Sign, bytes: &[u8]) -> Result<(), Error> {
        self.sign(sign);
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn text(&mut self, sign: Sign, bytes: &[u8]) -> Result<(), Error> {
        self.put(sign, &bytes.len().to_le_bytes())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn begin(&mut self) -> Result<&mut Self, Error> {
        self.depth += 1;
        self.sign(Sign::Begin);
        Ok(self)
    }

    fn finish(&mut self) -> Result<(), Error> {
        self.depth -= 1;
        self.sign(Sign::End);
        Ok(())
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let from = self.bytes.len();
        self.text(Sign::Text, name.as_bytes())?;
        value.serialize(&mut *self)?;
        if self.depth == 1 {
            self.fields.push((name, from..self.bytes.len()));
        }
        Ok(())
    }
}

impl Serializer for &mut Printer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    /// By this a value of ours knows that its name is enough.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, v: bool) -> Result<(), Error> {
        self.put(Sign::Bool, &[u8::from(v)])
    }
    fn serialize_i8(self, v: i8) -> Result<(), Error> {
        self.serialize_i128(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<(), Error> {
        self.serialize_i128(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<(), Error> {
        self.serialize_i128(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<(), Error> {
        self.serialize_i128(v.into())
    }
    fn serialize_i128(self, v: i128) -> Result<(), Error> {
        self.put(Sign::Signed, &v.to_le_bytes())
    }
    fn serialize_u8(self, v: u8) -> Result<(), Error> {
        self.serialize_u128(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<(), Error> {
        self.serialize_u128(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<(), Error> {
        self.serialize_u128(v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<(), Error> {
        self.serialize_u128(v.into())
    }
    fn serialize_u128(self, v: u128) -> Result<(), Error> {
        self.put(Sign::Unsigned, &v.to_le_bytes())
    }
    fn serialize_f32(self, v: f32) -> Result<(), Error> {
        self.serialize_f64(v.into())
    }
    fn serialize_f64(self, v: f64) -> Result<(), Error> {
        self.put(Sign::Float, &v.to_le_bytes())
    }
    fn serialize_char(self, v: char) -> Result<(), Error> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, v: &str) -> Result<(), Error> {
        self.text(Sign::Text, v.as_bytes())
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<(), Error> {
        self.text(Sign::Bytes, v)
    }
    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.sign(Sign::Something);
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Error> {
        self.put(Sign::Nothing, &[])
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.serialize_str(variant)?;
        value.serialize(self)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        self.begin()
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
        self.begin()
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        self.begin()
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Self, Error> {
        self.serialize_str(variant)?;
        self.begin()
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
        self.begin()
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        self.begin()
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Self, Error> {
        self.serialize_str(variant)?;
        self.begin()
    }
}

/// What stands in a list, whatever serde calls the list and what is in it.
macro_rules! elements {
    ($($list:ident, $element:ident;)*) => {$(
        impl $list for &mut Printer {
            type Ok = ();
            type Error = Error;
            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                value.serialize(&mut **self)
            }
            fn end(self) -> Result<(), Error> {
                self.finish()
            }
        }
    )*};
}

elements! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

/// What has a name in a struct.
macro_rules! fields {
    ($($of:ident)*) => {$(
        impl $of for &mut Printer {
            type Ok = ();
            type Error = Error;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.field(name, value)
            }
            fn end(self) -> Result<(), Error> {
                self.finish()
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

impl SerializeMap for &mut Printer {
    type Ok = ();
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(&mut **self)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)
    }
    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}
