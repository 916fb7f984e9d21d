//! Columns of an export that mean nothing to the rules and ride along to the rapport: those of a line
//! are one text, which lines share.

use super::text_arena::TextArena;

/// Between two cells.
const BETWEEN: char = '\u{1f}';

/// So many columns ride along at most.
pub(crate) const MOST_COLUMNS: usize = 10;

/// The cells of a line as one text, empty where all are. Together they have at most the
/// [`TextArena::LONGEST`] bytes of a text: of what doesn't fit the longest are cut, with `…` at the end.
pub(crate) fn join_cells<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    let mut cells: Vec<String> = cells.map(plain).collect();
    if cells.iter().all(String::is_empty) {
        return String::new();
    }
    let room = TextArena::LONGEST - (cells.len() - 1) * BETWEEN.len_utf8();
    if cells.iter().map(String::len).sum::<usize>() > room {
        cut(&mut cells, room);
    }
    cells.join(&BETWEEN.to_string())
}

/// The cell at this place in what [`join_cells`] made.
pub(crate) fn cell_of(joined: &str, place: usize) -> &str {
    joined.split(BETWEEN).nth(place).unwrap_or_default()
}

/// On one line, without what steers a terminal.
fn plain(cell: &str) -> String {
    let spaced = cell.replace(char::is_control, " ");
    spaced.trim().to_owned()
}

fn cut(cells: &mut [String], room: usize) {
    const MARK: char = '…';
    let mut most = room / cells.len();
    loop {
        // What short ones leave is for the others.
        let short = cells.iter().map(String::len).filter(|length| *length <= most);
        let (taken, count) = short.fold((0, 0), |(sum, n), length| (sum + length, n + 1));
        let more = (room - taken) / (cells.len() - count).max(1);
        if more <= most {
            break;
        }
        most = more;
    }
    for cell in cells.iter_mut().filter(|cell| cell.len() > most) {
        cell.truncate(cell.floor_char_boundary(most - MARK.len_utf8()));
        cell.push(MARK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_in_their_places() {
        let joined = join_cells(["Team\nNoord", "", " Zwolle\u{1f}"].into_iter());
        let cells: Vec<&str> = (0..4).map(|place| cell_of(&joined, place)).collect();
        assert_eq!(cells, ["Team Noord", "", "Zwolle", ""]);
        assert_eq!(join_cells(["", " "].into_iter()), "");
    }

    #[test]
    fn what_is_too_long_together_is_cut_where_it_is_longest_and_says_so() {
        let long = "é".repeat(2_000);
        let joined = join_cells(["kort", &long, &long].into_iter());
        assert!(joined.len() <= TextArena::LONGEST && joined.len() > TextArena::LONGEST - 10);
        assert_eq!(cell_of(&joined, 0), "kort");
        assert!([1, 2].iter().all(|place| cell_of(&joined, *place).ends_with("é…")));
        let ten = vec!["x".repeat(400); 10];
        let joined = join_cells(ten.iter().map(String::as_str));
        assert!((0..10).all(|place| cell_of(&joined, place).len() > 90));
    }
}
