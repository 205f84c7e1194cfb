// The quote of a footnote, shown while the pointer or the focus is on its number.
(() => {
  let shownFor = null;

  const tooltip = () => document.getElementById("fn-tooltip") ?? make();

  function make() {
    const box = document.createElement("div");
    box.id = "fn-tooltip";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
    box.addEventListener("pointerleave", hide);
    document.body.append(box);
    return box;
  }

  function show(mark) {
    const box = tooltip();
    shownFor = mark;
    box.textContent = `“${mark.dataset.quote}”`;
    box.hidden = false;
    mark.setAttribute("aria-describedby", box.id);
    const at = mark.getBoundingClientRect(), size = box.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 24), window.innerWidth - size.width - 8);
    const above = at.top - size.height - 2;
    box.style.left = `${left}px`;
    box.style.top = `${above > 8 ? above : at.bottom + 2}px`;
  }

  function hide() {
    if (!shownFor) return;
    shownFor.removeAttribute("aria-describedby");
    shownFor = null;
    tooltip().hidden = true;
  }

  const markOf = (event) => event.target.closest?.(".fn-mark");
  const entered = (event) => { const mark = markOf(event); if (mark) show(mark); };

  document.addEventListener("pointerover", entered);
  document.addEventListener("focusin", entered);
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerout", (event) => {
    // The pointer may go on to the quote itself, to read or to copy it.
    if (markOf(event) && !event.relatedTarget?.closest?.("#fn-tooltip, .fn-mark")) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", (event) => { if (event.target.contains?.(shownFor)) hide(); }, true);
  document.addEventListener("click", (event) => { if (markOf(event)) hide(); });
})();
