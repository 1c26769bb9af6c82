/** Orders as a shop's API gives them. */
export const orders: readonly object[] = [
  {
    id: 1,
    customer: { name: 'Ada', country: 'GB' },
    ordered_at: '2026-03-01T09:30:00Z',
    lines: [
      { sku: 'tea', quantity: 2, price: '4.50' },
      { sku: 'cup', quantity: 1, price: '12.00' },
    ],
  },
  {
    id: 2,
    customer: { name: 'Grace', country: 'US' },
    ordered_at: '2026-03-02T18:05:00Z',
    lines: [{ sku: 'tea', quantity: 5, price: '4.50' }],
  },
  { id: 3, customer: { name: 'Ada', country: 'GB' }, ordered_at: '2026-03-03T07:45:00Z', lines: [] },
]
