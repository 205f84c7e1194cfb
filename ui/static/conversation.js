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

  // The address leads to what is shown, so that a reload shows it again.
  function follow(pane) {
    const id = pane.dataset.conversation, wanted = pane.dataset.wanted;
    const url = new URL(location.href);
    url.searchParams.delete("a");
    if (id) url.searchParams.set("c", id); else url.searchParams.delete("c");
    if (wanted) url.searchParams.set("a", wanted);
    if (url.href !== location.href) history.replaceState(null, "", url);
  }

  function goTo(pane, answerId) {
    const exchange = document.getElementById(`answer-${answerId}`);
    if (!exchange) return;
    exchange.classList.add("fn-wanted");
    exchange.scrollIntoView({ block: "start" });
    const mark = exchange.querySelector(".fn-mark");
    if (mark) window.footnote.show(placeOf(mark));
  }

  function placeOf(button, from) {
    const { article, start, end } = button.dataset;
    return { article, start: Number(start), end: Number(end), from };
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

  async function copyLink(link) {
    await navigator.clipboard.writeText(await linkForOthers(link));
    const face = link.textContent;
    link.textContent = "Link copied";
    tell("Link copied");
    link.addEventListener("blur", () => { link.textContent = face; }, { once: true });
  }

  const actions = {
    show(button, trigger) {
      const place = placeOf(button, button);
      if (!window.footnote.show(place)) trigger("select", { article: place.article });
    },
    up: (button, trigger) => trigger("rate", { answer: button.dataset.answer, rating: "up" }),
    down: (button, trigger) => trigger("rate", { answer: button.dataset.answer, rating: "down" }),
    ask(button, trigger) {
      if (document.querySelector(".fn-doing")) return;
      trigger("ask", { question: button.dataset.question, answer: button.dataset.answer });
    },
    edit,
    pick: (button, trigger) => window.footnote.pick(button.dataset.question, button, (place) =>
      trigger("correct", { answer: button.dataset.answer, place })),
    absent: (button, trigger) => trigger("correct", { answer: button.dataset.answer, place: null }),
  };

  window.footnote.conversation = (element, trigger, watch) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      if (button.dataset.do === "link") {
        // Without a clipboard (plain http from another machine) the link opens, to be copied there.
        if (navigator.clipboard && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          copyLink(button);
        }
        return;
      }
      actions[button.dataset.do]?.(button, trigger);
    });
    watch("value", () => {
      const pane = element.querySelector(".fn-scroll");
      if (!pane) return;
      const last = pane.querySelector(".fn-exchange:last-of-type");
      const doing = Boolean(last?.querySelector(".fn-doing"));
      announce(last);
      if (last && (doing || asking)) {
        last.scrollIntoView({ block: last.offsetHeight > pane.clientHeight ? "start" : "nearest" });
      }
      asking = doing;
      window.footnote.unfoldStarters();
      for (const exchange of pane.querySelectorAll(".fn-wanted")) {
        exchange.classList.remove("fn-wanted");
      }
      if (!doing) follow(pane);
      if (pane.dataset.wanted) goTo(pane, pane.dataset.wanted);
    });
  };
})();
