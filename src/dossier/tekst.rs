//! Texts of millions of rows without a `String` a cell: an arena, which is one run of bytes with
//! numbers into it, and an interner of strings on top of it.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::hash::BuildHasher;

/// Place of a text in its [`Teksten`]. Two ids may stand for equal texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TekstId(u32);

impl TekstId {
    /// The empty text, in every [`Teksten`].
    pub const LEEG: TekstId = TekstId(0);

    /// Is this the id of [`TekstId::LEEG`]? A text that was added empty has it.
    pub fn is_leeg(self) -> bool {
        self.0 == 0
    }
}

/// An arena of texts: the bytes of many after each other, each with its length in front, in one byte
/// or after [`LANG`] in two.
#[derive(Clone, Debug)]
pub struct Teksten {
    bytes: Vec<u8>,
}

/// In front of the length of a text of this many bytes or more.
const LANG: u8 = u8::MAX;

impl Default for Teksten {
    fn default() -> Self {
        Teksten { bytes: vec![0; Self::LEGE] }
    }
}

impl Teksten {
    /// Longest text that is kept, in bytes; what is longer is cut at a character.
    pub const LANGSTE: usize = 1_000;

    /// Empty texts that all begin with: [`TekstId::LEEG`], and as many behind it as are ever asked for.
    const LEGE: usize = 3;

    /// Adds a text, given as `str` or as its bytes: those of a cell needn't be looked at once more.
    #[inline]
    pub fn voeg_toe(&mut self, tekst: impl AsRef<[u8]>) -> TekstId {
        let tekst = hoogstens_de_langste(tekst.as_ref());
        if tekst.is_empty() {
            return TekstId::LEEG;
        }
        self.voeg_achteraan(tekst)
    }

    /// Adds texts that belong together under one id: see [`Teksten::samen`].
    #[inline]
    pub fn voeg_samen_toe(&mut self, teksten: [&[u8]; Self::LEGE]) -> TekstId {
        let [eerste, rest @ ..] = teksten.map(hoogstens_de_langste);
        let id = self.voeg_achteraan(eerste);
        for tekst in rest {
            self.voeg_achteraan(tekst);
        }
        id
    }

    #[inline]
    fn voeg_achteraan(&mut self, tekst: &[u8]) -> TekstId {
        let id = u32::try_from(self.bytes.len()).expect("texts of one dossier stay below 4 GB");
        match u8::try_from(tekst.len()) {
            Ok(lengte) if lengte < LANG => self.bytes.push(lengte),
            _ => {
                self.bytes.push(LANG);
                self.bytes.extend_from_slice(&(tekst.len() as u16).to_le_bytes());
            }
        }
        self.bytes.extend_from_slice(tekst);
        TekstId(id)
    }

    /// A text as bytes, for comparing.
    #[inline]
    pub fn bytes(&self, id: TekstId) -> &[u8] {
        eerste_tekst(&self.bytes[id.0 as usize..]).0
    }

    /// The texts that were added together.
    #[inline]
    pub fn samen(&self, id: TekstId) -> [&[u8]; Self::LEGE] {
        let mut rest = &self.bytes[id.0 as usize..];
        std::array::from_fn(|_| {
            let tekst;
            (tekst, rest) = eerste_tekst(rest);
            tekst
        })
    }

    /// A text, for people.
    pub fn tekst(&self, id: TekstId) -> &str {
        heel(self.bytes(id))
    }

    /// Takes over the texts of a part; the result turns the part's ids into ours.
    pub fn neem_over(&mut self, deel: &Teksten) -> impl Fn(TekstId) -> TekstId + use<> {
        let erbij = u32::try_from(self.bytes.len() - Self::LEGE)
            .expect("texts of one dossier stay below 4 GB");
        self.bytes.extend_from_slice(&deel.bytes[Self::LEGE..]);
        u32::try_from(self.bytes.len()).expect("texts of one dossier stay below 4 GB");
        move |id| if id.is_leeg() { id } else { TekstId(id.0 + erbij) }
    }

    /// Bytes in use.
    pub fn omvang(&self) -> usize {
        self.bytes.len()
    }

    /// Makes room for so many bytes more.
    pub fn reserveer(&mut self, bytes: usize) {
        self.bytes.reserve_exact(bytes);
    }
}

