package io.mybella.chassis.blob;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where binary objects are kept.
 *
 * @param folder the root; each service uses a folder of its own name below it
 */
@ConfigurationProperties("mybella.blobs")
record BlobProperties(@DefaultValue(".mybella/blobs") Path folder) {}
