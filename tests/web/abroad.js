// Runs first in a partner's page: waits for its topic-feeds, changes those that say so, and tells what stands there.
(() => {
  const faults = [];
  for (const name of ["alert", "confirm", "prompt"]) window[name] = () => faults.push(`script called ${name}`);
  addEventListener("securitypolicyviolation", (event) => faults.push(`${event.effectiveDirective} ${event.blockedURI}`));
  addEventListener("error", (event) => event.message && faults.push(event.message));
  addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));

  const ended = new Map(); // by element, how its askings ended
  for (const kind of ["load", "error"]) {
    const note = ({ target }) => ended.set(target, [...(ended.get(target) ?? []), kind]);
    document.addEventListener(kind, note, true);
  }
  const settled = async (element, times) => {
    for (let waited = 0; waited < 8000 && (ended.get(element)?.length ?? 0) < times; waited += 20) {
      await new Promise((done) => setTimeout(done, 20));
    }
    return ended.get(element)?.[times - 1] ?? "silent";
  };

  const shown = (element, ended) => {
    const root = element.shadowRoot ?? element;
    const all = [...root.querySelectorAll("*")];
    const attributes = all.flatMap((one) => [...one.attributes].map(({ name }) => name));
    const title = root.querySelector("[part=title] a") ?? element;
    return {
      ended,
      text: [...root.querySelectorAll("[part=headline]")].map((one) => one.textContent),
      words: root.textContent,
      links: [...root.querySelectorAll("a")].map((one) => one.href),
      names: [...new Set(all.map((one) => one.localName))],
      odd: attributes.filter((name) => name.startsWith("on") || ["style", "srcdoc"].includes(name)),
      slotted: root.querySelector("slot")?.assignedElements().length ?? -1,
      colour: getComputedStyle(title).color,
      around: getComputedStyle(element.parentElement).color,
      labelled: root.querySelector("section")?.getAttribute("aria-labelledby") === root.querySelector("[part=title]")?.id,
    };
  };

  addEventListener("DOMContentLoaded", async () => {
    const elements = [...document.querySelectorAll("topic-feed")];
    const told = await Promise.all(elements.map(async (element) => {
      let last = await settled(element, 1);
      if (element.dataset.then) {
        for (const change of element.dataset.then.split(",")) element.setAttribute(...change.split("="));
        last = await settled(element, 2);
      }
      return [element.id, shown(element, last)];
    }));
    await new Promise((done) => setTimeout(done, 200)); // what would run, runs
    fetch("http://wire.test/verdict", { method: "POST", body: JSON.stringify({ elements: Object.fromEntries(told), faults }) });
  });
})();
