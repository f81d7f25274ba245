// While a query is typed, the server says what is to be said of it. Without scripts the same is
// said when the form is sent.
for (const field of document.querySelectorAll("[data-check]")) {
  const place = document.getElementById(field.dataset.into);
  let waiting;
  let running = new AbortController();
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      running.abort();
      running = new AbortController();
      const body = new URLSearchParams({ query: field.value });
      try {
        const answer = await fetch(field.dataset.check, { method: "POST", body, signal: running.signal });
        if (answer.ok) place.innerHTML = await answer.text();
      } catch (fault) {
        if (fault.name !== "AbortError") place.textContent = "";
      }
    }, 250);
  });
}
