(() => {
  const tools = document.querySelector(".tools"), query = document.querySelector("#q");
  const rows = [...document.querySelectorAll("tbody tr")], boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const count = document.querySelector("#count");
  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean), on = new Set(boxes.filter(b => b.checked).map(b => b.value));
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(on.has(row.className) && words.every(w => text.includes(w)));
      shown += !row.hidden;
    }
    count.textContent = `${shown} of ${rows.length} shown`;
  };
  tools.hidden = false;
  tools.addEventListener("input", apply);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(d => { d.open = true; }));
})();
