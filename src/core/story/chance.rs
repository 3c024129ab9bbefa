//! A seeded source of numbers and of awkward texts for the stories that are not scripted.

/// SplitMix64.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Valid UTF-8 without U+0000, often longer than every bound, of characters of one to four bytes and of those that
    /// mean something in a URL.
    pub(super) fn text(&mut self) -> String {
        const CHARACTERS: [char; 24] = [
            'a', 'Z', '7', ' ', '\n', '/', ':', '?', '#', '&', ';', '=', '@', '.', '%', '"', '(', 'é', 'ß', '€', '漢', '🦀',
            '\u{7f}', '\u{10ffff}',
        ];
        const PIECES: [&str; 8] = ["https://", "u:p@", "?k=v", "data:", "blob:", "://", "#a=b&c", ":10:5"];
        let limit = self.pick(&[0, 1, 33, 45, 2046, 2047, 2048, 2049, 8191, 8192, 8193, 20_000]);
        let mut text = String::new();
        while text.len() < limit {
            if self.below(8) == 0 {
                text.push_str(self.pick(&PIECES));
            } else {
                text.push(self.pick(&CHARACTERS));
            }
        }
        text
    }
}
