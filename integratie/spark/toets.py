"""Runs audits on a small cluster, and compares the bytes of their rapporten with those of one process.

    spark-submit --master 'local-cluster[2,1,1024]' --py-files rechtmatig_spark.py toets.py PROGRAMMA

PROGRAMMA is the path of `rechtmatig`. `.ci/run` runs this.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

import rechtmatig_spark

VAST = (
    "bevindingen.csv",
    "bevindingen.parquet",
    "onderliggend.csv",
    "onderliggend.parquet",
    "samenvatting.json",
    "invoerfouten.csv",
)
"""Files whose bytes depend on nothing but input, ruleset and key."""
VOORBEELD = Path(__file__).resolve().parents[2] / "sample-data"


class Toets:
    def __init__(self, spark: SparkSession, programma: str, map: Path) -> None:
        self.spark = spark
        self.programma = programma
        self.map = map

    def rechtmatig(self, *argumenten: str | Path) -> None:
        subprocess.run([self.programma, *map(str, argumenten)], check=True)

    def zelfde_bytes(self, dossier: Path, rapport: str, programma: str | None = None) -> None:
        """The rapport of the cluster has the bytes of that of one process."""
        heel, cluster = (Path(tempfile.mkdtemp(dir=self.map)) for _ in range(2))
        opties = ["--jaar", "2023", "--sleutel", str(self.map / "sleutel"), "--stil"]
        self.rechtmatig("controleer", dossier, *opties, "--uit", heel)
        self.rechtmatig("monitor", dossier, *opties, "--uit", heel)
        status = rechtmatig_spark.controleer(
            self.spark,
            [str(dossier), "--programma", programma or self.programma, "--delen", "3", "--monitor"]
            + [*opties, "--uit", str(cluster)],
        )
        assert status == 0, f"{dossier}: status {status}"
        for naam in VAST:
            gelijk = (heel / rapport / naam).read_bytes() == (cluster / rapport / naam).read_bytes()
            assert gelijk, f"{naam} of {dossier} differs"
        tabellen = sorted((heel / f"{rapport}-monitor").glob("*"))
        for tabel in (t for t in tabellen if t.suffix in (".csv", ".parquet", ".html")):
            cluster_tabel = cluster / f"{rapport}-monitor" / tabel.name
            assert tabel.read_bytes() == cluster_tabel.read_bytes(), f"{tabel.name} of {dossier} differs"
        assert len(tabellen) > 8, f"{dossier}: no tables of the monitor"
        for naam in ("rapport.html", "rapport.xlsx", "manifest.json"):
            assert (cluster / rapport / naam).stat().st_size > 1_000, f"{naam} is empty"

    def voorbeeld(self) -> Path:
        """A made-up dossier, its tables dealt over several files."""
        dossier = self.map / "voorbeeld"
        self.rechtmatig("voorbeeld", dossier, "--regels", "6000", "--fouten", "5%", "--stil")
        for naam, aantal in (("declaraties", 4), ("toewijzingen", 2)):
            kop, *rijen = (dossier / f"{naam}.csv").read_text().splitlines(keepends=True)
            for i in range(aantal):
                (dossier / f"{naam}-{i}.csv").write_text(kop + "".join(rijen[i::aantal]))
            (dossier / f"{naam}.csv").unlink()
        return dossier

    def met_storing(self, keren: int, sleutelveld: str) -> str:
        """A program of which parts of a pass fail so often, when half of what they write is out."""
        script = self.map / f"storing-{keren}"
        teller = self.map / f"storing-{keren}.keren"
        teller.touch()
        script.write_text(f"""#!/bin/sh
case "$*" in
  *"--sleutelveld {sleutelveld}"*)
    if [ "$(wc -l < '{teller}')" -lt {keren} ]; then
      echo storing >> '{teller}'
      '{self.programma}' "$@" | head --bytes 20000
      echo "Fout: de schijf is vol" >&2
      exit 4
    fi ;;
esac
exec '{self.programma}' "$@"
""")
        script.chmod(0o755)
        return str(script)

    # The promises ---------------------------------------------------------------------------------

    def the_sample_gives_the_same_bytes(self) -> None:
        self.zelfde_bytes(VOORBEELD, "2023-ijsselland")

    def a_part_that_fails_is_done_again_and_counts_once(self) -> None:
        programma = self.met_storing(2, "toewijzing")
        self.zelfde_bytes(VOORBEELD / "zeeland", "2023-zeeland", programma)

    def a_made_up_dossier_of_many_files_gives_the_same_bytes(self) -> None:
        self.zelfde_bytes(self.voorbeeld(), "2023-ijsselland")

    def a_part_that_keeps_failing_stops_the_job_with_its_message(self) -> None:
        programma = self.met_storing(1_000, "aanbieder")
        uit = self.map / "nooit"
        argumenten = [str(VOORBEELD / "zeeland"), "--programma", programma, "--uit", str(uit)]
        try:
            rechtmatig_spark.controleer(self.spark, [*argumenten, "--delen", "1", "--stil"])
        except (PySparkException, Py4JJavaError) as fout:
            assert "de schijf is vol" in str(fout), fout
        else:
            raise AssertionError("the job ended well")
        assert not uit.exists() or not any(uit.iterdir()), "a rapport was written"

    def a_dossier_that_lacks_a_table_ends_as_in_one_process(self) -> None:
        dossier = self.map / "zonder"
        dossier.mkdir()
        (dossier / "declaraties.csv").write_text("ReferentieNummer\n")
        opties = [str(dossier), "--jaar", "2023", "--programma", self.programma]
        assert rechtmatig_spark.controleer(self.spark, opties) == 3


def main() -> None:
    spark = SparkSession.builder.appName("rechtmatig-toets").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    with tempfile.TemporaryDirectory() as map:
        toets = Toets(spark, sys.argv[1], Path(map))
        beloften: list[Callable[[], None]] = [
            toets.the_sample_gives_the_same_bytes,
            toets.a_part_that_fails_is_done_again_and_counts_once,
            toets.a_made_up_dossier_of_many_files_gives_the_same_bytes,
            toets.a_part_that_keeps_failing_stops_the_job_with_its_message,
            toets.a_dossier_that_lacks_a_table_ends_as_in_one_process,
        ]
        for belofte in beloften:
            begin = time.monotonic()
            belofte()
            print(f"spark: {belofte.__name__} … ok ({time.monotonic() - begin:.0f} s)", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
