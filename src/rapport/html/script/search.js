// Searching.

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
