#!/usr/bin/env python3
"""The same year in other shapes, each timed against polars.read_csv and DuckDB of the same rows, the worst first.

    cargo build --release
    python3 benches/vormen.py MAP [REGELS [ROUNDS]]            # makes the dossiers in MAP; needs polars for Python
    python3 benches/vormen.py MAP --vorm quoted --vorm crlf    # only shapes with this in their name
    python3 benches/vormen.py --lijst                          # which there are

What differs from shape to shape is what programs and people do to a file, not what it says; and how a year can be
spread: over aanbieders, toewijzingen, versions, files, contacts. A dossier that is there already is measured again.
Times are of whole processes, in turn; machines differ, quote the ratios. DuckDB is asked where it is installed.
"""

import argparse
import datetime
import importlib.util
import os
import random
import shutil
import statistics
import subprocess
import sys

from meet import DUCKDB, POLARS, PROGRAMMA, draai, volgorden

# What a region's year of 1.9 million lines may have at the most.
JAAR = 1_900_000
BESTANDEN = 30_000
AANBIEDERS = 3_000
VERSIES = 200
# Toewijzingen beside a line.
TOEWIJZINGEN = 5


def lees(dossier, tabel):
    with open(os.path.join(dossier, tabel), "rb") as f:
        return f.read().rstrip(b"\n").split(b"\n")


def schrijf(dossier, tabel, rijen):
    with open(os.path.join(dossier, tabel), "wb") as f:
        f.writelines(rij + b"\n" for rij in rijen)


def plek(rijen, kolom):
    return rijen[0].split(b";").index(kolom)


def declaraties(verander):
    """A shape of which only the rows of declaraties.csv differ."""
    return lambda dossier: schrijf(dossier, "declaraties.csv", verander(lees(dossier, "declaraties.csv")))


def meer(kop, cel):
    """Columns behind the others."""
    return declaraties(lambda rijen: [rijen[0] + b";" + kop] + [rij + b";" + cel(i) for i, rij in enumerate(rijen[1:])])


def geschud(rijen):
    rest = rijen[1:]
    random.Random(1).shuffle(rest)
    return rijen[:1] + rest


def versies(elke):
    """So many versions of one in so many toewijzingen (of the first alone: None), a day after each other."""

    def verander(dossier):
        rijen = lees(dossier, "toewijzingen.csv")
        nummer, datum = plek(rijen, b"ToewijzingNummer"), plek(rijen, b"Toewijzingsdatum")
        uit, gezien = rijen[:1], {}
        for rij in rijen[1:]:
            cellen = rij.split(b";")
            nieuw = cellen[nummer] not in gezien
            volgnummer = gezien.setdefault(cellen[nummer], len(gezien))
            if nieuw and (volgnummer == 0 if elke is None else volgnummer % elke == 0):
                dag = datetime.date.fromisoformat(cellen[datum].decode())
                for terug in range(VERSIES - 1, 0, -1):
                    cellen[datum] = str(dag - datetime.timedelta(days=terug)).encode()
                    uit.append(b";".join(cellen))
            uit.append(rij)
        schrijf(dossier, "toewijzingen.csv", uit)

    return verander


def toewijzingen(dossier):
    """Of each toewijzing others, with numbers of their own, on which nothing was declared."""
    rijen = lees(dossier, "toewijzingen.csv")
    regels = len(lees(dossier, "declaraties.csv")) - 1
    nummer = plek(rijen, b"ToewijzingNummer")
    eigen = {rij.split(b";", nummer + 1)[nummer]: rij for rij in rijen[1:]}
    uit, over, ronde = rijen, TOEWIJZINGEN * regels - len(eigen), 0
    while over > 0:
        ronde += 1
        for nr, rij in list(eigen.items())[:over]:
            cellen = rij.split(b";")
            cellen[nummer] = b"%d" % (int(nr) + ronde * 100_000_000)
            uit.append(b";".join(cellen))
        over -= len(eigen)
    schrijf(dossier, "toewijzingen.csv", uit)


