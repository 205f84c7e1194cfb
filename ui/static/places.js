// Places in the article: find a quote by its offsets, mark it, and go back to where it was cited.
// Offsets count Unicode code points; the DOM counts UTF-16 units, hence the conversion.
window.footnote = {};
(() => {
  let wanted = null; // the place to mark as soon as its article is shown
  let cameFrom = null; // the footnote to go back to

  const shownArticle = () => document.querySelector("#article .fn-article");
  const unitsOf = (text, codePoints) => Array.from(text).slice(0, codePoints).join("").length;

  function unmark(article) {
    for (const mark of article.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    article.normalize();
  }

  // Wraps the part of `block` between two code point offsets of the article in <mark>s.
  function markBlock(block, from, to) {
    const first = Number(block.dataset.start);
    const content = block.textContent;
    const left = unitsOf(content, Math.max(0, from - first));
    const right = unitsOf(content, Math.max(0, to - first));
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

  function mark(place) {
    const article = shownArticle();
    if (!article || article.dataset.article !== place.article) return false;
    wanted = null;
    unmark(article);
    const marks = [...article.querySelectorAll("[data-start]")].flatMap((block) =>
      markBlock(block, place.start, place.end));
    if (!marks.length) return true;
    marks[0].scrollIntoView({ block: "center" });
    if (place.from) {
      cameFrom = place.from;
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

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-tab]");
    if (!button) return;
    const tabs = [...document.querySelectorAll("[role=tab]")];
    tabs.find((tab) => tab.textContent.trim() === button.dataset.tab)?.click();
  });

  Object.assign(window.footnote, {
    shownArticle,
    // Marks the place now, or answers false and marks it when its article arrives. The focus
    // follows when `place.from` says which footnote it came from.
    show(place) { wanted = place; return mark(place); },
    arrived() {
      if (wanted) mark(wanted);
      window.footnote.pickAgain();
    },
  });
})();