/// A text of these, for people.
pub(super) fn heel(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("only whole texts are added")
}

/// The first text in these bytes, and what comes after it.
#[inline]
fn eerste_tekst(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes[0] {
        LANG => bytes[3..].split_at(u16::from_le_bytes([bytes[1], bytes[2]]).into()),
        lengte => bytes[1..].split_at(lengte.into()),
    }
}

/// As much of a text as is kept.
#[inline]
fn hoogstens_de_langste(tekst: &[u8]) -> &[u8] {
    let mut lengte = tekst.len();
    if lengte > Teksten::LANGSTE {
        let is_vervolg = |byte: u8| byte & 0b1100_0000 == 0b1000_0000;
        lengte = Teksten::LANGSTE;
        while is_vervolg(tekst[lengte]) {
            lengte -= 1;
        }
    }
    &tekst[..lengte]
}

/// Are these the same? Most texts are so short that two looks at each settle it, without a call.
#[inline]
pub fn is_gelijk(a: &[u8], b: &[u8]) -> bool {
    #[inline]
    fn uiteinden<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk::<N>() && a.last_chunk::<N>() == b.last_chunk::<N>()
    }
    a.len() == b.len()
        && match a.len() {
            0 => true,
            1 => a[0] == b[0],
            2..4 => uiteinden::<2>(a, b),
            4..8 => uiteinden::<4>(a, b),
            8..=16 => uiteinden::<8>(a, b),
            _ => a == b,
        }
}

/// Number of a word in its [`Woordenboek`]: equal words have equal numbers. 0 is the empty word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WoordNr(pub u32);

impl WoordNr {
    /// The empty word, in every [`Woordenboek`].
    pub const LEEG: WoordNr = WoordNr(0);

    /// Is this the empty word?
    pub fn is_leeg(self) -> bool {
        self.0 == 0
    }

    /// For a list with a place for each word.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An interner of strings: words that come back often, each kept once under a number.
#[derive(Clone, Debug)]
pub struct Woordenboek {
    teksten: Teksten,
    woorden: Vec<TekstId>,
    tabel: HashTable<u32>,
    zaad: FixedState,
}

impl Default for Woordenboek {
    fn default() -> Self {
        Woordenboek {
            teksten: Teksten::default(),
            woorden: vec![TekstId::LEEG],
            tabel: HashTable::new(),
            zaad: FixedState::default(),
        }
    }
}

impl Woordenboek {
    /// The number of a word, given as `str` or as its bytes.
    pub fn zoek(&self, woord: impl AsRef<[u8]>) -> Option<WoordNr> {
        let woord = woord.as_ref();
        if woord.is_empty() {
            return Some(WoordNr::LEEG);
        }
        let hash = self.zaad.hash_one(woord);
        self.tabel
            .find(hash, |&nr| is_gelijk(self.teksten.bytes(self.woorden[nr as usize]), woord))
            .map(|&nr| WoordNr(nr))
    }

    /// The same where rows often have the word of the row before or the one after it: two exports of
    /// one system tend to be in the same order.
    #[inline]
    pub fn zoek_na(&self, vorige: WoordNr, woord: impl AsRef<[u8]>) -> Option<WoordNr> {
        let woord = woord.as_ref();
        let hierna = WoordNr(vorige.0 + 1);
        if self.is(vorige, woord) {
            Some(vorige)
        } else if hierna.index() < self.woorden.len() && self.is(hierna, woord) {
            Some(hierna)
        } else {
            self.zoek(woord)
        }
    }

    /// The number of a word, a new one where it has none yet.
    pub fn nummer(&mut self, woord: impl AsRef<[u8]>) -> WoordNr {
        let woord = woord.as_ref();
        if woord.is_empty() {
            return WoordNr::LEEG;
        }
        let (teksten, woorden, zaad) = (&mut self.teksten, &mut self.woorden, &self.zaad);
        let plek = self.tabel.entry(
            zaad.hash_one(woord),
            |&nr| is_gelijk(teksten.bytes(woorden[nr as usize]), woord),
            |&nr| zaad.hash_one(teksten.bytes(woorden[nr as usize])),
        );
        let nr = match plek {
            Entry::Occupied(bekend) => *bekend.get(),
            Entry::Vacant(vrij) => {
                let nr = u32::try_from(woorden.len()).expect("fewer than four billion words");
                vrij.insert(nr);
                woorden.push(teksten.voeg_toe(woord));
                nr
            }
        };
        WoordNr(nr)
    }

