//! Texts of millions of rows without a `String` a cell: an arena, which is one run of bytes with
//! numbers into it, and an interner of strings on top of it.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::hash::BuildHasher;

/// Place of a text in its [`TextArena`]. Two ids may stand for equal texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TextId(u32);

impl TextId {
    /// The empty text, in every [`TextArena`].
    pub(crate) const EMPTY: TextId = TextId(0);

    /// Is this the id of [`TextId::EMPTY`]? A text that was added empty has it.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// An arena of texts: the bytes of many after each other, each with its length in front, in one byte
/// or after [`LONG`] in two.
#[derive(Clone, Debug)]
pub struct TextArena {
    bytes: Vec<u8>,
}

/// In front of the length of a text of this many bytes or more.
const LONG: u8 = u8::MAX;

impl Default for TextArena {
    fn default() -> Self {
        TextArena { bytes: vec![0; Self::EMPTY] }
    }
}

impl TextArena {
    /// Longest text that is kept, in bytes; what is longer is cut at a character.
    pub(crate) const LONGEST: usize = 1_000;

    /// Empty texts that all begin with: [`TextId::EMPTY`], and as many behind it as are ever asked for.
    const EMPTY: usize = 3;

    /// Adds a text, given as `str` or as its bytes: those of a cell needn't be looked at once more.
    #[inline]
    pub(crate) fn push(&mut self, text: impl AsRef<[u8]>) -> TextId {
        let text = at_most_the_longest(text.as_ref());
        if text.is_empty() {
            return TextId::EMPTY;
        }
        self.append(text)
    }

    /// Adds texts that belong together under one id: see [`TextArena::get_together`].
    #[inline]
    pub(crate) fn push_together(&mut self, texts: [&[u8]; Self::EMPTY]) -> TextId {
        let [first, rest @ ..] = texts.map(at_most_the_longest);
        let id = self.append(first);
        for text in rest {
            self.append(text);
        }
        id
    }

    #[inline]
    fn append(&mut self, text: &[u8]) -> TextId {
        let id = u32::try_from(self.bytes.len()).expect("texts of one dossier stay below 4 GB");
        match u8::try_from(text.len()) {
            Ok(length) if length < LONG => self.bytes.push(length),
            _ => {
                self.bytes.push(LONG);
                self.bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
            }
        }
        self.bytes.extend_from_slice(text);
        TextId(id)
    }

    /// A text as bytes, for comparing.
    #[inline]
    pub(crate) fn bytes(&self, id: TextId) -> &[u8] {
        first_text(&self.bytes[id.0 as usize..]).0
    }

    /// The texts that were added together.
    #[inline]
    pub fn get_together(&self, id: TextId) -> [&[u8]; Self::EMPTY] {
        let mut rest = &self.bytes[id.0 as usize..];
        std::array::from_fn(|_| {
            let text;
            (text, rest) = first_text(rest);
            text
        })
    }

    /// A text, for people.
    pub(crate) fn get(&self, id: TextId) -> &str {
        whole(self.bytes(id))
    }

    /// Takes over the texts of a part; the result turns the part's ids into ours.
    pub(crate) fn merge(&mut self, part: &TextArena) -> impl Fn(TextId) -> TextId + use<> {
        let added = u32::try_from(self.bytes.len() - Self::EMPTY)
            .expect("texts of one dossier stay below 4 GB");
        self.bytes.extend_from_slice(&part.bytes[Self::EMPTY..]);
        u32::try_from(self.bytes.len()).expect("texts of one dossier stay below 4 GB");
        move |id| if id.is_empty() { id } else { TextId(id.0 + added) }
    }

    /// Bytes in use.
    pub(crate) fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    /// Makes room for so many bytes more.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve_exact(bytes);
    }
}

/// A text of these, for people.
pub(super) fn whole(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("only whole texts are added")
}

/// The first text in these bytes, and what comes after it.
#[inline]
fn first_text(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes[0] {
        LONG => bytes[3..].split_at(u16::from_le_bytes([bytes[1], bytes[2]]).into()),
        length => bytes[1..].split_at(length.into()),
    }
}

/// As much of a text as is kept.
#[inline]
fn at_most_the_longest(text: &[u8]) -> &[u8] {
    let mut length = text.len();
    if length > TextArena::LONGEST {
        let is_vervolg = |byte: u8| byte & 0b1100_0000 == 0b1000_0000;
        length = TextArena::LONGEST;
        while is_vervolg(text[length]) {
            length -= 1;
        }
    }
    &text[..length]
}

/// Are these the same? Most texts are so short that two looks at each settle it, without a call.
#[inline]
pub(crate) fn is_equal(a: &[u8], b: &[u8]) -> bool {
    #[inline]
    fn ends_are_same<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk::<N>() && a.last_chunk::<N>() == b.last_chunk::<N>()
    }
    a.len() == b.len()
        && match a.len() {
            0 => true,
            1 => a[0] == b[0],
            2..4 => ends_are_same::<2>(a, b),
            4..8 => ends_are_same::<4>(a, b),
            8..=16 => ends_are_same::<8>(a, b),
            _ => a == b,
        }
}

/// Number of a word in its [`StringInterner`]: equal words have equal numbers. 0 is the empty word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordId(pub u32);

impl WordId {
    /// The empty word, in every [`StringInterner`].
    pub(crate) const EMPTY: WordId = WordId(0);

