//! Rows that the page reads as columns: for each field one list of the values of all rows, so that a
//! name stands once and not in every row.

use serde::Serialize;

/// A struct of a row, and one with a list for each of its fields that serialises by their names.
macro_rules! columns {
    ($($(#[$doc:meta])* $columns:ident of $row:ident { $($(#[$about:meta])* $field:ident: $type:ty,)+ })+) => {$(
        $(#[$doc])*
        pub(super) struct $row { $($(#[$about])* pub(super) $field: $type),+ }

        #[derive(Default, Serialize)]
        pub(super) struct $columns { $(pub(super) $field: Vec<$type>),+ }

        impl $columns {
            pub(super) fn push(&mut self, row: $row) {
                $(self.$field.push(row.$field);)+
            }
        }
    )+};
}

columns! {
    /// A finding.
    Bevindingen of Bevindingrij {
        /// Without the rule's code before it.
        id: String,
        regel: usize,
        ernst: u8,
        /// Places in the lists, -1 for none.
        aanbieder: i32,
        gemeente: i32,
        bestand: i32,
        lijn: i32,
        toewijzing: i32,
        jeugdige: u32,
        toewijzingnummer: u32,
        declaratie: u32,
        referentie: u32,
        product: u32,
        gevonden: u32,
        verwacht: u32,
        toelichting: u32,
        bron: u32,
        oordeel: u32,
        /// Who judged it, when, and what they noted.
        beoordeling: u32,
        /// What the aanbieder said.
        reactie: u32,
        regelnummer: Option<u32>,
        begin: Option<i32>,
        eind: Option<i32>,
        ingediend: Option<i64>,
        bedrag: Option<i64>,
        /// Lines under it; of a finding on a line 0.
        onder: u64,
        /// First and last-but-one place in `onderliggend`; equal where it holds none.
        van: usize,
        tot: usize,
    }

    /// A line under a finding.
    Onderliggend of Onderliggendrij {
        aanbieder: i32,
        gemeente: i32,
        referentie: u32,
        toewijzingnummer: u32,
        begin: i32,
        eind: i32,
        product: u32,
        volume: i64,
        eenheid: u32,
        bedrag: i64,
        /// What of the finding's amount it carries.
        aandeel: Option<i64>,
        bestand: i32,
        regelnummer: u32,
    }

    /// What of a line its findings don't say already.
    Lijnen of Lijnrij {
        categorie: u32,
        omschrijving: u32,
        volume: i64,
        eenheid: u32,
        tarief: Option<i64>,
        ontvangen: Option<i32>,
        toewijzing: i32,
        stand: u32,
        /// Texts of the contact columns that are filled in.
        contact: Vec<(&'static str, u32)>,
    }

    /// A toewijzing that a finding or its line names.
    Toewijzingen of Toewijzingrij {
        nummer: u32,
        aanbieder: i32,
        gemeente: i32,
        jeugdige: u32,
        datum: i32,
        eerste: i32,
        ingang: i32,
        einde: Option<i32>,
        categorie: u32,
        product: u32,
        omvang: u32,
        budget: Option<i64>,
        budgetsoort: u32,
        verwijzer: u32,
        dispuut: u8,
        bestand: i32,
        regelnummer: u32,
        /// First and last-but-one place in `verloop`; equal where it holds none.
        van: usize,
        tot: usize,
    }

    /// A live line on a toewijzing, in the order in which rules count them.
    Verloop of Verlooprij {
        begin: i32,
        eind: i32,
        referentie: u32,
        volume: i64,
        eenheid: u32,
        bedrag: i64,
        bestand: i32,
        regelnummer: u32,
    }
}
