/** Every entity of the portal, for MikroORM. Listed by hand: nothing is discovered by scanning folders. */
export const entities = [];

/** Tables that no entity maps (reached by raw SQL or by a library), so that schema comparison leaves them alone. */
export const tablesWithoutEntity: readonly string[] = [];