    /// Is this the empty word?
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// For a list with a place for each word.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// An interner of strings: words that come back often, each kept once under a number.
#[derive(Clone, Debug)]
pub struct StringInterner {
    texts: TextArena,
    words: Vec<TextId>,
    table: HashTable<u32>,
    seed: FixedState,
}

impl Default for StringInterner {
    fn default() -> Self {
        StringInterner {
            texts: TextArena::default(),
            words: vec![TextId::EMPTY],
            table: HashTable::new(),
            seed: FixedState::default(),
        }
    }
}

impl StringInterner {
    /// The number of a word, given as `str` or as its bytes.
    pub(crate) fn find(&self, word: impl AsRef<[u8]>) -> Option<WordId> {
        let word = word.as_ref();
        if word.is_empty() {
            return Some(WordId::EMPTY);
        }
        let hash = self.seed.hash_one(word);
        self.table
            .find(hash, |&id| is_equal(self.texts.bytes(self.words[id as usize]), word))
            .map(|&id| WordId(id))
    }

    /// The same where rows often have the word of the row before or the one after it: two exports of
    /// one system tend to be in the same order.
    #[inline]
    pub(crate) fn find_after(&self, previous: WordId, word: impl AsRef<[u8]>) -> Option<WordId> {
        let word = word.as_ref();
        let next = WordId(previous.0 + 1);
        if self.is(previous, word) {
            Some(previous)
        } else if next.index() < self.words.len() && self.is(next, word) {
            Some(next)
        } else {
            self.find(word)
        }
    }

    /// The number of a word, a new one where it has none yet.
    pub(crate) fn intern(&mut self, word: impl AsRef<[u8]>) -> WordId {
        let word = word.as_ref();
        if word.is_empty() {
            return WordId::EMPTY;
        }
        let (texts, words, seed) = (&mut self.texts, &mut self.words, &self.seed);
        let slot = self.table.entry(
            seed.hash_one(word),
            |&id| is_equal(texts.bytes(words[id as usize]), word),
            |&id| seed.hash_one(texts.bytes(words[id as usize])),
        );
        let id = match slot {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                let id = u32::try_from(words.len()).expect("fewer than four billion words");
                free.insert(id);
                words.push(texts.push(word));
                id
            }
        };
        WordId(id)
    }

    /// Makes room for so many words more.
    pub(crate) fn reserve(&mut self, count: usize) {
        let (texts, words, seed) = (&self.texts, &self.words, &self.seed);
        self.table.reserve(count, |&id| seed.hash_one(texts.bytes(words[id as usize])));
        self.words.reserve(count);
    }

    /// A word, for people.
    pub(crate) fn get(&self, id: WordId) -> &str {
        self.texts.get(self.words[id.index()])
    }

    /// The word as bytes, for comparing.
    #[inline]
    pub(crate) fn bytes(&self, id: WordId) -> &[u8] {
        self.texts.bytes(self.words[id.index()])
    }

    /// Is this the word with that number?
    #[inline]
    pub(crate) fn is(&self, id: WordId, word: impl AsRef<[u8]>) -> bool {
        is_equal(self.bytes(id), word.as_ref())
    }

    /// Number of words, the empty one included.
    pub(crate) fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Takes over the words of a part: for each of its numbers ours.
    pub(crate) fn merge(&mut self, part: &StringInterner) -> Vec<WordId> {
        part.words.iter().map(|&id| self.intern(part.texts.bytes(id))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_comes_back_cut_at_its_longest() {
        let mut texts = TextArena::default();
        for length in [0, 1, 254, 255, 256, 999, 1_000, 1_001] {
            let id = texts.push("x".repeat(length));
            assert_eq!(texts.get(id).len(), length.min(TextArena::LONGEST));
        }
        let id = texts.push("x".to_owned() + &"é".repeat(500));
        assert_eq!(texts.get(id), "x".to_owned() + &"é".repeat(499));
    }

    #[test]
    fn texts_of_any_length_are_the_same_only_if_every_byte_is() {
        for length in 0..40 {
            let a = vec![b'x'; length];
            assert!(is_equal(&a, &a.clone()));
            assert!(!is_equal(&a, &vec![b'x'; length + 1]));
            for slot in 0..length {
                let mut b = a.clone();
                b[slot] = b'y';
                assert!(!is_equal(&a, &b), "{length} bytes, byte {slot}");
            }
        }
    }

    #[test]
    fn texts_that_belong_together_come_back_together() {
        let mut texts = TextArena::default();
        assert_eq!(texts.get_together(TextId::EMPTY), [b""; 3]);
        let long = [b'x'; 300];
        for together in [[&b"a"[..], b"", b"ccc"], [b"", b"", b""], [b"", &long, b"d"]] {
            let id = texts.push_together(together);
            assert_eq!(texts.get_together(id), together);
            assert_eq!(texts.bytes(id), together[0]);
        }
    }

    #[test]
    fn parts_keep_their_texts_when_taken_over() {
        let mut whole = TextArena::default();
        let a = whole.push("A-1");
        let mut part = TextArena::default();
        let b = part.push("é-2");
        let renumber = whole.merge(&part);
        assert_eq!(whole.get(a), "A-1");
        assert_eq!(whole.get(renumber(b)), "é-2");
        assert_eq!(whole.get(renumber(TextId::EMPTY)), "");
    }

    #[test]
    fn equal_words_share_a_number_across_parts() {
        let mut whole = StringInterner::default();
        let x = whole.intern("45A04");
        let mut part = StringInterner::default();
        let y = part.intern("52B01");
        let z = part.intern("45A04");
        let renumber = whole.merge(&part);
        assert_eq!(renumber[z.index()], x);
        assert_ne!(renumber[y.index()], x);
        assert_eq!(whole.get(renumber[y.index()]), "52B01");
        assert_eq!(whole.intern(""), WordId::EMPTY);
    }
}
