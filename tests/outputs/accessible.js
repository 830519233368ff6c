// Tells what in a page is hard to use without eyes, a mouse, light or a large screen; nothing for a good page.
(() => {
  const faults = [];
  const note = (element, what) => faults.push(`${element.outerHTML.slice(0, 90)}: ${what}`);
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const named = (element) =>
    element.getAttribute("aria-label") || element.labels?.[0]?.textContent.trim() || element.textContent.trim() ||
    document.getElementById(element.getAttribute("aria-labelledby"))?.textContent;

  const structure = () => {
    for (const selector of ["main", "title", "html[lang]", "meta[name=viewport]"]) {
      if (document.querySelectorAll(selector).length !== 1) faults.push(`not one ${selector}`);
    }
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.localName[1]));
    if (levels.filter((level) => level === 1).length !== 1) faults.push("not one h1");
    levels.forEach((level, at) => level > (levels[at - 1] ?? 0) + 1 && faults.push(`h${level} follows h${levels[at - 1]}`));
    for (const part of document.querySelectorAll("body > *")) {
      if (!part.matches("header, main, footer, nav, .skip")) note(part, "stands outside of all landmarks");
    }
    for (const nav of document.querySelectorAll("nav:not([aria-label])")) note(nav, "has no name");
    for (const element of document.querySelectorAll("a, button, input, summary")) {
      if (!named(element)) note(element, "has no name");
    }
    for (const image of document.querySelectorAll("img:not([alt][width][height])")) note(image, "has no alt or no size");
    const skip = document.querySelector(".skip");
    if (skip && !document.querySelector(skip.getAttribute("href"))) note(skip, "leads nowhere");
  };

  const rgb = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) =>
    [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgb(getComputedStyle(one).backgroundColor);
      if ((colour[3] ?? 1) > 0) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = () => {
    for (const element of document.querySelectorAll("body *")) {
      const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.localName === "input";
      if (!text || !visible(element)) continue;
      const [dark, light] = [luminance(rgb(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => a - b);
      if ((light + 0.05) / (dark + 0.05) < 4.5) note(element, "has too little contrast");
    }
  };

  const focus = () => {
    for (const element of document.querySelectorAll("a[href], button, input, summary")) {
      if (!visible(element)) continue;
      element.focus({ focusVisible: true });
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      if (document.activeElement !== element) note(element, "takes no focus");
      else if (outlineStyle === "none" || parseFloat(outlineWidth) < 1) note(element, "does not show its focus");
    }
  };

  const size = () => {
    if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the screen of ${innerWidth}`);
    for (const element of document.querySelectorAll("a[href]:not(p a, dd a), button, input, summary")) {
      const { width, height } = element.getBoundingClientRect();
      if (visible(element) && !element.matches(".skip, h1 a, h2 a, h3 a") && Math.min(width, height) < 24) note(element, "is too small to hit");
    }
  };

  window.judged = () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const judge of [structure, contrast, focus, size]) judge();
    return [...new Set(faults)];
  };
})();
