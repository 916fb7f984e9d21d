// A finding in the table, and its evidence.

const rij = (i) => {
  const regel = regels[b.regel[i]];
  const open = staat.open.has(i);
  const knop = maak("button", [maak("span", [maak("span", regel.code, { class: "code" }), " " + regel.titel])],
    { type: "button", class: "openen", "aria-expanded": String(open), "data-i": i });
  if (open) knop.setAttribute("aria-controls", "detail-" + i);
  const ernst = ERNST[b.ernst[i]];
  return maak("tr", [
    maak("td", [knop]),
    maak("td", [maak("span", ernst, { class: "ernst " + ernst }), ...(b.oordeel[i] ? [maak("span", woorden[b.oordeel[i]], { class: "oordeel" })] : [])]),
    maak("td", b.aanbieder[i] < 0 ? "" : aanbieders[b.aanbieder[i]][1] || aanbieders[b.aanbieder[i]][0], { class: "midden" }),
    maak("td", b.gemeente[i] < 0 ? "" : gemeenten[b.gemeente[i]][1] || gemeenten[b.gemeente[i]][0], { class: "ruim" }),
    maak("td", onderwerp(i), { class: "ruim" }),
    maak("td", periodecel(b.begin[i], b.eind[i]), { class: "ruim periode" }),
    maak("td", geld(b.bedrag[i]), { class: "n" }),
    maak("td", woorden[b.gevonden[i]], { class: "ruim gevonden" }),
  ], open ? { class: "open" } : {});
};

const onderwerp = (i) => {
  if (b.referentie[i]) return "declaratieregel " + woorden[b.referentie[i]];
  if (b.toewijzingnummer[i]) return "toewijzing " + woorden[b.toewijzingnummer[i]];
  if (b.declaratie[i]) return "declaratie " + woorden[b.declaratie[i]];
  return b.jeugdige[i] ? "jeugdige " + woorden[b.jeugdige[i]] : "";
};

const feiten = (paren) => {
  const dl = maak("dl", undefined, { class: "feiten" });
  for (const [naam, waarde] of paren) {
    if (waarde !== "" && waarde !== undefined && waarde !== null) dl.append(maak("dt", naam), maak("dd", waarde));
  }
  return dl;
};
const stuk = (titel, inhoud) => maak("div", [maak("h3", titel), ...inhoud]);
const plaats = (bestand, nummer) => (bestand < 0 ? "" : bestanden[bestand] + (nummer === null ? "" : ", regel " + getal(nummer)));

const detailrij = (i) => {
  const regel = regels[b.regel[i]];
  const uitspraak = maak("dl", undefined, { class: "uitspraak" });
  const zeg = (naam, waarde, klasse) => {
    if (waarde) uitspraak.append(maak("dt", naam), maak("dd", waarde, klasse ? { class: klasse } : {}));
  };
  zeg("Gevonden", woorden[b.gevonden[i]], "hoofd");
  zeg("Verwacht", woorden[b.verwacht[i]], "hoofd");
  zeg("In geding", b.bedrag[i] === null ? "" : geld(b.bedrag[i]), "hoofd");
  zeg("Toelichting", woorden[b.toelichting[i]]);
  zeg("Reactie van de aanbieder", woorden[b.reactie[i]]);
  zeg("Dat is", inWoorden([woorden[b.gevonden[i]], woorden[b.verwacht[i]], woorden[b.toelichting[i]]].join(" ")));
  zeg("Oordeel", [woorden[b.oordeel[i]], woorden[b.beoordeling[i]]].filter(Boolean).join(" · "));
  zeg("Bron", woorden[b.bron[i]]);

  const stukken = [];
  const l = b.lijn[i];
  stukken.push(l < 0 ? stuk("Waarover het gaat", [overWie(i)]) : stuk("De declaratieregel", [declaratieregel(i, l)]));
  const t = l < 0 ? b.toewijzing[i] : lijnen.toewijzing[l];
  if (t >= 0) stukken.push(stuk("De toewijzing", [toewijzing(t)]));
  else if (l >= 0) stukken.push(stuk("De toewijzing", [maak("p", "Bij deze declaratieregel is geen toewijzing gevonden.")]));
  stukken.push(stuk("De controle", [maak("p", regel.code + " " + regel.titel + ". " + regel.wat), maak("p", regel.waarom),
    ...regel.waarden.map(([wat, waarde, wanneer, bron]) => maak("p", [hoofdletter(wat) + ": ", maak("strong", waarde), " (" + wanneer + "; " + bron + ")."])),
    maak("p", "Bron: " + regel.bron + ".")]));

  const inhoud = [uitspraak, maak("div", stukken, { class: "stukken" })];
  if (b.onder[i] > 0) inhoud.push(onderBevinding(i));
  const telling = t >= 0 ? tabelVanVerloop(i, t) : null;
  if (telling) inhoud.push(telling);
  inhoud.push(...ookGeraakt(i));
  const cel = maak("td", [maak("div", inhoud, { class: "bewijs" })], { colspan: "8" });
  return maak("tr", [cel], { class: "detail", id: "detail-" + i });
};
// Wat de codes in deze tekst betekenen.
const inWoorden = (tekst) => {
  const losse = new Set(tekst.split(/[^A-Za-z0-9_]+/));
  const komtVoor = (begrip) => losse.has(begrip) || (begrip.includes(" ") && tekst.includes(begrip));
  return begrippen.filter(([begrip]) => komtVoor(begrip)).map(([begrip, betekenis]) => begrip + ": " + betekenis).join("; ");
};
const hoofdletter = (tekst) => tekst.charAt(0).toUpperCase() + tekst.slice(1);

