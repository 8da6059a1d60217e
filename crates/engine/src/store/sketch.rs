//! How the rows of a column spread over its codes, from a small sample: what planning needs to foretell joins.
//!
//! Averages mislead where few codes have most of the rows: a join that multiplies two such columns is larger by orders of
//! magnitude than its columns' distinct counts tell. So codes are sampled, not rows: a code is in the sample if its hash begins
//! with enough zeros, and then all of its rows are counted. Samples of different columns hold the same codes, so that two of them
//! tell the size of a join, and what comes of it (distinct sampling, Gibbons 2001). Codes with a large part of the rows are
//! counted in any case (end-biased sampling, Estan and Naughton 2006).

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Light codes of a sample, at least, of columns that have as many.
const LIGHT: usize = 512;
/// Rows looked at to find heavy codes, and how often such a code is among them.
const GLANCE: usize = 4096;
const HEAVY: u32 = 4;
/// Rows counted, in stretches of so many, of columns that have more.
const LOOKED: usize = 1 << 16;
const STRETCH: usize = 256;
/// Light codes that two samples must share to tell more than averages do.
const SHARED: usize = 16;

/// Codes with weights: how many rows have each, or how many bindings.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// A light code is here if the first bits of its hash, so many of them, are zeros.
    shift: u32,
    /// Ascending.
    codes: Vec<Weight>,
    /// Weight of all codes, and of the light ones alone.
    total: f64,
    light: f64,
    /// How many light codes there are.
    light_codes: f64,
}

#[derive(Debug, Clone, Copy)]
struct Weight {
    code: u32,
    weight: f64,
    heavy: bool,
}

impl Sample {
    /// The sample of a column.
    pub fn of(column: &[u32]) -> Sample {
        let mut heavy = heavy_codes(column);
        let stretches = column.chunks(STRETCH);
        let step = column.len().div_ceil(LOOKED).max(1);
        let (mut shift, mut looked) = (0, 0);
        // Rows, and the first stretch with some; that is forgotten once there is another.
        let mut counts: HashMap<u32, (u32, usize), FxBuildHasher> = HashMap::default();
        for (number, stretch) in stretches.enumerate().step_by(step) {
            looked += stretch.len();
            for &code in stretch {
                if !heavy.is_empty()
                    && let Some(count) = heavy.get_mut(&code)
                {
                    *count += 1;
                } else if passes(code, shift) {
                    let (count, first) = counts.entry(code).or_insert((0, number));
                    *count += 1;
                    if *first != number {
                        *first = usize::MAX;
                    }
                    if counts.len() > LIGHT * 2 {
                        shift += 1;
                        counts.retain(|&code, _| passes(code, shift));
                    }
                }
            }
        }
        let scale = column.len() as f64 / looked.max(1) as f64;
        let once = counts.values().filter(|(_, first)| *first != usize::MAX).count() as f64;
        let often = counts.len() as f64 - once;
        // Where not all rows were looked at, codes met in one place stand for others that were not met at all: for as many
        // as rows if hardly any code was met in two, else for fewer (after the estimator GEE, Charikar and others 2000).
        let each = if often * 10.0 < once { scale } else { scale.sqrt() };
        let light_codes = (often + once * each) * f64::from(1u32 << shift);
        let weight = |code, count, heavy| Weight { code, weight: f64::from(count) * scale, heavy };
        let mut codes: Vec<Weight> = counts.into_iter().map(|(code, (count, _))| weight(code, count, false)).collect();
        codes.extend(heavy.into_iter().map(|(code, count)| weight(code, count, true)));
        codes.sort_unstable_by_key(|weight| weight.code);
        let total = column.len() as f64;
        let heavy: f64 = codes.iter().filter(|weight| weight.heavy).map(|weight| weight.weight).sum();
        Sample { shift, codes, total, light: (total - heavy).max(0.0), light_codes }
    }

    /// How many different codes there are.
    pub fn distinct(&self) -> f64 {
        let heavy = self.codes.iter().filter(|weight| weight.heavy).count();
        (self.light_codes + heavy as f64).clamp(1.0, self.total.max(1.0))
    }

    /// The weight of a code.
    pub fn weight(&self, code: u32) -> f64 {
        match self.codes.binary_search_by_key(&code, |weight| weight.code) {
            Ok(at) => self.codes[at].weight,
            Err(_) if passes(code, self.shift) => 0.0,
            Err(_) => self.average(),
        }
    }

    fn average(&self) -> f64 {
        self.light / self.light_codes.max(1.0)
    }

