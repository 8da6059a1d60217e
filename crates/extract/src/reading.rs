//! Getting a file as text: gzip read through by its magic bytes, encoding found (UTF-8 and UTF-16 by their byte order
//! marks, UTF-16 without one by its zero bytes, else UTF-8), binaries told apart, memory bounded. Places count bytes of the
//! decoded text.

use std::io::{self, Cursor, Read};

use base::Files;
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

use crate::Unread;

const CHUNK: usize = 256 << 10;

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 64 << 10;

/// The longest line of a file that is read in pieces.
const MAX_LINE: usize = 64 << 20;

/// A file being read.
pub struct Reading {
    reader: Box<dyn Read + Send>,
    encoding: &'static Encoding,
    decoder: Decoder,
    head: Vec<u8>,
    started: bool,
    ended: bool,
    invalid: bool,
    carry: String,
    offset: u64,
    line: u32,
}

/// A piece that owns its text, so that secrets can be masked in it.
#[derive(Debug, Clone)]
pub(crate) struct OwnPiece {
    pub text: String,
    pub offset: u64,
    pub line: u32,
}

impl Reading {
    /// Opens a file and looks at how it begins.
    pub fn open(files: &dyn Files, path: &str) -> Result<Reading, Unread> {
        let reader = files.open(path).map_err(|error| Unread::Failed(error.reason))?;
        let (mut head, mut reader) = peek(reader)?;
        if head.starts_with(&[0x1f, 0x8b, 0x08]) {
            (head, reader) = peek(Box::new(MultiGzDecoder::new(Cursor::new(head).chain(reader))))?;
        }
        let encoding = sniff(&head).ok_or(Unread::Binary)?;
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Reading {
            reader,
            encoding,
            decoder,
            head,
            started: false,
            ended: false,
            invalid: false,
            carry: String::new(),
            offset: 0,
            line: 1,
        })
    }

    /// The text that the file begins with, up to the last line break in it.
    pub fn head(&self) -> String {
        let (text, _) = self.encoding.decode_with_bom_removal(&self.head);
        let whole = text.rfind('\n').map_or(text.len(), |at| at + 1);
        text[..whole].to_owned()
    }

    /// Whether bytes were no text in the file's encoding and stand as U+FFFD.
    pub fn invalid(&self) -> bool {
        self.invalid
    }

    /// All of it, if it has no more than `limit` bytes.
    pub fn whole(&mut self, limit: u64) -> Result<String, Unread> {
        let mut text = String::new();
        while self.decode(&mut text)? {
            if text.len() as u64 > limit {
                return Err(Unread::TooLarge { size: text.len() as u64, limit });
            }
        }
        Ok(text)
    }

    /// The next whole lines; the file's last line may lack its line break.
    pub(crate) fn piece(&mut self) -> Result<Option<OwnPiece>, Unread> {
        loop {
            let mut text = std::mem::take(&mut self.carry);
            let searched = text.len();
            let more = self.decode(&mut text)?;
            if !more && text.is_empty() {
                return Ok(None);
            }
            if more {
                let Some(end) = memchr::memrchr(b'\n', &text.as_bytes()[searched..]) else {
                    if text.len() > MAX_LINE {
                        return Err(Unread::Failed(format!(
                            "line {} is longer than {} MiB",
                            self.line,
                            MAX_LINE >> 20
                        )));
                    }
                    self.carry = text;
                    continue;
                };
                self.carry = text.split_off(searched + end + 1);
            }
            let piece = OwnPiece { offset: self.offset, line: self.line, text };
            self.offset += piece.text.len() as u64;
            let lines = memchr::memchr_iter(b'\n', piece.text.as_bytes()).count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            return Ok(Some(piece));
        }
    }

    /// Appends the next chunk; false at the end.
    fn decode(&mut self, text: &mut String) -> Result<bool, Unread> {
        if self.ended {
            return Ok(false);
        }
        let mut raw = Vec::new();
        if self.started {
            (&mut self.reader).take(CHUNK as u64).read_to_end(&mut raw).map_err(failed)?;
        } else {
            self.started = true;
            raw = std::mem::take(&mut self.head);
        }
        // The first chunk may be short without being the last.
        self.ended = raw.is_empty();
        let before = text.len();
        let mut rest = raw.as_slice();
        loop {
            let room = self.decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(CHUNK);
            text.reserve(room.max(16));
            let (result, read) = self.decoder.decode_to_string_without_replacement(rest, text, self.ended);
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.invalid = true;
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        if memchr::memchr(0, &text.as_bytes()[before..]).is_some() {
            return Err(Unread::Binary);
        }
        Ok(!self.ended)
    }
}

