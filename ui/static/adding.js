// A file, an address or a text that is dropped anywhere on the page is previewed under “Articles”.
(() => {
  let depth = 0;

  const holds = (event) => ["Files", "text/uri-list", "text/plain"]
    .some((type) => event.dataTransfer?.types.includes(type));
  const show = (yes) => document.body.classList.toggle("fn-dropping", yes);

  // A tab that was never opened holds nothing yet.
  async function present(selector) {
    for (;;) {
      const element = document.querySelector(selector);
      if (element) return element;
      await new Promise(requestAnimationFrame);
    }
  }

  async function type(selector, text) {
    const box = await present(selector);
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame); // Gradio takes it up between two frames
    document.querySelector("#preview").click();
  }

  async function take(files, text) {
    window.footnote.openTab("Articles");
    if (files.length) {
      const input = await present("#upload input[type=file]");
      const given = new DataTransfer();
      for (const file of files) given.items.add(file);
      input.files = given.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (/^https?:\/\/\S+$/.test(text)) await type("#url input, #url textarea", text);
    else if (text) await type("#paste textarea", text);
  }

  // Inside a box that takes files or text itself, the drop is its own.
  const elsewhere = (event) => !event.target.closest?.("input, textarea, #upload");

  document.addEventListener("dragenter", (event) => { if (holds(event)) { depth += 1; show(true); } });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) show(false); });
  document.addEventListener("dragover", (event) => { if (holds(event) && elsewhere(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    depth = 0;
    show(false);
    if (!holds(event) || !elsewhere(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files], event.dataTransfer.getData("text/plain").trim());
  });
})();
