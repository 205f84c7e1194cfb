// The box where a question is typed: nothing is asked twice, and nothing that is empty.
(() => {
  const box = () => document.querySelector("#question textarea");
  let sent = false; // a question is on its way, and the page shows nothing of it yet
  let taken = null; // what stood in the box when it was sent; Gradio reads the box a moment later

  const busy = () => sent || Boolean(document.querySelector("#conversation .fn-doing"));

  function refuse(event) {
    if (box()?.value.trim() && !busy()) {
      sent = true;
      taken = box().value;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    box()?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    refuse(event);
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#question .submit-button")) refuse(event);
  }, true);

  // Puts a question into the box as if it had been typed.
  function fill(question) {
    box().value = question;
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().setSelectionRange(question.length, question.length);
  }

  // The question that was sent, and what was typed after it, which stays in the box.
  function takeQuestion(question) {
    const asked = taken ?? question, now = box()?.value ?? "";
    taken = null;
    return [asked, now.startsWith(asked) ? now.slice(asked.length) : ""];
  }

  Object.assign(window.footnote, { busy, fill, takeQuestion, arrivedInConversation() { sent = false; } });
})();