def aanbieders(dossier):
    """Each aanbieder cut into others like it, toewijzing by toewijzing."""
    lijst = lees(dossier, "aanbieders.csv")
    aantal = len(lijst) - 1
    deel = max(1, AANBIEDERS // aantal)
    agb = plek(lijst, b"Aanbieder")

    def ander(cellen, waar, keer):
        return b";".join(cellen[:waar] + [b"%08d" % (int(cellen[waar]) + keer * aantal)] + cellen[waar + 1 :])

    rijen = lijst[:1] + [ander(rij.split(b";"), agb, keer) for keer in range(deel) for rij in lijst[1:]]
    schrijf(dossier, "aanbieders.csv", rijen)
    for tabel in ["declaraties.csv", "toewijzingen.csv", "startstop.csv"]:
        rijen = lees(dossier, tabel)
        agb, nummer = plek(rijen, b"Aanbieder"), plek(rijen, b"ToewijzingNummer")
        cellen = (rij.split(b";") for rij in rijen[1:])
        schrijf(dossier, tabel, rijen[:1] + [ander(c, agb, int(c[nummer]) // 2 % deel) for c in cellen])
    # Nobody had this turnover last year.
    os.remove(os.path.join(dossier, "omzet.csv"))


def bestanden(dossier):
    """The same rows in very many files; the one file stays, beside the dossier, for the others to read."""
    rijen = lees(dossier, "declaraties.csv")
    os.replace(os.path.join(dossier, "declaraties.csv"), dossier + ".csv")
    per_bestand = max(1, JAAR // BESTANDEN)
    for eerste in range(1, len(rijen), per_bestand):
        naam = f"declaraties_{eerste // per_bestand:06}.csv"
        schrijf(dossier, naam, rijen[:1] + rijen[eerste : eerste + per_bestand])


BREED = b";".join(b"Extra%d" % n for n in range(60))
# What it is, options of `voorbeeld`, and what is done to the dossier afterwards.
VORMEN = {
    "plain": ("as voorbeeld has it, 3%", [], None),
    "quoted": ("all cells quoted", ["--aanhaling", "alles"], None),
    "empty": ('empty cells as ""', ["--aanhaling", "leeg"], None),
    "crlf": ("CRLF", ["--regeleinde", "crlf"], None),
    "windows-1252": ("Windows-1252", ["--tekenset", "windows-1252"], None),
    "wide": ("60 more columns", [], meer(BREED, lambda i: b";".join([b"iets"] * 60))),
    "line-ends": ("line ends in quotes", [], meer(b"Opmerking", lambda i: b'"a; b\nc"' if i % 20 == 0 else b"geen")),
    "random": ("random order", [], declaraties(geschud)),
    "flagged": ("a quarter of the lines flagged", ["--fouten", "25%"], None),
    "one-aanbieder": ("one aanbieder with half of all lines", ["--grootste-aanbieder", "50%"], None),
    "aanbieders": ("3,000 aanbieders", [], aanbieders),
    "contact": ("a line a contact", ["--niveau", "contact"], None),
    "one-versions": ("200 versions of one toewijzing", [], versies(None)),
    "versions": ("200 versions of 1% of the toewijzingen", [], versies(100)),
    "toewijzingen": ("five toewijzingen beside a line", [], toewijzingen),
    "files": ("30,000 files for 1.9 million lines", [], bestanden),
}


def maak(map_, naam, regels):
    """The dossier of a shape, and the file with all its declared lines."""
    _, opties, verander = VORMEN[naam]
    dossier = os.path.join(map_, f"{naam}-{regels}")
    if not os.path.exists(dossier):
        half = dossier + ".half"
        shutil.rmtree(half, ignore_errors=True)
        fouten = [] if "--fouten" in opties else ["--fouten", "3%"]
        bouw = [PROGRAMMA, "voorbeeld", half, "--regels", str(regels), "--stil"]
        subprocess.run(bouw + fouten + opties, check=True)
        if verander:
            verander(half)
        if os.path.exists(half + ".csv"):
            os.replace(half + ".csv", dossier + ".csv")
        os.replace(half, dossier)
    een = os.path.join(dossier, "declaraties.csv")
    return dossier, een if os.path.exists(een) else dossier + ".csv"


def meet(map_, naam, regels, rondes):
    dossier, bestand = maak(map_, naam, regels)
    uit = os.path.join(map_, "uit")
    basis = [PROGRAMMA, "controleer", dossier, "--jaar", "2023", "--uit", uit, "--overschrijf", "--stil"]
    eigen = {"parquet, json": basis + ["--formaten", "parquet,json"], "all formats": basis}
    polars = POLARS.replace("separator=';'", "separator=';', encoding='utf8-lossy'")
    anderen = {"polars": [sys.executable, "-c", polars, bestand]}
    if importlib.util.find_spec("duckdb"):
        set_ = ", encoding='latin-1'" if naam == "windows-1252" else ""
        duckdb = DUCKDB.replace("delim=';'", "delim=';'" + set_)
        anderen["duckdb"] = [sys.executable, "-c", duckdb, bestand]
    opdrachten = eigen | anderen
    klok, reken, geheugen = {}, {}, {}
    for ronde, namen in enumerate(volgorden(list(opdrachten), rondes + 1)):
        for opdracht in namen:
            seconden, rekentijd, mb, _ = draai(opdrachten[opdracht])
            if ronde:  # the first is a warm-up
                klok.setdefault(opdracht, []).append(seconden)
                reken.setdefault(opdracht, []).append(rekentijd)
                geheugen[opdracht] = max(geheugen.get(opdracht, 0), mb)
    shutil.rmtree(uit, ignore_errors=True)
    deel = lambda tijden, a, b: statistics.median(tijden[a]) / statistics.median(tijden[b])
    verhoudingen = [[deel(tijden, a, b) for a in eigen] for b in anderen for tijden in (klok, reken)]
    mb = sum(os.path.getsize(os.path.join(dossier, t)) for t in os.listdir(dossier)) / 1e6
    return verhoudingen, list(anderen), mb, max(geheugen[a] for a in eigen)


def main():
    lezer = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lezer.add_argument("map", nargs="?", help="folder for the dossiers")
    lezer.add_argument("regels", nargs="?", type=int, default=JAAR, help="lines of each dossier")
    lezer.add_argument("rondes", nargs="?", type=int, default=5, help="rounds, apart from a warm-up")
    lezer.add_argument("--vorm", action="append", default=[], help="only shapes with this in their name; may come again")
    lezer.add_argument("--lijst", action="store_true", help="show the names of the shapes")
    a = lezer.parse_args()
    if a.lijst:
        for naam, (wat, *_) in VORMEN.items():
            print(f"{naam:14} {wat}")
        return
    if not a.map:
        lezer.error("give a folder for the dossiers")
    namen = [naam for naam in VORMEN if not a.vorm or any(deel in naam for deel in a.vorm)]
    if not namen:
        lezer.error("no shape has that in its name; --lijst shows them")
    os.makedirs(a.map, exist_ok=True)
    uitkomst = [(*meet(a.map, naam, a.regels, a.rondes), VORMEN[naam][0]) for naam in namen]
    anderen = uitkomst[0][1]
    print(f"{a.regels} lines, medians of {a.rondes}, {os.cpu_count()} cores: parquet and json / all formats, beside what")
    print("only reads the declared lines")
    kop = [f"{ander}, {wat}" for ander in anderen for wat in ("clock", "processor")]
    print("| shape | " + " | ".join(kop) + " | input MB | peak / input |")
    print("|---|" + "---|" * (len(kop) + 2))
    for verhoudingen, _, mb, piek, wat in sorted(uitkomst, reverse=True):
        cellen = [" / ".join(f"{deel:.2f}" for deel in paar) for paar in verhoudingen]
        print(f"| {wat} | " + " | ".join(cellen) + f" | {mb:.0f} | {piek / mb:.2f} |")


if __name__ == "__main__":
    main()
