// A field above a long list hides what does not hold its words. Without it the list is whole.
document.documentElement.classList.add("scripted");
for (const field of document.querySelectorAll(".find")) {
  const rows = [...field.nextElementSibling.querySelectorAll(":scope > details, tbody > tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    rows.forEach((row, place) => { row.hidden = !words.every((word) => texts[place].includes(word)); });
  });
}
