//! Values as 32-bit codes: every column of every relation holds codes, so that joins compare machine words.
//!
//! A code means something only together with its column's type:
//!
//! | type | code |
//! |---|---|
//! | string, entity | number of the interned text, dense from 0 |
//! | int | the number itself where it lies in `0..2^31`, else bit 31 and a place in the table of wide ints |
//! | bool | 0 or 1 |
//! | float, time, duration | place in the table of that type |
//! | any, missing | [`Code::NONE`] |
//!
//! Equal values of a type have equal codes, so equality of codes is equality of values; order is not kept.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::sync::Arc;

use crate::{Type, Value};

/// A value of a known type, in 32 bits. See the module documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u32);

impl Code {
    /// The missing value of an optional column.
    pub const NONE: Code = Code(u32::MAX);

    /// Whether it is [`Code::NONE`].
    pub fn is_none(self) -> bool {
        self == Code::NONE
    }
}

const WIDE: u32 = 1 << 31;

/// The tables behind the codes.
#[derive(Debug, Clone, Default)]
pub struct Values {
    texts: Vec<Arc<str>>,
    /// Their hashes: tables grow, and other tables look texts up, without reading them again.
    hashes: Vec<u32>,
    text_places: HashTable<Place>,
    ints: Numbers,
    floats: Numbers,
    times: Numbers,
    durations: Numbers,
}

impl Values {
    /// Tables without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// The code of a text, entered if new.
    pub fn intern(&mut self, text: &str) -> Code {
        let hash = hash_text(text);
        self.known(hash, text).unwrap_or_else(|| self.enter(hash, text.into()))
    }

    /// The code of a text that is shared already, entered without copying it if new.
    pub fn intern_shared(&mut self, text: &Arc<str>) -> Code {
        let hash = hash_text(text);
        self.known(hash, text).unwrap_or_else(|| self.enter(hash, text.clone()))
    }

    /// The code here of a text of other tables, entered without copying it if new.
    pub(crate) fn intern_from(&mut self, other: &Values, code: Code) -> Code {
        let (hash, text) = (other.hashes[code.0 as usize], other.text(code));
        self.known(hash, text).unwrap_or_else(|| self.enter(hash, text.clone()))
    }

    #[inline]
    fn known(&self, hash: u32, text: &str) -> Option<Code> {
        let same = |place: &Place| place.hash == hash && *self.texts[place.number as usize] == *text;
        self.text_places.find(spread(hash), same).map(|place| Code(place.number))
    }

    fn enter(&mut self, hash: u32, text: Arc<str>) -> Code {
        let number = next(self.texts.len());
        self.texts.push(text);
        self.hashes.push(hash);
        self.text_places.insert_unique(spread(hash), Place { hash, number }, |place| spread(place.hash));
        Code(number)
    }

    /// The code of a text that was entered before.
    pub fn find(&self, text: &str) -> Option<Code> {
        self.known(hash_text(text), text)
    }

    /// The text of a string's or entity's code.
    pub fn text(&self, code: Code) -> &Arc<str> {
        &self.texts[code.0 as usize]
    }

    /// How many texts there are: their codes are the numbers below.
    pub fn text_count(&self) -> usize {
        self.texts.len()
    }

    /// The code of a value, entered if new. Its type is that of the column it stands in, which
    /// [`Value::fits`] it.
    pub fn encode(&mut self, value: &Value) -> Code {
        match value {
            Value::None => Code::NONE,
            Value::Bool(value) => Code(u32::from(*value)),
            Value::Int(value) => self.int(*value),
            Value::Float(value) => Code(self.floats.enter(value.to_bits())),
            Value::Text(text) => self.intern_shared(text),
            Value::Time(value) => Code(self.times.enter(value.cast_unsigned())),
            Value::Duration(value) => Code(self.durations.enter(value.cast_unsigned())),
        }
    }

    /// The code of a whole number, entered if it is wide and new.
    pub fn int(&mut self, value: i64) -> Code {
        match u32::try_from(value) {
            Ok(small) if small < WIDE => Code(small),
            _ => Code(WIDE | self.ints.enter(value.cast_unsigned())),
        }
    }

