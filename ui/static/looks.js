// How this browser shows the page: colours, size of the text, and the panes. Kept in the browser.
(() => {
  const kept = (name, otherwise) => localStorage.getItem(`footnote.${name}`) ?? otherwise;
  const keep = (name, value) => localStorage.setItem(`footnote.${name}`, value);
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function colour() {
    const wanted = kept("colours", "system");
    const dark = wanted === "dark" || (wanted === "system" && system.matches);
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  }

  function size() { document.documentElement.style.fontSize = `${kept("size", 100)}%`; }

  function panes() {
    const columns = document.querySelector(".fn-columns");
    if (!columns) return;
    columns.style.setProperty("--fn-share", kept("share", 52));
    for (const pane of ["side", "reading"]) {
      columns.classList.toggle(`fn-without-${pane}`, kept(`fold.${pane}`, "no") === "yes");
    }
    const folded = kept("fold.reading", "no") === "yes";
    const button = document.querySelector("[data-fold=reading]");
    button.setAttribute("aria-pressed", folded);
    button.textContent = folded ? "Show article" : "Hide article";
    if (!columns.querySelector(".fn-divider")) columns.querySelector(".fn-reading").prepend(divider(columns));
  }

  function fold(pane) {
    keep(`fold.${pane}`, kept(`fold.${pane}`, "no") === "yes" ? "no" : "yes");
    panes();
  }

  function divider(columns) {
    const line = document.createElement("div");
    line.className = "fn-divider";
    line.tabIndex = 0;
    line.setAttribute("role", "separator");
    line.setAttribute("aria-orientation", "vertical");
    line.setAttribute("aria-label", "Width of the article");
    const set = (share) => {
      const within = Math.round(Math.min(75, Math.max(25, share)));
      keep("share", within);
      line.setAttribute("aria-valuenow", within);
      columns.style.setProperty("--fn-share", within);
    };
    line.setAttribute("aria-valuenow", kept("share", 52));
    line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      line.setPointerCapture(event.pointerId);
      const left = columns.querySelector(".fn-chat").getBoundingClientRect().left;
      const right = columns.getBoundingClientRect().right;
      const move = (moved) => set((100 * (right - moved.clientX)) / (right - left));
      line.addEventListener("pointermove", move);
      line.addEventListener("pointerup", () => line.removeEventListener("pointermove", move), { once: true });
    });
    line.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: 2, ArrowRight: -2 }[event.key];
      if (by) { event.preventDefault(); set(Number(kept("share", 52)) + by); }
    });
    return line;
  }

  function openSheet(at) {
    const sheet = document.getElementById("fn-sheet");
    sheet.querySelector(`[name=fn-colours][value="${kept("colours", "system")}"]`).checked = true;
    sheet.querySelector(`[name=fn-size][value="${kept("size", 100)}"]`).checked = true;
    sheet.showModal();
    if (at) sheet.querySelector(at).scrollIntoView();
  }

  document.addEventListener("click", (event) => {
    const folding = event.target.closest?.("[data-fold]");
    if (folding) fold(folding.dataset.fold);
    if (event.target.closest?.("[data-sheet]")) openSheet();
    if (event.target.id === "fn-sheet") event.target.close(); // beside it
  });
  document.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (name === "fn-colours") { keep("colours", value); colour(); }
    if (name === "fn-size") { keep("size", value); size(); }
  });
  system.addEventListener("change", colour);
  size();
  function watchColours() {
    colour();
    // Gradio sets the colours of the system whenever it feels like it.
    new MutationObserver(colour).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  }
  if (document.body) watchColours();
  else document.addEventListener("DOMContentLoaded", watchColours);
  Object.assign(window.footnote, { panes, fold, openSheet });
})();
