// Sources and conversations: beside the conversation where there is room, else a drawer over it.
(() => {
  const drawn = window.matchMedia("(max-width: 1100px)");
  let opener = null;

  const drawer = () => document.getElementById("drawer");

  function open(button) {
    opener = button;
    if (drawn.matches) drawer().classList.add("fn-open-drawer");
    else if (button.closest(".fn-title")) return window.footnote.fold("side");
    drawer().querySelector("input, button")?.focus();
  }

  function close() {
    if (!drawer()?.classList.contains("fn-open-drawer")) return;
    drawer().classList.remove("fn-open-drawer");
    if (opener?.isConnected) opener.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-drawer]");
    if (button) return open(button);
    const inside = event.target.closest?.("#drawer, dialog");
    const left = event.target.closest?.("[data-do=open], [data-do=new], [data-do=show], [data-tab]");
    if (!inside || left) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.closest?.("dialog, .fn-menu[open]")) close();
  });

  Object.assign(window.footnote, {
    sources(element, trigger, names) {
      window.footnote.buttons(element, trigger, names);
      element.addEventListener("change", (event) => {
        const boxes = [...element.querySelectorAll("input[data-article]")];
        const all = event.target.matches("[data-all]");
        const asked = boxes.filter((box) => (all ? event.target.checked : box.checked));
        trigger("choose", { articles: asked.map((box) => box.dataset.article) });
      });
      // What was added or asked in another window.
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") trigger("refresh", {});
      });
      window.addEventListener("focus", () => trigger("refresh", {}));
    },
    scope(element, watch) {
      watch("value", () => {
        const line = element.querySelector(".fn-scope");
        if (line) window.footnote.address({ s: line.dataset.scope }, false);
      });
    },
  });
})();
