// Places in the article: find quotes by their offsets, mark them, and go back to where they were cited.
// Offsets count Unicode code points; the DOM counts UTF-16 units, hence the conversion.
window.footnote = {};
(() => {
  let wanted = null; // {article, places, current, from}: what to mark as soon as its article is shown
  let cameFrom = null; // the footnote to go back to

  const shownArticle = () => document.querySelector("#article .fn-article");
  const unitsOf = (text, codePoints) => Array.from(text).slice(0, codePoints).join("").length;

  function unmark(article) {
    for (const mark of article.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    article.normalize();
  }

  // Wraps the part of `block` between two code point offsets of the article in <mark>s.
  function markBlock(block, { start, end }) {
    const first = Number(block.dataset.start);
    const content = block.textContent;
    const left = unitsOf(content, Math.max(0, start - first));
    const right = unitsOf(content, Math.max(0, end - first));
    if (left >= right) return [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const pieces = [];
    for (let node = walker.nextNode(), at = 0; node; at += node.length, node = walker.nextNode()) {
      const begin = Math.max(left - at, 0), end = Math.min(right - at, node.length);
      if (begin < end) pieces.push([node, begin, end]);
    }
    return pieces.map(([node, begin, end]) => {
      const range = document.createRange();
      range.setStart(node, begin);
      range.setEnd(node, end);
      const mark = document.createElement("mark");
      range.surroundContents(mark);
      return mark;
    });
  }

  function blocksOf(blocks, { start, end }) {
    return blocks.filter((block, i) => Number(block.dataset.start) < end &&
      (i + 1 === blocks.length || Number(blocks[i + 1].dataset.start) > start));
  }

  // Near places are scrolled to, far ones jumped to: a long way would fly through blank pages.
  // `target` is an element or a range of the article; the page itself moves only when that is meant.
  function scrollTo(target, pageToo = true) {
    const pane = document.querySelector("#article .fn-pane");
    const own = pane.scrollHeight > pane.clientHeight + 1;
    if (!own && !pageToo) return;
    const way = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    const near = Math.abs(way) < 2 * window.innerHeight &&
      !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = near ? "smooth" : "instant";
    if (own) pane.scrollTo({ top: pane.scrollTop + way - pane.clientHeight / 3, behavior });
    if (pageToo && !own) (target.startContainer?.parentElement ?? target).scrollIntoView({ block: "center", behavior });
    else if (pageToo) pane.scrollIntoView({ block: "nearest", behavior });
  }

  function mark() {
    const article = shownArticle();
    if (!article || article.dataset.article !== wanted.article) return false;
    const { places, current, from } = wanted;
    wanted = null;
    unmark(article);
    const blocks = [...article.querySelectorAll("[data-start]")];
    let marks = [];
    places.forEach((place, i) => {
      const made = blocksOf(blocks, place).flatMap((block) => markBlock(block, place));
      if (i !== current) return;
      marks = made;
      for (const mark of made) mark.classList.add("fn-current");
    });
    if (!marks.length) return true;
    scrollTo(marks[0], Boolean(from));
    if (from) {
      cameFrom = from;
      marks[0].tabIndex = -1;
      marks[0].focus({ preventScroll: true });
      wayBack().hidden = false;
    }
    return true;
  }

  // A button for narrow screens, where the article stands below the answer.
  function wayBack() {
    let button = document.getElementById("fn-back");
    if (!button) {
      button = document.createElement("button");
      button.id = "fn-back";
      button.type = "button";
      button.textContent = "↑ Back to the answer";
      button.addEventListener("click", goBack);
      document.querySelector("#article").append(button);
    }
    return button;
  }

  function goBack() {
    const button = document.getElementById("fn-back");
    if (button) button.hidden = true;
    if (!cameFrom?.isConnected) return;
    cameFrom.scrollIntoView({ block: "center" });
    cameFrom.focus({ preventScroll: true });
    cameFrom = null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && cameFrom && event.target.closest?.("#article")) goBack();
  });

  Object.assign(window.footnote, {
    shownArticle,
    scrollTo,
    // Marks the places now, or answers false and marks them when their article arrives. One of them
    // is the `current` one. The focus follows when `from` says which footnote it came from.
    show({ article, places, current = 0, from = null }) {
      wanted = { article, places, current, from };
      return mark();
    },
    // Nothing is quoted any more.
    clear() {
      wanted = null;
      const article = shownArticle();
      if (article) unmark(article);
    },
    arrived() {
      if (wanted) mark();
      window.footnote.pickAgain();
    },
  });
})();
