#!/usr/bin/env python3
"""Times the whole program against polars.read_csv of the same file, in turn, in one run.

    cargo build --release
    target/release/rechtmatig voorbeeld /tmp/jaar --regels 1900000 --fouten 3%
    python3 benches/meet.py /tmp/jaar          # needs Linux, and polars for Python

Prints medians and ratios; quote the ratios, machines differ.
"""

import os
import statistics
import subprocess
import sys
import time

PROGRAMMA = os.path.join(os.path.dirname(__file__), "..", "target", "release", "rechtmatig")
LEES = (
    "import sys, time, polars as pl\n"
    "begin = time.perf_counter()\n"
    "pl.read_csv(sys.argv[1], separator=';')\n"
    "print(time.perf_counter() - begin)\n"
)


def draai(opdracht):
    """Wall seconds, peak memory in MB and output of a whole process."""
    begin = time.perf_counter()
    proces = subprocess.Popen(opdracht, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    uitvoer = proces.stdout.read()
    _, status, gebruik = os.wait4(proces.pid, 0)
    if status != 0:
        sys.exit(f"{opdracht} failed")
    return time.perf_counter() - begin, gebruik.ru_maxrss * 1024 / 1e6, uitvoer


def main():
    dossier = sys.argv[1]
    rondes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    bestand = os.path.join(dossier, "declaraties.csv")
    uit = os.path.join(dossier, "uit")
    basis = [PROGRAMMA, "controleer", dossier, "--jaar", "2023", "--uit", uit, "--overschrijf", "--stil"]
    metingen = {"alles": [], "parquet,json": [], "read_csv": [], "read_csv (process)": []}
    geheugen = {"alles": 0.0, "parquet,json": 0.0}
    for ronde in range(rondes + 1):
        regels = []
        for naam, opties in (("parquet,json", ["--formaten", "parquet,json"]), ("alles", [])):
            seconden, mb, _ = draai(basis + opties)
            regels.append((naam, seconden))
            geheugen[naam] = max(geheugen[naam], mb)
        seconden, _, uitvoer = draai([sys.executable, "-c", LEES, bestand])
        regels += [("read_csv", float(uitvoer)), ("read_csv (process)", seconden)]
        if ronde > 0:  # the first is a warm-up
            for naam, seconden in regels:
                metingen[naam].append(seconden)
    mediaan = {naam: statistics.median(lijst) for naam, lijst in metingen.items()}
    grootte = os.path.getsize(bestand) / 1e6
    print(f"{bestand}: {grootte:.0f} MB, medians of {rondes}")
    for naam, seconden in mediaan.items():
        print(f"  {naam:20} {seconden:6.2f} s")
    for naam, mb in geheugen.items():
        in_proces = mediaan[naam] / mediaan["read_csv"]
        heel = mediaan[naam] / mediaan["read_csv (process)"]
        print(f"  {naam:20} {in_proces:.2f} x read_csv ({heel:.2f} x its whole process), {mb / grootte:.2f} x the file in memory")


if __name__ == "__main__":
    main()
