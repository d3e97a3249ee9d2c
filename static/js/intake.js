/* The review of an article: words selected in it fill the first empty form for what was missed. */
(() => {
  const article = document.querySelector(".review .article");
  const button = article && article.querySelector("[data-add]");
  if (!button) return;

  const selected = () => {
    const selection = document.getSelection();
    // Three clicks select a paragraph up to the beginning of what follows it, which may be outside.
    const inside = selection.rangeCount && article.contains(selection.anchorNode);
    return inside ? selection.toString().trim().replace(/^[«“„"‘]+|[»”“"’,]+$/g, "") : "";
  };
  const empty = () =>
    [...document.querySelectorAll("[data-missed]")].find((form) => !form.querySelector("textarea[name$=quote]").value);

  const offer = () => {
    button.hidden = !selected() || !empty();
  };
  document.addEventListener("selectionchange", offer);
  offer(); // what was selected while the page was still coming
  // Before the click takes the selection away.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const form = empty();
    const words = selected();
    if (!form || !words) return;
    form.querySelector("details").open = true;
    const quote = form.querySelector("textarea[name$=quote]");
    quote.value = words;
    quote.scrollIntoView({ block: "center" });
    form.querySelector("input[name$=speaker]").focus({ preventScroll: true });
    button.hidden = true;
  });
})();
