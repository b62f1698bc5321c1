package io.mybella.chassis.erasure;

/**
 * Where a service keeps the marks of accounts that are gone, as {@link ErasureMarks} describes; a
 * bean of it gives the service its {@link ErasedAccounts}. The key is {@code user_id}, the lock
 * {@code account_lock}.
 *
 * @param table the name of the table
 */
public record AccountMarks(String table) {}
