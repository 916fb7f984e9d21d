// The choice: in the address, on paper, as a file.

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
