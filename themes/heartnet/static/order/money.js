// Money: whole yen, tax included. Tax is computed once for each rate, rounded down, as a 適格請求書 does.

// The price of a line now: of its kind, else of the product; null is a quote.
export function price(terms, variant) {
  const kind = terms?.variants?.find((kind) => kind.id === variant);
  return kind?.price ?? terms?.price ?? null;
}

// Whether it can be summed as certain.
export const isCertain = (cost) => cost !== null && !cost.from;

// Of lines with a cost: what is certain by rate, its total, and how many are still to be settled.
export function sums(lines) {
  const totals = new Map();
  let open = 0;
  for (const { cost, qty } of lines) {
    if (!isCertain(cost)) open += 1;
    else totals.set(cost.tax, (totals.get(cost.tax) ?? 0) + cost.amount * qty);
  }
  const rates = [...totals].sort(([a], [b]) => a - b).map(([rate, total]) => ({ rate, total, tax: tax(rate, total) }));
  return { rates, total: rates.reduce((sum, { total }) => sum + total, 0), open };
}

// Beyond what numbers hold exactly: a list of a thousand lines may be that dear.
function tax(rate, total) {
  return Number((BigInt(total) * BigInt(rate)) / BigInt(100 + rate));
}

export const yen = (amount) => `${amount.toLocaleString("ja-JP")}円`;
