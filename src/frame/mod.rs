//! Tables of numbers and texts: grouped, joined and put in order by polars. All numbers are whole:
//! amounts are cents, days are counted from 1970-01-01. Those of a dossier are at most so large that the
//! sums of fifty million of them fit.
//!
//! Two rapporten side by side, the productieverantwoording and the monitor are made with it; the totals
//! of a rapport say themselves why they aren't.

use hashbrown::HashSet;
use polars_core::prelude::*;
use polars_ops::prelude::*;

/// What polars gives, or why it couldn't.
pub(crate) type Made<T> = PolarsResult<T>;

/// A table whose columns are whole numbers or texts.
#[derive(Clone, Debug)]
pub(crate) struct Frame(DataFrame);

/// A column of numbers that fit in 32 bits: keys, days, months, counts of one.
pub(crate) fn small(name: &str, values: Vec<i32>) -> Column {
    Column::new(name.into(), values)
}

/// The same, where some are absent.
pub(crate) fn small_or_none(name: &str, values: Vec<Option<i32>>) -> Column {
    Column::new(name.into(), values)
}

/// A column of amounts or volumes.
pub(crate) fn large(name: &str, values: Vec<i64>) -> Column {
    Column::new(name.into(), values)
}

/// The same, where some are absent.
pub(crate) fn large_or_none(name: &str, values: Vec<Option<i64>>) -> Column {
    Column::new(name.into(), values)
}

/// A column of texts, to which one is added at a time.
pub(crate) struct TextColumn(StringChunkedBuilder);

impl TextColumn {
    pub(crate) fn new(name: &str) -> TextColumn {
        TextColumn(StringChunkedBuilder::new(name.into(), 0))
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.0.append_value(text);
    }

    pub(crate) fn column(self) -> Column {
        self.0.finish().into_column()
    }
}

impl Frame {
    pub(crate) fn of(columns: Vec<Column>) -> Made<Frame> {
        Ok(Frame(DataFrame::new_infer_height(columns)?))
    }

    /// The rows of all these frames, which have the same columns, in one piece.
    ///
    /// # Panics
    /// Without any frame.
    pub(crate) fn stacked(frames: &[Frame]) -> Made<Frame> {
        let mut whole = frames[0].0.clone();
        for frame in &frames[1..] {
            whole.vstack_mut(&frame.0)?;
        }
        whole.rechunk_mut_par();
        Ok(Frame(whole))
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.0.height()
    }

    /// A column as numbers, `None` where one is absent.
    pub(crate) fn values(&self, name: &str) -> Made<Vec<Option<i64>>> {
        let column = self.0.column(name)?.cast(&DataType::Int64)?;
        Ok(column.i64()?.iter().collect())
    }

