// The address of the page: conversation `c`, answer `a`, sources asked `s` and tab `t`. A reload stays
// where one was, and Back and Forward move between conversations and tabs.
(() => {
  const TABS = { Articles: "articles", "How good is it?": "quality" };
  let go = () => {}; // opens a conversation by its id; set when the list of them is there

  const tabs = () => [...document.querySelectorAll("[role=tab]")];
  const nameOf = (tab) => tab?.textContent.trim() ?? "";

  function openTab(name) {
    const tab = tabs().find((tab) => nameOf(tab) === name);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  }

  // `push` makes it a step that Back takes back.
  function set(values, push) {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(values)) {
      if (value) url.searchParams.set(name, value); else url.searchParams.delete(name);
    }
    if (url.href === location.href) return;
    history[push ? "pushState" : "replaceState"](null, "", url);
  }

  const tabOf = (url) => Object.keys(TABS).find((n) => TABS[n] === url.searchParams.get("t")) ?? "Ask";

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-tab]");
    if (button) openTab(button.dataset.tab);
    const tab = event.target.closest?.("[role=tab]");
    if (tab) set({ t: TABS[nameOf(tab)] }, true);
  });

  window.addEventListener("popstate", () => {
    const url = new URL(location.href);
    openTab(tabOf(url));
    const shown = document.querySelector("#conversation .fn-scroll")?.dataset.conversation ?? "";
    const wanted = url.searchParams.get("c") ?? "";
    if (shown !== wanted) go(wanted);
  });

  Object.assign(window.footnote, {
    address: set,
    openTab,
    onConversation(open) { go = open; },
    tabOfAddress: () => openTab(tabOf(new URL(location.href))),
  });
})();
