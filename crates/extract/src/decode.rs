//! Text inside text: `.json()`, `.base64()` and `.url()` of paths.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What base64 text encodes, in either alphabet, padded or not, broken over lines or not; none if it is not
/// base64 or encodes no UTF-8.
pub(crate) fn base64(text: &str) -> Option<String> {
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(&compact).or_else(|_| URL_SAFE.decode(&compact)).ok()?;
    String::from_utf8(bytes).ok()
}

/// What percent-encoded text encodes; a `%` without two hex digits stands for itself, as browsers have it.
/// None if the bytes are no UTF-8.
pub(crate) fn url(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|&byte| (byte as char).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_exports_hold() {
        assert_eq!(base64("eyJhIjoxfQ==").as_deref(), Some("{\"a\":1}"));
        assert_eq!(base64("eyJh\n IjoxfQ").as_deref(), Some("{\"a\":1}"));
        assert_eq!(base64("not base64!"), None);
        assert_eq!(base64("/w=="), None);
        assert_eq!(url("%7B%22a%22%3A%201%7D+%").as_deref(), Some("{\"a\": 1}+%"));
        assert_eq!(url("%ff"), None);
    }
}
