//! How cells look.

use super::cell::ColumnFormat;
use crate::dossier::Eindoordeel;
use crate::writing::formula::looks_like_formula;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// How a cell with a text looks.
pub(super) struct TextFormat {
    pub(super) plain: Format,
    /// The same for a text that stays one, also when somebody edits its cell or saves the sheet as
    /// another kind of file: see [`looks_like_formula`].
    letterlijk: Format,
}

impl TextFormat {
    pub(super) fn with_capacity(&self, text: &str) -> &Format {
        if looks_like_formula(text) { &self.letterlijk } else { &self.plain }
    }
}

impl From<Format> for TextFormat {
    fn from(plain: Format) -> TextFormat {
        TextFormat { letterlijk: plain.clone().set_quote_prefix(), plain }
    }
}

/// How cells look, and what stands at the foot of each printed page.
pub(crate) struct Formats {
    pub(super) title: Format,
    pub(super) sentence: Format,
    pub(super) header: Format,
    pub(super) text: TextFormat,
    pub(super) long: TextFormat,
    pub(super) linker: Format,
    pub(super) geld: Format,
    /// Whole euros.
    pub(super) euros: Format,
    pub(super) datum: Format,
    pub(super) number: Format,
    pub(super) part: Format,
    pub(super) volume: Format,
    pub(super) bold: TextFormat,
    pub(super) bold_geld: Format,
    pub(super) bold_euros: Format,
    pub(super) bold_number: Format,
    pub(super) ernst: [Format; 3],
    pub(super) verdict: [Format; Eindoordeel::ALL.len()],
    pub(super) to_fill_in: TextFormat,
    pub(super) foot: String,
}

impl Formats {
    pub(crate) fn new() -> Formats {
        let geld = "[$€-413] #,##0.00;[$€-413] -#,##0.00";
        let euros = "#,##0;-#,##0;–";
        let fill = |colour| {
            Format::new().set_background_color(Color::RGB(colour)).set_align(FormatAlign::Top)
        };
        let coloured = |colour| Format::new().set_background_color(Color::RGB(colour));
        let text = Format::new().set_align(FormatAlign::Top);
        Formats {
            title: Format::new().set_bold().set_font_size(16),
            header: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F_3A5F))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_indent(1)
                .set_border_bottom(FormatBorder::Thin),
            sentence: Format::new().set_align(FormatAlign::Left),
            long: text.clone().set_text_wrap().set_align(FormatAlign::Left).set_indent(1).into(),
            linker: text
                .clone()
                .set_font_color(Color::RGB(0x0B_5394))
                .set_underline(FormatUnderline::Single),
            geld: text.clone().set_num_format(geld),
            euros: text.clone().set_num_format(euros),
            datum: text.clone().set_num_format("dd-mm-yyyy").set_align(FormatAlign::Left),
            number: text.clone().set_num_format("#,##0"),
            part: text.clone().set_num_format("0.0%"),
            volume: text.clone().set_num_format("#,##0.00"),
            bold: Format::new().set_bold().into(),
            bold_geld: Format::new().set_bold().set_num_format(geld),
            bold_euros: Format::new().set_bold().set_num_format(euros),
            bold_number: Format::new().set_bold().set_num_format("#,##0"),
            ernst: [fill(0xF8_D7DA), fill(0xFF_F0C2), fill(0xDC_E9F5)],
            verdict: [
                coloured(0xD5_EFD8),
                coloured(0xF8_D7DA),
                coloured(0xE4_E4E4),
                coloured(0xFF_F0C2),
            ],
            to_fill_in: text
                .clone()
                .set_indent(1)
                .set_background_color(Color::RGB(0xFF_FBE8))
                .set_align(FormatAlign::Left)
                .into(),
            text: text.set_align(FormatAlign::Left).set_indent(1).into(),
            foot: String::new(),
        }
    }

    /// The same, with this at the left of every page's foot.
    pub(crate) fn with_foot(self, foot: &str) -> Formats {
        Formats { foot: foot.replace('&', "&&"), ..self }
    }

    pub(super) fn of(&self, form: ColumnFormat) -> &Format {
        match form {
            ColumnFormat::Text => &self.text.plain,
            ColumnFormat::Long => &self.long.plain,
            ColumnFormat::Number => &self.number,
            ColumnFormat::Money => &self.geld,
            ColumnFormat::Datum => &self.datum,
            ColumnFormat::Share => &self.part,
            ColumnFormat::Volume => &self.volume,
        }
    }

    /// All of them, in one order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Format> {
        let texts = [&self.text, &self.long, &self.bold, &self.to_fill_in];
        let overige = [
            &self.title,
            &self.sentence,
            &self.header,
            &self.linker,
            &self.geld,
            &self.datum,
            &self.number,
            &self.part,
            &self.volume,
            &self.bold_geld,
            &self.euros,
            &self.bold_euros,
            &self.bold_number,
        ];
        let texts = texts.into_iter().flat_map(|t| [&t.plain, &t.letterlijk]);
        texts.chain(overige).chain(&self.ernst)
    }
}
