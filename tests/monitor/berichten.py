"""iJw messages of a dossier as the CSV exports that they stand for, for `narekenen.py`.

A JW323 becomes rows of declaraties and one of declaratieberichten, a JW325 rows of antwoorden, a JW301 rows of
toewijzingen, a JW305 or JW307 rows of startstop. What isn't a message is taken over as it is.
"""

import csv
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

GOOD = {"0200", "8001"}


def strip(root):
    """Without namespaces: local names are enough here."""
    for e in root.iter():
        e.tag = e.tag.rsplit("}", 1)[-1]
    return root


def text(e, path):
    found = None if e is None else e.find(path)
    return "" if found is None or found.text is None else found.text.strip()


def euros(cents):
    """Whole cents as an export has them."""
    return f"{cents[:-2].rjust(1, '0')},{cents[-2:].rjust(2, '0')}" if cents else ""


def header(root):
    h = root.find("Header")
    return {
        "Afzender": text(h, "Afzender"), "Ontvanger": text(h, "Ontvanger"),
        "Identificatie": text(h, "BerichtIdentificatie/Identificatie"),
        "Dagtekening": text(h, "BerichtIdentificatie/Dagtekening"),
    }


def refuses(e):
    """Do the return codes of this part itself refuse it?"""
    return any(c.text.strip() not in GOOD for c in e.findall("RetourCodes/RetourCode"))


def prestaties(of):
    for client in of.iter("Client"):
        for p in client.iter("Prestatie"):
            yield text(client, "Bsn"), p


def jw323(root, name, out):
    h, d = header(root), root.find("Declaratie")
    out["declaratieberichten"].append({
        "Bestand": name, "Aanbieder": h["Afzender"], "Gemeente": h["Ontvanger"], "Identificatie": h["Identificatie"],
        "Dagtekening": h["Dagtekening"], "Begindatum": text(d, "DeclaratiePeriode/Begindatum"),
        "Einddatum": text(d, "DeclaratiePeriode/Einddatum")})
    for bsn, p in prestaties(d):
        out["declaraties"].append({
            "Bestand": name, "DeclaratieNummer": text(d, "DeclaratieNummer"),
            "ReferentieNummer": text(p, "ProductReferentie/ReferentieNummer"),
            "VorigReferentieNummer": text(p, "ProductReferentie/VorigReferentieNummer"),
            "Ontvangstdatum": h["Dagtekening"], "Gemeente": h["Ontvanger"], "Aanbieder": h["Afzender"], "Bsn": bsn,
            "ToewijzingNummer": text(p, "ToewijzingNummer"), "ProductCategorie": text(p, "ProductCategorie"),
            "ProductCode": text(p, "ProductCode"), "Begindatum": text(p, "ProductPeriode/Begindatum"),
            "Einddatum": text(p, "ProductPeriode/Einddatum"), "GeleverdVolume": text(p, "GeleverdVolume"),
            "Eenheid": text(p, "Eenheid"), "ProductTarief": euros(text(p, "ProductTarief")),
            "IngediendBedrag": euros(text(p, "IngediendBedrag/Bedrag")),
            "DebetCredit": text(p, "IngediendBedrag/DebetCredit")})


def jw325(root, _, out):
    h, answer = root.find("Header"), root.find("DeclaratieAntwoord")
    about = {
        "Aanbieder": text(h, "Ontvanger"), "Gemeente": text(h, "Afzender"),
        "Identificatie": text(h, "DeclaratieIdentificatie/Identificatie"),
        "Dagtekening": text(h, "DeclaratieIdentificatie/Dagtekening")}
    if refuses(h) or answer is not None and refuses(answer):
        out["antwoorden"].append({**about, "ReferentieNummer": ""})
    elif answer is not None:
        for _, p in prestaties(answer):
            if refuses(p):
                reference = text(p, "ProductReferentie/ReferentieNummer")
                out["antwoorden"].append({**about, "ReferentieNummer": reference})


def jw301(root, _, out):
    h = header(root)
    for client in root.iter("Client"):
        for t in client.iter("ToegewezenProduct"):
            cells = {c: text(t, c) for c in ("ToewijzingNummer", "Toewijzingsdatum", "Toewijzingstijd", "Ingangsdatum",
                                             "Einddatum", "RedenWijziging")}
            out["toewijzingen"].append({
                **cells, "Gemeente": h["Afzender"], "Aanbieder": h["Ontvanger"], "Bsn": text(client, "Bsn"),
                "Budget": euros(text(t, "Budget")), "Geboortedatum": text(client, "Geboortedatum/Datum"),
                "Verzonden": h["Dagtekening"]})


def startstop(kind, element, day):
    def read(root, _, out):
        h = header(root)
        for client in root.iter("Client"):
            for p in client.iter(element):
                out["startstop"].append({
                    "ToewijzingNummer": text(p, "ToewijzingNummer"), "Gemeente": h["Ontvanger"],
                    "Aanbieder": h["Afzender"], "Bsn": text(client, "Bsn"), "Soort": kind, "Datum": text(p, day),
                    "Verzonden": h["Dagtekening"], "RedenBeeindiging": text(p, "RedenBeeindiging"),
                    "StatusAanlevering": text(p, "StatusAanlevering")})
    return read


KINDS = {
    "jw323": jw323, "jw325": jw325, "jw301": jw301, "jw305": startstop("start", "StartProduct", "Begindatum"),
    "jw307": startstop("stop", "StopProduct", "Einddatum"),
}


def exports(dossier, folder):
    """Writes what the messages of a dossier stand for, and its own tables, into this folder."""
    out = {name: [] for name in ("declaraties", "declaratieberichten", "antwoorden", "toewijzingen", "startstop")}
    for kind, read in KINDS.items():
        for file in sorted((dossier / kind).glob("*.xml")):
            read(strip(ET.parse(file).getroot()), f"{kind}/{file.name}", out)
    for table in dossier.glob("*.csv"):
        shutil.copy(table, folder)
    for name, rows in out.items():
        if rows:
            with open(Path(folder) / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
                writer.writeheader()
                writer.writerows(rows)
