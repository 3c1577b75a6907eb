/** A zod shape as a person reads it: names and types, lists and choices, one field a line. */

import { z } from 'zod'

/** The parts of JSON Schema (draft 2020-12) that shapes of JSON values come out as. */
type Schema = {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

export function describeShape(shape: z.ZodType): string {
  return textOf(z.toJSONSchema(shape, { io: 'input' }) as Schema, '  ') // zod's own type admits every draft
}

function textOf(schema: Schema, indent: string): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(each => JSON.stringify(each)).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(each => textOf(each, indent)).join(' | ')
  if (schema.type === 'array') return `[${textOf(schema.items ?? {}, indent)}]`
  if (schema.properties === undefined) return [schema.type ?? 'any'].flat().join(' | ')
  const fields = Object.entries(schema.properties).map(([name, field]) => {
    const mark = schema.required?.includes(name) ? '' : '?'
    return `${indent}${name}${mark}: ${textOf(field, `${indent}  `)}`
  })
  return `{\n${fields.join('\n')}\n${indent.slice(2)}}`
}
