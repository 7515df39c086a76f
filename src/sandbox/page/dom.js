/**
 * dom: makes elements. Whatever people wrote goes in as text and as nothing else; there is no way in here to write markup.
 */

/**
 * @param {string} tag with classes, such as `p.reason.bad`
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElement}
 */
export function make(tag, ...children) {
  const [name = 'div', ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(' ');
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/**
 * The element that `selector` finds, which must be there: the page is ours.
 * @template {Element} E
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function find(parent, selector, kind) {
  const element = parent.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`the page has no ${selector}`);
  return element;
}

/**
 * A sign that says the same as its colour. `label` is for those who hear the page.
 * @param {string} sign
 * @param {string} look a class, or ''
 * @param {string} label
 */
export function signed(sign, look, label) {
  const element = make(look === '' ? 'span.sign' : `span.sign.${look}`, sign);
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', label);
  return element;
}
