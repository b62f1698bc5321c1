/** What tests of several modules need of the machine they run on. */
package io.mybella.local.testing;
