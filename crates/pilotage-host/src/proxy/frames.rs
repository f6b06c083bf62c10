//! Where `WebSocket` frames end in a stream of bytes, so that a close can be put between two.
//!
//! This reads the lengths of frames and nothing else: payloads pass through untouched, and
//! whether they make sense is the business of the two ends.

const OPCODE_CLOSE: u8 = 8;
/// Flags and length, the longest extended length, and the masking key.
const LONGEST_HEAD: usize = 2 + 8 + 4;

/// The position in one direction of a `WebSocket`.
#[derive(Debug, Default)]
pub(super) struct Frames {
    head: [u8; LONGEST_HEAD],
    have: usize,
    payload_left: u64,
    close_passed: bool,
}

impl Frames {
    /// Whether the last byte that passed was the last of a frame.
    pub(super) fn at_boundary(&self) -> bool {
        self.have == 0 && self.payload_left == 0
    }

    /// Whether a close frame has passed; nothing may follow it.
    pub(super) fn close_passed(&self) -> bool {
        self.close_passed
    }

    /// Passes all these bytes.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let taken = self.pass_to_boundary(bytes);
            bytes = bytes.get(taken..).unwrap_or_default();
        }
    }

    /// Passes bytes up to the end of the current frame; returns how many.
    pub(super) fn pass_to_boundary(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while let Some(rest) = bytes.get(taken..).filter(|rest| !rest.is_empty()) {
            taken += if self.payload_left > 0 { self.payload(rest) } else { self.head_byte(rest) };
            if self.at_boundary() {
                break;
            }
        }
        taken
    }

    fn payload(&mut self, bytes: &[u8]) -> usize {
        let available = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let taken = available.min(self.payload_left);
        self.payload_left -= taken;
        usize::try_from(taken).unwrap_or(bytes.len())
    }

    fn head_byte(&mut self, bytes: &[u8]) -> usize {
        if let (Some(slot), Some(byte)) = (self.head.get_mut(self.have), bytes.first()) {
            *slot = *byte;
            self.have += 1;
        }
        if self.have >= 2 && self.have == self.head_length() {
            self.close_passed |= self.head[0] & 0x0f == OPCODE_CLOSE;
            self.payload_left = self.payload_length();
            self.have = 0;
        }
        1
    }

    fn head_length(&self) -> usize {
        let extended = match self.head[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let masked = self.head[1] & 0x80 != 0;
        2 + extended + if masked { 4 } else { 0 }
    }

    fn payload_length(&self) -> u64 {
        let [_, second, extended @ ..] = &self.head;
        let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        match second & 0x7f {
            126 => number(&extended[..2]),
            127 => number(&extended[..8]),
            short => u64::from(short),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text frame with this many bytes of payload.
    fn frame(payload: usize, masked: bool) -> Vec<u8> {
        let mask = if masked { 0x80 } else { 0 };
        let mut frame = vec![0x81];
        match payload {
            0..126 => frame.push(mask + u8::try_from(payload).expect("small")),
            126..65_536 => {
                frame.push(mask + 126);
                frame.extend(u16::try_from(payload).expect("medium").to_be_bytes());
            }
            _ => {
                frame.push(mask + 127);
                frame.extend((payload as u64).to_be_bytes());
            }
        }
        frame.extend(if masked { &[1, 2, 3, 4][..] } else { &[] });
        frame.extend(std::iter::repeat_n(0x88, payload));
        frame
    }

    #[test]
    fn frames_of_every_size_end_where_they_end_however_they_are_cut() {
        for payload in [0, 1, 125, 126, 127, 65_535, 65_536] {
            for masked in [false, true] {
                let one = frame(payload, masked);
                let two = [one.clone(), one.clone()].concat();
                for cut in [1, 2, 3, 7, 15, 1_000, one.len()] {
                    let mut frames = Frames::default();
                    one.chunks(cut).for_each(|chunk| frames.pass(chunk));
                    assert!(frames.at_boundary(), "{payload} {masked} {cut}");
                    assert_eq!(frames.pass_to_boundary(&two), one.len());
                    assert!(!frames.close_passed());
                }
            }
        }
    }

    #[test]
    fn part_of_a_frame_is_not_a_boundary() {
        let whole = frame(200, true);
        for length in 1..whole.len() {
            let mut frames = Frames::default();
            frames.pass(&whole[..length]);
            assert!(!frames.at_boundary(), "{length}");
        }
    }

    #[test]
    fn a_close_is_seen() {
        let mut frames = Frames::default();
        frames.pass(&[0x88, 0x02, 0x03, 0xE9]);
        assert!(frames.close_passed() && frames.at_boundary());
    }
}
