package io.mybella.chassis.event;

import org.springframework.kafka.listener.BatchInterceptor;
import org.springframework.kafka.listener.RecordInterceptor;

/** Stands around the handling of events, be they taken one after the other or in batches. */
interface EventInterceptor
    extends RecordInterceptor<byte[], byte[]>, BatchInterceptor<byte[], byte[]> {}
