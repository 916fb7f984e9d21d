"""Runs a `rechtmatig` audit on Apache Spark.

    spark-submit rechtmatig_spark.py DOSSIER --jaar 2023 --uit reports

Every part of the audit is one process of `rechtmatig deel`, with Arrow in and Arrow out. Spark cuts the
dossier into parts, brings the rows of a key together, tries a failed part again and keeps what the parts
give; `rechtmatig samenvoegen` makes the rapport of it, and with `--monitor` also `rechtmatig monitor` its
tables. docs/spark.md tells what the rows hold.
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


# What is kept between steps -----------------------------------------------------------------------

INGEPAKT = "Doel string, Blok binary"
"""Many rows for one step as one value. What a step gives is kept, and most of it is read more than once:
so it costs Spark no conversion of every value in every column each time."""


def pak_in(blokken: Blokken) -> Blokken:
    opties = pa.ipc.IpcWriteOptions(compression="lz4")
    for blok in blokken:
        for doel in pc.unique(blok.column("Doel")).to_pylist():
            rijen = pa.BufferOutputStream()
            with pa.ipc.new_stream(rijen, blok.schema, options=opties) as schrijver:
                schrijver.write_batch(blok.filter(pc.equal(blok.column("Doel"), doel)))
            yield pa.record_batch({"Doel": [doel], "Blok": [rijen.getvalue().to_pybytes()]})


def pak_uit(ingepakt: Iterable[pa.RecordBatch]) -> Blokken:
    for blok in ingepakt:
        for rijen in blok.column("Blok"):
            yield from pa.ipc.open_stream(rijen.as_buffer())


Afronding = Callable[[list[pa.RecordBatch]], int]
"""Makes something of rows, and gives an exit status."""

MET_RAPPORT = (0, 1, 5)
"""Exit statuses with which a rapport was written."""

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
    peildatum: str | None = None
    """The day of the monitor's tables; without one that of the last delivery."""

    def stap(self, *argumenten: str) -> list[str]:
        return [self.programma, "deel", self.dossier, *self.opties, *argumenten]

    def draden(self) -> str:
        """A task uses the cores that Spark counts it for."""
        return self.spark.conf.get("spark.task.cpus", "1") or "1"

    def lees(self, inventaris: pa.Table) -> DataFrame:
        """Every file read, in tasks of about equal size; what comes out is packed."""
        taken = verdeel(inventaris, self.delen)
        opdracht = self.stap("--sleutelveld", "bestand", "--draden", self.draden())

        def werk(nummers: Blokken) -> Blokken:
            for blok in nummers:
                for nummer in blok.column("id").to_pylist():
                    yield from pak_in(voer_uit(opdracht, taken[nummer].to_batches()))

        nummers = self.spark.range(0, len(taken), 1, len(taken))
        return nummers.mapInArrow(werk, INGEPAKT)

    def gang(
        self, sleutelveld: str, rijen: DataFrame, stand: pa.Table, *erbij: str
    ) -> DataFrame:
        """One pass: all rows of a key in one part, each part through one process; what comes out is
        packed."""
        opdracht = self.stap("--sleutelveld", sleutelveld, "--draden", self.draden(), *erbij)
        gedeeld = self.spark.sparkContext.broadcast(stand)

        def werk(blokken: Blokken) -> Blokken:
            gevuld = (blok for blok in blokken if blok.num_rows > 0)
            eerste = next(gevuld, None)
            if eerste is not None:
                vooraf = gedeeld.value.cast(eerste.schema).to_batches()
                invoer = itertools.chain(vooraf, [eerste], gevuld)
                yield from pak_in(voer_uit(opdracht, invoer))

        return rijen.repartition(self.delen, "Sleutel").mapInArrow(werk, INGEPAKT)

    def voer_uit(self, naar_rapport: Afronding, naar_monitor: Afronding | None = None) -> int:
        """All steps; `naar_rapport` gets the rows for the rapport, those that all steps need first, and
        `naar_monitor` those for the monitor's tables."""
        inventaris = tabel(self.stap("--inventaris"))
        schema = from_arrow_schema(inventaris.schema)
        gelezen = self.lees(inventaris).persist(StorageLevel.DISK_ONLY)
        opdracht = self.stap("--sleutelveld", "dossier")
        samengevat = tabel(opdracht, verzamel("dossier", gelezen))
        stand = samengevat.filter(pc.equal(samengevat["Doel"], "alle"))
        klein = self.spark.createDataFrame(samengevat, schema)

        rijen = klein.filter(F.col("Doel") == "aanbieder")
        rijen = rijen.unionByName(voor("aanbieder", gelezen, schema))
        rijen = rijen.unionByName(toewijzingen_per_aanbieder(gelezen, schema))
        tel = [f"--monitor={self.peildatum}" if self.peildatum else "--monitor"] if naar_monitor else []
        per_aanbieder = self.gang("aanbieder", rijen, stand, *tel).persist(StorageLevel.DISK_ONLY)
        geteld = verzamel("monitor", per_aanbieder) if naar_monitor else []
        if naar_monitor and not self.peildatum:
            tel = [f"--monitor={dag}" for dag in [laatste_levering(geteld)] if dag] or tel

        rijen = voor("toewijzing", per_aanbieder, schema)
        rijen = rijen.unionByName(voor("toewijzing", gelezen, schema))
        per_toewijzing = self.gang("toewijzing", rijen, stand, *tel).persist(StorageLevel.DISK_ONLY)

        rijen = voor("jeugdige", per_toewijzing, schema)
        per_jeugdige = self.gang("jeugdige", rijen, stand)

        try:
            fouten = samengevat.filter(pc.equal(samengevat["Doel"], "samenvoegen"))
            uitkomsten = [stand.to_batches(), fouten.to_batches()]
            for gang in (per_aanbieder, per_toewijzing, per_jeugdige):
                uitkomsten.append(verzamel("samenvoegen", gang))
            status = naar_rapport([*itertools.chain.from_iterable(uitkomsten)])
            if naar_monitor and status in MET_RAPPORT:
                geteld += verzamel("monitor", per_toewijzing)
                status = status or naar_monitor([*stand.to_batches(), *geteld])
            return status
        finally:
            for ingepakt in (gelezen, per_aanbieder, per_toewijzing):
                ingepakt.unpersist()


