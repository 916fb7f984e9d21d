"""Runs a `rechtmatig` audit on Apache Spark.

    spark-submit rechtmatig_spark.py DOSSIER --jaar 2023 --uit reports

Every part of the audit is one process of `rechtmatig deel`, with Arrow in and Arrow out. Spark cuts the
dossier into parts, brings the rows of a key together, tries a failed part again and keeps what the parts
give; `rechtmatig samenvoegen` makes the rapport of it. docs/spark.md tells what the rows hold.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from pyspark import SparkFiles, StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

Blokken = Iterator[pa.RecordBatch]


class Stapfout(Exception):
    """A process of `rechtmatig` didn't end well; `melding` is what it said, in Dutch."""

    def __init__(self, opdracht: list[str], status: int, melding: str) -> None:
        super().__init__(f"{' '.join(opdracht)} eindigde met status {status}\n{melding}")
        self.status = status
        self.melding = melding


# One process --------------------------------------------------------------------------------------


def programma(naam: str) -> str:
    """The program as this machine has it: sent along with `--files`, or installed."""
    meegestuurd = Path(SparkFiles.get(naam))
    return str(meegestuurd) if meegestuurd.is_file() else naam


def schrijf(blokken: Iterable[pa.RecordBatch], naar: IO[bytes]) -> None:
    """Writes one stream. Its end is written only after the last block: a stream that breaks off is
    known by that, and refused."""
    with naar:
        schrijver = None
        for blok in blokken:
            schrijver = schrijver or pa.ipc.new_stream(naar, blok.schema)
            schrijver.write_batch(blok)
        if schrijver is not None:
            schrijver.close()


