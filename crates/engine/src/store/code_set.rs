//! Sets of codes: a few in place, many as bits where they are dense and as a hash table where they are scattered.
//!
//! Closures make sets of neighbors that grow until they hold most of what there is: then a bit tells what a hash table needs
//! several bytes for, and the set stays in the cache. Which form a set has depends on its codes alone.

use super::Structures;

/// Codes held in place.
const FEW: usize = 7;
/// A free place of a hash table. The code itself, that of a missing value, is remembered apart.
const FREE: u32 = u32::MAX;
/// Words of bits that a set may always have, and that it may have for each of its codes.
const WORDS: usize = 8;
const WORDS_EACH: usize = 2;
/// The same where bits are forced.
const FORCED: usize = 1 << 12;

#[derive(Debug)]
pub(crate) enum CodeSet {
    Few {
        len: u8,
        codes: [u32; FEW],
    },
    Hashed {
        slots: Box<[u32]>,
        count: u32,
        missing: bool,
    },
    /// `base` is the number of the first word.
    Bits {
        words: Box<[u64]>,
        base: u32,
        count: u32,
    },
}

impl Default for CodeSet {
    fn default() -> Self {
        CodeSet::Few { len: 0, codes: [0; FEW] }
    }
}

impl CodeSet {
    /// Whether it has a code.
    #[inline]
    pub fn contains(&self, code: u32) -> bool {
        match self {
            CodeSet::Few { len, codes } => codes[..usize::from(*len)].contains(&code),
            CodeSet::Bits { words, base, .. } => {
                let at = (code >> 6).wrapping_sub(*base) as usize;
                words.get(at).is_some_and(|word| word >> (code & 63) & 1 == 1)
            }
            CodeSet::Hashed { slots, missing, .. } => {
                if code == FREE {
                    return *missing;
                }
                let mask = slots.len() - 1;
                let mut at = place(code, slots.len());
                loop {
                    match slots[at & mask] {
                        known if known == code => return true,
                        FREE => return false,
                        _ => at += 1,
                    }
                }
            }
        }
    }

    /// Adds a code. Returns whether it was new.
    #[inline]
    pub fn insert(&mut self, code: u32, structures: Structures) -> bool {
        if let CodeSet::Bits { words, base, count } = self {
            let at = (code >> 6).wrapping_sub(*base) as usize;
            if let Some(word) = words.get_mut(at) {
                let bit = 1 << (code & 63);
                let new = *word & bit == 0;
                *word |= bit;
                *count += u32::from(new);
                return new;
            }
        }
        self.insert_slowly(code, structures)
    }

    /// Takes a code out.
    pub fn remove(&mut self, code: u32) {
        match self {
            CodeSet::Few { len, codes } => {
                let known = usize::from(*len);
                if let Some(at) = codes[..known].iter().position(|&other| other == code) {
                    codes[at] = codes[known - 1];
                    *len -= 1;
                }
            }
            CodeSet::Bits { words, base, count } => {
                let at = (code >> 6).wrapping_sub(*base) as usize;
                if let Some(word) = words.get_mut(at) {
                    let bit = 1 << (code & 63);
                    *count -= u32::from(*word & bit != 0);
                    *word &= !bit;
                }
            }
            CodeSet::Hashed { missing, .. } if code == FREE => *missing = false,
            CodeSet::Hashed { slots, count, .. } => {
                let mask = slots.len() - 1;
                let mut at = place(code, slots.len()) & mask;
                while slots[at] != code {
                    if slots[at] == FREE {
                        return;
                    }
                    at = (at + 1) & mask;
                }
                *count -= 1;
                // Codes behind it move up as far as their own search allows, so that no search ends too early.
                let mut next = (at + 1) & mask;
                while slots[next] != FREE {
                    let home = place(slots[next], slots.len()) & mask;
                    if next.wrapping_sub(home) & mask >= next.wrapping_sub(at) & mask {
                        slots[at] = slots[next];
                        at = next;
                    }
                    next = (next + 1) & mask;
                }
                slots[at] = FREE;
            }
        }
    }

    #[inline(never)]
    fn insert_slowly(&mut self, code: u32, structures: Structures) -> bool {
        match self {
            CodeSet::Few { len, codes } => {
                let known = usize::from(*len);
                if codes[..known].contains(&code) {
                    return false;
                }
                if known < FEW {
                    codes[known] = code;
                    *len += 1;
                    return true;
                }
                self.remake(code, structures);
                true
            }
            CodeSet::Bits { .. } => {
                self.remake(code, structures);
                true
            }
            CodeSet::Hashed { slots, count, missing } => {
                if code == FREE {
                    return !std::mem::replace(missing, true);
                }
                let mask = slots.len() - 1;
                let mut at = place(code, slots.len()) & mask;
                while slots[at] != FREE {
                    if slots[at] == code {
                        return false;
                    }
                    at = (at + 1) & mask;
                }
                if (*count as usize + 1) * 3 > slots.len() * 2 {
                    self.remake(code, structures);
                } else {
                    slots[at] = code;
                    *count += 1;
                }
                true
            }
        }
    }

