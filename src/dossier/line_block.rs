//! Some lines of a dossier, apart from it.

use super::Dossier;
use super::declaratieregel::{Declaratieregel, FileId, LineId};
use super::text_arena::TextArena;

/// Lines with the texts that they name, as a part of a dossier holds them.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineBlock {
    pub lines: Vec<Declaratieregel>,
    /// For each line its number in the whole dossier.
    pub numbers: Vec<u32>,
    pub texts: TextArena,
}

impl LineBlock {
    /// An empty block with room for so many lines.
    pub(crate) fn with_capacity(lines: usize) -> LineBlock {
        LineBlock {
            lines: Vec::with_capacity(lines),
            numbers: Vec::with_capacity(lines),
            texts: TextArena::default(),
        }
    }

    /// Takes over one line of a dossier, with what it names; `number` is its number in the whole.
    pub(crate) fn push(&mut self, from: &Dossier, id: LineId, number: u32) {
        let r = from.line(id);
        let ids = self.texts.push_together(from.texts.get_together(r.ids));
        self.lines.push(Declaratieregel { ids, ..r.clone() });
        self.numbers.push(number);
    }

    /// Puts the lines in the order of the dossier: by file and line, and lines of a message that
    /// stand on one line as they were read.
    pub(crate) fn sort(&mut self) {
        let numbered = self.lines.iter().zip(&self.numbers).zip(0_u32..);
        let mut order: Vec<(FileId, u32, u32, u32)> =
            numbered.map(|((r, number), i)| (r.file, r.line_number, *number, i)).collect();
        if order.is_sorted() {
            return;
        }
        order.sort_unstable();
        self.lines = order.iter().map(|(.., i)| self.lines[*i as usize].clone()).collect();
        self.numbers = order.into_iter().map(|(_, _, number, _)| number).collect();
    }

    /// Leaves out the lines, each with its number in the whole, that `keep` doesn't keep.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Declaratieregel, u32) -> bool) {
        let numbered = self.lines.iter().zip(&self.numbers);
        let kept: Vec<bool> = numbered.map(|(r, number)| keep(r, *number)).collect();
        let mut which = kept.iter();
        self.lines.retain(|_| which.next().is_some_and(|kept| *kept));
        let mut which = kept.iter();
        self.numbers.retain(|_| which.next().is_some_and(|kept| *kept));
    }

    /// Adds the lines of a part.
    pub(crate) fn append(&mut self, part: LineBlock) {
        let moved = self.texts.merge(&part.texts);
        let lines = part.lines.into_iter();
        self.lines.extend(lines.map(|r| Declaratieregel { ids: moved(r.ids), ..r }));
        self.numbers.extend(part.numbers);
    }

    /// All lines of these in that order.
    pub(crate) fn concat(parts: Vec<LineBlock>) -> LineBlock {
        let mut whole = LineBlock::with_capacity(parts.iter().map(|p| p.lines.len()).sum());
        whole.texts.reserve(parts.iter().map(|p| p.texts.byte_len()).sum());
        parts.into_iter().for_each(|part| whole.append(part));
        whole.sort();
        whole
    }
}