def voer_uit(opdracht: list[str], invoer: Iterable[pa.RecordBatch]) -> Blokken:
    """Pipes rows through one process, which writes nothing before it has read everything.

    What came out counts only if the process ended well; else an error fails the task of it.
    """
    with (
        tempfile.TemporaryFile() as meldingen,
        subprocess.Popen(
            [programma(opdracht[0]), *opdracht[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=meldingen,
        ) as proces,
    ):
        assert proces.stdin is not None and proces.stdout is not None
        # Where a pipe breaks, the process says better what was wrong.
        gebroken: Exception | None = None
        try:
            schrijf(invoer, proces.stdin)
        except BrokenPipeError as fout:
            gebroken = fout
        try:
            yield from pa.ipc.open_stream(proces.stdout)
        except (OSError, pa.ArrowException) as fout:
            gebroken = gebroken or fout
        proces.stdout.close()
        status = proces.wait()
        if status != 0 or gebroken is not None:
            meldingen.seek(0)
            melding = meldingen.read().decode(errors="replace").strip()
            raise Stapfout(opdracht, status, melding or str(gebroken)) from gebroken


def tabel(opdracht: list[str], invoer: Iterable[pa.RecordBatch] = ()) -> pa.Table:
    """What one process on this machine writes."""
    return pa.Table.from_batches(list(voer_uit(opdracht, invoer)))


# The steps on the cluster -------------------------------------------------------------------------


@dataclass(frozen=True)
class Controle:
    """An audit on a Spark session."""

    spark: SparkSession
    programma: str
    dossier: str
    opties: list[str]
    """Options that every step gets: which year, which ruleset."""
    delen: int
    """Number of parts in each pass."""

    def stap(self, *argumenten: str) -> list[str]:
        return [self.programma, "deel", self.dossier, *self.opties, *argumenten]

    def draden(self) -> str:
        """A task uses the cores that Spark counts it for."""
        return self.spark.conf.get("spark.task.cpus", "1") or "1"

    def lees(self, inventaris: pa.Table, schema: StructType) -> DataFrame:
        """Every file read, in tasks of about equal size."""
        taken = verdeel(inventaris, self.delen)
        opdracht = self.stap("--sleutelveld", "bestand", "--draden", self.draden())

        def werk(nummers: Blokken) -> Blokken:
            for blok in nummers:
                for nummer in blok.column("id").to_pylist():
                    yield from voer_uit(opdracht, taken[nummer].to_batches())

        nummers = self.spark.range(0, len(taken), 1, len(taken))
        return nummers.mapInArrow(werk, schema)

    def gang(self, sleutelveld: str, rijen: DataFrame, stand: pa.Table) -> DataFrame:
        """One pass: all rows of a key in one part, each part through one process."""
        opdracht = self.stap("--sleutelveld", sleutelveld, "--draden", self.draden())
        gedeeld = self.spark.sparkContext.broadcast(stand)

        def werk(blokken: Blokken) -> Blokken:
            gevuld = (blok for blok in blokken if blok.num_rows > 0)
            eerste = next(gevuld, None)
            if eerste is not None:
                vooraf = gedeeld.value.cast(eerste.schema).to_batches()
                yield from voer_uit(opdracht, itertools.chain(vooraf, [eerste], gevuld))

        return rijen.repartition(self.delen, "Sleutel").mapInArrow(werk, rijen.schema)

    def voer_uit(self, naar_rapport: Callable[[pa.Table, list[DataFrame]], int]) -> int:
        """All steps; `naar_rapport` gets the small rows and the outcomes of the passes."""
        inventaris = tabel(self.stap("--inventaris"))
        schema = from_arrow_schema(inventaris.schema)
        # Each step's rows are used twice: what they cost is paid once.
        gelezen = self.lees(inventaris, schema).persist(StorageLevel.DISK_ONLY)
        verslagen = voor("dossier", gelezen).toArrow()
        opdracht = self.stap("--sleutelveld", "dossier")
        samengevat = tabel(opdracht, verslagen.cast(inventaris.schema).to_batches())
        stand = voor_stap("alle", samengevat)

        aanbieders = self.spark.createDataFrame(voor_stap("aanbieder", samengevat), schema)
        rijen = aanbieders.unionByName(voor("aanbieder", gelezen))
        rijen = rijen.unionByName(toewijzingen_per_aanbieder(gelezen))
        per_aanbieder = self.gang("aanbieder", rijen, stand).persist(StorageLevel.DISK_ONLY)

        rijen = voor("toewijzing", per_aanbieder).unionByName(voor("toewijzing", gelezen))
        per_toewijzing = self.gang("toewijzing", rijen, stand).persist(StorageLevel.DISK_ONLY)

        per_jeugdige = self.gang("jeugdige", voor("jeugdige", per_toewijzing), stand)

        klein = pa.concat_tables([stand, voor_stap("samenvoegen", samengevat)])
        gangen = [per_aanbieder, per_toewijzing, per_jeugdige]
        try:
            return naar_rapport(klein, [voor("samenvoegen", gang) for gang in gangen])
        finally:
            for rijen in (gelezen, per_aanbieder, per_toewijzing):
                rijen.unpersist()


def voor(doel: str, rijen: DataFrame) -> DataFrame:
    """The rows for one step."""
    return rijen.filter(F.col("Doel") == doel)


def voor_stap(doel: str, rijen: pa.Table) -> pa.Table:
    """The same of a table on this machine."""
    return rijen.filter(pc.equal(rijen["Doel"], doel))


def toewijzingen_per_aanbieder(gelezen: DataFrame) -> DataFrame:
    """Every toewijzing once for each aanbieder whose lines name its number: a part of the first pass
    has all toewijzingen that its lines may be on, of whatever gemeente."""
    regels = voor("aanbieder", gelezen).filter(F.col("Soort") == "declaratie")
    paren = regels.select("ToewijzingNummer", "Sleutel").distinct()
    toewijzingen = voor("toewijzing", gelezen).filter(F.col("Soort") == "toewijzing")
    bij_regels = toewijzingen.drop("Sleutel").join(paren, "ToewijzingNummer")
    return bij_regels.withColumn("Doel", F.lit("aanbieder")).select(gelezen.columns)


def verdeel(inventaris: pa.Table, aantal: int) -> list[pa.Table]:
    """Files over tasks, the largest first, each to the task that has least to read."""
    aantal = max(1, min(aantal, inventaris.num_rows))
    taken: list[list[int]] = [[] for _ in range(aantal)]
    bytes_per_taak = [0] * aantal
    bytes_per_bestand = inventaris["Bytes"].to_pylist()
    for plaats in sorted(range(inventaris.num_rows), key=lambda i: -bytes_per_bestand[i]):
        taak = bytes_per_taak.index(min(bytes_per_taak))
        taken[taak].append(plaats)
        bytes_per_taak[taak] += bytes_per_bestand[plaats]
    return [inventaris.take(sorted(plaatsen)) for plaatsen in taken]


# The command line ---------------------------------------------------------------------------------


def samenvoegen(opdracht: list[str], klein: pa.Table, gangen: list[DataFrame]) -> int:
    """Makes the rapport; gives the exit status. The key of the pseudonyms is used here alone."""
    # A job that fails does so here, before there is anything of a rapport.
    tabellen = [klein, *(gang.toArrow().cast(klein.schema) for gang in gangen)]
    with subprocess.Popen([programma(opdracht[0]), *opdracht[1:]], stdin=subprocess.PIPE) as proces:
        assert proces.stdin is not None
        try:
            schrijf(itertools.chain(*(t.to_batches() for t in tabellen)), proces.stdin)
        except BrokenPipeError:
            # It has said what is wrong.
            pass
        return proces.wait()


def argumenten(gegeven: list[str] | None) -> tuple[argparse.Namespace, list[str]]:
    lezer = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Every other option goes to `rechtmatig samenvoegen`: --uit, --sleutel, --formaten, …",
    )
    lezer.add_argument("dossier", help="folder that every machine can read at this path")
    lezer.add_argument("--programma", default="rechtmatig", help="path, or name of a file of --files")
    lezer.add_argument("--delen", type=int, help="parts in each pass (default: 4 for each core)")
    for optie in AUDITOPTIES:
        lezer.add_argument(f"--{optie}")
    return lezer.parse_known_args(gegeven)


AUDITOPTIES = ("jaar", "regio", "regels", "alleen", "zonder", "max-afgekeurd")
"""What must be the same in every step."""


def controleer(spark: SparkSession, gegeven: list[str] | None = None) -> int:
    """An audit with these arguments (default: those of the command line); gives the exit status."""
    gekozen, voor_rapport = argumenten(gegeven)
    waarden = {optie: getattr(gekozen, optie.replace("-", "_")) for optie in AUDITOPTIES}
    paren = [(f"--{optie}", waarde) for optie, waarde in waarden.items() if waarde is not None]
    opties = [*itertools.chain.from_iterable(paren)]
    controle = Controle(
        spark=spark,
        programma=gekozen.programma,
        dossier=gekozen.dossier,
        opties=opties,
        delen=gekozen.delen or 4 * spark.sparkContext.defaultParallelism,
    )
    rapport = [gekozen.programma, "samenvoegen", gekozen.dossier, *opties, *voor_rapport]
    try:
        return controle.voer_uit(lambda klein, gangen: samenvoegen(rapport, klein, gangen))
    except Stapfout as fout:
        print(fout.melding, file=sys.stderr)
        return fout.status


def main() -> int:
    spark = SparkSession.builder.appName("rechtmatig").getOrCreate()
    try:
        return controleer(spark)
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