    /// How many of the other's rows a binding meets, and how bindings with their rows then spread over codes.
    pub fn join(&self, other: &Sample) -> (f64, Sample) {
        let shift = self.shift.max(other.shift);
        let light_scale = f64::from(1u32 << shift);
        let mut codes = Vec::new();
        let (mut heavy, mut light, mut shared) = (0.0, 0.0, 0);
        let mut add = |code, weight, is_heavy| {
            codes.push(Weight { code, weight, heavy: is_heavy });
            if is_heavy {
                heavy += weight;
            } else {
                light += weight * light_scale;
            }
        };
        let (mut own, mut others) = (self.codes.iter().peekable(), other.codes.iter().peekable());
        loop {
            let (mine, theirs) = (own.peek().copied(), others.peek().copied());
            let Some(code) = mine.iter().chain(theirs.iter()).map(|weight| weight.code).min() else { break };
            let mine = own.next_if(|weight| weight.code == code);
            let theirs = others.next_if(|weight| weight.code == code);
            match (mine, theirs) {
                (Some(mine), Some(theirs)) if mine.heavy || theirs.heavy => {
                    add(code, mine.weight * theirs.weight, true);
                }
                // One that the other's sample would have, were it there, is not there.
                (Some(mine), None) if mine.heavy => {
                    add(code, mine.weight * other.weight(code), true);
                }
                (None, Some(theirs)) if theirs.heavy => {
                    add(code, self.weight(code) * theirs.weight, true);
                }
                (Some(mine), theirs) if passes(code, shift) => {
                    shared += 1;
                    if let Some(theirs) = theirs {
                        add(code, mine.weight * theirs.weight, false);
                    }
                }
                _ => {}
            }
        }
        if shift > 0 && shared < SHARED {
            codes.retain(|weight| weight.heavy);
            light = self.light * other.average();
        }
        let total = heavy + light;
        let joined = Sample { shift, codes, total, light, light_codes: self.light_codes.min(other.light_codes) };
        (total / self.total.max(f64::MIN_POSITIVE), joined)
    }
}

/// Codes that a glance at the column meets often, without their counts.
fn heavy_codes(column: &[u32]) -> HashMap<u32, u32, FxBuildHasher> {
    if column.len() <= LIGHT * 2 {
        return HashMap::default();
    }
    let mut met: HashMap<u32, u32, FxBuildHasher> = HashMap::default();
    let step = (column.len() / GLANCE).max(1);
    column.iter().step_by(step).for_each(|&code| *met.entry(code).or_insert(0) += 1);
    met.retain(|_, count| *count >= HEAVY);
    met.values_mut().for_each(|count| *count = 0);
    met
}

/// Whether the hash of a code begins with so many zeros.
#[inline]
fn passes(code: u32, shift: u32) -> bool {
    // The finalizer of MurmurHash3: neighbors must not be in the sample together.
    let mut hash = code ^ code >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^= hash >> 16;
    hash.leading_zeros() >= shift
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Codes of a power law, most of them small.
    fn skewed(rows: usize, codes: u32, seed: u64) -> Vec<u32> {
        random(rows, codes, seed, 3)
    }

    fn random(rows: usize, codes: u32, seed: u64, power: i32) -> Vec<u32> {
        let mut state = seed;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1u32 << 31)
        };
        (0..rows).map(|_| (f64::from(codes) * random().powi(power)) as u32).collect()
    }

    fn counts(column: &[u32]) -> BTreeMap<u32, f64> {
        let mut counts = BTreeMap::new();
        column.iter().for_each(|&code| *counts.entry(code).or_insert(0.0) += 1.0);
        counts
    }

    #[track_caller]
    fn near(told: f64, truth: f64, factor: f64) {
        assert!(told <= truth * factor && truth <= told * factor, "{told} told, {truth} is true");
    }

    #[test]
    fn small_columns_are_known_exactly() {
        let sample = Sample::of(&[1, 1, 2, 3, 3, 3]);
        assert_eq!(sample.distinct(), 3.0);
        assert_eq!((sample.weight(3), sample.weight(4)), (3.0, 0.0));
        let (matches, joined) = sample.join(&Sample::of(&[3, 3, 1]));
        assert_eq!(matches, (2.0 + 6.0) / 6.0);
        assert_eq!(joined.weight(3), 6.0);
        assert_eq!(Sample::of(&[]).distinct(), 1.0);
        assert_eq!(Sample::of(&[]).join(&Sample::of(&[])).0, 0.0);
    }

    #[test]
    fn distinct_codes_are_counted_in_any_order() {
        for (rows, each) in [(100_000, 1), (100_000, 12), (1_000_000, 1), (1_000_000, 10), (1_000_000, 1000)] {
            let sorted: Vec<u32> = (0..rows).map(|row| row / each).collect();
            near(Sample::of(&sorted).distinct(), f64::from(rows / each), 1.3);
            let mixed = random(rows as usize, rows / each, 3, 1);
            near(Sample::of(&mixed).distinct(), counts(&mixed).len() as f64, 2.1);
        }
    }

    #[test]
    fn joins_of_skewed_columns_are_foretold() {
        let (left, right) = (skewed(200_000, 20_000, 1), skewed(100_000, 30_000, 2));
        let (rows, others) = (counts(&left), counts(&right));
        let truth: f64 = rows.iter().map(|(code, count)| count * others.get(code).unwrap_or(&0.0)).sum();
        let (matches, joined) = Sample::of(&left).join(&Sample::of(&right));
        near(matches * left.len() as f64, truth, 1.4);
        // What comes of it joins again: the third power of the skew.
        let squared: f64 = rows.iter().map(|(code, count)| count * others.get(code).unwrap_or(&0.0).powi(2)).sum();
        near(joined.join(&Sample::of(&right)).0, squared / truth, 1.6);
    }

    #[test]
    fn columns_without_common_codes_do_not_join() {
        let (left, right): (Vec<u32>, Vec<u32>) = ((0..50_000).collect(), (50_000..100_000).collect());
        assert_eq!(Sample::of(&left).join(&Sample::of(&right)).0, 0.0);
        near(Sample::of(&left).join(&Sample::of(&left)).0, 1.0, 1.2);
        // Three codes say nothing of a sample of others: the average stands in.
        near(Sample::of(&[7, 8, 9]).join(&Sample::of(&left)).0, 1.0, 1.2);
    }
}
