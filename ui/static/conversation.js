// What can be done in a conversation: follow a footnote, rate, correct, edit, copy a link.
(() => {
  let asking = false; // whether the last thing shown was an answer on its way
  let told = "";

  // For people who hear the page: says what happens, and the answer once it is whole.
  function tell(words) {
    let region = document.getElementById("fn-status");
    if (!region) {
      region = document.createElement("div");
      region.id = "fn-status";
      region.setAttribute("role", "status");
      document.body.append(region);
    }
    if (words !== told) region.textContent = told = words;
  }

  const textOf = (element, selector) => element?.querySelector(selector)?.textContent ?? "";

  function announce(last) {
    if (!last) return;
    const doing = textOf(last, ".fn-doing");
    if (doing) return tell(doing);
    if (!asking) return;
    const answer = textOf(last, ".fn-short") || textOf(last, ".fn-answer p");
    const sources = last.querySelectorAll(".fn-sources li").length;
    tell(`${answer || textOf(last, ".fn-problem")} ${sources ? `Sources: ${sources}.` : ""}`);
  }

  // All quotes of an answer, as `footnote.show` takes them; `at` is the one to be at.
  function placesOf(buttons, at, from = null) {
    const here = buttons.filter((button) => button.dataset.article === at.dataset.article);
    const places = here.map(({ dataset }) => ({ start: Number(dataset.start), end: Number(dataset.end) }));
    return { article: at.dataset.article, places, current: here.indexOf(at), from };
  }

  const footnotes = (exchange) => [...exchange.querySelectorAll(".fn-mark")];

  function show(places, trigger) {
    if (!window.footnote.show(places)) trigger("select", { article: places.article });
  }

  // A footnote, a source or a near passage: all that stand beside it are marked, this one is gone to.
  function follow(button, trigger) {
    const near = button.closest(".fn-nearest");
    const all = near ? [...near.querySelectorAll("[data-do=show]")]
      : footnotes(button.closest(".fn-exchange, .fn-guide"));
    const at = all.find((other) => other.dataset.start === button.dataset.start &&
      other.dataset.article === button.dataset.article) ?? button;
    show(placesOf(all.includes(at) ? all : [at], at, button), trigger);
  }

  // The answer has landed, or is read again: the article moves to its first quote.
  function land(exchange, trigger) {
    const marks = footnotes(exchange);
    if (marks.length) show(placesOf(marks, marks[0]), trigger);
    else window.footnote.clear();
  }

  function goTo(pane, exchange, trigger) {
    exchange.classList.add("fn-wanted");
    exchange.scrollIntoView({ block: "start" });
    land(exchange, trigger);
  }

  function edit(button, trigger) {
    const exchange = button.closest(".fn-exchange");
    const question = exchange.querySelector(".fn-question");
    if (exchange.querySelector(".fn-edit")) return;
    const form = document.createElement("form");
    form.className = "fn-edit";
    const box = document.createElement("textarea");
    box.value = button.dataset.question;
    box.rows = 2;
    box.setAttribute("aria-label", "Change the question");
    const send = document.createElement("button");
    send.textContent = "Ask";
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.textContent = "Cancel";
    form.append(box, send, cancel);
    const close = () => { form.remove(); question.hidden = false; };
    cancel.addEventListener("click", () => { close(); button.focus(); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = box.value.trim();
      if (!asked) return;
      close();
      trigger("ask", { question: asked, answer: button.dataset.answer });
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
      if (event.key === "Escape") cancel.click();
    });
    question.hidden = true;
    question.after(form);
    box.focus();
  }

  // For others, who may read this conversation by it and nothing else of whoever made it.
  async function linkForOthers(link) {
    const url = new URL(link.href);
    const path = `/v1/conversations/${url.searchParams.get("c")}/share`;
    const made = await fetch(path, { method: "POST" });
    if (made.ok) url.searchParams.set("c", (await made.json()).token);
    return url.href;
  }

  async function copy(button, text, words) {
    await navigator.clipboard.writeText(text);
    tell(words);
    button.dataset.done = words; // shown over it, so that nothing beside it moves
    setTimeout(() => { delete button.dataset.done; }, 2000);
  }

  // Prints one answer alone, which is how a browser makes a PDF of it.
  function print(button) {
    const exchange = button.closest(".fn-exchange");
    const folded = [...exchange.querySelectorAll("details:not([open]):not(.fn-menu)")];
    for (const details of folded) details.open = true;
    exchange.classList.add("fn-printed");
    window.addEventListener("afterprint", () => {
      exchange.classList.remove("fn-printed");
      for (const details of folded) details.open = false;
    }, { once: true });
    window.print();
  }

  const actions = {
    show: follow,
    up: (button, trigger) => trigger("rate", { answer: button.dataset.answer, rating: "up" }),
    down: (button, trigger) => trigger("rate", { answer: button.dataset.answer, rating: "down" }),
    ask(button, trigger) {
      if (window.footnote.busy()) return;
      trigger("ask", { question: button.dataset.question, answer: button.dataset.answer });
    },
    edit,
    print,
    copy: (button) => copy(button, button.dataset.text, "Copied"),
    pick: (button, trigger) => window.footnote.pick(button.dataset.question, button, (place) =>
      trigger("correct", { answer: button.dataset.answer, place })),
    absent: (button, trigger) => trigger("correct", { answer: button.dataset.answer, place: null }),
  };

  window.footnote.follow = follow;
  window.footnote.conversation = (element, trigger, watch) => {
    let shown = null; // the conversation that is shown
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      if (button.dataset.do === "link") {
        // Without a clipboard (plain http from another machine) the link opens, to be copied there.
        if (navigator.clipboard && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          linkForOthers(button).then((link) => copy(button, link, "Link copied"));
        }
        return;
      }
      actions[button.dataset.do]?.(button, trigger);
    });
    element.addEventListener("toggle", (event) => {
      if (!event.target.matches(".fn-nearest") || !event.target.open) return;
      const passages = [...event.target.querySelectorAll("[data-do=show]")];
      show(placesOf(passages, passages[0]), trigger);
    }, true);
    watch("value", () => {
      const pane = element.querySelector(".fn-scroll");
      if (!pane) return;
      window.footnote.arrivedInConversation();
      const last = pane.querySelector(".fn-exchange:last-of-type");
      const doing = Boolean(last?.querySelector(".fn-doing"));
      const { conversation, wanted } = pane.dataset;
      announce(last);
      const landed = asking && !doing, opened = !asking && shown !== conversation;
      if (last && (doing || asking)) {
        last.scrollIntoView({ block: "start" });
      }
      if (!doing) {
        // The first answer stores the conversation that it was asked in: that is no step to go back.
        window.footnote.address({ c: conversation, a: wanted }, opened && shown !== null);
        shown = conversation;
      }
      asking = doing;
      for (const exchange of pane.querySelectorAll(".fn-wanted")) {
        exchange.classList.remove("fn-wanted");
      }
      const exchange = wanted && document.getElementById(`answer-${wanted}`);
      if (exchange && opened) goTo(pane, exchange, trigger);
      else if (last && opened) {
        last.scrollIntoView({ block: "start" });
        land(last, trigger);
      } else if (last && landed) land(last, trigger);
      if (opened) {
        window.footnote.tabOfAddress();
        window.footnote.panes();
      }
    });
  };
})();