const overWie = (i) => feiten([
  ["Aanbieder", partij(aanbieders, b.aanbieder[i])],
  ["Gemeente", partij(gemeenten, b.gemeente[i])],
  ["Jeugdige", woorden[b.jeugdige[i]]],
  ["Declaratie", woorden[b.declaratie[i]]],
  ["Periode", b.toewijzing[i] >= 0 || b.begin[i] === null ? "" : periodecel(b.begin[i], b.eind[i])],
  ["Vindplaats", plaats(b.bestand[i], b.regelnummer[i])],
  ["Id", volledigId(i)],
]);

const declaratieregel = (i, l) => {
  const product = [woorden[lijnen.categorie[l]], woorden[b.product[i]]].filter(Boolean).join(" / ");
  const naam = woorden[lijnen.omschrijving[l]];
  return feiten([
    ["Referentienummer", woorden[b.referentie[i]]],
    ["Declaratie", woorden[b.declaratie[i]]],
    ["Aanbieder", partij(aanbieders, b.aanbieder[i])],
    ["Gemeente", partij(gemeenten, b.gemeente[i])],
    ["Jeugdige", woorden[b.jeugdige[i]]],
    ["Periode", periodecel(b.begin[i], b.eind[i])],
    ["Product", product + (naam && ": " + naam)],
    ["Geleverd", volume(lijnen.volume[l]) + " " + woorden[lijnen.eenheid[l]]],
    ["Tarief", lijnen.tarief[l] === null ? "" : geld(lijnen.tarief[l])],
    ["Ingediend", geld(b.ingediend[i])],
    ["Ontvangen", datum(lijnen.ontvangen[l])],
    ...lijnen.contact[l].map(([wat, waarde]) => [wat, woorden[waarde]]),
    ["Stand", woorden[lijnen.stand[l]]],
    ["Genoemde toewijzing", woorden[b.toewijzingnummer[i]]],
    ["Vindplaats", plaats(b.bestand[i], b.regelnummer[i])],
    ["Id", volledigId(i)],
  ]);
};

const toewijzing = (t) => feiten([
  ["Nummer", woorden[toewijzingen.nummer[t]]],
  ["Aanbieder", partij(aanbieders, toewijzingen.aanbieder[t])],
  ["Gemeente", partij(gemeenten, toewijzingen.gemeente[t])],
  ["Jeugdige", woorden[toewijzingen.jeugdige[t]]],
  ["Toegewezen op", datum(toewijzingen.datum[t])],
  ["Eerste versie van", toewijzingen.eerste[t] === toewijzingen.datum[t] ? "" : datum(toewijzingen.eerste[t])],
  ["Geldig", periodecel(toewijzingen.ingang[t], toewijzingen.einde[t])],
  ["Product", [woorden[toewijzingen.categorie[t]], woorden[toewijzingen.product[t]]].filter(Boolean).join(" / ")],
  ["Omvang", woorden[toewijzingen.omvang[t]]],
  ["Budget", toewijzingen.budget[t] === null ? "" : geld(toewijzingen.budget[t])],
  ["Budgetsoort", woorden[toewijzingen.budgetsoort[t]]],
  ["Verwijzer", woorden[toewijzingen.verwijzer[t]]],
  ["Dispuut", toewijzingen.dispuut[t] ? "ja" : ""],
  ["Vindplaats", plaats(toewijzingen.bestand[t], toewijzingen.regelnummer[t])],
]);

/** What a table has that may be wider than the screen: keys can scroll it too. */
const schuivend = (titel) => ({ class: "verloop", tabindex: "0", role: "group", "aria-label": titel });

