// The controls.

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
