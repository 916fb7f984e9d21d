#!/usr/bin/env python3
"""Computes the tables of `rechtmatig monitor` again, from the CSV exports or messages of a dossier, with DuckDB.

    narekenen.py DOSSIER TABLES REGION YEAR

It knows nothing of the program: one query a table, by the definitions in tabellen.csv. It prints every
row that differs and ends with status 1 where one does.
"""

import sys
import tempfile
from pathlib import Path

from berichten import exports
from dossier import Dossier


class Tables(Dossier):
    """The tables of the monitor, one method each."""

    def omzet(self):
        index, margin = self.set["index"].get(self.year, 0), self.set["margin"]
        codes = ", ".join(f"'{c}'" for c in self.set["outside"]) or "''"
        crisis = "Onderdeel = 'crisis'" if self.set["outside"] else "false"
        before = """SELECT lpad(Aanbieder, 8, '0') AS agb, ProductCode AS code, cent(Omzet) AS omzet,
            cent(Volume) AS volume FROM r_omzet WHERE Jaar::INT = jaar() - 1""" if self.has_omzet else """
            SELECT agb, code, sum(bedrag)::BIGINT AS omzet, sum(volume)::BIGINT AS volume FROM levend
            WHERE year(tot) = jaar() - 1 GROUP BY 1, 2"""
        stand = "NULL" if margin is None else f"""CASE
            WHEN nu::HUGEINT * 100000000 > rato::HUGEINT * {10000 + margin} * {10000 + index} THEN 'gestegen'
            WHEN nu::HUGEINT * 10000 < rato::HUGEINT * {10000 - margin} THEN 'gedaald' ELSE 'binnen de marge' END"""
        return f"""
            WITH vorig AS ({before}),
            maanden AS (SELECT CASE WHEN year(peil()) > jaar() THEN 12
                ELSE month(peil()) - CASE WHEN peil() = last_day(peil()) THEN 0 ELSE 1 END END AS m),
            som AS (SELECT agb, sum(omzet)::BIGINT AS vorig FROM vorig GROUP BY 1),
            kan AS (SELECT agb FROM vorig GROUP BY 1 HAVING bool_and(code IS NOT NULL AND coalesce(volume, 0) > 0)),
            oud AS (SELECT agb, code, sum(omzet)::BIGINT AS omzet, sum(volume)::BIGINT AS volume FROM vorig
                SEMI JOIN kan USING (agb) GROUP BY 1, 2),
            nieuw AS (SELECT agb, code, sum(volume)::BIGINT AS volume FROM dit_jaar GROUP BY 1, 2),
            kosten AS (SELECT agb, sum(half_up(n.volume::HUGEINT * o.omzet, o.volume))::BIGINT AS w
                FROM nieuw n JOIN oud o USING (agb, code) GROUP BY 1),
            hoeveel AS (SELECT agb, sum(volume)::BIGINT AS q FROM nieuw GROUP BY 1),
            toen AS (SELECT agb, sum(volume)::BIGINT AS q FROM oud GROUP BY 1),
            nu AS (SELECT agb, sum(bedrag)::BIGINT AS nu, count(*) AS regels, count(DISTINCT eenheid) AS eenheden
                FROM dit_jaar GROUP BY 1),
            buiten AS (SELECT agb, sum(bedrag)::BIGINT AS b FROM dit_jaar d LEFT JOIN producten p
                ON p.ProductCategorie = d.cat AND p.ProductCode = d.code WHERE d.cat IN ({codes}) OR {crisis} GROUP BY 1),
            alles AS (SELECT coalesce(nu.agb, som.agb) AS agb, vorig, half_up(vorig * m, 12) AS rato,
                coalesce(nu, 0) AS nu, coalesce(regels, 0) AS regels, coalesce(eenheden, 0) AS eenheden
                FROM nu FULL JOIN som USING (agb), maanden),
            deel AS (SELECT a.*, half_up(rato::HUGEINT * {10000 + index}, 10000) AS idx, coalesce(b, 0) AS buiten,
                coalesce(w, 0) AS w, coalesce(hoeveel.q, 0) AS qn, toen.q AS qt,
                CASE WHEN toen.q > 0 THEN half_up(vorig::HUGEINT * coalesce(hoeveel.q, 0), toen.q) - rato END AS v
                FROM alles a LEFT JOIN buiten USING (agb) LEFT JOIN kosten USING (agb) LEFT JOIN hoeveel USING (agb)
                LEFT JOIN toen USING (agb))
            SELECT agb AS Aanbieder, vorig AS VorigJaar, rato AS NaarRato, idx AS Geindexeerd, nu AS DitJaar,
                nu - idx AS Verandering, deel(nu - idx, idx) AS VeranderingDeel,
                CASE WHEN qt > 0 THEN nu - w END AS Prijs,
                CASE WHEN qt > 0 THEN CASE WHEN eenheden = 1 THEN v ELSE w - rato END END AS Volume,
                CASE WHEN qt > 0 AND eenheden = 1 THEN w - rato - v END AS Mix, buiten AS BuitenReikwijdte,
                CASE WHEN vorig IS NULL THEN 'geen vorig jaar' ELSE {stand} END AS Stand, regels AS Regels FROM deel"""

    def verantwoording(self):
        at = f"DATE '{self.at['verantwoording']}'"
        due, certified = self.set["due"], self.set["certified"]
        due = f"DATE '{self.year + 1}-{due[0]:02}-{due[1]:02}'" if due else "NULL::DATE"
        certified = f"DATE '{self.year + 1}-{certified[0]:02}-{certified[1]:02}'" if certified else "NULL::DATE"
        threshold = self.set["threshold"]
        needed = "NULL::BOOLEAN" if threshold is None else f"coalesce(cent(LandelijkeOmzet), omzet, 0) > {threshold}"
        return f"""
            WITH rijen AS (SELECT lpad(Aanbieder, 8, '0') AS agb, lpad(Gemeente, 4, '0') AS gemeente,
                coalesce(ProductCategorie, '') || '|' || coalesce(ProductCode, '') AS sleutel, cent(Bedrag) AS bedrag,
                CASE lower(Status) WHEN 'voorlopig' THEN 1 WHEN 'definitief' THEN 2 WHEN 'gewaarmerkt' THEN 3
                    ELSE 0 END AS rang, dag(Ontvangen) AS op FROM r_productieverantwoording
                WHERE Jaar::INT = jaar() AND (Ontvangen IS NULL OR dag(Ontvangen) <= {at})),
            eerste AS (SELECT agb, gemeente, min(op) AS op, min(op) FILTER (rang = 3) AS waarmerk FROM rijen GROUP BY 1, 2),
            telt AS (SELECT * FROM rijen QUALIFY row_number() OVER (PARTITION BY agb, gemeente, sleutel
                ORDER BY rang DESC, op DESC NULLS LAST, bedrag DESC) = 1),
            totaal AS (SELECT DISTINCT agb, gemeente FROM telt WHERE sleutel = '|'),
            bedragen AS (SELECT agb, gemeente, sum(bedrag)::BIGINT AS bedrag, min(rang) AS rang FROM telt LEFT JOIN
                (SELECT *, true AS heeft FROM totaal) USING (agb, gemeente)
                WHERE (heeft IS NULL) = (sleutel <> '|') GROUP BY 1, 2),
            nu AS (SELECT agb, gemeente, sum(bedrag)::BIGINT AS nu, count(*) AS regels, count(DISTINCT bsn) AS wie
                FROM dit_jaar GROUP BY 1, 2),
            omzet AS (SELECT agb, sum(bedrag)::BIGINT AS omzet FROM dit_jaar GROUP BY 1),
            alles AS (SELECT agb, gemeente, coalesce(nu, 0) AS nu, coalesce(regels, 0) AS regels,
                coalesce(wie, 0) AS wie, op, waarmerk, bedrag, rang FROM nu FULL JOIN
                (SELECT * FROM eerste JOIN bedragen USING (agb, gemeente)) USING (agb, gemeente)),
            a AS (SELECT alles.*, {needed} AS nodig FROM alles LEFT JOIN omzet USING (agb)
                LEFT JOIN r_aanbieders g ON lpad(g.Aanbieder, 8, '0') = agb)
            SELECT agb AS Aanbieder, gemeente AS Gemeente, {due} AS Uiterlijk, op AS Ontvangen,
                CASE WHEN op IS NOT NULL THEN op <= {due} WHEN rang IS NULL AND {at} > {due} THEN false END AS OpTijd,
                CASE rang WHEN 1 THEN 'voorlopig' WHEN 2 THEN 'definitief' WHEN 3 THEN 'gewaarmerkt' END AS Status,
                nodig AS VerklaringNodig, CASE WHEN nodig THEN {certified} END AS VerklaringVoor,
                waarmerk AS VerklaringOntvangen,
                CASE WHEN nodig THEN CASE WHEN waarmerk IS NOT NULL THEN waarmerk < {certified}
                    WHEN rang IS DISTINCT FROM 3 AND {at} >= {certified} THEN false END END AS VerklaringOpTijd,
                nu AS Gedeclareerd, bedrag AS Verantwoord, nu - bedrag AS Verschil, wie AS Jeugdigen, regels AS Regels
            FROM a"""

    def budgetten(self):
        soon = self.set["ends"]
        soon = "NULL::BOOLEAN" if soon is None else f"coalesce(einde BETWEEN peil() AND peil() + {soon}, false)"
        return f"""
            WITH laatste AS (SELECT least(jaar() * 12 + 11, maand(peil()) -
                CASE WHEN peil() = last_day(peil()) THEN 0 ELSE 1 END) AS m),
            recent AS (SELECT tgem AS gemeente, toew AS nr, sum(bedrag)::BIGINT AS r FROM op_toew, laatste
                WHERE maand(tot) BETWEEN m - 2 AND m GROUP BY 1, 2),
            b AS (SELECT t.*, u.bvan, u.btot, u.gebruikt, u.regels, coalesce(r, 0) AS r, t.budget - u.gebruikt AS over, m
                FROM toew t JOIN budget u USING (gemeente, nr) LEFT JOIN recent USING (gemeente, nr), laatste
                WHERE t.ingang <= peil() AND (t.einde IS NULL OR t.einde >= make_date(jaar(), 1, 1))),
            v AS (SELECT *, CASE WHEN r > 0 THEN m + (over * 3 + r - 1) // r END AS op,
                make_date(((m - 2) // 12)::INT, ((m - 2) % 12 + 1)::INT, 1) AS eerste FROM b),
            w AS (SELECT *, CASE WHEN over <= 0 THEN 'op' WHEN einde_hulp < peil() THEN 'beëindigd'
                WHEN ingang > eerste THEN 'te kort bekend' WHEN r <= 0 THEN 'geen levering'
                WHEN btot IS NOT NULL AND op > maand(btot) THEN 'toereikend' ELSE 'raakt op' END AS stand FROM v)
            SELECT agb AS Aanbieder, gemeente AS Gemeente, getoond AS ToewijzingNummer, soort AS Budgetsoort,
                ingang AS Ingangsdatum, einde AS Einddatum, bvan AS BudgetVan, btot AS BudgetTot, budget AS Budget,
                gebruikt AS Gebruikt, over AS Over, deel(gebruikt, budget) AS GebruiktDeel,
                CASE WHEN btot IS NOT NULL THEN deel(greatest(0, least(peil(), btot) - bvan + 1), btot - bvan + 1) END
                    AS TermijnDeel,
                half_up(r, 3) AS Tempo, CASE WHEN stand = 'raakt op' THEN tekst(op) END AS RaaktOpIn, stand AS Stand,
                {soon} AS EindigtBinnenkort, verhogingen AS Verhogingen, regels AS Regels FROM w"""

    def kengetallen(self):
        return """
            WITH tijd AS (SELECT * FROM (SELECT printf('%d-K%d', jaar(), k::INT) AS naam, make_date(jaar(), (3 * k - 2)::INT, 1) AS van,
                    last_day(make_date(jaar(), (3 * k)::INT, 1)) AS tot FROM range(1, 5) AS t(k)
                UNION ALL SELECT jaar()::VARCHAR, make_date(jaar(), 1, 1), make_date(jaar(), 12, 31)) WHERE van <= peil()),
            hulp AS (SELECT agb, bsn, min(begin_hulp) AS b, CASE WHEN count(*) = count(einde_hulp) AND
                    max(einde_hulp) <= peil() THEN max(einde_hulp) END AS e
                FROM toew WHERE ingang <= peil() AND bsn IS NOT NULL GROUP BY 1, 2),
            stroom AS (SELECT agb, naam, count(*) FILTER (b BETWEEN van AND least(tot, peil())) AS i,
                count(*) FILTER (e BETWEEN van AND least(tot, peil())) AS u,
                count(*) FILTER (b <= least(tot, peil()) AND (e IS NULL OR e > least(tot, peil()))) AS l,
                list(e - b + 1) FILTER (e BETWEEN van AND least(tot, peil())) AS duur
                FROM hulp, tijd GROUP BY 1, 2 HAVING i + u + l > 0),
            kosten AS (SELECT agb, naam, sum(bedrag)::BIGINT AS bedrag, count(*) AS regels, count(DISTINCT bsn) AS wie
                FROM dit_jaar d JOIN tijd t ON d.tot BETWEEN t.van AND t.tot WHERE bsn IS NOT NULL GROUP BY 1, 2),
            tg AS (SELECT l.*, substr(p.Tariefsleutel, 3)::INT AS groep, volume * minuten(eenheid) AS minuten FROM levend l
                JOIN producten p ON p.ProductCategorie = l.cat AND p.ProductCode = l.code
                WHERE regexp_full_match(p.Tariefsleutel, 'TG[1-7]')),
            mix AS (SELECT agb, naam, sum(minuten)::BIGINT AS m, map_from_entries(list((groep, s))) AS g,
                    coalesce(sum(s) FILTER (groep >= 5), 0)::BIGINT AS hoog FROM (SELECT agb, naam, groep,
                    sum(minuten)::BIGINT AS s, sum(minuten)::BIGINT AS minuten FROM tg JOIN tijd t ON tg.tot BETWEEN t.van AND t.tot
                    GROUP BY 1, 2, 3) GROUP BY 1, 2),
            toen AS (SELECT agb, naam, sum(minuten)::BIGINT AS m, coalesce(sum(minuten) FILTER (groep >= 5), 0)::BIGINT AS hoog
                FROM tg JOIN tijd t ON maand(tg.tot) BETWEEN maand(t.van) - 12 AND maand(t.tot) - 12 GROUP BY 1, 2),
            eind AS (SELECT agb, naam, count(*) AS n, count(*) FILTER (reden = '31') AS plan,
                count(*) FILTER (reden IN ('32', '33', '34', '35')) AS vroeg, count(*) FILTER (reden IS NULL) AS zonder
                FROM berichten b JOIN tijd t ON b.datum BETWEEN t.van AND t.tot
                WHERE soort = 'stop' AND reden IS DISTINCT FROM '20' GROUP BY 1, 2),
            sleutels AS (SELECT agb, naam FROM kosten UNION SELECT agb, naam FROM stroom UNION SELECT agb, naam FROM mix
                UNION SELECT agb, naam FROM eind),
            alles AS (SELECT k.agb, k.naam, coalesce(wie, 0) AS wie, coalesce(bedrag, 0) AS bedrag,
                coalesce(regels, 0) AS regels, coalesce(i, 0) AS i, coalesce(u, 0) AS u, coalesce(l, 0) AS l, duur,
                coalesce(mix.m, 0) AS m, mix.g, coalesce(mix.hoog, 0) AS hoog, toen.m AS m0, toen.hoog AS hoog0,
                coalesce(n, 0) AS n, coalesce(plan, 0) AS plan, coalesce(vroeg, 0) AS vroeg, coalesce(zonder, 0) AS zonder,
                CASE WHEN wie > 0 THEN half_up(bedrag, wie) END AS per, deel(mix.hoog, mix.m) AS hoogdeel, a.Perceel AS perceel
                FROM sleutels k LEFT JOIN kosten USING (agb, naam) LEFT JOIN stroom USING (agb, naam)
                LEFT JOIN mix USING (agb, naam) LEFT JOIN toen USING (agb, naam) LEFT JOIN eind USING (agb, naam)
                LEFT JOIN r_aanbieders a ON lpad(a.Aanbieder, 8, '0') = k.agb),
            anderen AS (SELECT perceel, naam,
                CASE WHEN count(per) >= 5 THEN mediaan(list(per) FILTER (per IS NOT NULL)) END AS km,
                CASE WHEN count(hoogdeel) >= 5 THEN mediaan(list(hoogdeel) FILTER (hoogdeel IS NOT NULL)) END AS hm
                FROM alles WHERE perceel IS NOT NULL GROUP BY 1, 2)
            SELECT agb AS Aanbieder, naam AS Tijdvak, wie AS Jeugdigen, i AS Ingestroomd, u AS Uitgestroomd, l AS Lopend,
                CASE WHEN u > 0 THEN mediaan(duur) END AS MediaanDagen, bedrag AS Bedrag, per AS KostenPerJeugdige,
                km AS KostenMediaan, """ + ", ".join(
            f"deel(coalesce(g[{k}], 0), m) AS TG{k}" for k in range(1, 8)) + f""",
                hoogdeel AS Hoog, deel(hoog0, m0) AS HoogVorigJaar, hm AS HoogMediaan,
                {self.stops('n')} AS Stops, {self.stops('plan')} AS VolgensPlan, {self.stops('vroeg')} AS Voortijdig,
                {self.stops('n - plan - vroeg')} AS Anders, deel(vroeg, n - zonder) AS VoortijdigDeel, regels AS Regels
            FROM alles LEFT JOIN anderen USING (perceel, naam)"""

    def stops(self, what):
        return what if self.has_startstop else "NULL::BIGINT"

    def holidays(self):
        """Days that are no working days, of the years around the leverjaar."""
        from datetime import date, timedelta
        days = []
        for y in range(self.year - 1, self.year + 3):
            a, b, c = y % 19, y // 100, y % 100
            d, e = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30, None
            e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
            f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
            easter = date(y, f // 31, f % 31 + 1)
            king = date(y, 4, 27)
            days += [date(y, 1, 1), king - timedelta(1) if king.weekday() == 6 else king, date(y, 12, 25), date(y, 12, 26)]
            days += [easter + timedelta(n) for n in (1, 39, 50)] + ([date(y, 5, 5)] if y % 5 == 0 else [])
        return days

    def faults(self):
        """Messages that are wrong, by whoever sent them: whatever the day, as the audit counts them. On one day
        what runs stops before it starts again."""
        self.db.execute("""
            CREATE TABLE bekende_aanbieders AS SELECT agb FROM gelezen UNION SELECT lpad(Aanbieder, 8, '0') FROM r_aanbieders
                UNION SELECT agb FROM versies UNION SELECT agb FROM verzonden;
            CREATE TABLE berichtfouten AS
            WITH bekend AS (SELECT DISTINCT gemeente, nr FROM versies),
                van AS (SELECT b.*, k.nr IS NOT NULL AS kent FROM alle_berichten b LEFT JOIN bekend k USING (gemeente, nr)),
                dagen AS (SELECT gemeente, nr, datum, CASE WHEN bool_and(soort = 'start') THEN 'start'
                    WHEN bool_and(soort = 'stop') THEN 'stop' END AS alleen FROM van WHERE kent GROUP BY ALL),
                stand AS (SELECT *, coalesce(last_value(alleen IGNORE NULLS) OVER (PARTITION BY gemeente, nr
                    ORDER BY datum ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 'stop') AS liep FROM dagen),
                rij AS (SELECT v.*, lag(soort) OVER w AS vorige, lag(reden) OVER w AS vorige_reden FROM van v
                    JOIN stand USING (gemeente, nr, datum) WHERE kent WINDOW w AS (PARTITION BY v.gemeente, v.nr
                    ORDER BY v.datum, v.soort = liep, v.reden NULLS FIRST, v.rij))
            SELECT agb FROM van WHERE NOT kent AND EXISTS (FROM versies)
            UNION ALL SELECT agb FROM nooit_verzonden
            UNION ALL SELECT agb FROM rij WHERE soort = 'start' AND vorige = 'start'
            UNION ALL SELECT agb FROM rij WHERE soort = 'stop' AND vorige = 'stop'
                AND (vorige_reden IS DISTINCT FROM '20' OR reden = '20')
            UNION ALL SELECT Aanbieder FROM r_declaratieberichten WHERE dag(Begindatum) <> date_trunc('month', dag(Einddatum))
                OR dag(Einddatum) <> last_day(dag(Einddatum))
            UNION ALL SELECT Aanbieder FROM r_declaratieberichten SEMI JOIN (SELECT Bestand FROM r_declaraties
                WHERE (DebetCredit = 'C') <> (VorigReferentieNummer IS NOT NULL)) USING (Bestand)
            UNION ALL SELECT Aanbieder FROM r_declaratieberichten SEMI JOIN (SELECT Bestand FROM r_declaraties
                WHERE Eenheid = '83' AND ProductTarief IS NOT NULL) USING (Bestand)""")

    def naleving(self):
        self.db.execute("CREATE TABLE vrije_dagen (d DATE)")
        self.db.executemany("INSERT INTO vrije_dagen VALUES (?)", [[d] for d in self.holidays()])
        self.db.execute("""CREATE TABLE op_bericht AS SELECT *, (SELECT count(*) FROM range(1, (verzonden - datum) + 1) AS t(n)
            WHERE isodow(datum + n::INT) < 6 AND datum + n::INT NOT IN (SELECT d FROM vrije_dagen)) AS werkdagen
            FROM berichten WHERE year(datum) = jaar()""")
        self.faults()
        s = self.set
        messages = s["workdays"] is not None and self.has_startstop
        num = lambda on, what: what if on else "NULL::BIGINT"
        days, late = s["days"] if s["days"] is not None else 10**6, s["late"] if s["late"] is not None else 10**6
        return f"""
            WITH tijdig AS (SELECT *, ontvangen - last_day(tot) AS dagen FROM dit_jaar),
            lijn AS (SELECT agb, gemeente, count(*) AS n, count(dagen) AS bekend, count(*) FILTER (dagen <= {days}) AS op,
                count(DISTINCT bsn) AS wie FROM tijdig GROUP BY GROUPING SETS ((agb), (gemeente))),
            af AS (SELECT agb, gemeente, count(*) AS af FROM afgewezen WHERE dc = 'D' AND van <= tot AND tot <= peil()
                AND year(tot) = jaar() GROUP BY GROUPING SETS ((agb), (gemeente))),
            fout AS (SELECT agb, count(*) AS f FROM berichtfouten SEMI JOIN bekende_aanbieders USING (agb) GROUP BY 1),
            bericht AS (SELECT agb, count(verzonden) FILTER (soort = 'start') AS s,
                count(verzonden) FILTER (soort = 'start' AND werkdagen <= {s['workdays'] or 0}) AS st,
                count(verzonden) FILTER (soort = 'stop') AS e,
                count(verzonden) FILTER (soort = 'stop' AND werkdagen <= {s['workdays'] or 0}) AS et FROM op_bericht GROUP BY 1),
            wacht AS (SELECT gemeente, eerst_verzonden - ingang AS d FROM toew SEMI JOIN (SELECT DISTINCT tgem, toew FROM op_toew
                WHERE year(tot) = jaar()) x ON x.tgem = toew.gemeente AND x.toew = toew.nr),
            w AS (SELECT gemeente, count(*) AS n, mediaan(list(d)) AS med, count(*) FILTER (d > {late}) AS laat FROM wacht GROUP BY 1),
            a AS (SELECT agb, coalesce(n, 0) AS n, coalesce(bekend, 0) AS bekend, coalesce(op, 0) AS op,
                coalesce(s, 0) AS s, coalesce(st, 0) AS st, coalesce(e, 0) AS e, coalesce(et, 0) AS et,
                coalesce(af, 0) AS af, coalesce(f, 0) AS f
                FROM (SELECT * FROM lijn WHERE agb IS NOT NULL) l FULL JOIN bericht USING (agb)
                FULL JOIN (SELECT agb, af FROM af WHERE agb IS NOT NULL) x USING (agb) FULL JOIN fout USING (agb)),
            g AS (SELECT gemeente, coalesce(l.n, 0) AS n, coalesce(bekend, 0) AS bekend, coalesce(op, 0) AS op,
                coalesce(w.n, 0) AS t, med, coalesce(laat, 0) AS laat, coalesce(wie, 0) AS wie, coalesce(af, 0) AS af
                FROM (SELECT * FROM lijn WHERE gemeente IS NOT NULL) l FULL JOIN w USING (gemeente)
                FULL JOIN (SELECT gemeente, af FROM af WHERE gemeente IS NOT NULL) x USING (gemeente))
            SELECT 'aanbieder' AS Soort, agb AS Code, {num(messages, 's')} AS Starts, {num(messages, 'deel(st, s)')} AS StartsOpTijd,
                {num(messages, 'e')} AS Stops, {num(messages, 'deel(et, e)')} AS StopsOpTijd,
                {num(s['days'], 'bekend')} AS Ontvangen, {num(s['days'], 'deel(op, bekend)')} AS OpTijd,
                af AS Afgewezen, deel(af, n + af) AS AfgewezenDeel, f AS BerichtenFout, NULL::BIGINT AS Toewijzingen, NULL::BIGINT AS DagenTotVerzending, NULL::BIGINT AS Later,
                NULL::BIGINT AS Jeugdigen, n AS Regels FROM a
            UNION ALL SELECT 'gemeente', gemeente, NULL, NULL, NULL, NULL, {num(s['days'], 'bekend')},
                {num(s['days'], 'deel(op, bekend)')},
                af, deel(af, n + af), NULL, t, med, {num(s['late'], 'deel(laat, t)')}, wie, NULL FROM g"""

    def verwijzers(self):
        standard = ", ".join(str(100 * b) for b in self.set["standard"]) or "-1"
        highest = 100 * max(self.set["standard"], default=10**9)
        known = bool(self.set["standard"])
        num = lambda what: what if known else "NULL::BIGINT"
        return f"""
            WITH t AS (SELECT * FROM toew WHERE year(eerst) = jaar()),
            l AS (SELECT tgem AS gemeente, toew AS nr, sum(bedrag)::BIGINT AS bedrag, count(*) AS regels FROM op_toew
                WHERE year(tot) = jaar() GROUP BY 1, 2)
            SELECT gemeente AS Gemeente, verwijzer AS Verwijzer, count(*) AS Toewijzingen, count(DISTINCT bsn) AS Jeugdigen,
                count(budget) AS MetBudget, coalesce(sum(budget), 0)::BIGINT AS Budget,
                {num(f'count(*) FILTER (budget IN ({standard}))')} AS Standaard,
                {num(f'count(*) FILTER (budget > {highest})')} AS Offerte,
                {num(f'count(*) FILTER (budget <= {highest} AND budget NOT IN ({standard}))')} AS Anders,
                count(*) FILTER (verhogingen > 0) AS Verhoogd, coalesce(sum(l.bedrag), 0)::BIGINT AS Gedeclareerd,
                coalesce(sum(l.regels), 0)::BIGINT AS Regels
            FROM t LEFT JOIN l USING (gemeente, nr) GROUP BY 1, 2"""

    def aflopend(self):
        parts = []
        for word, months in zip(["wordt 16,5", "wordt 17", "wordt 18"], self.set["ages"]):
            if months is not None:
                on = f"jaren_erbij(geboorte, {months // 12})" if months % 12 == 0 else f"maanden_erbij(geboorte, {months})"
                parts.append(f"""SELECT '{word}' AS reden, {on} AS datum, NULL::BIGINT AS route, l.* FROM loopt l
                    WHERE {on} BETWEEN make_date(jaar(), 1, 1) AND maanden_erbij(peil(), 6)""")
        finish = self.set["finish"]
        route = "NULL::BIGINT" if finish is None else f"""CASE WHEN soort = 'herstel' AND
            einde_hulp <= maanden_erbij(dag(ContractEinde), {finish}) THEN 1 ELSE 2 END"""
        parts.append(f"""SELECT 'contract beëindigd', dag(ContractEinde), {route}, l.* FROM loopt l JOIN r_aanbieders a
            ON lpad(a.Aanbieder, 8, '0') = l.agb WHERE dag(ContractEinde) < peil()""")
        return f"""
            WITH loopt AS (SELECT * FROM toew WHERE ingang <= peil() AND (einde_hulp IS NULL OR einde_hulp >= peil())),
            rijen AS ({' UNION ALL '.join(parts)}),
            n AS (SELECT tgem AS gemeente, toew AS nr, count(*) AS n FROM op_toew WHERE year(tot) = jaar() GROUP BY 1, 2)
            SELECT reden AS Reden, datum AS Datum, gemeente AS Gemeente, agb AS Aanbieder, getoond AS ToewijzingNummer,
                ingang AS Ingangsdatum, einde AS Einddatum, soort AS Budgetsoort, route AS Route,
                budget - gebruikt AS Over, coalesce(n, 0) AS Regels
            FROM rijen LEFT JOIN budget USING (gemeente, nr) LEFT JOIN n USING (gemeente, nr)"""

    def perceel5(self):
        return """
            WITH a AS (SELECT row_number() OVER (ORDER BY rij) AS id, lpad(Aanbieder, 8, '0') AS agb,
                lpad(Gemeente, 4, '0') AS gemeente, ProductCode AS code, Naam AS naam, Doelgroep AS doel,
                dag(Startdatum) AS avan, dag(Einddatum) AS atot, cent(Aantal) AS aantal,
                coalesce(lower(Soort), 'trajecten') AS soort FROM r_afspraken),
            l AS (SELECT v.*, a.id, a.soort FROM levend v JOIN a USING (agb, gemeente, code)
                WHERE vrij(code) AND avan <= v.tot AND (atot IS NULL OR v.van <= atot)
                QUALIFY row_number() OVER (PARTITION BY v.rij ORDER BY a.id) = 1),
            stuks AS (SELECT id, sum(volume)::BIGINT AS s FROM l WHERE soort = 'trajecten' AND eenheid IN ('82', '84') GROUP BY 1),
            wie AS (SELECT id, 100 * count(DISTINCT bsn) AS w FROM l WHERE soort = 'trajecten' AND eenheid NOT IN ('82', '84') GROUP BY 1),
            plaats AS (SELECT id, 100 * max(n) AS p FROM (SELECT id, maand(tot), count(DISTINCT bsn) AS n FROM l
                WHERE soort = 'plaatsen' GROUP BY 1, 2) GROUP BY 1),
            som AS (SELECT id, sum(bedrag)::BIGINT AS bedrag, count(*) AS n, count(DISTINCT bsn) AS wie FROM l GROUP BY 1),
            tijd AS (SELECT id, bsn, min(van) AS f, max(tot) AS e, min(maand(tot)) AS m FROM l WHERE bsn IS NOT NULL GROUP BY 1, 2),
            start AS (SELECT id, """ + ", ".join(
            f"count(*) FILTER (m = jaar() * 12 + {k - 1}) AS s{k:02}" for k in range(1, 13)) + """ FROM tijd GROUP BY 1),
            ander AS (SELECT * FROM levend WHERE NOT vrij(code) AND bsn IS NOT NULL),
            naast AS (SELECT id, count(DISTINCT bsn) AS n FROM tijd SEMI JOIN ander ON ander.bsn = tijd.bsn
                AND ander.van <= tijd.e AND ander.tot >= tijd.f GROUP BY 1),
            erna AS (SELECT id, count(DISTINCT bsn) AS n FROM tijd SEMI JOIN ander ON ander.bsn = tijd.bsn
                AND ander.van > tijd.e AND ander.van <= maanden_erbij(tijd.e, 12) GROUP BY 1),
            samen AS (SELECT agb, code, naam, count(DISTINCT gemeente) AS g FROM a GROUP BY 1, 2, 3)
            SELECT a.agb AS Aanbieder, a.gemeente AS Gemeente, a.code AS ProductCode, coalesce(a.naam, '') AS Aanbod, coalesce(doel, '') AS Doelgroep,
                avan AS Startdatum, atot AS Einddatum, a.soort AS Soort, aantal AS Ingekocht,
                coalesce(s, 0) + coalesce(w, 0) + coalesce(p, 0) AS Gebruikt,
                aantal - coalesce(s, 0) - coalesce(w, 0) - coalesce(p, 0) AS Over, samen.g AS Gemeenten,
                coalesce(bedrag, 0) AS Bedrag, coalesce(wie, 0) AS Jeugdigen, """ + ", ".join(
            f"coalesce(s{k:02}, 0) AS Start{k:02}" for k in range(1, 13)) + """,
                coalesce(naast.n, 0) AS IndividueelTegelijk, coalesce(erna.n, 0) AS IndividueelNadien, coalesce(som.n, 0) AS Regels
            FROM a LEFT JOIN stuks USING (id) LEFT JOIN wie USING (id) LEFT JOIN plaats USING (id) LEFT JOIN som USING (id)
                LEFT JOIN start USING (id) LEFT JOIN naast USING (id) LEFT JOIN erna USING (id)
                LEFT JOIN samen ON samen.agb = a.agb AND samen.code = a.code AND samen.naam IS NOT DISTINCT FROM a.naam"""

    def maatwerk(self):
        return """
            WITH m AS (SELECT row_number() OVER (ORDER BY rij) AS id, lpad(Aanbieder, 8, '0') AS agb,
                lpad(Gemeente, 4, '0') AS gemeente, nummer(ToewijzingNummer) AS nr, ToewijzingNummer AS getoond,
                ProductCode AS code, dag(Startdatum) AS mvan, dag(Einddatum) AS mtot FROM r_maatwerk),
            l AS (SELECT v.*, m.id FROM levend v JOIN m ON m.agb = v.agb AND m.gemeente = v.gemeente AND m.nr = v.toew
                WHERE mvan <= v.tot AND (mtot IS NULL OR v.van <= mtot)
                QUALIFY row_number() OVER (PARTITION BY v.rij ORDER BY m.id) = 1),
            som AS (SELECT id, sum(bedrag)::BIGINT AS b, coalesce(sum(bedrag) FILTER (year(tot) = jaar()), 0)::BIGINT AS j,
                count(*) AS n FROM l GROUP BY 1)
            SELECT agb AS Aanbieder, gemeente AS Gemeente, getoond AS ToewijzingNummer, code AS ProductCode, mvan AS Startdatum,
                mtot AS Einddatum, mvan <= peil() AND (mtot IS NULL OR peil() <= mtot) AS Loopt,
                CASE WHEN mvan <= peil() AND peil() <= mtot THEN mtot - peil() END AS DagenTotEinde,
                coalesce(j, 0) AS Gedeclareerd, coalesce(b, 0) AS GedeclareerdTotaal, coalesce(n, 0) AS Regels
            FROM m LEFT JOIN som USING (id)"""

    def maand(self):
        return """
            WITH s AS (SELECT agb, maand(tot) AS m, count(*) AS n, sum(bedrag)::BIGINT AS bedrag, count(DISTINCT bsn) AS wie
                FROM dit_jaar GROUP BY 1, 2),
            e AS (SELECT agb, min(m) AS eerste, max(m) AS laatste FROM s GROUP BY 1),
            p AS (SELECT least(jaar() * 12 + 11, maand(peil()) - CASE WHEN peil() = last_day(peil()) THEN 0 ELSE 1 END) AS m),
            k AS (SELECT agb, jaar() * 12 + i AS m, laatste FROM e, p, range(12) AS t(i)
                WHERE jaar() * 12 + i BETWEEN eerste AND greatest(p.m, laatste))
            SELECT agb AS Aanbieder, tekst(k.m) AS Maand, coalesce(n, 0) AS Regels, coalesce(bedrag, 0) AS Bedrag,
                coalesce(wie, 0) AS Jeugdigen, CASE WHEN n > 0 THEN 'gedeclareerd' WHEN k.m > laatste THEN 'na de laatste'
                ELSE 'ontbreekt' END AS Stand FROM k LEFT JOIN s USING (agb, m)"""

    def compare(self, name):
        """Rows that only one side has."""
        own = self.db.sql(getattr(self, name)())
        columns = ", ".join(own.columns)
        self.db.execute(f"CREATE TABLE eigen_{name} AS FROM own")
        theirs = f"SELECT {columns} FROM read_parquet('{self.tables}/{name}.parquet')"
        count = self.db.execute(f"SELECT count(*) FROM eigen_{name}").fetchone()[0]
        wrong = 0
        for side, a, b in [("hier", f"SELECT {columns} FROM eigen_{name}", theirs), ("monitor", theirs, f"SELECT {columns} FROM eigen_{name}")]:
            rows = self.db.execute(f"({a}) EXCEPT ALL ({b}) ORDER BY ALL").fetchall()
            wrong += len(rows)
            for row in rows[:5]:
                print(f"{name}: alleen {side}: " + "; ".join(f"{c}={v}" for c, v in zip(own.columns, row)))
        print(f"{name}: {count} rijen, {wrong} verschillen")
        return wrong


TABLES = ["omzet", "verantwoording", "budgetten", "kengetallen", "naleving", "verwijzers", "aflopend", "perceel5",
          "maatwerk", "maand"]


def main():
    folder, tables, region, year = sys.argv[1:5]
    with tempfile.TemporaryDirectory() as place:
        if (Path(folder) / "jw323").is_dir():
            exports(Path(folder), place)
            folder = place
        dossier = Tables(folder, tables, region, int(year))
        wrong = sum(dossier.compare(name) for name in TABLES if name not in dossier.absent)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
