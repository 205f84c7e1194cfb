// Finding one's way in the article: its outline, and a search that marks what it finds.
(() => {
  let found = []; // ranges, in the order of the text
  let at = -1;

  const bar = () => document.querySelector("#article .fn-bar");

  function goTo(element) {
    window.footnote.scrollTo(element);
  }

  // The text nodes of the article as one text, for what goes over the ends of sentences.
  function textOf(article) {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let text = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      nodes.push([text.length, node]);
      text += node.data;
    }
    return { nodes, text };
  }

  function place(nodes, offset) {
    let low = 0, high = nodes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (nodes[middle][0] <= offset) low = middle; else high = middle - 1;
    }
    return [nodes[low][1], offset - nodes[low][0]];
  }

  function search(words) {
    found = [];
    at = -1;
    const article = window.footnote.shownArticle();
    if (article && words) {
      const { nodes, text } = textOf(article);
      const pattern = words.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
      for (const match of text.matchAll(new RegExp(pattern, "gi"))) {
        const range = document.createRange();
        range.setStart(...place(nodes, match.index));
        range.setEnd(...place(nodes, match.index + match[0].length));
        found.push(range);
      }
    }
    CSS.highlights?.set("fn-found", new Highlight(...found));
    CSS.highlights?.delete("fn-found-current");
    step(found.length ? 1 : 0);
    const output = bar()?.querySelector("output");
    if (output && words && !found.length) output.textContent = "Not found";
  }

  function step(by) {
    const output = bar()?.querySelector("output");
    if (!found.length) {
      if (output) output.textContent = "";
      return;
    }
    at = (at + by + found.length) % found.length;
    CSS.highlights?.set("fn-found-current", new Highlight(found[at]));
    output.textContent = `${at + 1} of ${found.length}`;
    goTo(found[at]);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("#article .fn-bar input")) search(event.target.value.trim());
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("#article .fn-bar input")) return;
    if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape" && event.target.value) {
      event.target.value = "";
      search("");
      event.stopPropagation();
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#article [data-do=section]");
    if (!button) return;
    const heading = window.footnote.shownArticle().querySelector(`[data-start="${button.dataset.start}"]`);
    button.closest("details").open = false;
    goTo(heading);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });
})();
