"use strict";
(() => {
  const op = (id) => document.getElementById(id);
  const gegevens = JSON.parse(op("gegevens").textContent);
  const { woorden, regels, aanbieders, gemeenten, bestanden, lijnen, onderliggend, toewijzingen, verloop, begrippen } = gegevens;
  const b = gegevens.bevindingen;
  const AANTAL = b.id.length;
  const ERNST = ["fout", "onzekerheid", "signaal"];

  // Words and numbers as Dutch readers write them.
  const heel = new Intl.NumberFormat("nl-NL", { maximumFractionDigits: 0 });
  const getal = (n) => heel.format(n);
  const geld = (cent) => {
    if (cent === null) return "–";
    const n = Math.abs(cent);
    return "€\u00a0" + (cent < 0 ? "-" : "") + getal(Math.floor(n / 100)) + "," + String(n % 100).padStart(2, "0");
  };
  const volume = (honderdsten) => {
    const n = Math.abs(honderdsten);
    const rest = String(n % 100).padStart(2, "0").replace(/0+$/, "");
    return (honderdsten < 0 ? "-" : "") + getal(Math.floor(n / 100)) + (rest && "," + rest);
  };
  const datum = (dag) => {
    if (dag === null) return "";
    const d = new Date(dag * 86400000);
    const twee = (n) => String(n).padStart(2, "0");
    return twee(d.getUTCDate()) + "-" + twee(d.getUTCMonth() + 1) + "-" + String(d.getUTCFullYear()).padStart(4, "0");
  };
  const periode = (begin, eind) => {
    if (begin === null) return "";
    return eind === null ? "vanaf " + datum(begin) : datum(begin) + " t/m " + datum(eind);
  };
  /** A period that breaks between its dates, never inside one. */
  const periodecel = (begin, eind) => periode(begin, eind).split(" ").flatMap((woord, i) => [i ? " " : "", maak("span", woord, { class: "heel" })]);
  const partij = (lijst, plaats) => (plaats < 0 ? "" : (lijst[plaats][1] + " (" + lijst[plaats][0] + ")").trim());
  const telwoord = (n, een, meer) => getal(n) + " " + (n === 1 ? een : meer);

  // Every text goes through textContent: nothing of the data is ever read as markup.
  const maak = (naam, inhoud, eigenschappen) => {
    const element = document.createElement(naam);
    for (const [k, v] of Object.entries(eigenschappen || {})) element.setAttribute(k, v);
    if (Array.isArray(inhoud)) element.append(...inhoud);
    else if (inhoud !== undefined && inhoud !== null) element.textContent = inhoud;
    return element;
  };

  // The columns that filters look at for every finding.
  const kolom = {
    regel: Int32Array.from(b.regel),
    ernst: Int32Array.from(b.ernst),
    aanbieder: Int32Array.from(b.aanbieder),
    gemeente: Int32Array.from(b.gemeente),
    oordeel: Int32Array.from(b.oordeel),
  };
  const tekstkolommen = [b.jeugdige, b.toewijzingnummer, b.declaratie, b.referentie, b.product, b.gevonden,
    b.verwacht, b.toelichting, b.bron, b.oordeel, b.beoordeling, b.reactie].map((k) => Uint32Array.from(k));

  /* ---- searching ---- */

  const vouw = (tekst) => tekst.toLowerCase().normalize("NFD").replace(/\p{M}+/gu, "");

  /** A list of texts in which those that hold a term are found in one pass over one long text. */
  const doorzoekbaar = (teksten) => {
    let lang = null;
    let begin = null;
    const bereid = () => {
      lang = vouw(teksten.join("\n"));
      begin = new Uint32Array(teksten.length + 1);
      for (let i = 1, p = 0; i < teksten.length; i++) {
        p = lang.indexOf("\n", p) + 1;
        begin[i] = p;
      }
      begin[teksten.length] = lang.length + 1;
    };
    return (term) => {
      if (lang === null) bereid();
      const raak = new Uint8Array(teksten.length);
      if (term === undefined) return raak;
      let i = 0;
      for (let p = lang.indexOf(term); p >= 0; p = lang.indexOf(term, begin[i])) {
        while (begin[i + 1] <= p) i++;
        raak[i++] = 1;
        if (i >= teksten.length) break;
      }
      return raak;
    };
  };
  const zoekIn = {
    woorden: doorzoekbaar(woorden),
    regel: doorzoekbaar(regels.map((r) => r.code + " " + r.titel)),
    aanbieder: doorzoekbaar(aanbieders.map((a) => a.join(" "))),
    gemeente: doorzoekbaar(gemeenten.map((g) => g.join(" "))),
    bestand: doorzoekbaar(bestanden),
  };

  /** Lets only those findings stand in which the term occurs. */
  const houd = (over, term) => {
    const bedrag = /^€?-?\d[\d.]*,\d\d$/.test(term) ? Number(term.replace(/[€.,]/g, "")) : null;
    const id = /^[a-z]+\d+-[0-9a-f]+$/.test(term);
    const raak = {};
    for (const soort of Object.keys(zoekIn)) raak[soort] = zoekIn[soort](term);
    for (let i = 0; i < AANTAL; i++) {
      if (!over[i]) continue;
      let ja = raak.regel[kolom.regel[i]] || (kolom.aanbieder[i] >= 0 && raak.aanbieder[kolom.aanbieder[i]]) ||
        (kolom.gemeente[i] >= 0 && raak.gemeente[kolom.gemeente[i]]) || (b.bestand[i] >= 0 && raak.bestand[b.bestand[i]]);
      for (let k = 0; !ja && k < tekstkolommen.length; k++) ja = raak.woorden[tekstkolommen[k][i]];
      if (!ja && bedrag !== null) ja = b.bedrag[i] === bedrag || b.ingediend[i] === bedrag;
      if (!ja && id) ja = volledigId(i).toLowerCase().startsWith(term);
      if (!ja) over[i] = 0;
    }
  };
  const volledigId = (i) => regels[b.regel[i]].code + "-" + b.id[i];

  /* ---- sorting: an order of all findings for each column, made when it is first asked for ---- */

  const taal = new Intl.Collator("nl", { numeric: true });
  /** The place of each text among all, by this comparison. */
  const rangen = (teksten, vergelijk) => {
    const rang = new Int32Array(teksten.length);
    teksten.map((_, i) => i).sort((x, y) => vergelijk(teksten[x], teksten[y])).forEach((plaats, r) => { rang[plaats] = r; });
    return rang;
  };
  const opNaam = (x, y) => taal.compare(x[1] + " " + x[0], y[1] + " " + y[0]);
  const rangVan = (lijst, plaatsen) => {
    const rang = rangen(lijst, opNaam);
    return (i) => (plaatsen[i] < 0 ? -1 : rang[plaatsen[i]]);
  };
  const over = (i) => b.referentie[i] || b.toewijzingnummer[i] || b.declaratie[i] || b.jeugdige[i];
  const sleutels = {
    regel: () => (i) => kolom.regel[i],
    ernst: () => (i) => kolom.ernst[i],
    aanbieder: () => rangVan(aanbieders, kolom.aanbieder),
    gemeente: () => rangVan(gemeenten, kolom.gemeente),
    referentie: () => {
      const gebruikt = [...new Set(b.id.map((_, i) => over(i)))];
      // So many and so different: the order of their characters will do, and is ten times as quick.
      const rang = rangen(gebruikt.map((w) => woorden[w]), (x, y) => (x < y ? -1 : 1));
      const rangVanWoord = new Int32Array(woorden.length);
      gebruikt.forEach((w, n) => { rangVanWoord[w] = w === 0 ? -1 : rang[n]; });
      return (i) => rangVanWoord[over(i)];
    },
    begin: () => (i) => (b.begin[i] === null ? -1e9 : b.begin[i]),
    bedrag: () => (i) => (b.bedrag[i] === null ? -1e18 : b.bedrag[i]),
  };
  const waarden = new Map();
  const volgordes = new Map();
  const volgorde = (naam, omlaag) => {
    if (!waarden.has(naam)) {
      const sleutel = sleutels[naam]();
      waarden.set(naam, Float64Array.from({ length: AANTAL }, (_, i) => sleutel(i)));
    }
    const wat = naam + (omlaag ? "-" : "+");
    if (!volgordes.has(wat)) {
      const waarde = waarden.get(naam);
      const rij = Uint32Array.from({ length: AANTAL }, (_, i) => i);
      rij.sort(omlaag ? (x, y) => waarde[y] - waarde[x] || x - y : (x, y) => waarde[x] - waarde[y] || x - y);
      volgordes.set(wat, rij);
    }
    return volgordes.get(wat);
  };

  /* ---- the state, and what follows from it ---- */

  const staat = { sorteer: "bedrag", omlaag: true, blad: 0, per: 50, open: new Set() };
  let gekozen = new Uint32Array(0);
  const keuzes = ["regel", "ernst", "aanbieder", "gemeente", "oordeel"];

  const kies = () => {
    const blijft = new Uint8Array(AANTAL).fill(1);
    for (const naam of keuzes) {
      const waarde = op("f-" + naam).value;
      if (waarde === "") continue;
      const k = kolom[naam];
      const gezocht = Number(waarde);
      for (let i = 0; i < AANTAL; i++) if (k[i] !== gezocht) blijft[i] = 0;
    }
    for (const term of vouw(op("zoek").value).split(/\s+/)) if (term) houd(blijft, term);
    const uit = new Uint32Array(AANTAL);
    let n = 0;
    for (const i of volgorde(staat.sorteer, staat.omlaag)) if (blijft[i]) uit[n++] = i;
    gekozen = uit.subarray(0, n);
  };

  const bladen = () => Math.max(1, Math.ceil(gekozen.length / staat.per));

  const vernieuw = (vanVoren) => {
    kies();
    if (vanVoren) staat.blad = 0;
    teken();
    noemKeuze();
  };

  const teken = () => {
    staat.blad = Math.min(Math.max(staat.blad, 0), bladen() - 1);
    const van = staat.blad * staat.per;
    const getoond = gekozen.subarray(van, van + staat.per);
    const rijen = [];
    for (const i of getoond) {
      rijen.push(rij(i));
      if (staat.open.has(i)) rijen.push(detailrij(i));
    }
    if (rijen.length === 0) rijen.push(maak("tr", [maak("td", AANTAL === 0 ? "Er zijn geen bevindingen." : "Geen bevinding past bij deze keuze. Wis een filter of zoek op iets anders.", { colspan: "8" })], { class: "leeg" }));
    op("rijen").replaceChildren(...rijen);
    let som = 0;
    for (const i of gekozen) som += b.bedrag[i] || 0;
    const gefilterd = gekozen.length < AANTAL ? " van de " + getal(AANTAL) : "";
    op("stand").textContent = gekozen.length === 0 ? "Geen bevindingen" :
      telwoord(gekozen.length, "bevinding", "bevindingen") + gefilterd + ", per bevinding opgeteld " + geld(som) + " in geding. " +
      (bladen() > 1 ? "U ziet " + getal(van + 1) + " tot en met " + getal(van + getoond.length) + "." : "");
    for (const th of document.querySelectorAll("th[data-sorteer]")) {
      if (th.dataset.sorteer === staat.sorteer) th.setAttribute("aria-sort", staat.omlaag ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
    op("blad").value = staat.blad + 1;
    op("blad").max = bladen();
    op("van").textContent = "van " + getal(bladen());
    // Not `disabled`: the focus would be lost on the last page.
    for (const [id, uit] of [["eerste", staat.blad === 0], ["vorige", staat.blad === 0],
      ["volgende", staat.blad >= bladen() - 1], ["laatste", staat.blad >= bladen() - 1]]) {
      op(id).setAttribute("aria-disabled", String(uit));
    }
  };

  /* ---- a finding in the table ---- */

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

  /* ---- the controls ---- */

  const vulKeuze = (naam, alle, keuzelijst) => {
    const aantallen = new Map();
    for (const plaats of kolom[naam]) aantallen.set(plaats, (aantallen.get(plaats) || 0) + 1);
    const keuze = (tekst, waarde) => maak("option", tekst + " (" + getal(aantallen.get(waarde)) + ")", { value: waarde });
    const gebruikt = keuzelijst.filter(([, waarde]) => aantallen.has(waarde));
    op("f-" + naam).replaceChildren(maak("option", alle, { value: "" }), ...gebruikt.map(([tekst, waarde]) => keuze(tekst, waarde)));
    if (aantallen.has(-1)) op("f-" + naam).append(keuze("geen " + naam, -1));
  };
  const opties = (lijst) => lijst.map((x, i) => [x[1] ? x[1] + " (" + x[0] + ")" : x[0], i]).sort((x, y) => taal.compare(x[0], y[0]));
  vulKeuze("regel", "alle controles", regels.map((r, i) => [r.code + " " + r.titel, i]));
  vulKeuze("ernst", "alles", ERNST.map((e, i) => [e, i]));
  vulKeuze("aanbieder", "alle aanbieders", opties(aanbieders));
  vulKeuze("gemeente", "alle gemeenten", opties(gemeenten));

  // Without a verdict there is nothing to choose.
  const oordelen = [...new Set(b.oordeel)].sort((x, y) => x - y);
  op("keuze-oordeel").hidden = oordelen.every((w) => w === 0);
  vulKeuze("oordeel", "alles", oordelen.map((w) => [woorden[w] || "open", w]));

  for (const naam of keuzes) op("f-" + naam).addEventListener("change", () => vernieuw(true));
  op("zoek").addEventListener("input", () => vernieuw(true));
  op("filters").addEventListener("submit", (e) => e.preventDefault());
  op("wis").addEventListener("click", () => {
    op("zoek").value = "";
    for (const naam of keuzes) op("f-" + naam).value = "";
    vernieuw(true);
    op("zoek").focus();
  });

  for (const th of document.querySelectorAll("th[data-sorteer]")) {
    th.firstElementChild.addEventListener("click", () => {
      const naam = th.dataset.sorteer;
      staat.omlaag = staat.sorteer === naam ? !staat.omlaag : naam === "bedrag";
      staat.sorteer = naam;
      vernieuw(true);
    });
  }

  const blader = (blad) => {
    staat.blad = blad;
    teken();
  };
  const knoppen = { eerste: () => 0, vorige: () => staat.blad - 1, volgende: () => staat.blad + 1, laatste: () => bladen() - 1 };
  for (const [id, naar] of Object.entries(knoppen)) {
    op(id).addEventListener("click", () => {
      if (op(id).getAttribute("aria-disabled") !== "true") blader(naar());
    });
  }
  op("blad").addEventListener("change", () => blader((Math.trunc(Number(op("blad").value)) || 1) - 1));
  op("per").addEventListener("change", () => {
    const eerste = staat.blad * staat.per;
    staat.per = Number(op("per").value);
    blader(Math.floor(eerste / staat.per));
  });

  const zetOpen = (knop, open) => {
    const i = Number(knop.dataset.i);
    const tr = knop.closest("tr");
    if (open) {
      staat.open.add(i);
      tr.after(detailrij(i));
      knop.setAttribute("aria-controls", "detail-" + i);
    } else {
      staat.open.delete(i);
      op("detail-" + i).remove();
      knop.removeAttribute("aria-controls");
    }
    tr.classList.toggle("open", open);
    knop.setAttribute("aria-expanded", String(open));
  };
  op("rijen").addEventListener("click", (e) => {
    const knop = e.target.closest(".openen");
    if (knop) zetOpen(knop, knop.getAttribute("aria-expanded") !== "true");
  });
  // Escape closes the finding that the focus is in or on.
  op("rijen").addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    const tr = e.target.closest("tr");
    const knop = (tr.classList.contains("detail") ? tr.previousElementSibling : tr).querySelector(".openen");
    if (knop && knop.getAttribute("aria-expanded") === "true") {
      zetOpen(knop, false);
      knop.focus();
    }
  });

  // A row of a chart shows its findings.
  document.addEventListener("click", (e) => {
    const link = e.target.closest("a[data-filter]");
    if (!link) return;
    const { filter, waarde } = link.dataset;
    const lijst = { regel: regels.map((r) => r.code), aanbieder: aanbieders.map((a) => a[0]), gemeente: gemeenten.map((g) => g[0]) }[filter];
    op("zoek").value = "";
    for (const naam of keuzes) op("f-" + naam).value = naam === filter ? String(lijst.indexOf(waarde)) : "";
    vernieuw(true);
  });

  for (const knop of document.querySelectorAll(".meer")) {
    const rest = op(knop.getAttribute("aria-controls"));
    const zet = (open) => {
      rest.hidden = !open;
      knop.setAttribute("aria-expanded", String(open));
      knop.textContent = open ? "Toon minder" : "Toon er nog " + getal(Number(knop.dataset.meer));
    };
    knop.hidden = false;
    zet(false);
    knop.addEventListener("click", () => zet(rest.hidden));
  }

  /* ---- the choice: in the address, on paper, as a file ---- */

  const codes = { regel: regels.map((r) => r.code), ernst: ERNST, aanbieder: aanbieders.map((a) => a[0]), gemeente: gemeenten.map((g) => g[0]) };
  const codeVan = (naam, waarde) => {
    if (waarde === "-1") return "geen";
    return naam === "oordeel" ? woorden[Number(waarde)] || "open" : codes[naam][Number(waarde)];
  };
  /** What a choice holds for a code; all where nothing has it. */
  const waardeVan = (naam, code) => {
    const plek = naam === "oordeel" ? (code === "open" ? 0 : woorden.indexOf(code)) : codes[naam].indexOf(code);
    const waarde = code === "geen" ? "-1" : String(plek);
    return [...op("f-" + naam).options].some((o) => o.value === waarde && code) ? waarde : "";
  };

  let wachten = 0;
  const noemKeuze = () => {
    const zoek = op("zoek").value.trim();
    const gekozenCodes = keuzes.filter((naam) => op("f-" + naam).value !== "").map((naam) => [naam, codeVan(naam, op("f-" + naam).value)]);
    const zinnen = keuzes.filter((naam) => op("f-" + naam).value !== "").map((naam) => {
      const keuze = op("f-" + naam);
      return (naam === "regel" ? "controle" : naam) + " " + keuze.options[keuze.selectedIndex].textContent.replace(/ \([\d.]+\)$/, "");
    });
    if (zoek) zinnen.push("met “" + zoek + "”");
    op("keuze-druk").textContent = zinnen.length === 0 ? "Geen filter gekozen: het gaat om alle bevindingen." : "Gekozen: " + zinnen.join("; ") + ".";
    const adres = new URLSearchParams(gekozenCodes);
    // What could be a Bsn comes in no address: those are kept by the browser.
    if (zoek && !/\d{9}/.test(zoek.replace(/[^\da-z]/gi, ""))) adres.set("zoek", zoek);
    const isId = gekozenCodes.length === 0 && /^[A-Z]+\d+-[0-9a-f]{16}$/.test(zoek);
    const anker = isId ? zoek : String(adres);
    clearTimeout(wachten);
    wachten = setTimeout(() => {
      if (anker || location.hash.includes("=")) history.replaceState(null, "", "#" + anker);
    }, 200);
  };

  // As `bevindingen.csv` has them.
  const tekstcel = (tekst) => {
    const alsFormule = /^[=+\-@\t\r\n＝＋－＠]/.test(tekst) && !/^[+-]?[\d,]+$/.test(tekst);
    const cel = (alsFormule ? "\u200b" : "") + tekst;
    return /[;"\r\n]/.test(cel) ? '"' + cel.replace(/"/g, '""') + '"' : cel;
  };
  const bedragcel = (cent) => (cent === null ? "" : (cent < 0 ? "-" : "") + Math.floor(Math.abs(cent) / 100) + "," + String(Math.abs(cent) % 100).padStart(2, "0"));
  const getalcel = (n) => (n === null ? "" : String(n));
  const metReacties = b.reactie.some(Boolean);
  const csvKoppen = ["Id", "Regel", "Ernst", "Aanbieder", "Gemeente", "Jeugdige", "ToewijzingNummer", "DeclaratieNummer", "ReferentieNummer",
    "Bestand", "Regelnummer", "Begindatum", "Einddatum", "ProductCode", "IngediendBedrag", "BedragInGeding", "Gevonden", "Verwacht", "Toelichting", "Bron", "Oordeel",
    ...(metReacties ? ["Reactie"] : [])];
  const csvRij = (i) => [
    volledigId(i), regels[b.regel[i]].code, ERNST[b.ernst[i]],
    b.aanbieder[i] < 0 ? "" : aanbieders[b.aanbieder[i]][0], b.gemeente[i] < 0 ? "" : gemeenten[b.gemeente[i]][0],
    tekstcel(woorden[b.jeugdige[i]]), tekstcel(woorden[b.toewijzingnummer[i]]), tekstcel(woorden[b.declaratie[i]]), tekstcel(woorden[b.referentie[i]]),
    b.bestand[i] < 0 ? "" : tekstcel(bestanden[b.bestand[i]]), getalcel(b.regelnummer[i]), datum(b.begin[i]), datum(b.eind[i]),
    tekstcel(woorden[b.product[i]]), bedragcel(b.ingediend[i]), bedragcel(b.bedrag[i]),
    ...[b.gevonden, b.verwacht, b.toelichting, b.bron, b.oordeel, ...(metReacties ? [b.reactie] : [])].map((k) => tekstcel(woorden[k[i]])),
  ].join(";");
  op("als-csv").addEventListener("click", () => {
    const inhoud = ["\ufeff" + csvKoppen.join(";"), ...Array.from(gekozen, csvRij)].join("\r\n") + "\r\n";
    const adres = URL.createObjectURL(new Blob([inhoud], { type: "text/csv;charset=utf-8" }));
    maak("a", "", { href: adres, download: "bevindingen-keuze.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(adres), 10000);
  });

  /* ---- start ---- */

  op("werk").hidden = false;
  // An address that ends in the Id of a finding opens it.
  const leesAdres = () => {
    const anker = location.hash.slice(1);
    const wie = /^[A-Z]+\d+-/.test(anker) ? b.id.findIndex((_, i) => volledigId(i) === anker) : -1;
    if (wie < 0 && !anker.includes("=")) return false;
    const adres = new URLSearchParams(wie < 0 ? anker : "");
    op("zoek").value = wie < 0 ? adres.get("zoek") || "" : anker;
    for (const naam of keuzes) op("f-" + naam).value = waardeVan(naam, adres.get(naam) || "");
    if (wie >= 0) staat.open.add(wie);
    return true;
  };
  const toonAdres = () => {
    const gelezen = leesAdres();
    if (gelezen) vernieuw(true);
    if (gelezen) op("bevindingen").scrollIntoView();
    return gelezen;
  };
  if (!toonAdres()) vernieuw(true);
  window.addEventListener("hashchange", toonAdres);
  // The first search need not wait for its index.
  (window.requestIdleCallback || ((f) => setTimeout(f, 200)))(() => zoekIn.woorden());
})();
