// Picking the sentence that would have been right: with the mouse, or with the arrow keys and Enter.
(() => {
  let picking = null; // {question, done}

  const sentences = () => [...window.footnote.shownArticle().querySelectorAll(".sentence")];

  function focusable(sentence) {
    for (const other of sentences()) other.tabIndex = other === sentence ? 0 : -1;
  }

  function begin() {
    const article = window.footnote.shownArticle();
    if (!article) return;
    article.classList.add("fn-picking");
    for (const sentence of sentences()) sentence.setAttribute("role", "button");
    const start = article.querySelector(".sentence:has(mark)") ?? sentences()[0];
    if (!start) return;
    focusable(start);
    start.scrollIntoView({ block: "center" });
    start.focus({ preventScroll: true });
  }

  function end() {
    picking = null;
    document.getElementById("fn-picking-bar")?.remove();
    const article = window.footnote.shownArticle();
    article?.classList.remove("fn-picking");
    for (const sentence of article ? sentences() : []) {
      sentence.removeAttribute("role");
      sentence.removeAttribute("tabindex");
    }
  }

  function cancel() {
    const from = picking.from;
    end();
    if (from.isConnected) from.focus();
  }

  function bar(question) {
    const box = document.createElement("div");
    box.id = "fn-picking-bar";
    box.setAttribute("role", "status");
    const words = document.createElement("p");
    const asked = document.createElement("q");
    asked.textContent = question;
    words.append("Choose the sentence that answers ", asked, ": click it, or ↑ ↓ and Enter.");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Cancel";
    button.addEventListener("click", cancel);
    box.append(words, button);
    return box;
  }

  function choose(sentence) {
    const { done } = picking;
    const article = sentence.closest(".fn-article").dataset.article;
    const place = {
      article_id: article, start: Number(sentence.dataset.from), end: Number(sentence.dataset.to),
    };
    end();
    window.footnote.show({ article, places: [place] });
    done(place);
  }

  const picked = (event) => picking && event.target.closest?.("#article .fn-picking .sentence");

  document.addEventListener("click", (event) => {
    const sentence = picked(event);
    if (sentence) choose(sentence);
  });

  document.addEventListener("keydown", (event) => {
    if (!picking) return;
    if (event.key === "Escape") return cancel();
    const sentence = picked(event);
    if (!sentence) return;
    const all = sentences(), at = all.indexOf(sentence);
    const to = { ArrowDown: all[at + 1], ArrowUp: all[at - 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") choose(sentence);
    else if (to) { focusable(to); to.focus(); }
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  });

  Object.assign(window.footnote, {
    // Asks for a sentence; `done` gets its place. `from` has the focus back after a Cancel.
    pick(question, from, done) {
      if (picking) end();
      picking = { question, from, done };
      document.getElementById("article").before(bar(question));
      begin();
    },
    pickAgain() { if (picking) begin(); }, // another article is shown now
  });
})();