    /// Makes room for so many words more.
    pub fn verwacht(&mut self, aantal: usize) {
        let (teksten, woorden, zaad) = (&self.teksten, &self.woorden, &self.zaad);
        self.tabel.reserve(aantal, |&nr| zaad.hash_one(teksten.bytes(woorden[nr as usize])));
        self.woorden.reserve(aantal);
    }

    /// A word, for people.
    pub fn tekst(&self, nr: WoordNr) -> &str {
        self.teksten.tekst(self.woorden[nr.index()])
    }

    /// The word as bytes, for comparing.
    #[inline]
    pub fn bytes(&self, nr: WoordNr) -> &[u8] {
        self.teksten.bytes(self.woorden[nr.index()])
    }

    /// Is this the word with that number?
    #[inline]
    pub fn is(&self, nr: WoordNr, woord: impl AsRef<[u8]>) -> bool {
        is_gelijk(self.bytes(nr), woord.as_ref())
    }

    /// Number of words, the empty one included.
    pub fn aantal(&self) -> usize {
        self.woorden.len()
    }

    /// Takes over the words of a part: for each of its numbers ours.
    pub fn neem_over(&mut self, deel: &Woordenboek) -> Vec<WoordNr> {
        deel.woorden.iter().map(|&id| self.nummer(deel.teksten.bytes(id))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_comes_back_cut_at_its_longest() {
        let mut teksten = Teksten::default();
        for lengte in [0, 1, 254, 255, 256, 999, 1_000, 1_001] {
            let id = teksten.voeg_toe("x".repeat(lengte));
            assert_eq!(teksten.tekst(id).len(), lengte.min(Teksten::LANGSTE));
        }
        let id = teksten.voeg_toe("x".to_owned() + &"é".repeat(500));
        assert_eq!(teksten.tekst(id), "x".to_owned() + &"é".repeat(499));
    }

    #[test]
    fn texts_of_any_length_are_the_same_only_if_every_byte_is() {
        for lengte in 0..40 {
            let a = vec![b'x'; lengte];
            assert!(is_gelijk(&a, &a.clone()));
            assert!(!is_gelijk(&a, &vec![b'x'; lengte + 1]));
            for plek in 0..lengte {
                let mut b = a.clone();
                b[plek] = b'y';
                assert!(!is_gelijk(&a, &b), "{lengte} bytes, byte {plek}");
            }
        }
    }

    #[test]
    fn texts_that_belong_together_come_back_together() {
        let mut teksten = Teksten::default();
        assert_eq!(teksten.samen(TekstId::LEEG), [b""; 3]);
        let lang = [b'x'; 300];
        for samen in [[&b"a"[..], b"", b"ccc"], [b"", b"", b""], [b"", &lang, b"d"]] {
            let id = teksten.voeg_samen_toe(samen);
            assert_eq!(teksten.samen(id), samen);
            assert_eq!(teksten.bytes(id), samen[0]);
        }
    }

    #[test]
    fn parts_keep_their_texts_when_taken_over() {
        let mut heel = Teksten::default();
        let a = heel.voeg_toe("A-1");
        let mut deel = Teksten::default();
        let b = deel.voeg_toe("é-2");
        let om = heel.neem_over(&deel);
        assert_eq!(heel.tekst(a), "A-1");
        assert_eq!(heel.tekst(om(b)), "é-2");
        assert_eq!(heel.tekst(om(TekstId::LEEG)), "");
    }

    #[test]
    fn equal_words_share_a_number_across_parts() {
        let mut heel = Woordenboek::default();
        let x = heel.nummer("45A04");
        let mut deel = Woordenboek::default();
        let y = deel.nummer("52B01");
        let z = deel.nummer("45A04");
        let om = heel.neem_over(&deel);
        assert_eq!(om[z.index()], x);
        assert_ne!(om[y.index()], x);
        assert_eq!(heel.tekst(om[y.index()]), "52B01");
        assert_eq!(heel.nummer(""), WoordNr::LEEG);
    }
}
