#!/usr/bin/env python3
"""The same year in other shapes, each timed against polars.read_csv of the same file, the worst first.

    cargo build --release
    python3 benches/vormen.py MAP [REGELS [ROUNDS]]   # makes the dossiers in MAP; needs polars for Python

What differs from shape to shape is what programs and people do to a file, not what it says: quotes, line
ends, characters, more columns, another order; and in one a quarter of the lines has a finding. Times are
of whole processes, in turn; machines differ, quote the ratios.
"""

import os
import random
import shutil
import statistics
import subprocess
import sys

from meet import POLARS, PROGRAMMA, draai, volgorden

# Options of `voorbeeld`, and what is done to the rows of declaraties.csv afterwards.
VORMEN = {
    "as voorbeeld has it, 3%": ([], None),
    "all cells quoted": (["--aanhaling", "alles"], None),
    'empty cells as ""': (["--aanhaling", "leeg"], None),
    "CRLF": (["--regeleinde", "crlf"], None),
    "Windows-1252": ([], lambda rijen: meer(rijen, b"Opmerking", lambda i: b"caf\xe9")),
    "60 more columns": ([], lambda rijen: meer(rijen, b";".join(b"Extra%d" % n for n in range(60)), lambda i: b";".join([b"iets"] * 60))),
    "line ends in quotes": ([], lambda rijen: meer(rijen, b"Opmerking", lambda i: b'"a; b\nc"' if i % 20 == 0 else b"geen")),
    "random order": ([], lambda rijen: geschud(rijen)),
    "a quarter flagged": ([], lambda rijen: onbekend(rijen)),
}


def meer(rijen, kop, cel):
    return [rijen[0] + b";" + kop] + [rij + b";" + cel(i) for i, rij in enumerate(rijen[1:])]


def geschud(rijen):
    rest = rijen[1:]
    random.Random(1).shuffle(rest)
    return rijen[:1] + rest


def onbekend(rijen):
    """Each fourth line names a toewijzing that there isn't."""
    plek = rijen[0].split(b";").index(b"ToewijzingNummer")
    uit = rijen[:1]
    for i, rij in enumerate(rijen[1:]):
        if i % 4 == 0:
            cellen = rij.split(b";")
            cellen[plek] = b"7" + cellen[plek]
            rij = b";".join(cellen)
        uit.append(rij)
    return uit


def maak(map_, regels):
    for nummer, (naam, (opties, verander)) in enumerate(VORMEN.items()):
        dossier = os.path.join(map_, f"vorm{nummer}")
        if os.path.exists(dossier):
            continue
        bouw = [PROGRAMMA, "voorbeeld", dossier, "--regels", regels, "--fouten", "3%", "--stil"]
        subprocess.run(bouw + opties, check=True)
        if verander:
            bestand = os.path.join(dossier, "declaraties.csv")
            with open(bestand, "rb") as f:
                rijen = f.read().rstrip(b"\n").split(b"\n")
            with open(bestand, "wb") as f:
                f.write(b"\n".join(verander(rijen)) + b"\n")


def main():
    map_ = sys.argv[1]
    regels = sys.argv[2] if len(sys.argv) > 2 else "1900000"
    rondes = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    maak(map_, regels)
    uitkomst = []
    for nummer, naam in enumerate(VORMEN):
        dossier = os.path.join(map_, f"vorm{nummer}")
        bestand = os.path.join(dossier, "declaraties.csv")
        uit = os.path.join(map_, "uit")
        basis = [PROGRAMMA, "controleer", dossier, "--jaar", "2023", "--uit", uit, "--overschrijf", "--stil"]
        lees = POLARS.replace("separator=';'", "separator=';', encoding='utf8-lossy'")
        opdrachten = {
            "parquet,json": basis + ["--formaten", "parquet,json"],
            "all": basis,
            "polars": [sys.executable, "-c", lees, bestand],
        }
        klok, reken, geheugen = {}, {}, {}
        for ronde, namen in enumerate(volgorden(list(opdrachten), rondes + 1)):
            for opdracht in namen:
                seconden, rekentijd, mb, _ = draai(opdrachten[opdracht])
                if ronde:
                    klok.setdefault(opdracht, []).append(seconden)
                    reken.setdefault(opdracht, []).append(rekentijd)
                    geheugen[opdracht] = max(geheugen.get(opdracht, 0), mb)
        deel = lambda tijden, a: statistics.median(tijden[a]) / statistics.median(tijden["polars"])
        rij = [deel(klok, "parquet,json"), deel(klok, "all"), deel(reken, "parquet,json"), deel(reken, "all")]
        uitkomst.append((rij, geheugen["all"] / (os.path.getsize(bestand) / 1e6), naam))
        shutil.rmtree(uit, ignore_errors=True)
    print(f"{regels} lines, medians of {rondes}, {os.cpu_count()} cores; polars.read_csv = 1")
    print("| shape | parquet, json | all formats | the same in processor time | peak / file |")
    print("|---|---|---|---|---|")
    for rij, piek, naam in sorted(uitkomst, reverse=True):
        print(f"| {naam} | {rij[0]:.2f} | {rij[1]:.2f} | {rij[2]:.2f} and {rij[3]:.2f} | {piek:.2f} |")


if __name__ == "__main__":
    main()
