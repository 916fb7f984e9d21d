//! How cells look.

use super::cel::Vorm;
use crate::dossier::Eindoordeel;
use crate::writing::formula::lijkt_formule;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// How a cell with a text looks.
pub(super) struct Tekstvorm {
    pub(super) gewoon: Format,
    /// The same for a text that stays one, also when somebody edits its cell or saves the sheet as
    /// another kind of file: see [`lijkt_formule`].
    letterlijk: Format,
}

impl Tekstvorm {
    pub(super) fn voor(&self, tekst: &str) -> &Format {
        if lijkt_formule(tekst) { &self.letterlijk } else { &self.gewoon }
    }
}

impl From<Format> for Tekstvorm {
    fn from(gewoon: Format) -> Tekstvorm {
        Tekstvorm { letterlijk: gewoon.clone().set_quote_prefix(), gewoon }
    }
}

/// How cells look, and what stands at the foot of each printed page.
pub(crate) struct Opmaak {
    pub(super) titel: Format,
    pub(super) zin: Format,
    pub(super) kop: Format,
    pub(super) tekst: Tekstvorm,
    pub(super) lang: Tekstvorm,
    pub(super) koppeling: Format,
    pub(super) geld: Format,
    pub(super) datum: Format,
    pub(super) getal: Format,
    pub(super) deel: Format,
    pub(super) vet: Tekstvorm,
    pub(super) vet_geld: Format,
    pub(super) vet_getal: Format,
    pub(super) ernst: [Format; 3],
    pub(super) oordeel: [Format; Eindoordeel::ALLE.len()],
    pub(super) in_te_vullen: Tekstvorm,
    pub(super) voet: String,
}

impl Opmaak {
    pub(crate) fn nieuw() -> Opmaak {
        let geld = "[$€-413] #,##0.00;[$€-413] -#,##0.00";
        let vul = |kleur| {
            Format::new().set_background_color(Color::RGB(kleur)).set_align(FormatAlign::Top)
        };
        let gekleurd = |kleur| Format::new().set_background_color(Color::RGB(kleur));
        let tekst = Format::new().set_align(FormatAlign::Top);
        Opmaak {
            titel: Format::new().set_bold().set_font_size(16),
            kop: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F_3A5F))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_indent(1)
                .set_border_bottom(FormatBorder::Thin),
            zin: Format::new().set_align(FormatAlign::Left),
            lang: tekst.clone().set_text_wrap().set_align(FormatAlign::Left).set_indent(1).into(),
            koppeling: tekst
                .clone()
                .set_font_color(Color::RGB(0x0B_5394))
                .set_underline(FormatUnderline::Single),
            geld: tekst.clone().set_num_format(geld),
            datum: tekst.clone().set_num_format("dd-mm-yyyy").set_align(FormatAlign::Left),
            getal: tekst.clone().set_num_format("#,##0"),
            deel: tekst.clone().set_num_format("0.0%"),
            vet: Format::new().set_bold().into(),
            vet_geld: Format::new().set_bold().set_num_format(geld),
            vet_getal: Format::new().set_bold().set_num_format("#,##0"),
            ernst: [vul(0xF8_D7DA), vul(0xFF_F0C2), vul(0xDC_E9F5)],
            oordeel: [
                gekleurd(0xD5_EFD8),
                gekleurd(0xF8_D7DA),
                gekleurd(0xE4_E4E4),
                gekleurd(0xFF_F0C2),
            ],
            in_te_vullen: tekst
                .clone()
                .set_indent(1)
                .set_background_color(Color::RGB(0xFF_FBE8))
                .set_align(FormatAlign::Left)
                .into(),
            tekst: tekst.set_align(FormatAlign::Left).set_indent(1).into(),
            voet: String::new(),
        }
    }

    /// The same, with this at the left of every page's foot.
    pub(crate) fn met_voet(self, voet: &str) -> Opmaak {
        Opmaak { voet: voet.replace('&', "&&"), ..self }
    }

    pub(super) fn van(&self, vorm: Vorm) -> &Format {
        match vorm {
            Vorm::Tekst => &self.tekst.gewoon,
            Vorm::Lang => &self.lang.gewoon,
            Vorm::Getal => &self.getal,
            Vorm::Geld => &self.geld,
            Vorm::Datum => &self.datum,
            Vorm::Deel => &self.deel,
        }
    }

    /// All of them, in one order.
    pub(super) fn alle(&self) -> impl Iterator<Item = &Format> {
        let teksten = [&self.tekst, &self.lang, &self.vet, &self.in_te_vullen];
        let overige = [
            &self.titel,
            &self.zin,
            &self.kop,
            &self.koppeling,
            &self.geld,
            &self.datum,
            &self.getal,
            &self.deel,
            &self.vet_geld,
            &self.vet_getal,
        ];
        let teksten = teksten.into_iter().flat_map(|t| [&t.gewoon, &t.letterlijk]);
        teksten.chain(overige).chain(&self.ernst)
    }
}
