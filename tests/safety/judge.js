// Runs first in every page that is judged; `judged()` tells what the page did and what stands in it.
(() => {
  const faults = new Set();
  const forbidden = new Set(
    "script style svg math form input button textarea select iframe frame frameset object embed applet base link meta template noscript video audio source track portal dialog marquee".split(" "),
  );
  const addresses = "href src action formaction data cite poster background ping xlink:href srcset".split(" ");
  const note = (where, what) => {
    const part = where?.closest?.("[data-part]")?.dataset.part;
    faults.add(part ? `${part}: ${what}` : what);
  };
  for (const name of ["alert", "confirm", "prompt", "open", "print"]) {
    window[name] = () => note(document.currentScript, `script called ${name}`);
  }
  addEventListener("securitypolicyviolation", (event) => note(event.target, `${event.effectiveDirective} ${event.blockedURI}`), true);
  navigation.addEventListener("navigate", (event) => note(null, `navigated to ${event.destination.url}`));

  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (document.head.contains(element) || element.id === "texts") continue; // what these run and load is reported
      if (element.matches("details.subscribe input[readonly]")) continue; // our own, to copy an address from
      if (element.closest("[data-named]") && !element.attributes.length) continue; // a title names it; what it runs is reported
      const name = element.localName;
      if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || forbidden.has(name)) note(element, `<${name}>`);
      for (const { name: key, value } of element.attributes) {
        if (key.startsWith("on") || ["style", "srcdoc", "ping"].includes(key)) note(element, `<${name} ${key}>`);
        if (addresses.includes(key) && !["http:", "https:", "mailto:"].includes(protocol(value))) note(element, `<${name} ${key}=${value}>`);
      }
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  const protocol = (value) => {
    try {
      return new URL(value, document.baseURI).protocol;
    } catch {
      return "http:"; // no address at all: nothing can be opened
    }
  };

  // Each text by itself, as a reader shows it that takes every text for HTML.
  addEventListener("DOMContentLoaded", () => {
    const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "[]");
    for (const text of texts) {
      const part = document.body.appendChild(document.createElement("div"));
      part.dataset.part = text;
      part.dataset.named = "";
      part.append(document.createRange().createContextualFragment(text));
    }
  });

  window.judged = () => {
    look(document);
    for (const entry of performance.getEntriesByType("resource")) {
      if (entry.initiatorType !== "img" && !entry.name.startsWith(location.origin)) note(null, `loaded ${entry.name}`);
    }
    const parts = document.querySelector("[data-parts]");
    if (parts) {
      const stand = parts.querySelectorAll(":scope > [data-part]").length;
      if (stand !== parts.childNodes.length || stand !== Number(parts.dataset.parts)) note(null, `${stand} parts where ${parts.dataset.parts} belong`);
    }
    return [...faults];
  };
})();
