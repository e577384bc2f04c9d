// Lines leave one after the other, while the next one is being typed: nothing that is typed is lost,
// nor mixed with what is on its way. Without this script each line reloads the page.
const form = document.getElementById("dictation");
const field = form.elements.namedItem("ligne");
const lines = [];
let isBusy = false;

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && button.name && button.name !== "commande") return;
  event.preventDefault();
  const line = button && button.name === "commande" ? button.value : field.value.trim();
  // An empty line reads back, the next one confirms: a key that bounces must not do both.
  if (!line && (lines.at(-1) === "" || (isBusy && !lines.length))) return;
  if (!button || !button.name) field.value = "";
  lines.push(line);
  field.focus();
  if (!isBusy) send();
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.repeat) event.preventDefault();
});

async function send() {
  isBusy = true;
  while (lines.length) {
    const line = lines[0];
    const values = { ligne: line, lignes: "" };
    let left = "";
    try {
      await htmx.ajax("POST", location.href, { source: form, values, target: "#heard", swap: "outerHTML" });
      left = document.getElementById("heard").dataset.back;
    } catch {
      left = lines.join(" ; ");
      lines.length = 0;
    }
    lines.shift();
    if (left && !field.value) {
      field.value = left;
      field.select();
    }
  }
  isBusy = false;
}
