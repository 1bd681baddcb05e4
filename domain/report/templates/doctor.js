document.documentElement.classList.add("scripted");
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
document.querySelector(".save button").addEventListener("click", () => {
  const rows = ["file,finding,fix"];
  for (const card of document.querySelectorAll(".finding")) {
    const chosen = card.querySelector("input:checked");
    if (!chosen) continue;
    const kind = card.closest("section").dataset.kind;
    const files = JSON.parse(card.dataset.files);
    const copies = files.length > 1 && chosen.value === "quarantine"; // the first of them is enough
    files.forEach((file, place) => rows.push([file, kind, copies && place === 0 ? "keep" : chosen.value].map(quoted).join(",")));
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([rows.join("\n") + "\n"], { type: "text/csv" }));
  link.download = "fixes.csv";
  link.click();
});
