"""The exports of a dossier as views of DuckDB, for `narekenen.py`."""

from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
RULES = HERE.parent.parent / "rules"

# What the documents say, by region; None where they say nothing.
SETTINGS = {
    "ijsselland": {
        "margin": 500, "index": {2023: 263}, "outside": ["42", "46", "47", "48", "55"], "threshold": 12_500_000,
        "due": (3, 1), "certified": (4, 1), "days": 30, "workdays": 5, "late": 60, "ends": 56,
        "ages": [198, 204, 216], "finish": 12, "standard": [1000, 2000, 3000, 5000, 8000, 12000, 15000, 20000],
    },
    "zeeland": {
        "margin": None, "index": {}, "outside": [], "threshold": None,
        "due": None, "certified": None, "days": None, "workdays": None, "late": None, "ends": None,
        "ages": [None, None, 216], "finish": None, "standard": [],
    },
}

MACROS = """
CREATE MACRO dag(x) AS coalesce(try_strptime(x, '%d-%m-%Y'), try_strptime(x, '%Y-%m-%d'))::DATE;
CREATE MACRO cent(x) AS (replace(x, ',', '.')::DECIMAL(18, 2) * 100)::BIGINT;
CREATE MACRO nummer(x) AS CASE WHEN regexp_full_match(x, '[0-9]+') THEN ltrim(x, '0') ELSE x END;
CREATE MACRO floordiv(a, b) AS CASE WHEN a < 0 AND a % b <> 0 THEN a // b - 1 ELSE a // b END;
CREATE MACRO half_up(a, b) AS floordiv(2 * a::HUGEINT + b::HUGEINT, 2 * b::HUGEINT)::BIGINT;
CREATE MACRO deel(a, b) AS CASE WHEN b > 0 THEN half_up(a::HUGEINT * 10000, b) END;
CREATE MACRO maand(d) AS year(d) * 12 + month(d) - 1;
CREATE MACRO tekst(m) AS printf('%04d-%02d', (m // 12)::INT, (m % 12 + 1)::INT);
CREATE MACRO jaren_erbij(d, n) AS CASE
    WHEN month(d) = 2 AND day(d) = 29 AND day(last_day(make_date(year(d) + n, 2, 1))) = 28
    THEN make_date(year(d) + n, 3, 1) ELSE (d + to_years(n))::DATE END;
CREATE MACRO maanden_erbij(d, n) AS (d + to_months(n))::DATE;
CREATE MACRO minuten(e) AS CASE e WHEN '01' THEN 1 WHEN '04' THEN 60 WHEN '16' THEN 240 ELSE 0 END;
CREATE MACRO mediaan(l) AS half_up(list_sort(l)[(len(l) + 1) // 2] + list_sort(l)[len(l) // 2 + 1], 2);
"""


