#!/usr/bin/env python3
"""Times the whole program against polars.read_csv and DuckDB on the same file, in turn, in one run.

    cargo build --release
    target/release/rechtmatig voorbeeld /tmp/jaar --regels 1900000 --fouten 3%
    python3 benches/meet.py /tmp/jaar [ROUNDS]     # needs Linux; polars for Python; duckdb if it is there

Prints medians and ratios; quote the ratios, machines differ. On a machine that does other work too,
the ratios of processor time say more than those of the clock.
"""

import importlib.util
import os
import statistics
import subprocess
import sys
import time

PROGRAMMA = os.path.join(os.path.dirname(__file__), "..", "target", "release", "rechtmatig")
POLARS = (
    "import sys, time, polars as pl\n"
    "begin = time.perf_counter()\n"
    "pl.read_csv(sys.argv[1], separator=';')\n"
    "print(time.perf_counter() - begin)\n"
)
# What a single rule asks at the least: every line read, sums by aanbieder and toewijzing.
DUCKDB = (
    "import sys, time, duckdb\n"
    "begin = time.perf_counter()\n"
    "duckdb.sql(f'''\n"
    "    create table d as select * from read_csv('{sys.argv[1]}', delim=';', decimal_separator=',');\n"
    "    select Aanbieder, ToewijzingNummer, count(*), sum(IngediendBedrag), max(Einddatum)\n"
    "    from d group by all;\n"
    "''').fetchall()\n"
    "print(time.perf_counter() - begin)\n"
)


def draai(opdracht):
    """Wall and processor seconds, peak memory in MB and last line of output of a whole process."""
    begin = time.perf_counter()
    proces = subprocess.Popen(opdracht, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    uitvoer = proces.stdout.read()
    _, status, gebruik = os.wait4(proces.pid, 0)
    if status != 0:
        sys.exit(f"{opdracht} failed")
    rekentijd = gebruik.ru_utime + gebruik.ru_stime
    laatste = (uitvoer.split("\n")[-2:] or [""])[0]
    return time.perf_counter() - begin, rekentijd, gebruik.ru_maxrss * 1024 / 1e6, laatste


def volgorden(namen, rondes):
    """Orders in which each comes after each other about as often: what a process leaves to the system
    (pages to find and empty, a warm cache) is borne by the next one."""
    n = len(namen)
    zigzag = [(i + 1) // 2 if i % 2 else -(i // 2) % n for i in range(n)]
    rij = [[namen[(plek + ronde) % n] for plek in zigzag] for ronde in range(n)]
    rij += [list(reversed(r)) for r in rij] if n % 2 else []
    return [rij[ronde % len(rij)] for ronde in range(rondes)]


def main():
    dossier = sys.argv[1]
    rondes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    bestand = os.path.join(dossier, "declaraties.csv")
    uit = os.path.join(dossier, "uit")
    basis = [PROGRAMMA, "controleer", dossier, "--jaar", "2023", "--uit", uit, "--overschrijf", "--stil"]
    eigen = {"parquet,json": basis + ["--formaten", "parquet,json"], "all formats": basis}
    scripts = {"polars.read_csv": POLARS}
    if importlib.util.find_spec("duckdb"):
        scripts["duckdb"] = DUCKDB
    metingen, rekentijden, geheugen = {}, {}, {}
    opdrachten = eigen | scripts
    for ronde, namen in enumerate(volgorden(list(opdrachten), rondes + 1)):
        for naam in namen:
            opdracht = opdrachten[naam]
            if naam in scripts:
                opdracht = [sys.executable, "-c", opdracht, bestand]
            seconden, rekentijd, mb, uitvoer = draai(opdracht)
            if ronde == 0:  # a warm-up
                continue
            metingen.setdefault(naam, []).append(seconden)
            rekentijden.setdefault(naam, []).append(rekentijd)
            geheugen[naam] = max(geheugen.get(naam, 0.0), mb)
            if naam in scripts:
                metingen.setdefault(naam + " (call)", []).append(float(uitvoer))
    metingen = {naam: metingen[naam] for naam in sorted(metingen, key=list(opdrachten | metingen).index)}
    mediaan = {naam: statistics.median(lijst) for naam, lijst in metingen.items()}
    rekentijd = {naam: statistics.median(lijst) for naam, lijst in rekentijden.items()}
    grootte = os.path.getsize(bestand) / 1e6
    with open(bestand, "rb") as f:
        regels = sum(deel.count(b"\n") for deel in iter(lambda: f.read(1 << 22), b"")) - 1
    print(f"{bestand}: {regels} lines, {grootte:.0f} MB, medians of {rondes}, {os.cpu_count()} cores")
    for naam, seconden in mediaan.items():
        tekst = f"  {naam:24} {seconden:6.2f} s (fastest {min(metingen[naam]):.2f})"
        if naam in rekentijd:
            tekst += f", {rekentijd[naam]:.2f} s of processor, {geheugen[naam] / grootte:.2f} x the file in memory"
        print(tekst)
    for naam in eigen:
        tegen = [f"{mediaan[naam] / mediaan[ander]:.2f} x {ander}" for ander in mediaan if ander not in eigen]
        reken = [f"{rekentijd[naam] / rekentijd[ander]:.2f} x {ander}" for ander in scripts]
        print(f"  {naam}: {', '.join(tegen)}; in processor time {', '.join(reken)}")


if __name__ == "__main__":
    main()
