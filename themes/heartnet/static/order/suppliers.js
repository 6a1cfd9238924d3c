// Suppliers that a government buyer has chosen, as CSV for their files. The table is whole without it.
import { csv } from "./csv.js";
import { save } from "./files.js";

for (const table of document.querySelectorAll("table[data-hn-suppliers]")) {
  const head = document.createElement("th");
  head.scope = "col";
  head.className = "screen";
  head.textContent = "えらぶ";
  table.tHead.rows[0].prepend(head);
  const boxes = [...table.tBodies[0].rows].map((row) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.setAttribute("aria-label", `${row.cells[0].textContent.trim()}をえらぶ`);
    const label = document.createElement("label");
    label.className = "pick";
    label.append(box);
    const cell = row.insertCell(0);
    cell.className = "screen";
    cell.append(label);
    return box;
  });
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-outline";
  button.textContent = "えらんだ事業所をCSVで保存";
  button.addEventListener("click", () => {
    const rows = [...table.tBodies[0].rows].filter((_, at) => boxes[at].checked);
    if (!rows.length) {
      said.textContent = "表の左で、事業所をえらんでください。";
      boxes[0]?.focus();
      return;
    }
    const words = (row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim());
    const heads = [...words(table.tHead.rows[0]), "ページ"];
    const lines = rows.map((row) => [...words(row), row.querySelector("a").href]);
    const today = document.documentElement.dataset.hnBuilt;
    save(`事業所-${today}.csv`, "text/csv;charset=utf-8", csv([["区分", table.dataset.hnSuppliers], ["作成日", today], [], heads, ...lines]));
    said.textContent = `${rows.length}か所をCSVに保存しました。`;
  });
  const line = document.createElement("p");
  line.className = "screen";
  line.append(button, " ", said);
  table.parentElement.after(line);
}