class Dossier:
    """The exports of a dossier as views, and what they come to at the peildatum."""

    def __init__(self, folder, tables, region, year):
        self.folder, self.tables, self.region, self.year = Path(folder), Path(tables), region, year
        self.db = duckdb.connect()
        self.set = SETTINGS[region]
        self.db.execute(MACROS)
        told = self.db.execute(
            f"SELECT Tabel, strptime(Peildatum, '%d-%m-%Y')::DATE, coalesce(Vraagt, '') FROM "
            f"read_csv('{self.tables}/tabellen.csv', delim=';', all_varchar=true, header=true)").fetchall()
        self.at = {name: day for name, day, _ in told}
        self.absent = {name for name, _, needs in told if needs}
        self.db.execute(f"CREATE MACRO peil() AS DATE '{self.at['maand']}'")
        self.db.execute(f"CREATE MACRO jaar() AS {year}")
        self.read()
        self.live()
        self.startstop()
        self.toewijzingen()

    def table(self, name, columns):
        """A view of all files of a kind, with these columns; empty ones where it lacks them."""
        files = sorted(self.folder.glob(f"{name}*.csv"))
        if not files:
            self.db.execute(f"CREATE TABLE r_{name} ({', '.join(c + ' VARCHAR' for c in columns)}, rij BIGINT)")
            return False
        listed = ", ".join(f"'{f}'" for f in files)
        self.db.execute(
            f"CREATE TABLE ruw_{name} AS SELECT *, row_number() OVER () AS rij FROM read_csv([{listed}], delim=';', "
            "header=true, all_varchar=true, union_by_name=true, null_padding=true, quote='\"')")
        known = {r[0] for r in self.db.execute(f"DESCRIBE ruw_{name}").fetchall()}
        cells = ", ".join(f"nullif(trim({c}), '') AS {c}" if c in known else f"NULL::VARCHAR AS {c}" for c in columns)
        self.db.execute(f"CREATE TABLE r_{name} AS SELECT {cells}, rij FROM ruw_{name}")
        return True

    def read(self):
        self.table("declaraties", [
            "DeclaratieNummer", "ReferentieNummer", "VorigReferentieNummer", "Ontvangstdatum", "Gemeente", "Aanbieder",
            "Bsn", "ToewijzingNummer", "ProductCategorie", "ProductCode", "Begindatum", "Einddatum", "GeleverdVolume",
            "Eenheid", "ProductTarief", "IngediendBedrag", "DebetCredit", "Bestand"])
        self.table("declaratieberichten", [
            "Bestand", "Aanbieder", "Gemeente", "Identificatie", "Dagtekening", "Begindatum", "Einddatum"])
        self.table("antwoorden", ["Aanbieder", "Gemeente", "Identificatie", "Dagtekening", "ReferentieNummer"])
        self.table("toewijzingen", [
            "ToewijzingNummer", "Gemeente", "Aanbieder", "Bsn", "Toewijzingsdatum", "Toewijzingstijd", "Ingangsdatum",
            "Einddatum", "RedenWijziging", "Budget", "Geboortedatum", "Verwijzer", "Budgetsoort", "Verzonden"])
        self.table("aanbieders", ["Aanbieder", "Naam", "Perceel", "LandelijkeOmzet", "ContractEinde"])
        self.table("producten", ["ProductCategorie", "ProductCode", "Onderdeel", "Tariefsleutel"])
        self.has_omzet = self.table("omzet", ["Aanbieder", "Jaar", "Omzet", "ProductCode", "Volume"])
        self.has_startstop = self.table("startstop", [
            "ToewijzingNummer", "Gemeente", "Aanbieder", "Bsn", "Soort", "Datum", "Verzonden", "RedenBeeindiging",
            "StatusAanlevering"])
        self.table("productieverantwoording", [
            "Aanbieder", "Gemeente", "Jaar", "ProductCategorie", "ProductCode", "Bedrag", "Status", "Ontvangen"])
        self.table("afspraken", [
            "Aanbieder", "Gemeente", "ProductCode", "Naam", "Doelgroep", "Startdatum", "Einddatum", "Aantal", "Soort"])
        self.table("maatwerk", [
            "Aanbieder", "Gemeente", "ToewijzingNummer", "ProductCode", "Startdatum", "Einddatum"])
        free = "('50Z09', '50Z10', '50Z11', '45A52')" if self.region == "zeeland" else "('')"
        self.db.execute(f"""
            CREATE TABLE producten AS
            WITH regels AS (SELECT ProductCategorie, ProductCode, Onderdeel, Tariefsleutel FROM read_csv(
                '{RULES}/{self.region}/producten.csv', delim=';', all_varchar=true, header=true))
            SELECT ProductCategorie, ProductCode, Onderdeel, Tariefsleutel FROM r_producten
            UNION ALL SELECT * FROM regels ANTI JOIN r_producten USING (ProductCategorie, ProductCode)""")
        self.db.execute(f"CREATE MACRO vrij(code) AS code IN {free}")

    def live(self):
        """Lines that count: live debits up to the peildatum with a period that isn't reversed. Not
        taken up are an amount such as 1.234, of which nobody can tell what it is, and a line without a Bsn. What the
        gemeente refused isn't live, and as a credit takes nothing back."""
        self.db.execute("""
            CREATE TABLE gelezen AS SELECT rij, Bestand AS bestand, ReferentieNummer AS ref, VorigReferentieNummer AS vorig,
                dag(Ontvangstdatum) AS ontvangen, lpad(Gemeente, 4, '0') AS gemeente, lpad(Aanbieder, 8, '0') AS agb,
                lpad(Bsn, 9, '0') AS bsn, coalesce(nummer(ToewijzingNummer), '') AS toew,
                ProductCategorie AS cat, ProductCode AS code, dag(Begindatum) AS van, dag(Einddatum) AS tot,
                cent(GeleverdVolume) AS volume, lpad(Eenheid, 2, '0') AS eenheid, cent(IngediendBedrag) AS bedrag,
                coalesce(DebetCredit, 'D') AS dc FROM r_declaraties
                WHERE NOT regexp_full_match(IngediendBedrag, '[0-9]{1,3}[.,][0-9]{3}')
                    AND (Bsn IS NOT NULL OR vrij(ProductCode));
            CREATE TABLE afgewezen AS SELECT g.* FROM gelezen g SEMI JOIN (
                SELECT b.Bestand AS bestand, a.ReferentieNummer AS ref FROM r_antwoorden a JOIN r_declaratieberichten b
                    USING (Aanbieder, Gemeente, Identificatie, Dagtekening)) x
                ON x.bestand = g.bestand AND (x.ref IS NULL OR x.ref = g.ref);
            CREATE TABLE alle AS SELECT * FROM gelezen WHERE rij NOT IN (SELECT rij FROM afgewezen);
            CREATE TABLE terug AS
            WITH sleutels AS (SELECT *, agb || '|' || coalesce(CASE dc WHEN 'C' THEN vorig ELSE ref END, '') || '|' ||
                    coalesce(bsn, '') || '|' || toew || '|' || code || '|' || bedrag AS sleutel,
                    concat_ws('|', van, tot, volume) AS precies FROM alle),
                credits AS (SELECT sleutel, count(*) AS n, list(precies) AS gelijk FROM sleutels
                    WHERE dc = 'C' AND vorig IS NOT NULL GROUP BY sleutel)
            SELECT rij FROM (SELECT s.rij, c.n, row_number() OVER (PARTITION BY s.sleutel ORDER BY
                    list_contains(c.gelijk, s.precies) DESC, s.van, s.ontvangen NULLS LAST, s.rij) AS plaats
                FROM sleutels s JOIN credits c USING (sleutel) WHERE s.dc = 'D') WHERE plaats <= n;
            INSERT INTO terug
            WITH sleutels AS (SELECT *, concat_ws('|', agb, gemeente, coalesce(bsn, ''), toew, code, van, tot, volume,
                    bedrag) AS sleutel FROM alle),
                credits AS (SELECT sleutel, count(*) AS n FROM sleutels WHERE dc = 'C' AND vorig IS NULL GROUP BY 1)
            SELECT rij FROM (SELECT s.rij, c.n, row_number() OVER (PARTITION BY s.sleutel ORDER BY s.ontvangen, s.rij)
                AS plaats FROM sleutels s JOIN credits c USING (sleutel)
                WHERE s.dc = 'D' AND s.rij NOT IN (SELECT rij FROM terug)) WHERE plaats <= n;
            CREATE TABLE levend AS SELECT * FROM alle WHERE dc = 'D' AND van <= tot AND tot <= peil()
                AND rij NOT IN (SELECT rij FROM terug);
            CREATE VIEW dit_jaar AS SELECT * FROM levend WHERE year(tot) = jaar();
        """)

    def startstop(self):
        """Starts and stops that stand. A message with StatusAanlevering 3 removes those with equal toewijzing, Soort
        and Datum that were sent before it or on its day: what is sent again later stands. Where nothing equal had
        been sent by then, it removes what was never sent."""
        self.db.execute("""
            CREATE TABLE verzonden AS SELECT lpad(Gemeente, 4, '0') AS gemeente, nummer(ToewijzingNummer) AS nr,
                lpad(Aanbieder, 8, '0') AS agb, lower(Soort) AS soort, dag(Datum) AS datum, dag(Verzonden) AS verzonden,
                lpad(RedenBeeindiging, 2, '0') AS reden, StatusAanlevering IS NOT DISTINCT FROM '3' AS verwijdert, rij
                FROM r_startstop;
            CREATE TABLE paren AS SELECT b.rij AS bericht, v.rij AS verwijdering FROM verzonden b JOIN verzonden v
                USING (gemeente, nr, soort, datum) WHERE NOT b.verwijdert AND v.verwijdert
                AND (b.verzonden IS NULL OR b.verzonden <= v.verzonden);
            CREATE TABLE alle_berichten AS SELECT * EXCLUDE (verwijdert) FROM verzonden
                WHERE NOT verwijdert AND rij NOT IN (SELECT bericht FROM paren);
            CREATE TABLE nooit_verzonden AS SELECT agb FROM verzonden
                WHERE verwijdert AND rij NOT IN (SELECT verwijdering FROM paren);
        """)

    def toewijzingen(self):
        """Of each toewijzing the version at the peildatum, with how its help went."""
        self.db.execute("""
            CREATE TABLE versies AS SELECT *, row_number() OVER (PARTITION BY gemeente, nr ORDER BY genomen,
                    tijd NULLS FIRST, einde NULLS LAST, budget NULLS FIRST) AS plaats FROM (
                SELECT DISTINCT lpad(Gemeente, 4, '0') AS gemeente, nummer(ToewijzingNummer) AS nr,
                    lpad(Aanbieder, 8, '0') AS agb, lpad(Bsn, 9, '0') AS bsn, dag(Toewijzingsdatum) AS genomen,
                    Toewijzingstijd AS tijd, dag(Ingangsdatum) AS ingang, dag(Einddatum) AS einde,
                    RedenWijziging AS reden, cent(Budget) AS budget, dag(Geboortedatum) AS geboorte,
                    lpad(Verwijzer, 2, '0') AS verwijzer, lower(Budgetsoort) AS soort, dag(Verzonden) AS verzonden,
                    ToewijzingNummer AS getoond FROM r_toewijzingen);
            CREATE TABLE regel_toew AS
            SELECT l.rij, coalesce(e.gemeente, o.gemeente) AS tgem, l.toew AS nr FROM levend l
                LEFT JOIN (SELECT DISTINCT gemeente, nr FROM versies) e ON e.gemeente = l.gemeente AND e.nr = l.toew
                LEFT JOIN (SELECT nr, any_value(gemeente) AS gemeente FROM versies GROUP BY nr
                    HAVING count(DISTINCT gemeente) = 1) o ON o.nr = l.toew
            WHERE l.toew <> '';
            CREATE TABLE berichten AS SELECT * FROM alle_berichten WHERE datum <= peil();
            CREATE TABLE verloop AS
            WITH s AS (SELECT gemeente, nr, min(datum) FILTER (soort = 'start') AS eerste,
                max(datum) FILTER (soort = 'start') AS laatste,
                max(datum) FILTER (soort = 'stop' AND reden IS DISTINCT FROM '20') AS stop FROM berichten GROUP BY 1, 2)
            SELECT gemeente, nr, eerste, CASE WHEN laatste IS NULL OR laatste <= stop THEN stop END AS stop FROM s;
            CREATE TABLE toew AS
            WITH geldt AS (SELECT *, row_number() OVER (PARTITION BY gemeente, nr
                    ORDER BY (genomen <= peil()) DESC, CASE WHEN genomen <= peil() THEN -plaats ELSE plaats END) AS k
                FROM versies),
                eerst AS (SELECT gemeente, nr, genomen AS eerst, coalesce(verzonden, genomen) AS eerst_verzonden
                    FROM versies WHERE plaats = 1 AND genomen <= peil()),
                hoger AS (SELECT gemeente, nr, count(*) AS n FROM (SELECT gemeente, nr, budget, lag(budget) OVER
                    (PARTITION BY gemeente, nr ORDER BY plaats) AS vorig FROM versies WHERE genomen <= peil())
                    WHERE budget > vorig GROUP BY 1, 2)
            SELECT g.* EXCLUDE (soort, verzonden), e.eerst, e.eerst_verzonden, coalesce(h.n, 0) AS verhogingen,
                coalesce(g.soort, CASE WHEN g.einde IS NULL OR g.einde >= jaren_erbij(g.ingang, 2) THEN 'duurzaam'
                    ELSE 'herstel' END) AS soort,
                coalesce(v.eerste, g.ingang) AS begin_hulp,
                CASE WHEN v.stop IS NULL THEN g.einde WHEN g.einde IS NULL THEN v.stop
                    ELSE least(v.stop, g.einde) END AS einde_hulp
            FROM geldt g JOIN eerst e USING (gemeente, nr) LEFT JOIN hoger h USING (gemeente, nr)
                LEFT JOIN verloop v USING (gemeente, nr)
            WHERE k = 1 AND reden IS DISTINCT FROM '13';
            CREATE TABLE op_toew AS SELECT l.*, r.tgem FROM levend l JOIN regel_toew r USING (rij)
                WHERE r.tgem IS NOT NULL;
            CREATE TABLE budget AS
            WITH b AS (SELECT *, greatest(ingang, least(peil(), coalesce(einde, peil()))) AS bij FROM toew
                    WHERE budget IS NOT NULL),
                j AS (SELECT *, year(bij) - year(ingang) - CASE WHEN jaren_erbij(ingang,
                    (year(bij) - year(ingang))::INT) > bij THEN 1 ELSE 0 END AS n FROM b),
                w AS (SELECT *, CASE soort WHEN 'herstel' THEN ingang ELSE jaren_erbij(ingang, n::INT) END AS bvan,
                    CASE soort WHEN 'herstel' THEN einde ELSE least(coalesce(einde, DATE '9999-12-31'),
                        (jaren_erbij(ingang, (n + 1)::INT) - 1)::DATE) END AS btot FROM j)
            SELECT w.gemeente, w.nr, w.bvan, w.btot, coalesce(sum(l.bedrag), 0)::BIGINT AS gebruikt, count(l.rij) AS regels
            FROM w LEFT JOIN op_toew l ON l.tgem = w.gemeente AND l.toew = w.nr AND (w.soort = 'herstel'
                OR ((l.van >= w.bvan OR w.bvan = w.ingang) AND (l.van <= w.btot OR w.btot = w.einde)))
            GROUP BY ALL;
        """)

    # One query a table: the columns that it compares are those that it gives.
