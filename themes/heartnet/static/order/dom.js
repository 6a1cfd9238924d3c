// An element with attributes and what is in it. Texts are texts: nothing of an order becomes markup.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// A button that does something; it is told which one was pressed.
export function button(label, does, attributes = {}) {
  const made = el("button", { class: "button button-outline", type: "button", ...attributes }, label);
  made.addEventListener("click", () => does(made));
  return made;
}
