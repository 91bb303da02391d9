import type { SchemaNode, SchemaPack } from '../../core/api-schemas.ts';

export function nodeAt(pack: SchemaPack, number: number): SchemaNode {
  const node = pack.nodes[number];
  if (node === undefined) throw new Error(`The schema pack has no node ${number}; make it anew with npm run schemas.`);
  return node;
}
