import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import { linkResources } from '../../src/declare/link-resources.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { failure } from '../extract/failure.ts'

/** A graph of resources: each takes items of some that come before it. */
interface Node {
  readonly parents: readonly number[]
  readonly selected: boolean
  /** Whether the source names it, or it is only there as a parent. */
  readonly named: boolean
}

const graph: fc.Arbitrary<readonly Node[]> = fc
  .array(fc.record({ parents: fc.array(fc.nat(8), { maxLength: 3 }), selected: fc.boolean(), named: fc.boolean() }), {
    minLength: 1,
    maxLength: 9,
  })
  .map((nodes) =>
    nodes.map((node, index) => ({
      ...node,
      parents: [...new Set(node.parents.filter((parent) => parent < index))],
    })),
  )

const nameOf = (index: number): string => `r${index}`

function made(nodes: readonly Node[]): readonly Resource[] {
  const resources: Resource[] = []
  for (const [index, { parents, selected }] of nodes.entries()) {
    const dataFrom = resources.filter((_, parent) => parents.includes(parent))
    const options = { name: nameOf(index), selected }
    resources.push(dataFrom.length === 0 ? resource(options, [1]) : transformer({ ...options, dataFrom }, () => []))
  }
  return resources
}

/** All that feeds a node, directly or not, and the node itself. */
function feeding(nodes: readonly Node[], index: number): readonly number[] {
  return [index, ...(nodes[index]?.parents ?? []).flatMap((parent) => feeding(nodes, parent))]
}

describe('the resources that are read', () => {
  it('are those that are selected and all that feeds them, loaded only where the source names them', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const resources = made(nodes)
        const linked = linkResources(resources.filter((_, index) => nodes[index]?.named))
        const wanted = nodes.flatMap(({ named, selected }, index) => (named && selected ? feeding(nodes, index) : []))
        expect(linked.map(({ name }) => name).toSorted()).toEqual([...new Set(wanted)].map(nameOf).toSorted())
        for (const { name, selected } of linked) {
          const node = nodes[Number(name.slice(1))]
          expect(selected).toBe(node?.named === true && node.selected)
        }
      }),
    )
  })

  it('stand in the order in which they are named', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        const resources = made(nodes.map((node) => ({ ...node, selected: true })))
        expect(linkResources(resources)).toEqual(resources)
        expect(linkResources(resources.toReversed())).toEqual(resources.toReversed())
      }),
    )
  })

  it('are found quickly where many ways lead to one', () => {
    let layer: Resource[] = [resource({ name: 'root' }, [1])]
    const all = [...layer]
    for (let depth = 0; depth < 40; depth++) {
      const parents = layer
      layer = ['a', 'b'].map((side) => transformer({ name: `${side}${depth}`, dataFrom: parents }, () => []))
      all.push(...layer)
    }
    expect(linkResources(all)).toHaveLength(81)
    expect(linkResources(layer)).toHaveLength(81)
  })
})

describe('a circle', () => {
  const root = resource({ name: 'root' }, [1])
  const over = (name: string, parent: string): Resource =>
    transformer({ name, dataFrom: root.withName(parent) }, () => [])

  it.each([[['a', 'b']], [['a', 'b', 'c']], [['a', 'b', 'c', 'd', 'e']]])('of %j is refused by name', async (names) => {
    const circle = names.map((name, index) => over(name, names[(index + 1) % names.length] ?? name))
    const way = [...names, names[0]].map((name) => `"${name}"`).join(' takes items of ')
    expect(await failure(() => linkResources(circle))).toEqual([
      'CONFIGURATION',
      `Transformers feed each other in a circle: ${way}. Let one of them take items of a resource.`,
    ])
  })

  it('of one is refused, too', async () => {
    expect((await failure(() => linkResources([over('a', 'a')])))[1]).toContain('"a" takes items of "a".')
  })
})
