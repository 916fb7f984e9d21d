// What the page holds, and words and numbers as Dutch readers write them.

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
