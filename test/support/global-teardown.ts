/* placeholder until the database template lands */
export default async function setup() {}
