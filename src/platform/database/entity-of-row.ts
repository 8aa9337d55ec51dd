import type { EntityClass } from '@mikro-orm/core';
import type { Em } from './orm.js';

/**
 * A row that was read by a statement of our own, as an entity of the entity manager, the way its `find` makes one of a row:
 * what is changed in it is written with the rest. `em.map` does the same in twice the time, because it checks each value
 * and takes its snapshot anew.
 */
export function entityOf<Entity extends object>(em: Em, type: EntityClass<Entity>, row: object): Entity {
  const values = em.getDriver().mapResult<Entity>({ ...row }, em.getMetadata().get(type));
  if (!values) throw new Error(`There is no row to make a ${type.name} of.`);
  return em.getEntityFactory().create(type, values, { merge: true, refresh: true, convertCustomTypes: true });
}