def voor(doel: str, ingepakt: DataFrame, schema: StructType) -> DataFrame:
    """The rows for one step."""
    return ingepakt.filter(F.col("Doel") == doel).mapInArrow(pak_uit, schema)


def verzamel(doel: str, ingepakt: DataFrame) -> list[pa.RecordBatch]:
    """The same on this machine."""
    return list(pak_uit(ingepakt.filter(F.col("Doel") == doel).toArrow().to_batches()))


def laatste_levering(geteld: list[pa.RecordBatch]) -> str | None:
    """The day up to which the monitor counts: the last of the last month with a delivery."""
    dagen = []
    for blok in geteld:
        levering = pc.and_(
            pc.equal(blok.column("Soort"), "telling"), pc.equal(blok.column("Sleutel"), "leveringen")
        )
        dagen += blok.filter(levering).column("Datum").to_pylist()
    return max(dagen).isoformat() if dagen else None


def toewijzingen_per_aanbieder(gelezen: DataFrame, schema: StructType) -> DataFrame:
    """Every toewijzing once for each aanbieder whose lines name its number: a part of the first pass
    has all toewijzingen that its lines may be on, of whatever gemeente."""

    def paren_van(ingepakt: Blokken) -> Blokken:
        for blok in pak_uit(ingepakt):
            regels = pa.Table.from_batches([blok]).filter(pc.equal(blok.column("Soort"), "declaratie"))
            yield from regels.group_by(["ToewijzingNummer", "Sleutel"]).aggregate([]).to_batches()

    regels = gelezen.filter(F.col("Doel") == "aanbieder")
    paren = regels.mapInArrow(paren_van, "ToewijzingNummer string, Sleutel string").distinct()
    toewijzingen = voor("toewijzing", gelezen, schema).filter(F.col("Soort") == "toewijzing")
    bij_regels = toewijzingen.drop("Sleutel").join(paren, "ToewijzingNummer")
    return bij_regels.withColumn("Doel", F.lit("aanbieder")).select(schema.names)


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


def samenvoegen(opdracht: list[str], rijen: list[pa.RecordBatch]) -> int:
    """Makes the rapport, or the tables of the monitor; gives the exit status. The key of the pseudonyms is used here alone."""
    with subprocess.Popen([programma(opdracht[0]), *opdracht[1:]], stdin=subprocess.PIPE) as proces:
        assert proces.stdin is not None
        try:
            schrijf(rijen, proces.stdin)
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
    lezer.add_argument("--monitor", action="store_true", help="make the tables of the monitor as well")
    lezer.add_argument("--peildatum", help="day of these tables (default: that of the last delivery)")
    for optie in AUDITOPTIES:
        lezer.add_argument(f"--{optie}")
    return lezer.parse_known_args(gegeven)


AUDITOPTIES = ("jaar", "regio", "regels", "alleen", "zonder", "max-afgekeurd")
"""What must be the same in every step."""

MONITOROPTIES = ("jaar", "regio", "regels")
"""Of these what the monitor has as well."""


def voor_monitor(gegeven: list[str]) -> list[str]:
    """Of the options for the rapport those that the monitor has as well."""
    lezer = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for optie in ("--uit", "--sleutel"):
        lezer.add_argument(optie)
    for schakelaar in ("--overschrijf", "--stil", "--per-aanbieder"):
        lezer.add_argument(schakelaar, action="store_true")
    opties: list[str] = []
    for naam, waarde in vars(lezer.parse_known_args(gegeven)[0]).items():
        if waarde:
            opties += [f"--{naam.replace('_', '-')}", *([] if waarde is True else [waarde])]
    return opties


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
        peildatum=gekozen.peildatum,
    )
    rapport = [gekozen.programma, "samenvoegen", gekozen.dossier, *opties, *voor_rapport]
    monitor = [gekozen.programma, "monitor", gekozen.dossier, *voor_monitor(voor_rapport)]
    monitor += [f"--{optie}={waarden[optie]}" for optie in MONITOROPTIES if waarden[optie] is not None]
    monitor += [f"--peildatum={gekozen.peildatum}"] if gekozen.peildatum else []

    def naar_monitor(rijen: list[pa.RecordBatch]) -> int:
        return samenvoegen([*monitor, "--delen"], rijen)

    try:
        return controle.voer_uit(
            lambda rijen: samenvoegen(rapport, rijen), naar_monitor if gekozen.monitor else None
        )
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
