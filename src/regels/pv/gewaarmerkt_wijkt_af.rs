//! PV08: the certified productieverantwoording differs from the definitive one.
//!
//! By the key of a row; of several rows with one Status the latest counts. Source: ID eis 54.

use super::{bevinding_over, product, verantwoording_or_reason};
use crate::dossier::{Cent, Ernst, Kolom, SmallRow, Status, VerantwoordingRow};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "PV08",
    title: "Gewaarmerkt wijkt af van definitief",
    what: "Voor dezelfde aanbieder, gemeente en hetzelfde product staat er een definitieve en een gewaarmerkte rij met een ander Bedrag. Dat is een signaal voor het verschil.",
    why: "De accountant heeft de verantwoording laten wijzigen: wat er anders werd, kan ook in de declaraties zitten.",
    for_aanbieder: "Uw gewaarmerkte productieverantwoording wijkt af van de definitieve.",
    needs: needs!("productieverantwoording met {}", Productieverantwoording(Status)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    if verantwoording_or_reason(group, out).is_none() {
        return;
    }
    let c = group.context;
    let key =
        |r: &VerantwoordingRow| (r.gemeente, r.product_categorie.clone(), r.product_code.clone());
    let rows = c.dossier.verantwoording_of(group.aanbieder.agb, c.jaar);
    for same in rows.chunk_by(|a, b| key(a) == key(b)) {
        let compares = |r: &VerantwoordingRow| -> Result<(), Reason> {
            c.cell(r, Kolom::Status)?;
            for kolom in [Kolom::ProductCategorie, Kolom::ProductCode, Kolom::Ontvangen] {
                r.readable(kolom)?;
            }
            Ok(())
        };
        if let Some(reason) = same.iter().find_map(|r| compares(r).err()) {
            out.not_testable(reason);
            continue;
        }
        let latest = |status| {
            let of_status = same.iter().filter(|r| r.status == Some(status));
            of_status.max_by_key(|r| (r.ontvangen, r.bedrag))
        };
        let (Some(definitief), Some(gewaarmerkt)) =
            (latest(Status::Definitief), latest(Status::Gewaarmerkt))
        else {
            continue;
        };
        out.tested();
        let difference = Cent((gewaarmerkt.bedrag - definitief.bedrag).0.abs());
        if difference > Cent::ZERO {
            let waar = match gewaarmerkt.is_without_product() {
                true => String::new(),
                false => format!("{}: ", product(gewaarmerkt)),
            };
            out.bevinding(
                bevinding_over(group, gewaarmerkt, Ernst::Signaal)
                    .bedrag(difference)
                    .measured(gewaarmerkt.bedrag, definitief.bedrag)
                    .found(format!("{waar}{} gewaarmerkt", gewaarmerkt.bedrag))
                    .expected(format!("{}, zoals definitief", definitief.bedrag)),
            );
        }
    }
}
