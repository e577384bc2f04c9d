// Says it when what was pressed could not leave: no network on the bus. Without this script the
// browser says so itself, on a page of its own.
const said = document.getElementById("offline");
document.addEventListener("htmx:sendError", () => { said.hidden = false; });
document.addEventListener("htmx:afterOnLoad", () => { said.hidden = true; });
