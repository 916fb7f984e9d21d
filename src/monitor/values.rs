//! What rules and catalogue say, in numbers.

use crate::dossier::{Dag, Dossier};
use crate::regelset::RuleValue;
use crate::toetsing::AuditContext;

/// A value of a rule's table on the last day of the leverjaar.
pub(super) fn value_of<'a>(
    context: &AuditContext<'a>,
    rule: &str,
    parameter: &str,
) -> Option<&'a RuleValue> {
    context.regelset.rule(rule)?.value(parameter, context.last_dag())
}

/// A number of a rule's table on the last day of the leverjaar.
pub(super) fn number_of(context: &AuditContext<'_>, rule: &str, parameter: &str) -> Option<i64> {
    match value_of(context, rule, parameter)? {
        RuleValue::Number(n) => Some(*n),
        _ => None,
    }
}

/// All product codes.
pub(super) fn codes(d: &Dossier) -> Vec<&str> {
    let of_omzet = d.omzet.iter().flatten().map(|r| r.product_code.as_str());
    let mut codes: Vec<&str> =
        d.producten.iter().map(|p| p.code.as_str()).chain(of_omzet).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The place of a product code in their order; −1 for none.
pub(super) fn code_number(codes: &[&str], code: &str) -> i32 {
    if code.is_empty() { -1 } else { codes.binary_search(&code).map_or(-1, |place| place as i32) }
}

/// A day as a number in a frame.
pub(super) fn day(dag: Dag) -> i64 {
    dag.dagen_since_1970().into()
}