    /// Takes the form that suits its codes and one more, which is new.
    #[cold]
    fn remake(&mut self, code: u32, structures: Structures) {
        let mut codes = self.codes();
        codes.push(code);
        let (mut least, mut most) = (u32::MAX, 0);
        for &code in codes.iter().filter(|&&code| code != FREE) {
            (least, most) = (least.min(code), most.max(code));
        }
        let missing = codes.contains(&FREE);
        let span = (most >> 6).saturating_sub(least >> 6) as usize + 1;
        let room = match structures {
            Structures::Sparse => 0,
            Structures::ByDensity => WORDS + codes.len() * WORDS_EACH,
            Structures::Dense => FORCED,
        };
        // A third of the room is left free at first, so that a set that grows at an end is not made anew each time.
        if !missing && span * 3 <= room * 2 {
            let spare = ((room - span) / 2).min(span / 2);
            let base = (least >> 6).saturating_sub(spare as u32);
            let end = (most >> 6) as usize + 1 + spare;
            let mut words = vec![0u64; end - base as usize];
            codes.iter().for_each(|code| words[((code >> 6) - base) as usize] |= 1 << (code & 63));
            *self = CodeSet::Bits { words: words.into(), base, count: codes.len() as u32 };
            return;
        }
        let mut slots = vec![FREE; (codes.len() * 2).next_power_of_two()];
        let mask = slots.len() - 1;
        for &code in codes.iter().filter(|&&code| code != FREE) {
            let mut at = place(code, slots.len()) & mask;
            while slots[at] != FREE {
                at = (at + 1) & mask;
            }
            slots[at] = code;
        }
        let count = codes.len() as u32 - u32::from(missing);
        *self = CodeSet::Hashed { slots: slots.into(), count, missing };
    }

    /// All codes, in no order.
    fn codes(&self) -> Vec<u32> {
        match self {
            CodeSet::Few { len, codes } => codes[..usize::from(*len)].to_vec(),
            CodeSet::Hashed { slots, missing, .. } => {
                let codes = slots.iter().copied().filter(|&code| code != FREE);
                codes.chain(missing.then_some(FREE)).collect()
            }
            CodeSet::Bits { words, base, count } => {
                let mut codes = Vec::with_capacity(*count as usize + 1);
                for (&word, number) in words.iter().zip(*base..) {
                    let mut rest = word;
                    while rest != 0 {
                        codes.push(number << 6 | rest.trailing_zeros());
                        rest &= rest - 1;
                    }
                }
                codes
            }
        }
    }

    /// Bytes taken outside the set itself.
    pub fn bytes(&self) -> u64 {
        match self {
            CodeSet::Few { .. } => 0,
            CodeSet::Hashed { slots, .. } => slots.len() as u64 * 4,
            CodeSet::Bits { words, .. } => words.len() as u64 * 8,
        }
    }
}

/// Where the search for a code begins, in a table of a power of two places.
#[inline]
fn place(code: u32, slots: usize) -> usize {
    (code.wrapping_mul(0x9e37_79b1) >> (32 - slots.trailing_zeros().min(31))) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn check(codes: impl Iterator<Item = u32> + Clone) {
        for structures in Structures::ALL {
            let (mut set, mut model) = (CodeSet::default(), BTreeSet::new());
            for code in codes.clone() {
                assert_eq!(set.contains(code), model.contains(&code), "{structures:?} {code}");
                assert_eq!(set.insert(code, structures), model.insert(code), "{structures:?} {code}");
                assert!(set.contains(code), "{structures:?} {code}");
            }
            assert_eq!(set.codes().into_iter().collect::<BTreeSet<_>>(), model, "{structures:?}");
            for code in codes.clone().step_by(3).chain([7, u32::MAX]) {
                set.remove(code);
                model.remove(&code);
                assert!(!set.contains(code), "{structures:?} {code}");
            }
            assert_eq!(set.codes().into_iter().collect::<BTreeSet<_>>(), model, "{structures:?}");
            for code in codes.clone() {
                assert_eq!(set.insert(code, structures), model.insert(code), "{structures:?} {code}");
            }
            assert_eq!(set.codes().into_iter().collect::<BTreeSet<_>>(), model, "{structures:?}");
        }
    }

    #[test]
    fn sets_hold_what_was_added() {
        check(0..1000);
        check((0..1000).rev());
        check([u32::MAX, 0, u32::MAX, u32::MAX - 1].into_iter());
        check((0..100).chain([u32::MAX, 1 << 31, u32::MAX - 1]).chain(50..150));
        check((0..3000u32).map(|n| n.wrapping_mul(2_654_435_761)));
        check((0..3000u32).map(|n| n.wrapping_mul(2_654_435_761) % 2000));
        check((0..20).map(|n| n * 1000).chain(0..5000));
    }

    #[test]
    fn dense_sets_are_bits() {
        let mut set = CodeSet::default();
        (0..2000u32).for_each(|n| {
            set.insert(100_000 + n.wrapping_mul(7919) % 2000, Structures::ByDensity);
        });
        assert!(matches!(set, CodeSet::Bits { .. }), "{set:?}");
        assert!(std::mem::size_of::<CodeSet>() <= 32);
    }
}
