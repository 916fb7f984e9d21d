//! The lines of the leverjaar, grouped and joined: how many there are by some keys, of how many
//! jeugdigen, and what was accounted for.

use crate::dossier::{AanbiederId, Bsn, Declaratieregel};
use crate::frame::{Frame, Made, large, small};
use crate::toetsing::AuditContext;

/// By what is counted: everything together has one key that is always the same.
pub(super) const WHOLE: &[&str] = &["Alles"];
pub(super) const AANBIEDER: &[&str] = &["Aanbieder"];
pub(super) const PARTY: &[&str] = &["Aanbieder", "Gemeente"];
pub(super) const PRODUCT: &[&str] = &["Aanbieder", "Gemeente", "Product"];
pub(super) const ROW: &[&str] = &["Aanbieder", "Gemeente", "Product", "Eenheid"];

/// Of what all these are made.
const JEUGDIGE: &[&str] = &["Alles", "Aanbieder", "Gemeente", "Product", "Eenheid", "Jeugdige"];
const SUMS: &[&str] = &["Regels", "Bedrag", "Volume"];

/// Stands for a jeugdige who isn't known.
const NOBODY: i32 = -1;

/// Lines that are a frame together.
const LINES_AT_ONCE: usize = 1 << 17;

/// What each jeugdige got of each product in each unit: sums of the lines that count.
pub(super) fn delivered(context: &AuditContext<'_>) -> Made<Frame> {
    let lines = &context.dossier.lines;
    let blocks = lines.chunks(LINES_AT_ONCE).map(|block| of_lines(context, block));
    let mut blocks = blocks.collect::<Made<Vec<Frame>>>()?;
    blocks.push(of_lines(context, &[])?);
    Frame::stacked(&blocks)?.sums(JEUGDIGE, SUMS)
}

fn of_lines(context: &AuditContext<'_>, block: &[Declaratieregel]) -> Made<Frame> {
    let lines: Vec<_> = block.iter().filter(|r| context.counts_in_leverjaar(r)).collect();
    let key = |name, f: fn(&Declaratieregel) -> i32| {
        small(name, lines.iter().map(|r| f(r)).collect::<Vec<_>>())
    };
    let lines = Frame::of(vec![
        key("Alles", |_| 0),
        key("Aanbieder", |r| r.aanbieder.0.into()),
        key("Gemeente", |r| r.gemeente.0.into()),
        key("Product", |r| r.product.0.into()),
        key("Eenheid", |r| r.eenheid.0.into()),
        key("Jeugdige", |r| if r.bsn == Bsn::NONE { NOBODY } else { r.bsn.0 as i32 }),
        large("Regels", vec![1; lines.len()]),
        large("Bedrag", lines.iter().map(|r| r.ingediend_bedrag.0).collect()),
        large("Volume", lines.iter().map(|r| r.geleverd_volume.0).collect()),
    ])?;
    lines.sums(JEUGDIGE, SUMS)
}

/// The sums of what was delivered by these keys, with the number of different `Jeugdigen`.
pub(super) fn counts(delivered: &Frame, keys: &[&str]) -> Made<Frame> {
    let named = delivered.without("Jeugdige", NOBODY.into())?;
    let jeugdigen = named.count_different(keys, "Jeugdige", "Jeugdigen")?;
    delivered.sums(keys, SUMS)?.left(&jeugdigen, keys)
}

/// What aanbieders accounted for, by aanbieder and gemeente.
pub(super) fn verantwoord(context: &AuditContext<'_>) -> Made<Frame> {
    let d = context.dossier;
    let (mut aanbieders, mut gemeenten, mut bedragen) = (Vec::new(), Vec::new(), Vec::new());
    for (i, aanbieder) in d.aanbieders.iter().enumerate() {
        for v in d.verantwoording_per_gemeente(aanbieder.agb, context.jaar) {
            aanbieders.push(i32::from(AanbiederId(i as u16).0));
            gemeenten.push(i32::from(v.gemeente.0));
            bedragen.push(v.bedrag().0);
        }
    }
    Frame::of(vec![
        small("Aanbieder", aanbieders),
        small("Gemeente", gemeenten),
        large("Verantwoord", bedragen),
    ])
}
