// <topic-feed topic="diplomacy" count="5"></topic-feed> shows the newest headlines of a topic; docs/partners.md
(() => {
  "use strict";
  const home = new URL(".", document.currentScript?.src || document.baseURI);
  const css = `
:host { display: block; overflow-wrap: break-word; }
:host([hidden]) { display: none; }
[part=title] { margin: 0; font-size: 1.2em; line-height: 1.25; }
[part=list] { list-style: none; margin: 0; padding: 0; }
[part=item] { display: flow-root; padding-block: .7em; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); }
[part=item]:last-child { border-bottom: 0; }
[part=headline] { font-weight: 600; line-height: 1.3; }
[part=excerpt], [part=origin] { margin: .3em 0 0; }
[part=excerpt], [part=origin] { font-size: .9em; line-height: 1.45; }
[part=origin] { display: flex; flex-wrap: wrap; gap: 0 .8em; opacity: .85; }
[part=picture] { float: inline-end; width: 6em; height: 4em; margin-inline-start: .8em; object-fit: cover; }
a { color: inherit; text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 2px solid currentcolor; outline-offset: 2px; }
slot a { text-decoration: underline; }`;

  const web = (address) => {
    try {
      const url = new URL(address);
      return ["http:", "https:"].includes(url.protocol) ? url.href : "";
    } catch {
      return "";
    }
  };
  const text = (value) => (typeof value === "string" ? value : "");
  const make = (name, part, ...inside) => {
    const element = document.createElement(name);
    if (part) element.setAttribute("part", part);
    element.append(...inside);
    return element;
  };

  class TopicFeed extends HTMLElement {
    static observedAttributes = ["src", "topic", "count", "heading", "excerpts", "pictures", "target"];
    #shadow = this.attachShadow({ mode: "open" });
    #asked = null;

    constructor() {
      super();
      this.#shadow.append(make("slot"));
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        this.#shadow.adoptedStyleSheets = [sheet];
      } catch {} // a browser without them shows the headlines unstyled
    }

    connectedCallback() {
      this.#ask();
    }

    disconnectedCallback() {
      this.#asked?.abort();
    }

    attributeChangedCallback() {
      if (this.isConnected) this.#ask();
    }

    async #ask() {
      this.#asked?.abort();
      const asked = (this.#asked = new AbortController());
      await null; // attributes that change together are one question
      if (asked.signal.aborted) return;
      let feed;
      try {
        feed = new URL(this.getAttribute("src") || `${this.getAttribute("topic") || "all"}.json`, home);
        const answer = await fetch(feed, { credentials: "omit", referrerPolicy: "no-referrer", signal: asked.signal });
        if (!answer.ok) throw new Error(answer.status);
        const shown = this.#feed(await answer.json(), feed);
        if (asked.signal.aborted) return;
        this.#shadow.replaceChildren(shown);
        this.dispatchEvent(new Event("load"));
      } catch {
        if (asked.signal.aborted) return;
        this.#shadow.replaceChildren(make("slot", "", this.#link(this.#page(feed), "", this.getAttribute("topic") || "News")));
        this.dispatchEvent(new Event("error"));
      }
    }

    #page(feed) {
      return web(feed).replace(/\.json(?=[?#]|$)/, ".html") || home.href;
    }

    #feed(data, feed) {
      const level = Math.min(Math.max(Number(this.getAttribute("heading")) || 2, 1), 6);
      const count = Math.min(Math.max(Number(this.getAttribute("count")) || 5, 1), 50);
      const page = web(data.home_page_url) || this.#page(feed);
      const title = make(`h${level}`, "title", this.#link(page, "", text(data.title)));
      title.id = "title";
      const items = data.items.filter((item) => item.url || item.title !== "Withdrawn"); // what is left of a withdrawn one
      const list = make("ul", "list", ...items.slice(0, count).map((item) => this.#item(item)));
      list.setAttribute("role", "list"); // Safari takes lists without bullets for none
      const section = make("section", "feed", title, list);
      section.setAttribute("aria-labelledby", "title");
      return section;
    }

    #item(item) {
      const lines = [this.#link(web(item.url), "headline", text(item.title) || text(item.summary) || "Untitled")];
      if (this.hasAttribute("excerpts") && text(item.summary)) lines.push(make("p", "excerpt", item.summary));
      const outlet = item._source ?? {};
      const origin = make("p", "origin", this.#link(web(outlet.url), "outlet", text(outlet.title)), this.#date(item.date_published));
      const line = make("li", "item", ...this.#picture(item), ...lines, origin);
      line.dir = "auto";
      if (text(item.language)) line.lang = item.language;
      return line;
    }

    #picture(item) {
      if (!this.hasAttribute("pictures") || !web(item.image)) return [];
      const picture = make("img", "picture");
      Object.assign(picture, { alt: "", loading: "lazy", referrerPolicy: "no-referrer", src: web(item.image) });
      picture.addEventListener("error", () => picture.remove());
      return [picture];
    }

    #date(moment) {
      const date = new Date(moment);
      if (Number.isNaN(date.getTime())) return "";
      const time = make("time", "date");
      time.dateTime = date.toISOString();
      try {
        time.textContent = date.toLocaleDateString(this.closest("[lang]")?.lang || undefined, { dateStyle: "medium" });
      } catch {
        time.textContent = date.toLocaleDateString();
      }
      return time;
    }

    #link(address, part, words) {
      const link = make(address ? "a" : "span", part, words);
      if (!address) return link;
      link.href = address;
      link.rel = "noopener";
      if (this.hasAttribute("target")) link.target = this.getAttribute("target");
      return link;
    }
  }

  if (!customElements.get("topic-feed")) customElements.define("topic-feed", TopicFeed);
})();
