// What the site says of products: asked for in small files, by a hash of their ids (order/terms.rs).
const bytes = new TextEncoder();
const files = new Map();

// FNV-1a of 32 bits.
export function hash(id) {
  let hash = 0x811c9dc5;
  for (const byte of bytes.encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

async function file(site, at) {
  const url = `${site.base}${at}.json`;
  if (!files.has(url)) {
    const asked = fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json();
    });
    // What failed is asked for again the next time.
    files.set(url, asked.catch((error) => { files.delete(url); throw error; }));
  }
  return files.get(url);
}

// By id; what is not there has none.
export async function load(ids, site) {
  const known = new Map();
  await Promise.all([...new Set(ids)].map(async (id) => {
    const all = await file(site, hash(id) % site.files);
    const terms = all.find((terms) => terms.id === id);
    if (terms) known.set(id, terms);
  }));
  return known;
}
