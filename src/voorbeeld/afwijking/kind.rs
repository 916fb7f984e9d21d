//! The kinds of exception: each is named after the rule that it breaks.

use crate::dossier::{Ernst, Niveau};

macro_rules! afwijkingen {
    ($($naam:ident: $ernst:ident, $in_berichten:literal, $uitleg:literal;)+) => {
        /// A kind of exception, by the rule that it breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Afwijking { $($naam),+ }

        impl Afwijking {
            pub(crate) const ALL: [Afwijking; [$(Afwijking::$naam),+].len()] = [$(Afwijking::$naam),+];

            pub(crate) fn code(self) -> &'static str {
                match self { $(Afwijking::$naam => stringify!($naam)),+ }
            }

            pub(crate) fn ernst(self) -> Ernst {
                match self { $(Afwijking::$naam => Ernst::$ernst),+ }
            }

            /// Can it be seen in iJw messages? They carry no no-shows, functions, travel time or
            /// kinds of budget.
            pub(crate) fn in_berichten(self) -> bool {
                match self { $(Afwijking::$naam => $in_berichten),+ }
            }

            /// What was done, in a sentence for people.
            pub(crate) fn explanation(self) -> &'static str {
                match self { $(Afwijking::$naam => $uitleg),+ }
            }
        }
    };
}

afwijkingen! {
    NS01: Fout, false, "meer no-shows dan mag";
    NS03: Onzekerheid, false, "no-show voor de volle duur van de afspraak";
    NS04: Fout, false, "no-show op deeltijdpleegzorg";
    TL01: Onzekerheid, true, "te laat ingediend";
    BU01: Fout, true, "de laatste declaratieregel gaat over het budget";
    DZ01: Fout, false, "hoge tariefgroep op een duurzame toewijzing";
    DZ02: Fout, false, "groep zwaar op een duurzame toewijzing";
    TW01: Fout, true, "toewijzing bestaat niet";
    TW02: Fout, true, "toewijzing is van een andere jeugdige";
    TW03: Fout, true, "toewijzing is van een andere aanbieder";
    TW04: Fout, true, "toewijzing is van een andere gemeente";
    TW05: Fout, true, "periode begint voor de toewijzing";
    TW06: Fout, true, "periode eindigt na de toewijzing";
    TW07: Fout, true, "andere productcategorie dan toegewezen";
    TW08: Fout, true, "ander product dan toegewezen";
    TW09: Fout, true, "andere eenheid dan toegewezen";
    TW10: Fout, true, "toewijzing is verwijderd";
    TW11: Fout, true, "meer dan in de periode past";
    TW12: Fout, true, "meer dan in totaal is toegewezen";
    TW17: Fout, true, "gedeclareerd tijdens een pauze";
    TF01: Fout, true, "hoger tarief dan het contract";
    TF02: Fout, true, "bedrag is niet volume maal tarief";
    TF03: Fout, true, "aanbieder heeft dit perceel niet";
    TF04: Fout, false, "hogere tariefgroep dan de functie";
    TF05: Fout, false, "te veel reistijd";
    TF06: Fout, true, "product is niet gecontracteerd";
    TF08: Onzekerheid, false, "functie staat niet in de Beroepentabel";
    TF09: Fout, false, "reistijd op groepsaanbod";
    DN01: Fout, true, "gemeente doet hieraan niet mee";
    DN02: Fout, true, "gemeente buiten de regio";
    ED01: Fout, true, "jeugdige is te oud voor dyslexiezorg";
    JW01: Fout, true, "referentienummer twee keer";
    JW02: Fout, true, "credit zonder debet";
    JW03: Fout, true, "twee keer gecrediteerd";
    JW04: Fout, true, "dezelfde levering twee keer";
    JW07: Fout, true, "periode over twee maanden";
    JW09: Fout, true, "periode eindigt na de ontvangst";
    JW10: Fout, true, "geen geldig Bsn";
    JW11: Fout, true, "onbekende gemeentecode";
    JW15: Fout, true, "debet en credit in één declaratie";
}

impl Afwijking {
    /// Does it take the rest of its toewijzing as it is? Several contacts are too many no-shows together.
    pub(crate) fn needs_the_rest(self, niveau: Niveau) -> bool {
        self.is_of_granted() || (self == Afwijking::NS01 && niveau == Niveau::Contact)
    }

    /// Is it found by what was granted, so that what is granted must stay as it is?
    pub(crate) fn is_of_granted(self) -> bool {
        matches!(self, Afwijking::BU01 | Afwijking::TW11 | Afwijking::TW12)
    }

    /// Is it in a line by itself, whatever is in the other lines of its toewijzing?
    pub(crate) fn on_one_line(self) -> bool {
        use Afwijking::*;
        matches!(
            self,
            NS03 | NS04
                | TL01
                | TW01
                | TW02
                | TW03
                | TW04
                | TW05
                | TW06
                | TW07
                | TW08
                | TW09
                | TF01
                | TF02
                | TF04
                | TF05
                | TF08
                | TF09
                | JW07
                | JW09
        )
    }
}
