// The lists of conversations and of articles, and the starter questions.
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
    open: (data, button, trigger) => trigger("open", { conversation: data.conversation }),
    new: (data, button, trigger) => {
      trigger("new", {});
      document.querySelector("#question textarea").focus();
    },
    rename: async (data, button, trigger) => {
      const title = await window.footnote.ask({
        title: "Rename the conversation", yes: "Rename", value: data.title, label: "Title",
      });
      if (title) trigger("rename", { conversation: data.conversation, title });
    },
    delete: async (data, button, trigger) => {
      const yes = await window.footnote.ask({
        title: "Delete this conversation?",
        words: `“${data.title}” and its answers cannot be brought back. ` +
          "Corrections that you made in it stay in your test set.",
        yes: "Delete",
      });
      if (yes) trigger("delete", { conversation: data.conversation });
    },
    remove: async (data, button, trigger) => {
      const yes = await window.footnote.ask({
        title: "Remove this article?",
        words: `“${data.title}” cannot be asked any more, and its text is deleted here. ` +
          "Conversations keep the answers and quotes that were given from it; " +
          "cases of your test set that ask it are left out.",
        yes: "Remove",
      });
      if (yes) trigger("remove", { article: data.article });
    },
    ask: (data, button, trigger) => {
      if (document.querySelector(".fn-doing")) return;
      trigger("ask", { question: data.question, answer: "" });
    },
  };

  function connect(element, trigger, names) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button || !names.includes(button.dataset.do)) return;
      closeMenus(null);
      actions[button.dataset.do](button.dataset, button, trigger);
    });
  }

  Object.assign(window.footnote, {
    articles: connect,
    conversations(element, trigger, watch, names) {
      connect(element, trigger, names);
      // On a phone the list would push the conversation off the screen: there it begins folded.
      let unfolded = !window.matchMedia("(max-width: 700px)").matches;
      element.addEventListener("toggle", (event) => {
        if (event.target.matches(".fn-earlier")) unfolded = event.target.open;
      }, true);
      watch("value", () => {
        const earlier = element.querySelector(".fn-earlier");
        if (earlier) earlier.open = unfolded;
      });
    },
    starters(element, trigger, watch, names) {
      connect(element, trigger, names);
      watch("value", window.footnote.unfoldStarters);
    },
    // They are open while nothing was asked, and out of the way afterwards.
    unfoldStarters() {
      const starters = document.querySelector("#starters details");
      if (starters) starters.open = !document.querySelector("#conversation .fn-exchange");
    },
  });
})();
