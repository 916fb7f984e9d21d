//! Which rows of a sheet a person hid or filtered away.

use std::ops::Range;

/// Such rows in the order in which a workbook tells of them, from zero.
#[derive(Default)]
pub(super) struct Told(Vec<Range<u32>>);

impl Told {
    pub(super) fn add(&mut self, rows: Range<u32>) {
        match self.0.last_mut() {
            _ if rows.is_empty() => {}
            Some(last) if last.end == rows.start => last.end = rows.end,
            _ => self.0.push(rows),
        }
    }
}

/// All such rows of a sheet.
pub(super) struct HiddenRows {
    /// In order, and none touches another.
    ranges: Vec<Range<u32>>,
}

impl From<Told> for HiddenRows {
    fn from(Told(mut told): Told) -> HiddenRows {
        told.sort_by_key(|rows| rows.start);
        told.dedup_by(|next, earlier| {
            let touch = next.start <= earlier.end;
            if touch {
                earlier.end = earlier.end.max(next.end);
            }
            touch
        });
        HiddenRows { ranges: told }
    }
}

impl HiddenRows {
    pub(super) fn contains(&self, row: u32) -> bool {
        let from_there = self.ranges.partition_point(|rows| rows.end <= row);
        self.ranges.get(from_there).is_some_and(|rows| rows.contains(&row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_hidden_in_whatever_order_they_were_told() {
        let mut told = Told::default();
        for rows in [4..5, 5..7, 20..30, 22..23, 1..2, 9..9, 30..31] {
            told.add(rows);
        }
        let hidden = HiddenRows::from(told);
        let found: Vec<u32> = (0..40).filter(|row| hidden.contains(*row)).collect();
        let expected: Vec<u32> = [1, 4, 5, 6].into_iter().chain(20..31).collect();
        assert_eq!(found, expected);
        assert_eq!(hidden.ranges.len(), 3);
    }
}
