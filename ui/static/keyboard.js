// The keys of the page; the sheet behind “Settings” lists them.
(() => {
  const box = () => document.querySelector("#question textarea");
  const typing = (element) => element.closest?.("input, textarea, select, [contenteditable], dialog");

  function ask() {
    window.footnote.openTab("Ask");
    box().focus();
  }

  // The footnote after or before the one that was followed last, within the answers on the page.
  function footnote(by) {
    const marks = [...document.querySelectorAll("#conversation .fn-mark")];
    if (!marks.length) return;
    const last = marks.findIndex((mark) => mark.hasAttribute("data-followed"));
    const newest = document.querySelector("#conversation .fn-exchange:last-of-type .fn-mark");
    const at = last < 0 ? Math.max(marks.indexOf(newest), 0) : (last + by + marks.length) % marks.length;
    marks[at].scrollIntoView({ block: "nearest" });
    marks[at].click();
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.(".fn-mark");
    if (!mark) return;
    for (const other of document.querySelectorAll("[data-followed]")) other.removeAttribute("data-followed");
    mark.setAttribute("data-followed", "");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); return ask(); }
    if (event.key === "ArrowUp" && event.target === box() && !box().value) {
      const questions = document.querySelectorAll("#conversation .fn-question");
      if (questions.length) window.footnote.fill(questions[questions.length - 1].textContent);
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      "/": ask, "j": () => footnote(1), "k": () => footnote(-1), "?": () => window.footnote.openSheet(".fn-keys"),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
