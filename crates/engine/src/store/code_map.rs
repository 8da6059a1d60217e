//! From codes to dense numbers: an array where codes are dense, a hash table where they are scattered.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::Structures;

/// No number: what an array holds for codes that were never entered.
const FREE: u32 = u32::MAX;
/// Entries of an array for each code entered, at most.
const SPREAD: usize = 4;
/// Arrays below this size are always worth it.
const SMALL: usize = 256;

/// Numbers codes from 0 in the order in which they are entered.
#[derive(Debug)]
pub(crate) enum CodeMap {
    Direct { numbers: Vec<u32>, count: u32, structures: Structures },
    Hashed { numbers: HashMap<u32, u32, FxBuildHasher>, most: u32, structures: Structures },
}

impl CodeMap {
    pub fn new(structures: Structures) -> Self {
        match structures {
            Structures::Sparse => CodeMap::Hashed { numbers: HashMap::default(), most: 0, structures },
            _ => CodeMap::Direct { numbers: Vec::new(), count: 0, structures },
        }
    }

    /// The number of a code.
    #[inline]
    pub fn get(&self, code: u32) -> Option<u32> {
        match self {
            CodeMap::Direct { numbers, .. } => numbers.get(code as usize).copied().filter(|&number| number != FREE),
            CodeMap::Hashed { numbers, .. } => numbers.get(&code).copied(),
        }
    }

    /// The number of a code, and whether it is new.
    #[inline]
    pub fn enter(&mut self, code: u32) -> (u32, bool) {
        if let CodeMap::Direct { numbers, count, .. } = self
            && let Some(known) = numbers.get_mut(code as usize)
        {
            let new = *known == FREE;
            if new {
                *known = *count;
                *count += 1;
            }
            return (*known, new);
        }
        self.enter_beyond(code)
    }

    fn enter_beyond(&mut self, code: u32) -> (u32, bool) {
        match self {
            CodeMap::Direct { numbers, count, structures } => {
                let size = code as usize + 1;
                if size > room(*count as usize, *structures) {
                    let known = numbers.iter().zip(0..).filter(|&(&number, _)| number != FREE);
                    let numbers = known.map(|(&number, code)| (code, number)).collect();
                    *self = CodeMap::Hashed { numbers, most: code, structures: *structures };
                    return self.enter_beyond(code);
                }
                let size = size.next_power_of_two().min(room(*count as usize, *structures));
                numbers.reserve_exact(size - numbers.len());
                numbers.resize(size, FREE);
                self.enter(code)
            }
            CodeMap::Hashed { numbers, most, structures } => {
                let count = numbers.len() as u32;
                let number = *numbers.entry(code).or_insert(count);
                *most = (*most).max(code);
                let (size, structures) = (*most as usize + 1, *structures);
                let grown = number == count && (count + 1).is_power_of_two();
                if grown && size <= room(numbers.len(), structures) && structures != Structures::Sparse {
                    let mut direct = vec![FREE; size];
                    numbers.iter().for_each(|(&code, &number)| direct[code as usize] = number);
                    *self = CodeMap::Direct { numbers: direct, count: count + 1, structures };
                }
                (number, number == count)
            }
        }
    }

    /// How many codes have a number.
    pub fn len(&self) -> usize {
        match self {
            CodeMap::Direct { count, .. } => *count as usize,
            CodeMap::Hashed { numbers, .. } => numbers.len(),
        }
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        match self {
            CodeMap::Direct { numbers, .. } => numbers.capacity() as u64 * 4,
            CodeMap::Hashed { numbers, .. } => numbers.capacity() as u64 * 9,
        }
    }
}

/// How large an array may be for so many codes.
fn room(count: usize, structures: Structures) -> usize {
    match structures {
        Structures::Dense => 1 << 20,
        _ => SMALL.max((count + 1) * SPREAD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_first_entry() {
        for structures in Structures::ALL {
            let mut map = CodeMap::new(structures);
            let codes = |n: u32| if n.is_multiple_of(7) { u32::MAX - n } else { n * 3 };
            for n in 0..5000 {
                assert_eq!(map.enter(codes(n)), (n, true), "{structures:?}");
            }
            for n in 0..5000 {
                assert_eq!(map.enter(codes(n)), (n, false), "{structures:?}");
                assert_eq!(map.get(codes(n)), Some(n), "{structures:?}");
            }
            assert_eq!(map.get(1), None);
            assert_eq!(map.len(), 5000);
        }
    }

    #[test]
    fn dense_codes_in_any_order_end_in_an_array() {
        let mut map = CodeMap::new(Structures::ByDensity);
        (0..4096u32).for_each(|n| {
            map.enter(n.wrapping_mul(2_654_435_761) % 4096);
        });
        assert_eq!(map.len(), 4096);
        assert!(matches!(map, CodeMap::Direct { .. }));
    }
}
