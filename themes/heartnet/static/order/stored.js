// What is kept in the browser, where it lets us: even asking for `localStorage` is forbidden in some.

// `otherwise` when there is nothing, `broken` when it cannot be read.
export function stored(where, key, otherwise, broken = otherwise) {
  let text;
  try {
    text = window[where].getItem(key);
  } catch {
    return otherwise;
  }
  if (text === null) return otherwise;
  try {
    return JSON.parse(text) ?? broken;
  } catch {
    return broken;
  }
}

// Whether it is kept: not where it is forbidden, or where there is no room.
export function keep(where, key, value) {
  try {
    window[where].setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
