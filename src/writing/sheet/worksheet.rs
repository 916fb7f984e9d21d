//! A sheet, row after row.

use super::cell::{Cell, ColumnFormat, euro};
use super::formats::Formats;
use crate::dossier::{Cent, Eindoordeel, Ernst};
use crate::ground::Shown;
use rust_xlsxwriter::{
    Chart, ChartLegendPosition, ChartSolidFill, ChartType, Color, ConditionalFormatCell,
    ConditionalFormatCellRule, ConditionalFormatDataBar, ConditionalFormatType, DataValidation,
    Formula, Table, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;

/// Name of the first sheet of a rapport, to which the others lead back.
pub(crate) const SAMENVATTING: &str = "Samenvatting";

/// A sheet that is written from top to bottom.
pub(crate) struct Sheet<'w> {
    sheet: &'w mut Worksheet,
    o: &'w Formats,
    row: u32,
    widths: Vec<f64>,
    forms: Vec<Option<ColumnFormat>>,
}

/// A chart of stacked columns of a table whose header stands in the next row: names in its first column,
/// a series in each of the others.
pub(crate) struct StackedChart<'c> {
    pub title: &'c str,
    /// Where the chart stands, beside the table.
    pub kolom: u16,
    /// The first row of the table, counted from its header.
    pub first_row: u32,
    pub rows: usize,
    /// Names and colours.
    pub series: &'c [(&'c str, u32)],
}

/// Height of a line of text, in points.
const LINE_HEIGHT: f64 = 15.0;

/// A row is at most this many lines high: longer texts are read in the cell.
const MOST_LINES: usize = 14;

/// Characters that a cell can hold, as Excel counts them.
const LONGEST: usize = 32_767;

/// As much of a text as a cell can hold.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut room = LONGEST - 1;
    let fits = |c: &char| room.checked_sub(c.len_utf16()).inspect(|left| room = *left).is_some();
    Cow::Owned(text.chars().take_while(fits).chain(['…']).collect())
}

/// A formula with what it gives, for who doesn't calculate it.
fn calculated(formula: &str, bedrag: Cent) -> Formula {
    Formula::new(formula).set_result(euro(bedrag).to_string())
}

/// A4, as spreadsheets number paper.
const A4: u8 = 9;

