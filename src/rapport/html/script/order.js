// Sorting: an order of all findings for each column, made when it is first asked for.

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