    /// The same with 0 for what is absent, as after a join where nothing was found.
    pub(crate) fn counts(&self, name: &str) -> Made<Vec<i64>> {
        Ok(self.values(name)?.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// A column of texts, each `None` where it is absent.
    pub(crate) fn texts(&self, name: &str) -> Made<Vec<Option<&str>>> {
        Ok(self.0.column(name)?.str()?.iter().collect())
    }

    /// Those rows in which one of these columns isn't what it is on the [`right`] side.
    pub(crate) fn unlike(&self, names: &[&str]) -> Made<Frame> {
        let mut unlike = BooleanChunked::full("".into(), false, self.rows());
        for name in names {
            let [left, right] = [self.0.column(name), self.0.column(&right(name))]
                .map(|c| c.map(Column::as_materialized_series));
            unlike = unlike | left?.not_equal_missing(right?)?;
        }
        self.filter(&unlike)
    }

    /// Those rows of which this column lies between two numbers, both included.
    pub(crate) fn between(&self, name: &str, from: i64, until: i64) -> Made<Frame> {
        let column = self.0.column(name)?.cast(&DataType::Int64)?;
        let values = column.i64()?;
        self.filter(&(values.gt_eq(from) & values.lt_eq(until)))
    }

    /// Those rows of which this column is this number.
    pub(crate) fn with(&self, name: &str, value: i64) -> Made<Frame> {
        self.between(name, value, value)
    }

    /// Those rows of which this column isn't this number.
    pub(crate) fn without(&self, name: &str, value: i64) -> Made<Frame> {
        let column = self.0.column(name)?.cast(&DataType::Int64)?;
        self.filter(&column.i64()?.not_equal(value))
    }

    /// Those rows for which `keep` says so of their number.
    pub(crate) fn keep(&self, keep: impl FnMut(usize) -> bool) -> Made<Frame> {
        let mask: BooleanChunked = (0..self.rows()).map(keep).collect();
        self.filter(&mask)
    }

    fn filter(&self, mask: &BooleanChunked) -> Made<Frame> {
        Ok(Frame(self.0.filter(mask)?))
    }

    /// The sums of columns by key, in no order.
    pub(crate) fn sums(&self, keys: &[&str], values: &[&str]) -> Made<Frame> {
        self.grouped(keys, values, Aggregate::Sum)
    }

    /// The least of columns by key, in no order; absent values don't count.
    pub(crate) fn least(&self, keys: &[&str], values: &[&str]) -> Made<Frame> {
        self.grouped(keys, values, Aggregate::Least)
    }

    /// The greatest of columns by key, in no order; absent values don't count.
    pub(crate) fn greatest(&self, keys: &[&str], values: &[&str]) -> Made<Frame> {
        self.grouped(keys, values, Aggregate::Greatest)
    }

    /// Each combination of these columns once, in no order.
    pub(crate) fn different(&self, keys: &[&str]) -> Made<Frame> {
        match PackedKey::of(self, keys)? {
            // Numbers are put in order in a fraction of the time in which groups of rows are made.
            Some(mut key) => {
                let packed = std::mem::take(&mut key.packed);
                let once = Int64Chunked::from_vec(PACKED.into(), packed).unique()?;
                key.unpack(Frame::of(vec![once.into_column()])?)
            }
            None => Frame::of(self.0.group_by(keys.iter().copied())?.keys()),
        }
    }

    // The successor of these methods is polars' lazy engine, which would be compiled for this alone.
    #[expect(deprecated)]
    fn grouped(&self, keys: &[&str], values: &[&str], make: Aggregate) -> Made<Frame> {
        let key = PackedKey::of(self, keys)?;
        let (frame, by) = match &key {
            Some(key) => (key.replacing(self, values)?, vec![PACKED]),
            None => (self.clone(), keys.to_vec()),
        };
        let groups = frame.0.group_by(by)?;
        let groups = groups.select(values.iter().copied());
        let made = match make {
            Aggregate::Sum => renamed(groups.sum()?, values, "sum")?,
            Aggregate::Least => renamed(groups.min()?, values, "min")?,
            Aggregate::Greatest => renamed(groups.max()?, values, "max")?,
        };
        match key {
            Some(key) => key.unpack(made),
            None => Ok(made),
        }
    }

    /// How many different values of `what` there are by key, as a column `name`.
    pub(crate) fn count_different(&self, keys: &[&str], what: &str, name: &str) -> Made<Frame> {
        let mut all = keys.to_vec();
        all.push(what);
        let once = self.different(&all)?.and(small_ones)?;
        once.sums(keys, &[ONE])?.called(ONE, name)
    }

    /// How many rows there are by key, as a column `name`.
    pub(crate) fn count_rows(&self, keys: &[&str], name: &str) -> Made<Frame> {
        self.clone().and(small_ones)?.sums(keys, &[ONE])?.called(ONE, name)
    }

    /// The median of a column by key, of whole numbers and rounded half up, with the number of values
    /// that it is of as a column `n`. Absent values don't count.
    pub(crate) fn median(&self, keys: &[&str], value: &str, n: &str) -> Made<Frame> {
        let known = self.0.column(value)?.is_not_null();
        let mut order = keys.to_vec();
        order.push(value);
        let sorted = self.filter(&known)?.sorted(&order)?;
        let places = (0..sorted.rows() as i32).collect();
        let numbered = sorted.clone().and(|_| Ok(small(PLACE, places)))?;
        let first = numbered.least(keys, &[PLACE])?;
        let groups = first.left(&sorted.count_rows(keys, n)?, keys)?;
        let (from, count) = (groups.counts(PLACE)?, groups.counts(n)?);
        let values = sorted.counts(value)?;
        let middle = from.into_iter().zip(count).map(|(from, count)| {
            let [low, high] =
                [(count - 1) / 2, count / 2].map(|place| values[(from + place) as usize]);
            half_up(low + high, 2)
        });
        let middle = large(value, middle.collect());
        groups.without_column(PLACE)?.and(|_| Ok(middle))
    }

    /// These rows with what `other` says of their key; absent where it says nothing.
    pub(crate) fn left(&self, other: &Frame, keys: &[&str]) -> Made<Frame> {
        Ok(Frame(self.0.left_join(&other.0, keys.iter().copied(), keys.iter().copied())?))
    }

    /// These rows with each row of `other` of their key.
    pub(crate) fn inner(&self, other: &Frame, keys: &[&str]) -> Made<Frame> {
        Ok(Frame(self.0.inner_join(&other.0, keys.iter().copied(), keys.iter().copied())?))
    }

    /// These rows and those of `other`, side by side where they have the same key; absent is what one of
    /// them doesn't say. A column that both have is of `other` under the name that [`right`] gives.
    pub(crate) fn full(&self, other: &Frame, keys: &[&str]) -> Made<Frame> {
        let on = || keys.iter().copied();
        let how = JoinArgs::new(JoinType::Full).with_coalesce(JoinCoalesce::CoalesceColumns);
        Ok(Frame(self.0.join(&other.0, on(), on(), how, None)?))
    }

    /// Of each key the last row.
    pub(crate) fn last_of_each(&self, keys: &[&str]) -> Made<Frame> {
        let numbered = self.clone().and(|f| Ok(small(PLACE, (0..f.rows() as i32).collect())))?;
        let last = numbered.greatest(keys, &[PLACE])?;
        if last.rows() == self.rows() {
            return Ok(self.clone());
        }
        let last: HashSet<i64> = last.counts(PLACE)?.into_iter().collect();
        self.keep(|row| last.contains(&(row as i64)))
    }

    /// These rows and those of another frame with the same columns.
    pub(crate) fn below(&self, other: &Frame) -> Made<Frame> {
        let names: Vec<_> = self.0.get_column_names_owned();
        Ok(Frame(self.0.vstack(&other.0.select(names)?)?))
    }

    /// Only these columns, in this order.
    pub(crate) fn only(&self, names: &[&str]) -> Made<Frame> {
        Ok(Frame(self.0.select(names.iter().copied())?))
    }

    /// In the order of these columns; what is absent comes first.
    pub(crate) fn sorted(&self, by: &[&str]) -> Made<Frame> {
        Ok(Frame(self.0.sort(by.iter().copied(), SortMultipleOptions::default())?))
    }

    /// With one more column, made of the others.
    pub(crate) fn and(mut self, make: impl FnOnce(&Frame) -> Made<Column>) -> Made<Frame> {
        let column = make(&self)?;
        self.0.with_column(column)?;
        Ok(self)
    }

    /// With one of its columns under another name.
    pub(crate) fn called(mut self, from: &str, to: &str) -> Made<Frame> {
        self.0.rename(from, to.into())?;
        Ok(self)
    }

    fn without_column(&self, name: &str) -> Made<Frame> {
        Ok(Frame(self.0.drop(name)?))
    }
}

/// What is made of the values of a group.
#[derive(Clone, Copy)]
enum Aggregate {
    Sum,
    Least,
    Greatest,
}

/// Several keys as one number: polars groups by a number several times as fast as by a row of them.
struct PackedKey<'k> {
    /// Each key with the type of its column, its least value, and how many values it can have.
    keys: Vec<(&'k str, DataType, i64, i64)>,
    packed: Vec<i64>,
}

impl<'k> PackedKey<'k> {
    /// `None` for one key, and where they are no numbers or don't fit in one.
    fn of(frame: &Frame, keys: &[&'k str]) -> Made<Option<PackedKey<'k>>> {
        if keys.len() < 2 || frame.rows() == 0 {
            return Ok(None);
        }
        let mut key = PackedKey { keys: Vec::new(), packed: vec![0; frame.rows()] };
        let mut room = 1_i64;
        for name in keys {
            let column = frame.0.column(name)?;
            if !column.dtype().is_integer() {
                return Ok(None);
            }
            let numbers = column.cast(&DataType::Int64)?;
            let numbers = numbers.i64()?;
            let (Some(least), Some(most)) = (numbers.min(), numbers.max()) else { return Ok(None) };
            let count = most.checked_sub(least).and_then(|n| n.checked_add(1));
            let fits = count.and_then(|count| room.checked_mul(count));
            let (Some(count), Some(fits), 0) = (count, fits, numbers.null_count()) else {
                return Ok(None);
            };
            room = fits;
            let packed = key.packed.iter_mut().zip(numbers.into_no_null_iter());
            packed.for_each(|(packed, n)| *packed = *packed * count + (n - least));
            key.keys.push((name, column.dtype().clone(), least, count));
        }
        Ok(Some(key))
    }

    /// The values with the packed key beside them.
    fn replacing(&self, frame: &Frame, values: &[&str]) -> Made<Frame> {
        let mut columns = frame.0.select_to_vec(values.iter().copied())?;
        columns.push(large(PACKED, self.packed.clone()));
        Frame::of(columns)
    }

    /// What was made, with the keys themselves before it.
    fn unpack(&self, made: Frame) -> Made<Frame> {
        let mut packed = made.counts(PACKED)?;
        let mut columns = Vec::new();
        for (name, kind, least, count) in self.keys.iter().rev() {
            let own = packed.iter().map(|p| p % count + least).collect();
            columns.push(large(name, own).cast(kind)?);
            packed.iter_mut().for_each(|p| *p /= count);
        }
        columns.reverse();
        columns.extend(made.without_column(PACKED)?.0.columns().iter().cloned());
        Frame::of(columns)
    }
}

/// What polars calls a column of the other side of a join, where both have one of this name.
pub(crate) fn right(name: &str) -> String {
    format!("{name}_right")
}

/// Name of the column of packed keys.
const PACKED: &str = "sleutels";

/// Name of a column of ones.
const ONE: &str = "één";

/// Name of a column of places in an order.
const PLACE: &str = "plaats";

fn small_ones(frame: &Frame) -> Made<Column> {
    Ok(small(ONE, vec![1; frame.rows()]))
}

/// polars adds to a column's name what it made of it.
fn renamed(mut frame: DataFrame, values: &[&str], made: &str) -> Made<Frame> {
    for value in values {
        frame.rename(&format!("{value}_{made}"), (*value).into())?;
    }
    Ok(Frame(frame))
}

/// `a / b` in whole numbers, halves away from zero upwards; `b` is above zero.
pub(crate) fn half_up(a: i64, b: i64) -> i64 {
    crate::dossier::half_up(i128::from(a), i128::from(b))
}

/// A part of a whole in hundredths of a percent; `None` of nothing.
pub(crate) fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| crate::dossier::half_up(i128::from(part) * 10_000, i128::from(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::of(vec![
            small("Sleutel", vec![2, 1, 2, 1, 2]),
            small_or_none("Wie", vec![Some(7), Some(8), Some(7), None, Some(9)]),
            large("Bedrag", vec![10, 20, 30, 45, 5]),
        ])
        .unwrap()
    }

    #[test]
    fn sums_counts_and_medians_are_by_key() {
        let sums = frame().sums(&["Sleutel"], &["Bedrag"]).unwrap().sorted(&["Sleutel"]).unwrap();
        assert_eq!(sums.counts("Bedrag").unwrap(), [65, 45]);
        let who = frame().without("Sleutel", 1).unwrap();
        let who = who.count_different(&["Sleutel"], "Wie", "n").unwrap();
        assert_eq!(who.counts("n").unwrap(), [2]);
        let medians = frame().median(&["Sleutel"], "Bedrag", "n").unwrap();
        let medians = medians.sorted(&["Sleutel"]).unwrap();
        // 32,5 goes up.
        assert_eq!(medians.counts("Bedrag").unwrap(), [33, 10]);
        assert_eq!(medians.counts("n").unwrap(), [2, 3]);
    }

    #[test]
    fn a_table_without_rows_stays_one() {
        let none = frame().with("Sleutel", 3).unwrap();
        assert_eq!(none.sums(&["Sleutel"], &["Bedrag"]).unwrap().rows(), 0);
        assert_eq!(none.median(&["Sleutel"], "Bedrag", "n").unwrap().rows(), 0);
        assert_eq!(frame().left(&none, &["Sleutel"]).unwrap().rows(), 5);
    }

    fn named(rows: &[(&str, i64)]) -> Frame {
        let mut names = TextColumn::new("Naam");
        rows.iter().for_each(|(name, _)| names.push(name));
        let values = rows.iter().map(|(_, value)| *value).collect();
        Frame::of(vec![names.column(), large("Bedrag", values)]).unwrap()
    }

    #[test]
    fn a_full_join_has_the_rows_of_both_side_by_side() {
        let left = named(&[("a", 1), ("b", 9), ("b", 2), ("c", 3)]);
        let left = left.last_of_each(&["Naam"]).unwrap();
        let both = left.full(&named(&[("b", 2), ("c", 4), ("d", 5)]), &["Naam"]).unwrap();
        let unlike = both.unlike(&["Bedrag"]).unwrap().sorted(&["Naam"]).unwrap();
        assert_eq!(both.rows(), 4);
        assert_eq!(unlike.texts("Naam").unwrap(), [Some("a"), Some("c"), Some("d")]);
        assert_eq!(unlike.values("Bedrag").unwrap(), [Some(1), Some(3), None]);
        assert_eq!(unlike.values(&right("Bedrag")).unwrap(), [None, Some(4), Some(5)]);
    }

    #[test]
    fn sums_by_text_and_number_are_by_both() {
        let frame = named(&[("a", 1), ("b", 1), ("a", 1), ("a", 2)]);
        let frame = frame.and(small_ones).unwrap();
        let sums = frame.sums(&["Naam", "Bedrag"], &[ONE]).unwrap();
        let sums = sums.sorted(&["Naam", "Bedrag"]).unwrap();
        assert_eq!(sums.counts(ONE).unwrap(), [2, 1, 1]);
        assert_eq!(sums.counts("Bedrag").unwrap(), [1, 2, 1]);
    }
}