/** The lines under a finding that isn't about one line. */
const onderBevinding = (i) => {
  const [van, tot] = [b.van[i], b.tot[i]];
  const alle = telwoord(b.onder[i], "declaratieregel", "declaratieregels");
  const titel = "De declaratieregels onder deze bevinding";
  const kop = maak("h3", titel);
  if (van === tot) return maak("div", [kop, maak("p", alle + "; zie onderliggend.csv met het Id van deze bevinding.")], { class: "verloop" });
  const o = onderliggend;
  const draagt = o.aandeel[van] !== null;
  const rijen = [];
  for (let v = van; v < tot; v++) {
    rijen.push(maak("tr", [
      maak("th", woorden[o.referentie[v]], { scope: "row" }),
      maak("td", partij(aanbieders, o.aanbieder[v])),
      maak("td", partij(gemeenten, o.gemeente[v])),
      maak("td", woorden[o.toewijzingnummer[v]]),
      maak("td", periodecel(o.begin[v], o.eind[v])),
      maak("td", woorden[o.product[v]]),
      maak("td", volume(o.volume[v]) + " " + woorden[o.eenheid[v]], { class: "n" }),
      maak("td", geld(o.bedrag[v]), { class: "n" }),
      ...(draagt ? [maak("td", geld(o.aandeel[v]), { class: "n" })] : []),
      maak("td", plaats(o.bestand[v], o.regelnummer[v])),
    ]));
  }
  const koppen = [["Declaratie\u00adregel", ""], ["Aanbieder", ""], ["Gemeente", ""], ["Toewijzing", ""], ["Periode", ""], ["Product", ""],
    ["Geleverd", "n"], ["Ingediend", "n"], ...(draagt ? [["Aandeel", "n"]] : []), ["Vindplaats", ""]];
  return maak("div", [kop,
    maak("p", tot - van < b.onder[i] ? "De " + getal(tot - van) + " grootste van " + alle + "." : alle + "."),
    maak("table", [maak("thead", [maak("tr", koppen.map(([naam, klasse]) => maak("th", naam, { scope: "col", class: klasse })))]), maak("tbody", rijen)]),
  ], schuivend(titel));
};

/** Lines before the finding's own that are shown one by one. */
const MEESTE_EERDERE = 36;

const tabelVanVerloop = (i, t) => {
  const [van, tot] = [toewijzingen.van[t], toewijzingen.tot[t]];
  if (van === tot) return null;
  const deze = (v) => b.lijn[i] >= 0 && verloop.bestand[v] === b.bestand[i] && verloop.regelnummer[v] === b.regelnummer[i];
  let einde = tot;
  for (let v = van; v < tot; v++) if (deze(v)) einde = v + 1;
  const eerste = Math.max(van, einde - MEESTE_EERDERE);
  const rijen = [];
  let som = 0;
  for (let v = van; v < einde; v++) {
    som += verloop.bedrag[v];
    if (v < eerste) {
      if (v === eerste - 1) rijen.push(maak("tr", [maak("td", telwoord(eerste - van, "eerdere declaratieregel", "eerdere declaratieregels"), { colspan: "4" }), maak("td", geld(som), { class: "n" })]));
      continue;
    }
    rijen.push(maak("tr", [
      maak("th", (deze(v) ? "deze declaratie\u00adregel: " : "") + woorden[verloop.referentie[v]], { scope: "row" }),
      maak("td", periodecel(verloop.begin[v], verloop.eind[v])),
      maak("td", volume(verloop.volume[v]) + " " + woorden[verloop.eenheid[v]], { class: "n" }),
      maak("td", geld(verloop.bedrag[v]), { class: "n" }),
      maak("td", geld(som), { class: "n" }),
    ], deze(v) ? { class: "deze" } : {}));
  }
  const kop = maak("tr", [["Declaratie\u00adregel", ""], ["Periode", ""], ["Geleverd", "n"], ["Ingediend", "n"], ["Opgeteld", "n"]]
    .map(([naam, klasse]) => maak("th", naam, { scope: "col", class: klasse })));
  const later = tot - einde;
  const titel = "Hoe de telling op deze toewijzing loopt";
  return maak("div", [
    maak("h3", titel),
    maak("p", "De levende declaratieregels op deze toewijzing in de volgorde waarin de controles tellen, opgeteld over de hele looptijd" +
      (later > 0 ? "; " + telwoord(later, "latere declaratieregel staat", "latere declaratieregels staan") + " er niet bij" : "") +
      ". Geldt een grens per jaar of periode, dan begint de telling van de controle in elk jaar of elke periode opnieuw."),
    maak("table", [maak("thead", [kop]), maak("tbody", rijen)]),
  ], schuivend(titel));
};

// Findings by line, made when the first finding is opened.
let perLijn = null;
const ookGeraakt = (i) => {
  if (b.lijn[i] < 0) return [];
  if (perLijn === null) {
    perLijn = new Map();
    b.lijn.forEach((l, j) => {
      if (l < 0) return;
      if (perLijn.has(l)) perLijn.get(l).push(j);
      else perLijn.set(l, [j]);
    });
  }
  const andere = perLijn.get(b.lijn[i]).filter((j) => j !== i);
  if (andere.length === 0) return [];
  return [maak("h3", "Andere bevindingen op deze declaratieregel"), maak("ul", andere.map((j) =>
    maak("li", regels[b.regel[j]].code + " " + regels[b.regel[j]].titel + ", " + ERNST[b.ernst[j]] +
      (b.bedrag[j] === null ? "" : ", " + geld(b.bedrag[j])))))];
};
