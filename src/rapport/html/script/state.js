// The state, and what follows from it.

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
