"use strict";
(() => {
  const form = document.getElementById("filter");
  const find = document.getElementById("find");
  const shown = document.getElementById("shown");
  const kinds = [...form.querySelectorAll("input[name=kind]")];
  const chunks = [...document.querySelectorAll(".chunk")].map((chunk) => ({
    chunk,
    rows: [...chunk.querySelectorAll("tbody tr")],
  }));
  const total = chunks.reduce((sum, { rows }) => sum + rows.length, 0);
  let waits = false;

  const filter = () => {
    waits = false;
    const wanted = find.value.trim().toLowerCase();
    const allowed = new Set(kinds.filter((kind) => kind.checked).map((kind) => kind.value));
    let count = 0;
    for (const { chunk, rows } of chunks) {
      let here = 0;
      for (const row of rows) {
        const matches =
          allowed.has(row.cells[3].textContent) &&
          (wanted === "" || row.textContent.toLowerCase().includes(wanted));
        row.hidden = !matches;
        here += matches ? 1 : 0;
      }
      chunk.hidden = here === 0;
      chunk.style.setProperty("--rows", here);
      count += here;
    }
    shown.textContent = `${count} of ${total} records`;
  };

  const soon = () => {
    if (!waits) {
      waits = true;
      requestAnimationFrame(filter);
    }
  };

  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
})();