impl<'w> Sheet<'w> {
    pub(crate) fn new(
        book: &'w mut Workbook,
        o: &'w Formats,
        name: &str,
        widths: &[f64],
    ) -> Result<Sheet<'w>, XlsxError> {
        Sheet::on(book.add_worksheet_with_constant_memory()?, o, name, widths)
    }

    /// On an empty sheet of a workbook that is built in constant memory.
    pub(crate) fn on(
        sheet: &'w mut Worksheet,
        o: &'w Formats,
        name: &str,
        widths: &[f64],
    ) -> Result<Sheet<'w>, XlsxError> {
        sheet.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35);
        sheet.set_footer(format!("&L&8{}&C&8&A&R&8Pagina &P van &N", Shown::from(&o.foot)));
        for (i, width) in widths.iter().enumerate() {
            sheet.set_column_width(i as u16, *width)?;
        }
        Ok(Sheet { sheet, o, row: 0, widths: widths.to_vec(), forms: Vec::new() })
    }

    /// Gives every look its number in the workbook. A look gets it where it is first used: sheets that
    /// are then written beside each other hold the same numbers in every run. To be called before
    /// anything is written.
    pub(crate) fn set_formats(&mut self) -> Result<(), XlsxError> {
        for form in self.o.all() {
            // One cell, until its row is written.
            self.sheet.write_blank(self.row, 0, form)?;
        }
        self.sheet.clear_cell(self.row, 0);
        Ok(())
    }

    /// What the cells of each column look like that don't say otherwise. Such a cell costs a third of
    /// one with a look of its own, which the library looks up by all that it consists of.
    pub(crate) fn forms(&mut self, forms: &[Option<ColumnFormat>]) -> Result<(), XlsxError> {
        for (i, form) in forms.iter().enumerate() {
            if let Some(form) = form {
                self.sheet.set_column_format(i as u16, self.o.of(*form))?;
            }
        }
        self.forms = forms.to_vec();
        Ok(())
    }

    /// Prints the whole sheet on one page.
    pub(crate) fn on_one_page(&mut self) {
        self.sheet.set_print_fit_to_pages(1, 1);
    }

    /// Leaves out a column in which nothing stands: it takes no room on screen or paper.
    pub(crate) fn hide(&mut self, kolom: u16) -> Result<(), XlsxError> {
        self.sheet.set_column_hidden(kolom)?;
        Ok(())
    }

    /// Prints only the first columns of what has been written so far.
    pub(crate) fn print_until(&mut self, kolom: u16) -> Result<(), XlsxError> {
        self.sheet.set_print_area(0, 0, self.row.max(1) - 1, kolom)?;
        Ok(())
    }

    pub(crate) fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        let text = Shown::from(text);
        let text = fitting(&text);
        self.sheet.set_row_height(self.row, 24)?;
        self.sheet.write_string_with_format(self.row, 0, text, &self.o.title)?;
        self.row += 1;
        Ok(())
    }

    /// A row that leads back to the summary.
    pub(crate) fn link_back(&mut self) -> Result<(), XlsxError> {
        self.row(&[Cell::ToSheet("← Samenvatting", SAMENVATTING)], false)
    }

    pub(crate) fn sentence(&mut self, text: &str) -> Result<(), XlsxError> {
        let text = Shown::from(text);
        let text = fitting(&text);
        match self.forms.first() {
            Some(Some(_)) => {
                self.sheet.write_string_with_format(self.row, 0, text, &self.o.sentence)?
            }
            _ => self.sheet.write_string(self.row, 0, text)?,
        };
        self.row += 1;
        Ok(())
    }

    pub(crate) fn blank_line(&mut self) {
        self.row += 1;
    }

    /// Where somebody signs: a line to fill in for each of these questions.
    pub(crate) fn ondertekening(&mut self, questions: &[&str]) -> Result<(), XlsxError> {
        for spec in questions {
            self.blank_line();
            self.row(&[Cell::text(*spec), Cell::text("………………………………………")], false)?;
        }
        Ok(())
    }

    /// A header row; the rows above it and itself stay in view, and it gets filters.
    pub(crate) fn header(
        &mut self,
        headers: &[&str],
        rows: usize,
        freeze: bool,
    ) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 32)?;
        for (i, head) in headers.iter().enumerate() {
            self.sheet.write_string_with_format(self.row, i as u16, *head, &self.o.header)?;
        }
        if freeze {
            self.sheet.set_freeze_panes(self.row + 1, 0)?;
            let last = self.row + rows as u32;
            self.sheet.autofilter(self.row, 0, last, headers.len() as u16 - 1)?;
            self.sheet.set_repeat_rows(self.row, self.row)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A header row, and under it a table of so many rows with this name: it has filters and takes new
    /// formats, sums and charts as one. The rows above the header and itself stay in view.
    pub(crate) fn table(
        &mut self,
        name: &str,
        headers: &[&str],
        rows: usize,
    ) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, 32)?;
        let column = |header: &&str| {
            TableColumn::new().set_header(*header).set_header_format(&self.o.header)
        };
        let columns: Vec<TableColumn> = headers.iter().map(column).collect();
        let table = Table::new().set_name(name).set_style(TableStyle::Light1).set_columns(&columns);
        let last = (headers.len() - 1) as u16;
        // A table has a row, whether there is anything in it or not.
        self.sheet.add_table(self.row, 0, self.row + rows.max(1) as u32, last, &table)?;
        self.sheet.set_freeze_panes(self.row + 1, 0)?;
        self.sheet.set_repeat_rows(self.row, self.row)?;
        self.row += 1;
        Ok(())
    }

    /// Draws a chart beside the table that is written next.
    pub(crate) fn stacked_chart(&mut self, chart: &StackedChart<'_>) -> Result<(), XlsxError> {
        let mut out = Chart::new(ChartType::ColumnStacked);
        out.title().set_name(chart.title);
        out.y_axis().set_num_format("#,##0");
        out.legend().set_position(ChartLegendPosition::Bottom);
        let first = self.row + chart.first_row;
        let last = first + chart.rows as u32 - 1;
        let sheet = self.sheet.name();
        for (k, (name, colour)) in (1..).zip(chart.series) {
            out.add_series()
                .set_name(*name)
                .set_categories((sheet.as_str(), first, 0, last, 0))
                .set_values((sheet.as_str(), first, k, last, k))
                .set_format(ChartSolidFill::new().set_color(Color::RGB(*colour)))
                .set_gap(60);
        }
        out.set_width(760).set_height(380);
        self.sheet.insert_chart(self.row, chart.kolom, &out)?;
        Ok(())
    }

    /// A text that runs over so many columns and is as high as it needs.
    pub(crate) fn paragraph(&mut self, text: &str, columns: u16) -> Result<(), XlsxError> {
        let text = Shown::from(text);
        let width: f64 = self.widths.iter().take(columns.into()).sum();
        let lines = Cell::long(&text).lines(width);
        let text = fitting(&text);
        self.sheet.set_row_height(self.row, LINE_HEIGHT * lines as f64)?;
        let form = self.o.long.with_capacity(&text);
        self.sheet.merge_range(self.row, 0, self.row, columns.max(2) - 1, &text, form)?;
        self.row += 1;
        Ok(())
    }

    /// The next `rows` cells of this column that say one of these words get the colour of how serious
    /// that is.
    pub(crate) fn colours(
        &mut self,
        kolom: u16,
        rows: usize,
        words: &[(&str, Ernst)],
    ) -> Result<(), XlsxError> {
        if rows == 0 {
            return Ok(());
        }
        for (word, ernst) in words {
            let colour = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(*word))
                .set_format(&self.o.ernst[*ernst as usize]);
            let last = self.row + rows as u32 - 1;
            self.sheet.add_conditional_format(self.row, kolom, last, kolom, &colour)?;
        }
        Ok(())
    }

    /// The next `rows` cells of this column say how serious something is, and are coloured by it.
    pub(crate) fn ernst(&mut self, kolom: u16, rows: usize) -> Result<(), XlsxError> {
        self.colours(kolom, rows, &Ernst::ALL.map(|ernst| (ernst.name(), ernst)))
    }

    /// Number of the row that comes next.
    pub(crate) fn next_row(&self) -> u32 {
        self.row
    }

    /// Puts a chart with its top left corner in this cell.
    pub(crate) fn chart(&mut self, row: u32, kolom: u16, chart: &Chart) -> Result<(), XlsxError> {
        self.sheet.insert_chart(row, kolom, chart)?;
        Ok(())
    }

    /// The next `rows` cells of this column are a verdict, chosen from a list and coloured.
    pub(crate) fn oordelen(&mut self, kolom: u16, rows: usize) -> Result<(), XlsxError> {
        if rows == 0 {
            return Ok(());
        }
        let (first, last) = (self.row, self.row + rows as u32 - 1);
        let choices = Eindoordeel::ALL.map(Eindoordeel::name);
        let choice = DataValidation::new()
            .allow_list_strings(&choices)?
            .set_input_title("Oordeel")?
            .set_input_message(format!("Kies {}.", choices.join(", ")))?
            .set_error_title("Onbekend oordeel")?
            .set_error_message(format!("Kies uit {}.", choices.join(", ")))?;
        self.sheet.add_data_validation(first, kolom, last, kolom, &choice)?;
        for (verdict, form) in choices.into_iter().zip(&self.o.verdict) {
            let colour = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(verdict))
                .set_format(form);
            self.sheet.add_conditional_format(first, kolom, last, kolom, &colour)?;
        }
        Ok(())
    }

    /// The next `rows` amounts of this column get a bar as long as they are large.
    pub(crate) fn bars(&mut self, kolom: u16, rows: usize) -> Result<(), XlsxError> {
        if rows > 1 {
            let bar = ConditionalFormatDataBar::new()
                .set_fill_color(Color::RGB(0xF3_B0B6))
                .set_solid_fill(true);
            let last = self.row + rows as u32 - 1;
            self.sheet.add_conditional_format(self.row, kolom, last, kolom, &bar)?;
        }
        Ok(())
    }

    /// The next `rows` shares of this column get a bar, of the whole cell for the whole.
    pub(crate) fn share_bars(&mut self, kolom: u16, rows: usize) -> Result<(), XlsxError> {
        if rows > 0 {
            let bar = ConditionalFormatDataBar::new()
                .set_fill_color(Color::RGB(0xBF_D7_EA))
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, 1)
                .set_solid_fill(true);
            let last = self.row + rows as u32 - 1;
            self.sheet.add_conditional_format(self.row, kolom, last, kolom, &bar)?;
        }
        Ok(())
    }

    pub(crate) fn row(&mut self, cells: &[Cell<'_>], bold: bool) -> Result<(), XlsxError> {
        // Not every program makes a row as high as its wrapped texts: say it.
        let lines = cells.iter().zip(&self.widths).map(|(cell, width)| cell.lines(*width));
        let lines = lines.max().unwrap_or(1).min(MOST_LINES);
        if lines > 1 {
            self.sheet.set_row_height(self.row, LINE_HEIGHT * lines as f64)?;
        }
        for (i, cell) in cells.iter().enumerate() {
            let form = cell.form().filter(|_| !bold);
            if form.is_some() && self.forms.get(i) == Some(&form) {
                self.cell_of_kolom(i as u16, cell)?;
            } else {
                self.cell(i as u16, cell, bold)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// A cell that looks as its column does.
    fn cell_of_kolom(&mut self, k: u16, cell: &Cell<'_>) -> Result<(), XlsxError> {
        let r = self.row;
        match cell {
            Cell::Text(t) | Cell::Long(t) => self.sheet.write_string(r, k, fitting(t))?,
            Cell::Sum(formula, bedrag) => {
                self.sheet.write_formula(r, k, calculated(formula, *bedrag))?
            }
            _ => match cell.number() {
                Some(n) => self.sheet.write_number(r, k, n)?,
                None => return Ok(()),
            },
        };
        Ok(())
    }

    /// A cell with a look of its own.
    fn cell(&mut self, k: u16, cel: &Cell<'_>, bold: bool) -> Result<(), XlsxError> {
        let (o, r) = (self.o, self.row);
        let form = match cel {
            Cell::Empty => return Ok(()),
            Cell::Text(t) => if bold { &o.bold } else { &o.text }.with_capacity(t),
            Cell::Long(t) => o.long.with_capacity(t),
            Cell::FillIn(t) => o.to_fill_in.with_capacity(t),
            Cell::Number(_) | Cell::Integer(_) if bold => &o.bold_number,
            Cell::Number(_) | Cell::Integer(_) => &o.number,
            Cell::Money(_) | Cell::Sum(..) if bold => &o.bold_geld,
            Cell::Money(_) | Cell::Sum(..) => &o.geld,
            Cell::Euros(_) | Cell::SumInEuros(..) if bold => &o.bold_euros,
            Cell::Euros(_) | Cell::SumInEuros(..) => &o.euros,
            Cell::Datum(_) => &o.datum,
            Cell::Ernst(e) => &o.ernst[*e as usize],
            Cell::Share(..) => &o.part,
            Cell::Volume(_) => &o.volume,
            Cell::ToSheet(..) => &o.linker,
        };
        match cel {
            Cell::Text(t) | Cell::Long(t) | Cell::FillIn(t) => {
                self.sheet.write_string_with_format(r, k, fitting(t), form)?;
            }
            Cell::Ernst(e) => {
                self.sheet.write_string_with_format(r, k, e.name(), form)?;
            }
            Cell::Sum(formula, bedrag) | Cell::SumInEuros(formula, bedrag) => {
                self.sheet.write_formula_with_format(r, k, calculated(formula, *bedrag), form)?;
            }
            Cell::ToSheet(text, sheet) => {
                let place = format!("internal:'{}'!A1", sheet.replace('\'', "''"));
                let linker = Url::new(place).set_text(*text);
                self.sheet.write_url_with_format(r, k, linker, form)?;
            }
            _ => {
                if let Some(n) = cel.number() {
                    self.sheet.write_number_with_format(r, k, n, form)?;
                }
            }
        }
        Ok(())
    }
}
