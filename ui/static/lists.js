// The buttons of lists and notices, and the starter questions.
(() => {
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll(".fn-menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    // A click beside an open menu closes it, and so does one on a link in it.
    closeMenus(event.target.closest?.("a") ? null : event.target.closest?.(".fn-menu"));
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest(".fn-menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  const actions = {
    new: (data, trigger) => {
      trigger("new", {});
      document.querySelector("#question textarea").focus();
    },
    rename: async (data, trigger) => {
      const what = data.article ? "article" : "conversation";
      const title = await window.footnote.ask({
        title: `Rename the ${what}`, yes: "Rename", value: data.title, label: "Title",
      });
      if (title) trigger("rename", { ...data, title });
    },
    ask: (data, trigger) => {
      if (window.footnote.busy()) return;
      trigger("ask", { question: data.question, answer: "" });
    },
  };

  // Only the conversations whose title holds all words that were typed.
  function filter(element, typed) {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    for (const section of element.querySelectorAll("section")) {
      for (const row of section.querySelectorAll(".fn-row")) {
        const title = row.querySelector(".fn-open").dataset.title.toLowerCase();
        row.hidden = !words.every((word) => title.includes(word));
      }
      section.hidden = !section.querySelector(".fn-row:not([hidden])");
    }
  }

  // A click on a button inside `element` becomes the event that its `data-do` names.
  function buttons(element, trigger, names) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button || !names.includes(button.dataset.do)) return;
      closeMenus(null);
      const action = actions[button.dataset.do];
      if (action) action(button.dataset, trigger);
      else trigger(button.dataset.do, { ...button.dataset });
    });
  }

  Object.assign(window.footnote, {
    buttons,
    conversations(element, trigger, watch, names) {
      buttons(element, trigger, names);
      element.addEventListener("input", (event) => {
        if (event.target.matches(".fn-search")) filter(element, event.target.value);
      });
      window.footnote.onConversation((id) => trigger(id ? "open" : "new", { conversation: id }));
    },
    starters(element, trigger, watch, names) {
      buttons(element, trigger, names);
      element.addEventListener("click", (event) => {
        const mark = event.target.closest("[data-do=show]");
        if (mark) window.footnote.follow(mark, trigger);
      });
    },
  });
})();
