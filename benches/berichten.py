#!/usr/bin/env python3
"""Times the whole program on very many small messages, beside the same lines as a table.

    cargo build --release
    python3 benches/berichten.py /tmp/berichten [MESSAGES]     # needs Linux, and 3 GB for 300,000

Makes a year with `voorbeeld`, writes each declared line as a JW323 of its own (in a folder, and in one zip) and audits both,
and the same lines as `declaraties.csv`. Prints messages a second by the clock and by processor time spread over the cores,
and the peak of memory above that of the table; fails where that is over 500 MB for 300,000 messages.
"""

import os
import re
import shutil
import sys
import zipfile

from meet import PROGRAMMA, draai

CLIENT = re.compile(r"<b:Client><b:Bsn>(\d+)</b:Bsn><b:Prestaties>\n(.*?)</b:Prestaties></b:Client>", re.S)
PRESTATIE = re.compile(r"<b:Prestatie>.*?</b:Prestatie>", re.S)
BEDRAG = re.compile(r"<ijw:Bedrag>(\d+)</ijw:Bedrag>(<ijw:DebetCredit>.</ijw:DebetCredit>)")


def los(map_jw323):
    """Each prestatie of these messages as a message of its own, with its name."""
    nummer = 0
    for naam in sorted(os.listdir(map_jw323)):
        with open(os.path.join(map_jw323, naam), encoding="utf-8") as f:
            tekst = f.read()
        kop, rest = tekst[: tekst.index("<b:Client>")], tekst[tekst.index("<b:Client>") :]
        for bsn, prestaties in CLIENT.findall(rest):
            for prestatie in PRESTATIE.findall(prestaties):
                nummer += 1
                eigen = f"M{nummer:08}"
                bedrag, teken = BEDRAG.search(prestatie).groups()
                eigen_kop = re.sub(r"<ijw:Identificatie>.*?<", f"<ijw:Identificatie>{eigen}<", kop)
                eigen_kop = re.sub(r"<b:DeclaratieNummer>.*?<", f"<b:DeclaratieNummer>{eigen}<", eigen_kop)
                totaal = f"<ijw:TotaalBedrag>{bedrag}</ijw:TotaalBedrag>{teken}"
                eigen_kop = re.sub(r"<ijw:TotaalBedrag>.*?</ijw:DebetCredit>", totaal, eigen_kop)
                yield f"JW323-{nummer:08}.xml", (
                    f"{eigen_kop}<b:Client><b:Bsn>{bsn}</b:Bsn><b:Prestaties>\n{prestatie}\n"
                    "</b:Prestaties></b:Client>\n</b:Clienten></b:Declaratie>\n</b:Bericht>\n"
                )


def main():
    plek, aantal = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300_000
    tabel, klein, zipped = (os.path.join(plek, naam) for naam in ("tabel", "klein", "zip"))
    if not os.path.isdir(zipped):
        bron = os.path.join(plek, "bron")
        maak = ["--regels", str(aantal), "--fouten", "0%", "--stil", "--overschrijf"]
        draai([PROGRAMMA, "voorbeeld", bron, "--vorm", "ijw"] + maak)
        draai([PROGRAMMA, "voorbeeld", tabel] + maak)
        os.makedirs(os.path.join(klein, "jw323"))
        os.makedirs(zipped)
        for naam in os.listdir(tabel):
            if naam != "declaraties.csv" and not naam.startswith("leesmij"):
                shutil.copy(os.path.join(tabel, naam), klein)
                shutil.copy(os.path.join(tabel, naam), zipped)
        with zipfile.ZipFile(os.path.join(zipped, "jw323.zip"), "w", zipfile.ZIP_DEFLATED) as z:
            for naam, tekst in los(os.path.join(bron, "jw323")):
                z.writestr(naam, tekst)
                with open(os.path.join(klein, "jw323", naam), "w", encoding="utf-8") as f:
                    f.write(tekst)
    kernen, goed = os.cpu_count(), True
    basis = None
    for naam, dossier in (("table", tabel), ("messages", klein), ("one zip", zipped)):
        opdracht = [PROGRAMMA, "controleer", dossier, "--jaar", "2023", "--stil", "--overschrijf", "--uit"]
        opdracht.append(os.path.join(plek, "uit-" + os.path.basename(dossier)))
        draai(opdracht)  # what is on the disk is in memory from here on
        seconden, rekentijd, mb, _ = draai(opdracht)
        basis = basis if basis is not None else mb
        print(
            f"  {naam:10} {seconden:6.2f} s, {rekentijd:6.2f} s of processor: {aantal / seconden:9,.0f} a second, "
            f"{aantal * kernen / rekentijd:9,.0f} by processor time on {kernen} cores; peak {mb:.0f} MB, "
            f"{mb - basis:.0f} above the table"
        )
        goed = goed and mb - basis < 500 * max(aantal / 300_000, 0.1)
    sys.exit(not goed)


if __name__ == "__main__":
    main()
