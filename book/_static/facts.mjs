// Search, filters and grouping of the fact check. The page lists everything without
// this file. What is chosen stands in the address, so that a view can be linked to.
const form = document.querySelector(".facts-form");
const list = document.querySelector(".facts");
const status = document.querySelector(".facts-status");
const filters = ["verdict", "document", "lesson"].map((name) => form.elements[name]);

// Full-width letters and capitals are found by their plain forms.
const plain = (text) => text.normalize("NFKC").toLowerCase();
const facts = [...list.querySelectorAll(".fact")];
const texts = new Map(facts.map((fact) => [fact, plain(fact.textContent)]));

let grouped = "document"; // as the page was written

function group(name) {
  if (name === grouped) return;
  grouped = name;
  const sections = [...form.elements[name].options].slice(1).map(({ value, text }) => {
    const section = document.createElement("section");
    const heading = document.createElement("h3");
    const items = document.createElement("ul");
    heading.id = `${name}-${value.replaceAll(" ", "-")}`;
    heading.textContent = text[0].toUpperCase() + text.slice(1);
    items.append(...facts.filter((fact) => fact.dataset[name] === value));
    section.append(heading, items);
    return section;
  });
  list.replaceChildren(...sections);
}

function show() {
  group(form.elements.group.value);
  const words = plain(form.elements.q.value).split(/\s+/).filter(Boolean);
  const fits = (fact) =>
    filters.every(({ name, value }) => !value || fact.dataset[name] === value) &&
    words.every((word) => texts.get(fact).includes(word));
  for (const fact of facts) fact.hidden = !fits(fact);
  for (const section of list.children)
    section.hidden = !section.querySelector(".fact:not([hidden])");
  const count = facts.filter((fact) => !fact.hidden).length;
  status.textContent =
    count === facts.length
      ? `${count} statements`
      : `${count || "None"} of ${facts.length} statements`;
}

function remember() {
  const chosen = [...new FormData(form)].filter(
    ([name, value]) => value && !(name === "group" && value === "document"),
  );
  const query = new URLSearchParams(chosen).toString();
  history.replaceState(null, "", location.pathname + (query && `?${query}`));
}

function restore() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const control = form.elements[name];
    const known = control?.options && [...control.options].map((one) => one.value);
    if (name === "q" || known?.includes(value)) control.value = value;
  }
}

const changed = (event) => {
  if (event.isComposing) return; // pinyin that is not a character yet
  show();
  remember();
};
form.addEventListener("input", changed);
form.addEventListener("compositionend", changed);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(changed, 0, {})); // once it is done

// A link to a statement shows it, whatever was chosen.
addEventListener("hashchange", () => {
  const fact = document.getElementById(location.hash.slice(1));
  if (!fact?.hidden) return;
  form.reset();
  show();
  fact.scrollIntoView();
});

restore();
if (location.search) {
  show();
  // What was hidden above the place that the address names has moved it.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
