// The start.

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