/// The bytes of a file, if it has no more than `limit`.
pub(crate) fn bytes(files: &dyn Files, path: &str, limit: u64) -> Result<Vec<u8>, Unread> {
    let reader = files.open(path).map_err(|error| Unread::Failed(error.reason))?;
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    let size = bytes.len() as u64;
    if size > limit { Err(Unread::TooLarge { size, limit }) } else { Ok(bytes) }
}

fn peek(mut reader: Box<dyn Read + Send>) -> Result<(Vec<u8>, Box<dyn Read + Send>), Unread> {
    let mut head = Vec::new();
    (&mut reader).take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    Ok((head, reader))
}

fn failed(error: io::Error) -> Unread {
    Unread::Failed(format!("it cannot be read: {error}"))
}

/// The encoding of a text; none for what is no text.
fn sniff(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding);
    }
    if !head.contains(&0) {
        return Some(UTF_8);
    }
    // Text in Latin script as UTF-16 has a zero in nearly every second byte, in these only, and letters in the others;
    // tables of small numbers have no letters.
    let units = head.len() / 2;
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let letters = |first: usize| {
        let plain = |&&byte: &&u8| byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r');
        head.iter().skip(first).step_by(2).filter(plain).count() * 10 >= units * 9
    };
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if units < 4 => None,
        () if odd * 10 > units * 6 && even * 50 < units && letters(0) => Some(UTF_16LE),
        () if even * 10 > units * 6 && odd * 50 < units && letters(1) => Some(UTF_16BE),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::MemoryFiles;
    use std::io::Write;

    fn whole(content: &[u8], limit: u64) -> Result<(String, bool), Unread> {
        let files = MemoryFiles::new().with("f", content);
        let mut reading = Reading::open(&files, "f")?;
        Ok((reading.whole(limit)?, reading.invalid()))
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn encodings_are_found() {
        let wide = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let text = "name,größe\nx,1\n";
        let ok = Ok((text.to_owned(), false));
        assert_eq!(whole(text.as_bytes(), 99), ok);
        assert_eq!(whole(format!("\u{feff}{text}").as_bytes(), 99), ok);
        assert_eq!(whole(&wide(&format!("\u{feff}{text}"), u16::to_le_bytes), 99), ok);
        assert_eq!(whole(&wide(&format!("\u{feff}{text}"), u16::to_be_bytes), 99), ok);
        assert_eq!(whole(&wide(text, u16::to_le_bytes), 99), ok);
        assert_eq!(whole(&wide(text, u16::to_be_bytes), 99), ok);
        assert_eq!(whole(&gzip(text.as_bytes()), 99), ok);
        assert_eq!(whole(b"a\xffb", 99), Ok(("a\u{fffd}b".to_owned(), true)));
        assert_eq!(whole(b"", 99), Ok((String::new(), false)));
        assert_eq!(whole(b"\x01\0\x02\0\x03\0\x04\0\x05\0", 99), Err(Unread::Binary));
        assert_eq!(whole(b"\x7fELF\0\0\x01", 99), Err(Unread::Binary));
        let late = [vec![b'a'; HEAD + 10], vec![0]].concat();
        assert_eq!(whole(&late, 1 << 20), Err(Unread::Binary));
    }

    #[test]
    fn limits_hold_for_what_is_unpacked() {
        let bomb = gzip(&vec![b'a'; 8 << 20]);
        assert!(bomb.len() < 64 << 10);
        assert!(matches!(whole(&bomb, 1 << 20), Err(Unread::TooLarge { size, .. }) if size < 2 << 20));
        let mut damaged = gzip(&vec![b'a'; 1 << 20]);
        damaged.truncate(100);
        assert!(matches!(whole(&damaged, 1 << 30), Err(Unread::Failed(_))));
    }

    #[test]
    fn pieces_are_whole_lines_and_join_to_the_file() {
        let text: String = (0..60_000).map(|n| format!("line {n} é\n")).collect::<String>() + "last";
        let files = MemoryFiles::new().with("f", &text);
        let mut reading = Reading::open(&files, "f").unwrap();
        let (mut joined, mut lines) = (String::new(), 1);
        while let Some(piece) = reading.piece().unwrap() {
            assert_eq!((piece.offset, piece.line), (joined.len() as u64, lines));
            assert!(piece.text.ends_with('\n') || piece.text.ends_with("last"));
            lines += piece.text.matches('\n').count() as u32;
            joined += &piece.text;
        }
        assert!(joined == text);
    }
}
