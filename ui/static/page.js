// What the page does without the server: find a quote in the article by its offsets and mark it.
// Offsets count Unicode code points; the DOM counts UTF-16 units, hence the conversion.
window.footnote = (() => {
  let wanted = null; // the place to mark as soon as its article is shown

  const unitsOf = (text, codePoints) => Array.from(text).slice(0, codePoints).join("").length;

  function unmark(article) {
    for (const mark of article.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    article.normalize();
  }

  // Wraps the part of `block` between two code point offsets of the article in <mark>s.
  function markBlock(block, from, to) {
    const first = Number(block.dataset.start);
    const content = block.textContent;
    let left = unitsOf(content, Math.max(0, from - first));
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
    const article = document.querySelector(".fn-article");
    if (!article || article.dataset.article !== place.article) return false;
    unmark(article);
    const marks = [...article.querySelectorAll("[data-start]")].flatMap((block) =>
      markBlock(block, place.start, place.end));
    if (marks.length) {
      marks[0].tabIndex = -1;
      marks[0].scrollIntoView({ block: "center" });
      marks[0].focus({ preventScroll: true });
    }
    wanted = null;
    return true;
  }

  return {
    // Marks the place now, or answers false and marks it when its article arrives.
    show(place) { wanted = place; return mark(place); },
    arrived() { if (wanted) mark(wanted); },
  };
})();
