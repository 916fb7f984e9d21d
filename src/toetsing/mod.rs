//! The engine: the contract of a rule, the units that rules look at, the passes over them, verdicts
//! counted.

mod controle;
mod eigen;
mod groep;
mod groepen;
mod lijn;
mod like_lines;
mod passes;
mod product_masks;
mod repeats;
mod rule;
mod running;
mod stappen;
mod telling;
mod uitkomst;
mod underlying;

pub use controle::{Controle, Functie, Herkomst};
pub use groep::{Aanbiedergroep, Jeugdigegroep, Ontvangsten, Toewijzingsgroep, Toewijzingsproduct};
pub use lijn::{Lijn, Lijnsoort};
pub use passes::{
    Regeluitkomst, Sleutelveld, besluit, toets_aanbieders, toets_jeugdigen, toets_toewijzingen,
};
pub use rule::{AuditRule, Bereik, Check, Regel, RestsOn, Verzameling};
pub use stappen::{STAPPEN, Telling};
pub use telling::{Afname, Regeltelling};
pub use uitkomst::{
    Bevinding, Maat, Onderwerp, Oordeel, Reden, Selection, Sommen, Tekst, Uitkomsten, Uitslag,
};
pub use underlying::{UnderlyingLine, UnderlyingLines};
