package io.mybella.chassis.database;

/** When a service migrates its database. */
enum Migrations {
  /** Whenever it starts, with the owner's login. */
  START,
  /** At once, with the owner's login; then the process ends and has served nobody. */
  ONLY,
  /** Never: somebody else does, and the owner's login is not needed. */
  NONE
}
