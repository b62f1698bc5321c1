/** Accounts over HTTP. */
@NullMarked
package io.mybella.gateway.account.web;

import org.jspecify.annotations.NullMarked;
