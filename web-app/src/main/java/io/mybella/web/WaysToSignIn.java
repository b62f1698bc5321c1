package io.mybella.web;

import org.jspecify.annotations.Nullable;

/**
 * How people may sign in, as the pages offer it.
 *
 * @param localAccounts whether with an e-mail address and a password
 * @param provider what people call the external provider; null when there is none
 */
public record WaysToSignIn(boolean localAccounts, @Nullable String provider) {}
