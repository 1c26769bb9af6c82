/** Sets the clock of this process back, for everything that asks for the time until it is disposed. */
export function setClockBack(milliseconds: number): Disposable {
  const real = globalThis.Date
  const now = (): number => real.now() - milliseconds
  globalThis.Date = new Proxy(real, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
  return {
    [Symbol.dispose]: () => {
      globalThis.Date = real
    },
  }
}