    /// The code of a value that was entered before; small ints, bools and none always were.
    pub fn lookup(&self, value: &Value) -> Option<Code> {
        match value {
            Value::None => Some(Code::NONE),
            Value::Bool(value) => Some(Code(u32::from(*value))),
            Value::Int(value) => match u32::try_from(*value) {
                Ok(small) if small < WIDE => Some(Code(small)),
                _ => self.ints.find(value.cast_unsigned()).map(|place| Code(WIDE | place)),
            },
            Value::Float(value) => self.floats.find(value.to_bits()).map(Code),
            Value::Text(text) => self.find(text),
            Value::Time(value) => self.times.find(value.cast_unsigned()).map(Code),
            Value::Duration(value) => self.durations.find(value.cast_unsigned()).map(Code),
        }
    }

    /// The value of a code in a column of type `ty`.
    pub fn decode(&self, ty: &Type, code: Code) -> Value {
        if code.is_none() {
            return Value::None;
        }
        match ty {
            Type::String | Type::Entity(_) => Value::Text(self.text(code).clone()),
            Type::Int => Value::Int(self.decode_int(code)),
            Type::Bool => Value::Bool(code.0 != 0),
            Type::Float => Value::Float(f64::from_bits(self.floats.items[code.0 as usize])),
            Type::Time => Value::Time(self.times.items[code.0 as usize].cast_signed()),
            Type::Duration => Value::Duration(self.durations.items[code.0 as usize].cast_signed()),
        }
    }

    /// The number of an int's code.
    pub fn decode_int(&self, code: Code) -> i64 {
        if code.0 < WIDE { i64::from(code.0) } else { self.ints.items[(code.0 & !WIDE) as usize].cast_signed() }
    }

    /// The code here of what `code` means in `other`, entered if new: how a file's batch becomes part of
    /// the database.
    pub fn translate(&mut self, other: &Values, ty: &Type, code: Code) -> Code {
        match ty {
            _ if code.is_none() => code,
            Type::Bool => code,
            Type::Int if code.0 < WIDE => code,
            Type::String | Type::Entity(_) => self.intern_from(other, code),
            _ => self.encode(&other.decode(ty, code)),
        }
    }
}

/// A table of distinct 64-bit patterns.
#[derive(Debug, Clone, Default)]
struct Numbers {
    items: Vec<u64>,
    places: HashTable<u32>,
}

impl Numbers {
    fn enter(&mut self, bits: u64) -> u32 {
        if let Some(place) = self.find(bits) {
            return place;
        }
        let place = next(self.items.len());
        self.items.push(bits);
        let items = &self.items;
        self.places.insert_unique(hash_bits(bits), place, |&place| hash_bits(items[place as usize]));
        place
    }

    fn find(&self, bits: u64) -> Option<u32> {
        self.places.find(hash_bits(bits), |&place| self.items[place as usize] == bits).copied()
    }
}

/// The place of the next entry. Two billion distinct values of a type are beyond any machine that this
/// runs on: each text alone takes more than 16 bytes.
fn next(len: usize) -> u32 {
    assert!(len < WIDE as usize, "more than 2^31 distinct values of one type");
    len as u32
}

/// Where a text stands, beside its hash: most places that do not hold it are passed without looking at their texts.
#[derive(Debug, Clone, Copy)]
struct Place {
    hash: u32,
    number: u32,
}

fn hash_text(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

/// The hash as tables want it, with all bits in use.
pub(crate) fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn hash_bits(bits: u64) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(bits);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_values() {
        let mut values = Values::new();
        let samples = [
            (Type::String, Value::text("a")),
            (Type::Int, Value::Int(7)),
            (Type::Int, Value::Int(-7)),
            (Type::Int, Value::Int(i64::MAX)),
            (Type::Int, Value::Int(1 << 31)),
            (Type::Bool, Value::Bool(true)),
            (Type::Float, Value::Float(0.5)),
            (Type::Time, Value::Time(-1)),
            (Type::Duration, Value::Duration(0)),
            (Type::String, Value::None),
        ];
        for (ty, value) in samples {
            let code = values.encode(&value);
            assert_eq!(values.encode(&value), code);
            assert_eq!(values.lookup(&value), Some(code));
            assert_eq!(values.decode(&ty, code), value);
            let mut other = Values::new();
            other.intern("shift");
            let there = other.translate(&values, &ty, code);
            assert_eq!(other.decode(&ty, there), value);
        }
        assert_eq!(values.lookup(&Value::text("b")), None);
    }
}
