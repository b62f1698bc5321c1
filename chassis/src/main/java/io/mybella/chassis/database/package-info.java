/**
 * What a service asks of its database before it starts: its migrations, whoever runs them, and a
 * role without powers.
 */
@NullMarked
package io.mybella.chassis.database;

import org.jspecify.annotations.NullMarked;
