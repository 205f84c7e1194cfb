// A modal question to the person: yes or no, or a text.
(() => {
  // Resolves with true, or with the text when `value` is given; with null when it was cancelled.
  window.footnote.ask = ({ title, words = "", yes, value, label }) => new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "fn-dialog";
    const form = document.createElement("form");
    form.method = "dialog";
    const heading = document.createElement("h2");
    heading.id = "fn-dialog-title";
    heading.textContent = title;
    dialog.setAttribute("aria-labelledby", heading.id);
    form.append(heading);
    if (words) {
      const paragraph = document.createElement("p");
      paragraph.textContent = words;
      form.append(paragraph);
    }
    let input = null;
    if (value !== undefined) {
      input = document.createElement("input");
      input.value = value;
      input.maxLength = 200;
      input.required = true;
      input.setAttribute("aria-label", label);
      form.append(input);
    }
    const buttons = document.createElement("div");
    const button = (text, answer) => {
      const made = document.createElement("button");
      made.textContent = text;
      made.value = answer;
      buttons.append(made);
      return made;
    };
    button(yes, "yes").className = "fn-primary";
    button("Cancel", "").formNoValidate = true;
    form.append(buttons);
    dialog.append(form);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue !== "yes" ? null : input ? input.value : true);
    });
    dialog.showModal();
    input?.select();
  });
})();
